"""How often planted segments get a name that a marketer would accept, and how often a false one.

Writes ``docs/proof/names.md``. Run with ``make proof``, or as
``PYTHONPATH=tests python tests/proof/names.py --draws 5 --resamples 20``; some minutes on one core.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from named import HELD_OUT, TUNED, Population, drawn, false_claims, is_hit, populations, profiled
from segmentry.domain.table import ENTITY, FeatureTable
from segmentry.explain.grammar import n_words
from segmentry.explain.reading import choose_pack
from segmentry.maths.intervals import wilson_interval

TARGET = Path(__file__).resolve().parents[2] / "docs" / "proof" / "names.md"

HEAD = """# Names of planted segments

Written by `python tests/proof/names.py` (part of `make proof`). The corpus is
`tests/names_corpus`: {n_populations} populations with columns as real tables have them, and
{n_segments} planted segments, each with names that a marketer or a customer success lead would
accept and with claims that would be false. Labels are the planted ones (no clustering), so this
measures names alone. Intervals are Wilson's, 95 %; they take segments for independent, though
those of one population share its columns.

The held-out populations were written before any rule was changed, and their names were not looked
at while rules were. What was looked at now and then is how many of them were accepted, by trade.
One author wrote both halves and the words of the packs, so real tables of other people may fare
worse.

## Accepted names

One draw of each population. *By words of the column* are names such as "High Data Customers", which
no pack knew a word for: they are counted as accepted where the pattern allows them.

| trade | tuned on | held out | by words of the column |
|---|---|---|---|
{packs}

{chosen}

Over {draws} fresh draws of every population: {fresh_tuned} of names accepted among those tuned on,
{fresh_held} among those held out.

## What names never do

Over the same {draws} draws, {n_names:,} names in all.

| | names | share |
|---|---|---|
| claims that the drawn figures contradict | {n_false} | {false_share} |
| alike with another of the same run | {n_twins} | {twin_share} |
| not two to four words | {n_odd} | {odd_share} |

{falsehoods}

## Names under resampling

The rows of each population drawn again with replacement, {resamples} times, labels kept: how often
a segment keeps the name that it had, and how often its new name is accepted where the old one was.

| | keeps its name | is accepted still |
|---|---|---|
| tuned on | {kept_tuned} | {still_tuned} |
| held out | {kept_held} | {still_held} |

## Names that were not accepted

First draw.

| population | planted | name |
|---|---|---|
{missed}
"""

WHICH = {TUNED: "", HELD_OUT: " (held out)"}


@dataclass(frozen=True)
class Named:
    """One segment of one draw, and what its name was worth."""

    population: Population
    which: str
    draw: int
    planted: str
    name: str
    hit: bool
    plain: bool


def named(which: str, draw: int) -> tuple[list[Named], list[str]]:
    """Name all segments of one draw; give them and the false claims."""
    found: list[Named] = []
    falsehoods: list[str] = []
    for population in populations(which):
        table, segment = drawn(population, draw)
        profiles = profiled(population, table, segment)
        names = [p.name for p in profiles]
        falsehoods += false_claims(population, table, segment, names)
        for profile, spec in zip(profiles, population.segments, strict=True):
            hit = is_hit(profile.name, spec)
            plain = profile.naming.archetype is None and (
                "High " in profile.name or "Low " in profile.name
            )
            found.append(Named(population, which, draw, spec["is"], profile.name, hit, plain))
    return found, falsehoods


def resampled(
    table: FeatureTable, segment: np.ndarray, rng: np.random.Generator
) -> tuple[FeatureTable, np.ndarray]:
    """Draw rows again with replacement; entities get new ids, for no two may share one."""
    rows = np.sort(rng.integers(0, len(segment), len(segment)))
    data = table.data.take(pa.array(rows))
    place = data.column_names.index(ENTITY)
    ids = pa.array([f"e{i:06d}" for i in range(len(rows))])
    return FeatureTable(data.set_column(place, ENTITY, ids), table.columns, table.as_of), segment[
        rows
    ]


def kept(which: str, resamples: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Count names kept and names still accepted under resampling, each with its total."""
    same = total = still = accepted = 0
    for population in populations(which):
        table, segment = drawn(population)
        first = [p.name for p in profiled(population, table, segment)]
        rng = np.random.default_rng(7)
        for _ in range(resamples):
            again = profiled(population, *resampled(table, segment, rng))
            for before, after, spec in zip(first, again, population.segments, strict=True):
                total += 1
                same += after.name == before
                if is_hit(before, spec):
                    accepted += 1
                    still += is_hit(after.name, spec)
    return (same, total), (still, accepted)


def rate(k: int, n: int) -> str:
    """Write a share with its interval."""
    if n == 0:
        return ""
    low, high = wilson_interval(k, n)
    return f"{k} of {n:,}: **{k / n:.3f}** ({low:.3f} to {high:.3f})"


def hits(names: Iterable[Named]) -> tuple[int, int]:
    """Count accepted names, and all."""
    listed = list(names)
    return sum(n.hit for n in listed), len(listed)


def pack_rows(first: list[Named]) -> str:
    """Write the table of accepted names by trade."""
    rows = []
    for trade in (*dict.fromkeys(n.population.pack for n in first), "all"):
        own = [n for n in first if trade in {"all", n.population.pack}]
        tuned, held = ([n for n in own if n.which == which] for which in (TUNED, HELD_OUT))
        plain = sum(n.plain for n in own)
        rows.append(
            f"| {trade} | {rate(*hits(tuned))} | {rate(*hits(held))} | {plain} of {len(own)} |"
        )
    return "\n".join(rows)


def packs_right() -> str:
    """Say how often the pack that was meant is chosen."""
    all_of_them = [*populations(TUNED), *populations(HELD_OUT)]
    right = sum(
        choose_pack(p.columns, objective="none", entity=p.entity).name == p.pack
        for p in all_of_them
    )
    n = len(all_of_them)
    return f"The pack of the trade that was meant is chosen for {right} of {n} populations."


def main() -> None:
    """Count and write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--resamples", type=int, default=20)
    asked = parser.parse_args()
    names: list[Named] = []
    falsehoods: list[str] = []
    for draw in range(asked.draws):
        for which in (TUNED, HELD_OUT):
            found, false = named(which, draw)
            names += found
            falsehoods += false
    first = [n for n in names if n.draw == 0]
    held = Counter((n.which, n.draw, n.population.name, n.name.casefold()) for n in names)
    n_twins = sum(count for count in held.values() if count > 1)
    n_odd = sum(not 2 <= n_words(n.name) <= 4 for n in names)
    kept_tuned, still_tuned = kept(TUNED, asked.resamples)
    kept_held, still_held = kept(HELD_OUT, asked.resamples)
    listed = "\n".join(f"- {claim}" for claim in sorted(set(falsehoods)))
    page = HEAD.format(
        n_populations=len({n.population.name for n in first}),
        n_segments=len(first),
        packs=pack_rows(first),
        chosen=packs_right(),
        draws=asked.draws,
        fresh_tuned=rate(*hits(n for n in names if n.which == TUNED)),
        fresh_held=rate(*hits(n for n in names if n.which == HELD_OUT)),
        n_names=len(names),
        n_false=len(falsehoods),
        false_share=rate(len(falsehoods), len(names)),
        n_twins=n_twins,
        twin_share=rate(n_twins, len(names)),
        n_odd=n_odd,
        odd_share=rate(n_odd, len(names)),
        falsehoods=f"The claims:\n\n{listed}" if listed else "No claim was contradicted.",
        resamples=asked.resamples,
        kept_tuned=rate(*kept_tuned),
        still_tuned=rate(*still_tuned),
        kept_held=rate(*kept_held),
        still_held=rate(*still_held),
        missed="\n".join(
            f"| {n.population.name}{WHICH[n.which]} | {n.planted} | {n.name} |"
            for n in first
            if not n.hit
        ),
    )
    TARGET.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
