"""Segments against outcomes that are columns, on entities that had no part in making them.

What lives here: which entities these are, and the segments that they are put into. What does not:
the comparison (``heldout``), outcomes for judging candidates before the choice (``outcomes``). Read
on in ``docs/methods/heldout.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.bounded import Bounded
from segmentry.domain.judging import Followed, HeldoutColumns, OutcomeAfter
from segmentry.domain.project import Project
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureTable
from segmentry.explain.outcome import is_binary, outcome_values
from segmentry.judge.baseline import usual_tiers
from segmentry.judge.significance import carried_over
from segmentry.maths.agreement import adjusted_rand_index, adjusted_rand_interval
from segmentry.maths.matching import best_matching
from segmentry.pipeline.find import Found
from segmentry.pipeline.happened import outcome_called
from segmentry.pipeline.heldout import Then, against, outcome_after, seen
from segmentry.pipeline.outcomes import FEWEST_ROWS, MOST_ROWS
from segmentry.pipeline.ready import Ready
from segmentry.pipeline.searching import fitter

ENOUGH = 100
"""Entities for each segment outside the searched sample that do without a fit anew."""

MOST_FITTED = 5_000
"""Entities that are segmented anew at most: half of a searched sample."""


@dataclass(frozen=True, eq=False)
class Aside:
    """Entities that had no part in making the segments they are in: places of the run's segments.

    ``rows`` are those of the table, ascending. ``n_fitted`` and ``agreement`` are as of
    ``HeldoutColumns``.
    """

    rows: NDArray[np.int64]
    segment: NDArray[np.int64]
    sentence: str
    n_fitted: int | None = None
    agreement: Bounded | None = None


def judged_apart(
    ready: Ready, project: Project, found: Found, rng: Generator
) -> HeldoutColumns | None:
    """Judge segments by outcomes that are columns of tables.

    Parameters
    ----------
    ready : Ready
    project : Project
    found : Found
        With answers for everybody.
    rng : Generator

    Returns
    -------
    HeldoutColumns or None
        None where there is no such outcome, or it is known of too few entities.

    Notes
    -----
    Entities that the split holds out, else those outside the searched sample where they are enough,
    else a random half: the other half is segmented anew by the chosen method.
    """
    table = ready.table
    if not any(outcome_values(table, c) for c in table.with_role(Role.OUTCOME)):
        return None
    aside = _aside(ready, found, rng)
    if aside is None:
        return None
    matrix, part = ready.prepared.matrix, table.take(aside.rows)
    matrix = replace(
        matrix, X=np.ascontiguousarray(matrix.X[aside.rows]), ids=matrix.ids.take(aside.rows)
    )
    n_segments = found.assigner.n_segments
    tiers = usual_tiers(matrix, part, n_segments)
    then = Then(aside.segment, tiers.labels, tiers.name)
    outcomes = tuple(
        _outcome(followed, n_levels, then, found.lineage.ids, rng)
        for followed, n_levels in _columns(part, project)
    )
    if not outcomes:
        return None
    called = {o.column: o.name for o in project.outcomes}
    names = [called.get(c.name, c.name) for c in table.with_role(Role.OUTCOME)]
    told = aside.sentence + against(outcomes, then, n_segments) + _helped(project, names)
    return HeldoutColumns(
        len(aside.rows), outcomes, told, tiers.name, aside.n_fitted, aside.agreement
    )


def _columns(table: FeatureTable, project: Project) -> Iterator[tuple[Followed, int]]:
    """Give each outcome, or each level of one that has several, NaN where it is unknown."""
    called = {o.column: o.name for o in project.outcomes}
    for column in table.with_role(Role.OUTCOME):
        told = outcome_values(table, column)
        own = called.get(column.name, column.name)
        for level, values in told:
            if (~np.isnan(values)).sum() < FEWEST_ROWS:
                continue
            is_share = is_binary(values)
            what = "Share with" if is_share else "Average of"
            name = own + level.removeprefix(column.name)
            sentence = f"{what} {level!r} among these entities."
            yield Followed(name, sentence, "share" if is_share else "", is_share, values), len(told)


def _outcome(
    followed: Followed, n_levels: int, then: Then, ids: tuple[int, ...], rng: Generator
) -> OutcomeAfter:
    """Compare an outcome where it is known; one of several levels has its p-value times these."""
    known = ~np.isnan(followed.values)
    among = Then(then.segment[known], then.tiers[known], then.baseline)
    told = outcome_after(
        replace(followed, values=followed.values[known]),
        among,
        ids,
        rng,
    )
    return replace(told, p_value=min(1.0, told.p_value * n_levels))


def _helped(project: Project, names: Sequence[str]) -> str:
    """Say which outcome has helped to make or choose the segments."""
    told = seen(names, outcome_called(project.segments.must_differ_in or "", project))
    guide = outcome_called(project.segments.guided_by or "", project)
    if guide in names:
        told += (
            f" Features were weighed by {guide!r} of other entities, so that segments tell of it "
            "by design; these entities had no part in that."
        )
    return told


def _aside(ready: Ready, found: Found, rng: Generator) -> Aside | None:
    """Find entities that had no part in making segments, and put them into these."""
    X, learned = ready.prepared.matrix.X, ready.prepared.learned
    k, final = found.assigner.n_segments, found.answers.segment
    if learned is not None:
        rows = _some(np.flatnonzero(~learned), rng)
        return Aside(
            rows,
            final[rows],
            f"{len(rows):,} entities that the split holds out, of whom nothing was learned, were "
            "put into the segments by their features alone.",
        )
    searched = found.selection.rows
    beyond = np.setdiff1d(np.arange(len(X)), searched)
    if len(beyond) < ENOUGH * k:
        return _halved(X, found, rng)
    rows, partition = _some(beyond, rng), found.selection.chosen.partition
    places = _places(partition.answers(X[searched]), final[searched], k)
    segment = places[partition.answers(X[rows])]
    sentence = (
        f"{len(rows):,} entities outside the searched sample were put into the segments that were "
        "found in it, by their features alone."
    )
    return _beside(rows, segment, final[rows], sentence)


def _halved(X: NDArray[np.float64], found: Found, rng: Generator) -> Aside | None:
    """Segment one half of the entities anew, and put the other half into those segments."""
    order = rng.permutation(len(X))
    n_fitted = min(len(X) // 2, MOST_FITTED)
    made, rows = np.sort(order[:n_fitted]), np.sort(order[n_fitted:][:MOST_ROWS])
    labels = fitter(found.selection.chosen)(X[made], rng)
    own = carried_over(X[made], X[rows], labels, rng)
    if own is None or len(rows) < FEWEST_ROWS:
        return None
    k, final = found.assigner.n_segments, found.answers.segment
    is_told = labels >= 0
    segment = _places(labels[is_told], final[made][is_told], k)[own]
    sentence = (
        f"Every entity had been searched, so the chosen method segmented {n_fitted:,} of them anew "
        f"and the other {len(rows):,} were put into those segments by their features alone; each "
        "goes by the name of the segment below that shares most with it."
    )
    return replace(_beside(rows, segment, final[rows], sentence), n_fitted=n_fitted)


def _beside(
    rows: NDArray[np.int64], segment: NDArray[np.int64], final: NDArray[np.int64], sentence: str
) -> Aside:
    agreement = Bounded(
        adjusted_rand_index(segment, final), *adjusted_rand_interval(segment, final)
    )
    sentence += f" With the final segments of these entities they agree at {agreement}."
    return Aside(rows, segment, sentence, None, agreement)


def _places(own: NDArray[np.int64], final: NDArray[np.int64], n_segments: int) -> NDArray[np.int64]:
    """Give each label the place of a final segment; beyond these where labels are more."""
    n_own = int(own.max()) + 1
    shared = np.zeros((n_own, max(n_own, n_segments)))
    np.add.at(shared, (own, final), 1.0)
    return best_matching(shared)


def _some(rows: NDArray[np.int64], rng: Generator) -> NDArray[np.int64]:
    return rows if len(rows) <= MOST_ROWS else np.sort(rng.permutation(rows)[:MOST_ROWS])
