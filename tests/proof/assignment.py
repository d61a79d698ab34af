"""Assigners asked in every way there is, and every entity of real data: differences.

Writes ``docs/proof/assignment.md``. Run with ``make proof``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from real_data import DATA, DOCS, SETS, command
from threadpoolctl import threadpool_limits

from crowds import CROWDS, as_table, crowd_of
from segmentry.cluster.catalogue import METHODS
from segmentry.cluster.search import search
from segmentry.domain.progress import Silent
from segmentry.domain.release import Release
from segmentry.domain.table import FeatureTable
from segmentry.maths.agreement import contingency
from segmentry.maths.matching import best_matching
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import run_project
from segmentry.projectfile.guess import guess
from segmentry.projectfile.guessed import Flags

FIT_ROWS, ROWS, ALONE, BATCH = 3_000, 100_000, 3_000, 997
SEGMENTS = (3, 6)
N_REAL = 4
"""Real sets, of which every entity is assigned alone."""

HEAD = """# Assignment, in every way there is

Written by `python tests/proof/assignment.py` (part of `make proof`).

## Every method

A run with that method alone on {fit:,} entities, its release read back from its folder, and
{rows:,} further entities put into its segments: all at once, in batches of {batch}, by two threads
of ours at once with libraries held to two threads each, and the first {alone:,} one by one. Every
column of the answers is compared with those given at once. *Rows alone* counts the differences
where the prepared row of each of the {rows:,} is answered by itself. *Unknown* counts answers that
are no segment of the release. *Kept* is the share of the {fit:,} entities, noise apart, that the
release puts into the segment that the method's own labels say. *Noise* counts those that the method
left out; of these it is told how many are answered with the segment of the nearest prototype, and
how many are told as anomalies: those that lie no farther out than a segment's own outermost rows
are not. Methods are tried on numbers with three in a hundred entities astray, except those for
usage, for yes and no, and for numbers and words (`tests/crowds.py`).

| method | data | segments | kept | differ in batches | differ on two threads | differ alone \
| rows alone | unknown | noise | of it with nearest | of it anomalies |
|---|---|---|---|---|---|---|---|---|---|---|---|
{methods}

{low}

## Real data, every entity

Every column of `assignments.parquet` compared, in another process than the run's.

| data | entities | differ alone | differ in batches of {batch} |
|---|---|---|---|
{sets}
"""


def row_of(method: str) -> tuple[str, float]:
    """Run a method, ask its release in every way, and describe the differences."""
    crowd, draw = crowd_of(method), CROWDS[crowd_of(method)]
    rng = np.random.default_rng(7)
    fitted = as_table(draw(rng, FIT_ROWS))
    with tempfile.TemporaryDirectory() as place:
        run = _run(method, fitted, Path(place))
        release = run.release()
    asked = FeatureTable.of(as_table(draw(rng, ROWS)), release.columns)
    whole = release.assign(asked).to_arrow()
    counts = [
        _differing(_in_batches(release, asked), whole),
        _differing(_on_two_threads(release, asked), whole),
        _differing(_alone(release, asked, ALONE), whole.slice(0, ALONE)),
        _answered_otherwise(release, asked),
        int((~np.isin(whole["segment_id"].to_numpy(), release.segment_ids)).sum()),
    ]
    own = _beside_own_labels(release, FeatureTable.of(fitted, release.columns), method)
    told = " | ".join(f"{c:,}" for c in counts)
    noise = f"{own.noise:,} | {own.nearest:,} | {own.anomalies:,}" if own.noise else "0 | | "
    n = len(release.segment_ids)
    return f"| {method} | {crowd} | {n} | {own.kept:.1%} | {told} | {noise} |", own.kept


def _run(method: str, fitted: pa.Table, folder: Path) -> Run:
    path = folder / "crowd.parquet"
    pq.write_table(fitted, path)
    project = guess([path], Flags(entity="entity_id")).project
    choice = replace(project.segments, methods=(method,), minimum=SEGMENTS[0], maximum=SEGMENTS[1])
    return run_project(replace(project, segments=choice), output=folder / "run")


def _alone(release: Release, table: FeatureTable, count: int) -> pa.Table:
    return pa.concat_tables(
        release.assign(table.take(np.array([i]))).to_arrow() for i in range(count)
    )


def _answered_otherwise(release: Release, table: FeatureTable) -> int:
    """Count entities whose answer differs where their prepared row is asked alone."""
    X = release.recipe.apply(table).X
    whole = release.assigner.answer(X)
    names = [field.name for field in fields(whole)]
    told = np.column_stack([getattr(whole, name) for name in names])
    return sum(
        [getattr(one, name)[0] for name in names] != told[i].tolist()
        for i, one in enumerate(release.assigner.answer(X[i : i + 1]) for i in range(len(X)))
    )


def _pieces(table: FeatureTable) -> Iterable[FeatureTable]:
    for start in range(0, table.n_entities, BATCH):
        yield table.take(np.arange(start, min(start + BATCH, table.n_entities)))


def _in_batches(release: Release, table: FeatureTable) -> pa.Table:
    return pa.concat_tables(release.assign(piece).to_arrow() for piece in _pieces(table))


def _on_two_threads(release: Release, table: FeatureTable) -> pa.Table:
    with threadpool_limits(2), ThreadPoolExecutor(2) as pool:
        return pa.concat_tables(pool.map(lambda p: release.assign(p).to_arrow(), _pieces(table)))


@dataclass(frozen=True)
class Own:
    """A release's answers beside the method's own labels of the same rows."""

    kept: float
    noise: int
    nearest: int
    anomalies: int


def _beside_own_labels(release: Release, table: FeatureTable, method: str) -> Own:
    """Fit the method to the run's matrix as its search did, and hold its labels to the answers."""
    X = release.recipe.apply(table).X
    k = len(release.segment_ids)
    trials = search(X, range(k, k + 1), seed=0, progress=Silent(), methods=[method])
    labels, answers = trials[0].own, release.assigner.answer(X)
    clustered = labels >= 0
    both = contingency(labels[clustered], answers.segment[clustered]).astype(np.float64)
    both = both if both.shape[0] <= both.shape[1] else both.T
    kept = float(both[np.arange(len(both)), best_matching(both)].sum() / both.sum())
    noise = X[~clustered]
    own = release.assigner.distances(noise).argmin(axis=1)
    nearest = own == answers.segment[~clustered]
    told = answers.anomaly[~clustered]
    return Own(kept, len(noise), int(nearest.sum()), int(told.sum()))


def differences(folder: Path) -> tuple[int, int, int]:
    """Count entities, and the rows that differ from the run's when scored alone and in batches."""
    run = Run.opened(folder)
    release, expected = run.release(), run.assignments()
    table = FeatureTable.of(run.features(), release.columns, expected["as_of"][0].as_py())
    found = (_alone(release, table, table.n_entities), _in_batches(release, table))
    return table.n_entities, *(_differing(one, expected) for one in found)


def _differing(found: pa.Table, expected: pa.Table) -> int:
    if found.equals(expected):
        return 0
    unequal = np.zeros(expected.num_rows, dtype=bool)
    for name in expected.column_names:
        a, b = found[name].to_pylist(), expected[name].to_pylist()
        unequal |= np.array([x != y for x, y in zip(a, b, strict=True)])
    return int(unequal.sum())


def real_set(name: str) -> str:
    """Run a real data set, and compare in a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        command("init", str(DATA / name), folder=folder)
        command("run", folder=folder)
        words = [sys.executable, __file__, str(folder / "runs" / "latest")]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
    return f"| {name} | {' | '.join(done.stdout.split())} |"


def main() -> None:
    """Write the page; called with a folder, print the counts of that run."""
    if len(sys.argv) > 1:
        print(*differences(Path(sys.argv[1])))
        return
    methods, low = [], []
    for name in METHODS:
        line, kept = row_of(name)
        print(line, flush=True)
        methods.append(line)
        low += [f"{name} ({kept:.1%})"] if kept < 0.98 else []
    sets = []
    for name in SETS[:N_REAL]:
        sets.append(real_set(name))
        print(sets[-1], flush=True)
    text = HEAD.format(
        fit=FIT_ROWS,
        rows=ROWS,
        alone=ALONE,
        batch=BATCH,
        methods="\n".join(methods),
        low=f"Less than 98 % is kept of {', '.join(low)}." if low else "At least 98 % is kept.",
        sets="\n".join(sets),
    )
    DOCS.mkdir(parents=True, exist_ok=True)
    (DOCS / "assignment.md").write_text(text)


if __name__ == "__main__":
    main()
