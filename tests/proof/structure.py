"""How often the structure verdict is right: the long proof.

Writes ``docs/proof/structure.md``. Run with ``make proof``, or as
``PYTHONPATH=tests python tests/proof/structure.py --seeds 20 --sets 200``; some twenty minutes on
one core.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clouds import BEYOND_THE_NULL, WITH_GROUPS, WITHOUT_GROUPS, Family, standard
from drawn_sets import SHAPES, STRUCTURELESS, as_prepared, planted, structureless
from segmentry.domain.crew import Crew
from segmentry.domain.progress import Silent
from segmentry.judge.structure import judge_structure
from segmentry.maths.intervals import wilson_interval
from segmentry.seeds import stream

TARGET = Path(__file__).resolve().parents[2] / "docs" / "proof" / "structure.md"

FALSE_RATE, FOUND_RATE = 0.05, 0.95
"""What is promised: so many structureless sets called clear at most, so many planted at least."""

ACCURACIES = (0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99)
SETS_PER_ACCURACY = 42

HEAD = """# How often the structure verdict is right

Written by `python tests/proof/structure.py` (part of `make proof`). Intervals are Wilson's, 95 %.

## Nothing to find: {sets} sets

Raw columns without groups, prepared as a run prepares a table: 500 to 50,000 rows and 2 to 30
columns, spread evenly over every family (`tests/drawn_sets.py`). Of {sets} sets {wrong} are called
`clear`: {rate}. Promised is at most {false:.0%}: **{kept_false}**.

| family | sets | none | weak | **clear** | rate of clear |
|---|---|---|---|---|---|
{null}

The same columns without any preparation, only standardised, as an array given to `Segmenter` may
be:

| family | sets | none | weak | **clear** | rate of clear |
|---|---|---|---|---|---|
{raw}

## Groups to find: {sets} sets

Two to eight groups of unequal sizes in 2 to 30 columns, at least 100 rows a column, up to 20,000.
How far apart they lie is tuned until the best possible classifier, which knows all that they were
drawn from, is right for 95 to 99.5 % of rows; that is measured on 20,000 fresh rows, and is at
least 95 % for every set. Of {sets} sets {found} are called `clear`: {found_rate}. Promised is at
least {wanted:.0%}: **{kept_found}**.

| groups | sets | none | weak | **clear** | rate of clear |
|---|---|---|---|---|---|
{planted}

Which test the verdict rests on: {tests}.

## How close groups may lie

The same groups, {per} sets for each accuracy of the best possible classifier.

| best accuracy | none | weak | **clear** | rate of clear | of clear or weak |
|---|---|---|---|---|---|
{curve}

## How long it takes

One thread, {timed} sets of the tables above: {median:.2f} seconds at the median, {most:.1f} at
most. A set that is neither plainly grouped nor plainly not takes all 99 draws.

## Fixed families, {n} seeds each

What these are stands in `tests/clouds.py`; they come as if prepared. The interval is for the share
in bold.

### Nothing to find

| family | **none** | weak | clear | share of none |
|---|---|---|---|---|
{without}

### Nothing to find, but shapes that the draws cannot take

| family | **none** | weak | clear | share of none |
|---|---|---|---|---|
{beyond}

### Groups to find

| family | none | weak | **clear** | share of clear |
|---|---|---|---|---|
{with_groups}
"""

VERDICTS = ("none", "weak", "clear")


@dataclass(frozen=True)
class Judged:
    """A verdict on a set, by name of its family."""

    family: str
    verdict: str
    test: str
    seconds: float


def judged(family: str, X: Any, number: int) -> Judged:
    """Judge one set."""
    began = time.perf_counter()
    rng = stream(number, "proof")
    found = judge_structure(X, rng=rng, progress=Silent(), crew=Crew())
    seconds = time.perf_counter() - began
    return Judged(family, str(found.verdict), str(found.test), seconds)


def without_groups(n_sets: int) -> tuple[list[Judged], list[Judged]]:
    """Judge structureless sets, prepared and as they are."""
    prepared, raw, families = [], [], list(STRUCTURELESS)
    for i in range(n_sets):
        number, family = divmod(i, len(families))
        X = structureless(families[family], number)
        prepared.append(judged(families[family], as_prepared(X), number))
        raw.append(judged(families[family], standard(X), number))
    return prepared, raw


def with_groups(n_sets: int, accuracy: float | None = None) -> list[Judged]:
    """Judge planted sets."""
    sets = (planted(number, accuracy) for number in range(n_sets))
    return [judged(s.shape, as_prepared(s.X), i) for i, s in enumerate(sets)]


def rate(count: int, n: int) -> str:
    """Write a share with its interval."""
    low, high = wilson_interval(count, n)
    return f"{count / n:.3f} ({low:.3f} to {high:.3f})"


def table(found: list[Judged], families: Iterable[str]) -> str:
    """Count verdicts by family and in all."""
    rows = []
    for name in (*families, "all"):
        own = [f for f in found if name in {f.family, "all"}]
        counts = Counter(f.verdict for f in own)
        told = " | ".join(str(counts[v]) for v in VERDICTS)
        rows.append(f"| {name} | {len(own)} | {told} | {rate(counts['clear'], len(own))} |")
    return "\n".join(rows)


def curve_row(accuracy: float, n_sets: int) -> str:
    """Count verdicts on planted sets of one accuracy."""
    found = with_groups(n_sets, accuracy)
    counts = Counter(f.verdict for f in found)
    told = " | ".join(str(counts[v]) for v in VERDICTS)
    either = rate(counts["clear"] + counts["weak"], n_sets)
    return f"| {accuracy:.2f} | {told} | {rate(counts['clear'], n_sets)} | {either} |"


def row(name: str, family: Family, n_seeds: int, wanted: str) -> str:
    """Count the verdicts of one fixed family."""
    counts = Counter(judged(name, family(seed), seed).verdict for seed in range(n_seeds))
    low, high = wilson_interval(counts[wanted], n_seeds)
    figures = " | ".join(str(counts[v]) for v in VERDICTS)
    return f"| {name} | {figures} | {counts[wanted] / n_seeds:.2f} ({low:.2f} to {high:.2f}) |"


def rows(families: dict[str, Family], n_seeds: int, wanted: str) -> str:
    """Count the verdicts of several fixed families."""
    return "\n".join(row(name, family, n_seeds, wanted) for name, family in families.items())


def main() -> None:
    """Try all sets and families, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--sets", type=int, default=200)
    chosen = parser.parse_args()
    n, sets = chosen.seeds, chosen.sets
    null, raw = without_groups(sets)
    found = with_groups(sets)
    wrong, right = (sum(f.verdict == "clear" for f in some) for some in (null, found))
    seconds = sorted(f.seconds for f in (*null, *found))
    tests = Counter(f.test for f in found if f.verdict == "clear")
    text = HEAD.format(
        n=n,
        sets=sets,
        wrong=wrong,
        rate=rate(wrong, sets),
        false=FALSE_RATE,
        kept_false="kept" if wilson_interval(wrong, sets)[0] <= FALSE_RATE else "missed",
        null=table(null, STRUCTURELESS),
        raw=table(raw, STRUCTURELESS),
        found=right,
        found_rate=rate(right, sets),
        wanted=FOUND_RATE,
        kept_found="kept" if wilson_interval(right, sets)[1] >= FOUND_RATE else "missed",
        planted=table(found, SHAPES),
        tests=", ".join(f"{name} {count}" for name, count in tests.most_common()),
        per=SETS_PER_ACCURACY,
        curve="\n".join(curve_row(a, SETS_PER_ACCURACY) for a in ACCURACIES),
        timed=len(seconds),
        median=seconds[len(seconds) // 2],
        most=seconds[-1],
        without=rows(WITHOUT_GROUPS, n, "none"),
        beyond=rows(BEYOND_THE_NULL, n, "none"),
        with_groups=rows(WITH_GROUPS, n, "clear"),
    )
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
