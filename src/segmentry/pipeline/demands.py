"""What a project or an estimator asks of segments, with the features and the outcome for it.

What lives here: gathering levers and outcomes for the rows that are searched. What does not:
whether a candidate meets them (``judge.demands``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.matrix import Matrix
from segmentry.domain.project import Project, SegmentChoice
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureTable
from segmentry.errors import UsageError, nearest
from segmentry.judge.demands import Demands, DemandsOn, Lever
from segmentry.judge.differing import OutcomeRows
from segmentry.maths.effect import standardised_ranks
from segmentry.pipeline.happened import outcome_called
from segmentry.pipeline.outcomes import outcomes_beside, outcomes_of
from segmentry.pipeline.ready import Ready

UNCHECKED = "demand_not_checked"
"""The code of the finding that an outcome could not be asked for."""


def unchecked_in(audit: Audit) -> tuple[str, ...]:
    """Give what was found about outcomes that could not be asked for."""
    return tuple(f.sentence for f in audit.findings if f.code == UNCHECKED)


def demands_of(ready: Ready, project: Project, audit: Audit) -> DemandsOn | None:
    """Gather what a project asks of segments beyond their number and smallest share.

    Parameters
    ----------
    ready : Ready
    project : Project
    audit : Audit
        Is told where an outcome cannot be measured.

    Returns
    -------
    callable or None
        None where nothing is asked.
    """
    choice, learned = project.segments, ready.prepared.learned
    if not _asks(choice):
        return None

    def on(searched: NDArray[np.int64]) -> Demands:
        rows = searched if learned is None else np.flatnonzero(learned)[searched]
        levers = levers_of(ready.table, ready.prepared.features, rows, choice.act_upon)
        return Demands(
            choice.max_share,
            choice.distinct,
            tuple(levers) if choice.distinct else (),
            _outcome(ready, project, searched, audit),
        )

    return on


def demands_of_rows(
    matrix: Matrix,
    choice: SegmentChoice,
    *,
    table: FeatureTable | None,
    outcome: FeatureTable | None,
    seed: int,
    audit: Audit,
) -> DemandsOn | None:
    """Gather what is asked of segments of rows that come without a project.

    Parameters
    ----------
    matrix : Matrix
        Not reduced to components.
    choice : SegmentChoice
    table : FeatureTable or None
        The unscaled features, where the matrix was prepared.
    outcome : FeatureTable or None
        The column that ``choice`` wants segments to differ in, in the order of the rows.
    seed : int
    audit : Audit
        Is told where the outcome cannot be measured.

    Returns
    -------
    callable or None
        None where nothing is asked.

    Raises
    ------
    UsageError
        E1101 if a feature to act upon shapes no segment.
    """
    known = matrix.names if table is None else [c.name for c in table.with_role(Role.CLUSTER)]
    for name in () if choice.act_upon == "auto" else choice.act_upon:
        if name not in known:
            msg = f"act_upon names {name!r}, which shapes no segment and tells none apart"
            raise UsageError(msg, hint=nearest(name, known))
    if not _asks(choice):
        return None

    def on(searched: NDArray[np.int64]) -> Demands:
        if table is None:
            levers = _columns(matrix, searched, choice.act_upon)
        else:
            levers = levers_of(table, matrix, searched, choice.act_upon)
        return Demands(
            choice.max_share,
            choice.distinct,
            tuple(levers) if choice.distinct else (),
            _beside(outcome, matrix, searched, seed, audit),
        )

    return on


def _asks(choice: SegmentChoice) -> bool:
    return choice.max_share < 1.0 or choice.distinct > 0 or choice.must_differ_in is not None


def _columns(
    matrix: Matrix, rows: NDArray[np.int64], wanted: Literal["auto"] | tuple[str, ...]
) -> Iterator[Lever]:
    """Give bare columns that can be acted upon."""
    for name, values in zip(matrix.names, matrix.X.T, strict=True):
        if wanted == "auto" or name in wanted:
            yield Lever(name, values[rows])


def levers_of(
    table: FeatureTable,
    features: Matrix,
    rows: NDArray[np.int64],
    wanted: Literal["auto"] | tuple[str, ...],
) -> Iterator[Lever]:
    """Give the features that can be acted upon, numbers as they shaped distances.

    Parameters
    ----------
    table : FeatureTable
    features : Matrix
        The prepared columns of the same entities, before any reduction.
    rows : ndarray of int
        Entities whose values are given.
    wanted : tuple of str or "auto"
        Names of features; ``auto``: all.

    Yields
    ------
    Lever
    """
    for column in table.with_role(Role.CLUSTER):
        if wanted != "auto" and column.name not in wanted:
            continue
        if column.kind is Kind.CATEGORY:
            codes = table.categories(column.name)[0][rows]
            yield Lever(column.name, codes.astype(np.float64), is_category=True)
        elif column.name in features.names:
            yield Lever(column.name, features.X[rows, features.names.index(column.name)])
        else:
            yield Lever(column.name, _ranks(table.numbers(column.name)[rows]))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give mid-ranks of what preparation left out; what is not known stays so."""
    known = ~np.isnan(values)
    ranks = np.full(len(values), np.nan)
    ranks[known] = standardised_ranks(values[known])
    return ranks


def _outcome(
    ready: Ready, project: Project, searched: NDArray[np.int64], audit: Audit
) -> OutcomeRows | None:
    name = project.segments.must_differ_in
    if name is None:
        return None
    meant = outcome_called(name, project)
    for outcome in outcomes_of(ready, project, searched):
        if outcome.name == meant:
            return outcome
    audit.add(replace(_unchecked(name), proposal="segments: {must_differ_in: null}"))
    return None


def _beside(
    outcome: FeatureTable | None,
    matrix: Matrix,
    searched: NDArray[np.int64],
    seed: int,
    audit: Audit,
) -> OutcomeRows | None:
    if outcome is None:
        return None
    found = outcomes_beside(outcome, matrix.X, searched, seed)
    if not found:
        audit.add(_unchecked(outcome.columns[0].name))
        return None
    return found[0]


def _unchecked(name: str) -> Finding:
    return Finding(
        UNCHECKED,
        f"Whether segments differ in {name!r} could not be asked: it was not measured, or is "
        "the same for everyone.",
        "warning",
        done="no candidate was rejected for it",
    )
