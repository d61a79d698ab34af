"""Whether confidence keeps its word: who keeps a segment when it is found anew, by what was told.

Writes ``docs/proof/calibration.md``. Run with ``make proof``.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from real_data import DATA, DOCS

from segmentry.cluster.catalogue import method
from segmentry.domain.audit import Audit
from segmentry.domain.progress import Silent
from segmentry.domain.table import FeatureTable
from segmentry.judge.calibration import stays
from segmentry.pipeline.find import feasible_band, find
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import run_project
from segmentry.projectfile.guess import guess
from segmentry.projectfile.guessed import Flags
from segmentry.projectfile.schema import from_data
from segmentry.seeds import stream
from segmentry.simulate import simulate

Array = Any

REAL = (
    "cc_general/cc_general.csv.gz",
    "telco_churn/telco_churn.csv.gz",
    "wholesale_customers/wholesale_customers.csv.gz",
)
SIMULATED, USERS = ("retail", "saas"), 3_000

REFITS = 100
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
LEAST = 0.02
"""Share of the entities from which a row of a table counts."""

ALLOWED = 0.05

HEAD = """# Does confidence keep its word?

Written by `python tests/proof/calibration.py` (part of `make proof`). How confidence is learned
stands in [its page](../methods/confidence.md).

A run is made as it comes. Then its method, with its number of segments, is run anew on {refits}
draws of as many entities as there are, with replacement; nothing was learned from these draws.
Clusters are given to segments one to one so that as many as can stay. *Kept* is the share that
stays, among those who were told so much; *off* is what was told less what was kept, in points.
Promised is {allowed:.0f} points at most wherever 2 % of the entities are. *Nearness* is what
confidence was before it was learned, and what it is still made of.

| data | entities | method | largest off, nearness | largest off, confidence | mean off, nearness \
| mean off, confidence |
|---|---|---|---|---|---|---|
{summary}

{verdict}
{chapters}"""


@dataclass(frozen=True)
class Told:
    """Entities that were told much the same: how many, what, and how many kept their segment."""

    span: str
    share: float
    told: float
    kept: float

    @property
    def off(self) -> float:
        """Give by how much was told too much."""
        return self.told - self.kept


def run_of(path: Path, folder: Path) -> tuple[Run, Any]:
    """Guess a project, run it, and find its segments once more, for the method's own words."""
    run = run_project(guess([path], Flags()).project, output=folder / "run")
    release = run.release()
    table = FeatureTable.of(run.features(), release.columns)
    project = from_data(release.project, folder=folder)
    matrix = release.recipe.apply(table)
    band = feasible_band(len(matrix.X), project.segments, Audit())
    found = find(
        matrix,
        project.segments,
        seed=project.seed,
        band=band,
        audit=Audit(),
        steps=Silent(),
        table=table,
    )
    np.testing.assert_array_equal(found.assigner.prototypes, release.assigner.prototypes)
    return run, (matrix.X, release.assigner, found.selection.chosen)


def refits(X: Array, assigner: Any, chosen: Any) -> tuple[Array, Array]:
    """Draw and fit anew: the rows that were drawn, each once a draw, and whether they stay."""
    segment, partition = assigner.answer(X).segment, chosen.partition
    refit = method(partition.method).refit
    drawn, kept = [], []
    for number in range(REFITS):
        rng = stream(20_000 + number, "calibration proof")
        rows = np.sort(rng.integers(0, len(X), len(X)))
        labels = refit(X[rows], chosen.n_segments, rng, partition.arguments)
        once, first = np.unique(rows, return_index=True)
        clustered = labels[first] >= 0
        drawn.append(once[clustered])
        kept.append(stays(segment[once[clustered]], labels[first][clustered]))
    return np.concatenate(drawn), np.concatenate(kept)


def tally(told: Array, kept: Array) -> list[Told]:
    """Put entities with much the same figure together."""
    places = np.clip(np.searchsorted(EDGES, told, side="right") - 1, 0, len(EDGES) - 2)
    rows = []
    for i, (low, high) in enumerate(pairwise(EDGES)):
        own = places == i
        if own.any():
            share, said, stayed = own.mean(), told[own].mean(), kept[own].mean()
            rows.append(Told(f"{low:.1f} to {high:.1f}", share, said, stayed))
    return rows


def lines(rows: list[Told], title: str) -> list[str]:
    """Lay out a tally."""
    head = [f"| {title} | of entities | told | kept | off |", "|---|---|---|---|---|"]
    return [
        *head,
        *(
            f"| {r.span} | {r.share:.1%} | {r.told:.3f} | {r.kept:.3f} | {100 * r.off:+.1f} |"
            for r in rows
        ),
        "",
    ]


def largest(rows: list[Told]) -> float:
    """Give the largest error where enough entities are."""
    return max(abs(r.off) for r in rows if r.share >= LEAST)


def mean_off(rows: list[Told]) -> float:
    """Give the mean error, each entity counted alike."""
    return sum(r.share * abs(r.off) for r in rows)


def chapter(name: str, path: Path, folder: Path) -> tuple[str, list[str], float]:
    """Measure one set: its row of the summary, its tables, and its largest error."""
    _, (X, assigner, chosen) = run_of(path, folder)
    drawn, kept = refits(X, assigner, chosen)
    before = tally(assigner.nearness(X)[drawn], kept)
    after = tally(assigner.answer(X).confidence[drawn], kept)
    row = (
        f"| {name} | {len(X):,} | {chosen.name} | {100 * largest(before):.1f} | "
        f"{100 * largest(after):.1f} | {100 * mean_off(before):.1f} | "
        f"{100 * mean_off(after):.1f} |"
    )
    tables = [*lines(before, "nearness"), *lines(after, "confidence")]
    return row, ["", f"## {name}", "", *tables], largest(after)


def main() -> None:
    """Write the page."""
    rows, chapters, worst = [], [], []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        sets = {name: DATA / name for name in REAL}
        for scenario in SIMULATED:
            out = folder / scenario
            planted = simulate(scenario, USERS, seed=11, out=out, progress=Silent())
            sets[f"simulated {scenario}"] = planted.events
        for i, (name, path) in enumerate(sets.items()):
            own = folder / str(i)
            own.mkdir()
            row, part, error = chapter(name, path, own)
            print(row, flush=True)
            rows.append(row)
            chapters += part
            worst.append((error, name))
    missed = [f"{name} ({100 * error:.1f})" for error, name in worst if error > ALLOWED]
    verdict = f"Missed on {', '.join(missed)}." if missed else "Kept on every set."
    text = HEAD.format(
        refits=REFITS,
        allowed=100 * ALLOWED,
        summary="\n".join(rows),
        verdict=verdict,
        chapters="\n".join(chapters),
    )
    DOCS.mkdir(parents=True, exist_ok=True)
    (DOCS / "calibration.md").write_text(text.rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
