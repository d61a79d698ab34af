"""Outcomes on rows that segments were not learned from, for judging candidates before the choice.

What lives here: which outcomes there are, and on which rows each is looked at. What does not: what
followed a settled segmentation, told in full (``heldout``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.project import Project
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureTable
from segmentry.explain.outcome import is_binary, outcome_values
from segmentry.judge.differing import OutcomeRows
from segmentry.pipeline.ready import Ready
from segmentry.seeds import stream

FEWEST_ROWS = 30
"""Fewer rows than these tell no difference."""

MOST_ROWS = 25_000


def outcomes_of(
    ready: Ready, project: Project, searched: NDArray[np.int64]
) -> tuple[OutcomeRows, ...]:
    """Give the outcomes that can be measured, those that the project names first.

    Parameters
    ----------
    ready : Ready
    project : Project
    searched : ndarray of int
        Rows of the matrix that is learned from which are searched.

    Returns
    -------
    tuple of OutcomeRows
        Of events: what entities did after the judging cut, by their features before it; they are
        those that made the segments, as they were then. Of columns: the entities that a split
        holds out, else those beyond the searched sample, else all of them.
    """
    on = _apart(ready.table.n_entities, searched, project.seed, ready.prepared.learned)
    columns = {o.name: o for o in _columns(ready.table, ready.prepared.matrix.X, on)}
    named = {o.name: o for o in _followed(ready)}
    for own in project.outcomes:
        column = columns.get(own.column or "")
        if column is not None:
            named[own.name] = replace(column, name=own.name)
    taken = {name for own in project.outcomes for name in (own.name, own.column)}
    named |= {name: column for name, column in columns.items() if name not in taken}
    first = [o.name for o in project.outcomes if o.name in named]
    return tuple(named[name] for name in dict.fromkeys([*first, *named]))


def outcomes_beside(
    table: FeatureTable, X: NDArray[np.float64], searched: NDArray[np.int64], seed: int
) -> tuple[OutcomeRows, ...]:
    """Give the outcomes that came beside rows of numbers, as far as they can be measured.

    Parameters
    ----------
    table : FeatureTable of n rows
        Its columns of the role outcome.
    X : ndarray of shape (n, n_columns)
    searched : ndarray of int
        Rows that are searched: the others serve where there are enough, else all of them.
    seed : int

    Returns
    -------
    tuple of OutcomeRows
    """
    return tuple(_columns(table, X, _apart(len(X), searched, seed)))


def _followed(ready: Ready) -> Iterator[OutcomeRows]:
    judging = ready.unseen
    if judging is None or judging.table.n_entities < FEWEST_ROWS:
        return
    X = ready.prepared.recipe.apply(judging.table).X
    basis = (
        f"{len(X):,} entities as they were at an earlier cut, the judging cut, and what they did "
        f"in the {judging.window.outcome_days or 0.0:g} days after it"
    )
    if ready.prepared.guidance is not None:
        basis += ", of those that the split holds out"
    # What is asked for by name says more than activity, and value more than a count.
    usual = ("value_after", "events_after", "active_after")
    rank = {name: i for i, name in enumerate(usual, 1)}
    for followed in sorted(judging.followed, key=lambda f: rank.get(f.name, 0)):
        if np.ptp(followed.values) > 0.0:
            values = followed.values[:, None]
            yield OutcomeRows(followed.name, X, values, followed.is_share, basis)


def _columns(
    table: FeatureTable, matrix: NDArray[np.float64], on: tuple[NDArray[np.int64], str]
) -> Iterator[OutcomeRows]:
    rows, basis = on
    for column in table.with_role(Role.OUTCOME):
        told = outcome_values(table, column)
        if not told:
            continue
        values = np.column_stack([v[rows] for _, v in told])
        known = ~np.isnan(values).any(axis=1)
        values = values[known]
        if len(values) < FEWEST_ROWS or not (np.ptp(values, axis=0) > 0).any():
            continue
        is_share = column.kind is Kind.CATEGORY or is_binary(values[:, 0])
        values = values[:, np.ptp(values, axis=0) > 0]
        X = np.ascontiguousarray(matrix[rows[known]])
        yield OutcomeRows(column.name, X, values, is_share, f"{len(X):,} {basis}")


def _apart(
    n: int,
    searched: NDArray[np.int64],
    seed: int,
    learned: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.int64], str]:
    """Give rows of all n that nothing was learned from, as far as there are any."""
    if learned is not None:
        return _some(np.flatnonzero(~learned), seed), "entities that the split holds out"
    beyond = np.setdiff1d(np.arange(n), searched)
    if len(beyond) >= FEWEST_ROWS:
        return _some(beyond, seed), "entities outside the searched sample"
    return np.arange(n), "entities (none are held out; the outcome shaped no segment)"


def _some(rows: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Draw rows where there are very many: the first of a sorted table are like each other."""
    if len(rows) <= MOST_ROWS:
        return rows
    drawn: NDArray[np.int64] = stream(seed, "outcome rows").permutation(rows)[:MOST_ROWS]
    return np.sort(drawn)
