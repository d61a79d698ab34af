"""What is told of common mistakes: where they were planted, in clean projects, on real data.

Writes ``docs/proof/mistakes.md``. Run with ``make proof``, or as
``PYTHONPATH=tests python tests/proof/mistakes.py --seeds 10``; some ten minutes on one core.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mistaken import BEFORE, clean, only_people, unrelated_outcome
from segmentry.domain.mistake import MISTAKES
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project
from segmentry.maths.intervals import wilson_interval
from segmentry.pipeline.mistakes.look import before_run
from segmentry.pipeline.run import run_project
from segmentry.projectfile.emit import emit
from segmentry.projectfile.guess import guess
from segmentry.projectfile.guessed import Flags
from segmentry.projectfile.load import load
from segmentry.simulate import simulate

REPOSITORY = Path(__file__).resolve().parents[2]
TARGET = REPOSITORY / "docs" / "proof" / "mistakes.md"
DATA = Path(os.environ.get("SEGMENTRY_DATA", str(REPOSITORY.parent / "shared" / "data")))

TRADES = ("retail", "saas", "media")
USERS = 1_500
ENTITIES = 600

SETS = (
    "cc_general/cc_general.csv.gz",
    "telco_churn/telco_churn.csv.gz",
    "online_shoppers/online_shoppers_intention.csv.gz",
    "wholesale_customers/wholesale_customers.csv.gz",
    "online_retail/online_retail.parquet",
    "ravenstack_saas/feature_usage.csv.gz",
    "ravenstack_saas/subscriptions.csv.gz",
    "ravenstack_saas/accounts.csv.gz",
)

JUDGED = {
    ("*", "M05", "project"): "true: `init` leaves `decision` empty",
    ("*", "M08", "project"): "true: `init` leaves `owner` empty",
    ("cc_general", "M07", "project"): "true: sums and shares of six months, once for each card",
    ("cc_general", "M13", "project"): "true: no column tells what came of a card",
    ("telco_churn", "M07", "project"): "true: contract, services and bill as they are; `tenure` "
    "alone tells of time, and no change",
    ("online_shoppers", "M07", "project"): "true, and beside the point: an entity is one visit",
    ("wholesale_customers", "M01", "project"): "true: the three are what shops buy and restaurants "
    "do not; rank correlations by scipy are 0.77 and 0.80 (0.68 between the other two)",
    ("wholesale_customers", "M07", "project"): "true: a year's spending, once for each customer",
    ("wholesale_customers", "M13", "project"): "true: no column tells what came of a customer",
    ("ravenstack_saas/accounts", "M07", "project"): "true of this file alone; the events lie in "
    "others beside it",
    (
        "ravenstack_saas/accounts",
        "M13",
        "segments",
    ): "true: a chi-squared test by scipy gives p = 0.77 too; the set is synthetic",
    (
        "ravenstack_saas/feature_usage",
        "M06",
        "project",
    ): "true, though not outliers: 4,889 of 4,967 "
    "have the value 1, so that the column speaks of 78",
    (
        "ravenstack_saas/feature_usage",
        "M13",
        "segments",
    ): "true: of 18 features before the cut none "
    "foretells it either (scipy, least p = 0.06); the set is synthetic",
}
"""Whether what was told of a set is true, as somebody who looked at the data judged it."""

HEAD = """# What is told of common mistakes

Written by `python tests/proof/mistakes.py` (part of `make proof`). What each code means is told in
[common mistakes](../guide/mistakes.md). Intervals are Wilson's, 95 %.

## Where they were planted

Tables of {n} entities in five groups, with an outcome, an owner and a decision, that make no
mistake, and the same with one planted ({seeds} seeds for each row): how often its code is told, and
how often any other is.

| planted | by a check | others | by a run | others of the project |
|---|---|---|---|---|
{planted}

M04 needs a run that has aged, and is planted in `tests/unit/pipeline/mistakes/test_age.py`; two
segments alike (M05), and one that nothing sets apart (M11), in `test_segments.py`.

## In projects that make none

Anything that is told here is told wrongly.

| project | seeds | told by a check | told by a run |
|---|---|---|---|
{clean}

## On real data

`init` without editing, then a check and a run. What was told is judged by hand: *true* where the
data shows what the sentence says.

| data | told | of | what was seen | judged |
|---|---|---|---|---|
{real}

Not told anywhere here: {untold}.
"""


@dataclass(frozen=True)
class Told:
    """What a check and a run told of a project: code, and what it is of; and every sentence."""

    by_check: tuple[tuple[str, str, str], ...]
    by_run: tuple[tuple[str, str, str], ...]

    def codes(self, *, run: bool, of: str = "") -> list[str]:
        """Give the codes that were told."""
        told = self.by_run if run else self.by_check
        return [code for code, whose, _ in told if of in ("", whose)]


def told_of(project: Project) -> Told:
    """Look before a run, and let a run look."""
    before = [m for m in before_run(project, progress=Silent()) if m.is_found]
    papers = run_project(project).documents
    after = [m for m in papers["evidence"]["mistakes"] if m["state"] == "found"]
    return Told(
        tuple((m.code, "project", m.sentence) for m in before),
        tuple((m["code"], m["of"], m["sentence"]) for m in after),
    )


def planted_rows(seeds: Sequence[int]) -> Iterator[str]:
    """Try each planted mistake."""
    plantings = {
        **BEFORE,
        "M09 alone": lambda folder, n, seed: only_people(folder, n=n, seed=seed),
        "M13 unrelated": lambda folder, n, seed: unrelated_outcome(folder, n=n, seed=seed),
    }
    for name, make in plantings.items():
        code = name.split()[0]
        found = []
        for seed in seeds:
            with tempfile.TemporaryDirectory() as place:
                found.append(told_of(make(Path(place), ENTITIES, seed)))
        by_check = sum(code in t.codes(run=False) for t in found)
        by_run = sum(code in t.codes(run=True) for t in found)
        others = Counter(c for t in found for c in set(t.codes(run=False)) - {code})
        of_run = Counter(c for t in found for c in set(t.codes(run=True, of="project")) - {code})
        note = f" ({name.partition(' ')[2]})" if " " in name else ""
        # The segments of a run are all that tells of an outcome that follows nothing.
        check = "only a run tells" if name == "M13 unrelated" else rate(by_check, len(found))
        yield (
            f"| {code} {MISTAKES[code].title}{note} | {check} | {counts(others)} | "
            f"{rate(by_run, len(found))} | {counts(of_run)} |"
        )


def clean_rows(seeds: Sequence[int]) -> Iterator[str]:
    """Try projects that make no mistake."""
    found = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as place:
            found.append(told_of(clean(Path(place), n=ENTITIES, seed=seed)))
    yield clean_row(f"table of {ENTITIES} entities", found)
    for trade in TRADES:
        found = []
        for seed in seeds:
            with tempfile.TemporaryDirectory() as place:
                found.append(told_of(simulated(Path(place), trade, seed)))
        yield clean_row(f"`segmentry simulate {trade}`, {USERS:,} users", found)


def clean_row(name: str, found: Sequence[Told]) -> str:
    """Lay out what was told of clean projects."""
    cells = [
        f"{rate(sum(bool(t.codes(run=run)) for t in found), len(found))} "
        f"{counts(Counter(c for t in found for c in set(t.codes(run=run))))}".replace(" none", "")
        for run in (False, True)
    ]
    return f"| {name} | {len(found)} | {cells[0]} | {cells[1]} |"


def simulated(folder: Path, trade: str, seed: int) -> Project:
    """Set a simulated business up as somebody would who means it."""
    told = simulate(trade, USERS, seed=seed, out=folder / "data", progress=Silent())
    text = emit(guess([told.events], Flags(), folder=folder))
    text = text.replace('owner: ""', "owner: marketing")
    return written(folder, text.replace('decision: ""', "decision: whom to win back"))


def written(folder: Path, text: str) -> Project:
    """Write a project file and read it."""
    (folder / "segmentry.yaml").write_text(text)
    return load(folder / "segmentry.yaml").project


def real_rows(told: Counter[str]) -> Iterator[str]:
    """Try real data as `init` sets it up."""
    for name in SETS:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            text = emit(guess([DATA / name], Flags(), folder=folder))
            found = told_of(written(folder, text))
        by_check = {(code, sentence) for code, _, sentence in found.by_check}
        for code, of, sentence in found.by_run:
            told[code] += 1
            by_check.discard((code, sentence))
            yield real_row(name, code, of, sentence)
        for code, sentence in sorted(by_check):
            yield real_row(name, code, "project, by a check alone", sentence)


def real_row(name: str, code: str, of: str, sentence: str) -> str:
    """Lay out one mistake that was told."""
    short = name.partition("/")[0] if "ravenstack" not in name else name.partition(".")[0]
    judged = JUDGED.get((short, code, of)) or JUDGED.get(("*", code, of), "**not judged**")
    return f"| {short} | {code} | {of} | {sentence.replace('|', '/')} | {judged} |"


def rate(count: int, n: int) -> str:
    """Write how often something was seen, with its interval."""
    low, high = wilson_interval(count, n)
    return f"{count} of {n} ({low:.0%} to {high:.0%})"


def counts(codes: Counter[str]) -> str:
    """Write how often each code was told."""
    return ", ".join(f"{code} in {n}" for code, n in sorted(codes.items())) or "none"


def main() -> None:
    """Measure, and write the page."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--seeds", type=int, default=5)
    seeds = range(reader.parse_args().seeds)
    told: Counter[str] = Counter()
    parts = {
        "planted": "\n".join(planted_rows(seeds)),
        "clean": "\n".join(clean_rows(seeds)),
        "real": "\n".join(real_rows(told)),
    }
    untold = ", ".join(code for code in MISTAKES if not told[code]) or "none"
    TARGET.write_text(HEAD.format(n=ENTITIES, seeds=len(seeds), untold=untold, **parts))


if __name__ == "__main__":
    main()
