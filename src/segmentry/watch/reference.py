"""Sketches of feature tables: the bins that a reference settles, and counts of any table in them.

What lives here: making sketches, part by part. What does not: the noun (``domain.sketch``) and what
two of them tell (``drift``).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.assigner import Answers
from segmentry.domain.release import Release
from segmentry.domain.role import Kind, Role
from segmentry.domain.sketch import NEARNESS_EDGES, SCORE_EDGES, Grid, Sketch
from segmentry.domain.table import FeatureTable

FINE_BINS = 256
"""Of each number column, where so many values differ."""

MOST_LEVELS = 200
"""Of each category, the most frequent ones; all others are counted together."""

EDGE_ROWS = 200_000
"""Rows that tell where bins lie; all rows are counted in them."""


def grid_of(table: FeatureTable, n_segments: int) -> Grid:
    """Settle bins by quantiles of a table, and levels by how often they come.

    Parameters
    ----------
    table : FeatureTable
        Of more than ``EDGE_ROWS`` rows, every so many-th tells.
    n_segments : int

    Returns
    -------
    Grid
    """
    step = max(-(-table.n_entities // EDGE_ROWS), 1)
    part = table if step == 1 else table.take(np.arange(0, table.n_entities, step))
    edges, levels = [], []
    for column in part.with_role(Role.CLUSTER, Role.OVERLAY):
        if column.kind is Kind.NUMBER:
            values = part.numbers(column.name)
            found = values[~np.isnan(values)]
            edges.append((column.name, _edges(found)))
        else:
            codes, known = part.categories(column.name)
            counts = np.bincount(codes[codes >= 0], minlength=len(known))
            most = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
            levels.append((column.name, tuple(sorted(known[i] for i in most))))
    return Grid(tuple(edges), tuple(levels), n_segments)


def _edges(values: NDArray[np.float64]) -> tuple[float, ...]:
    """Give edges at even shares; a value that fills more than one bin gets one of its own."""
    if not len(values):
        return (0.0, 1.0)
    marks = np.quantile(values, np.linspace(0.0, 1.0, FINE_BINS + 1), method="inverted_cdf")
    found, times = np.unique(marks, return_counts=True)
    shared = found[times > 1]
    after = np.nextafter(np.append(shared, found[-1]), np.inf)
    return tuple(float(e) for e in np.unique(np.concatenate([found, after])))


def sketch_of(parts: Iterable[FeatureTable], grid: Grid, release: Release) -> Sketch:
    """Count tables in the bins of a grid, with the answers of a release for them.

    Parameters
    ----------
    parts : iterable of FeatureTable
        One after the other; memory is that of one of them.
    grid : Grid
    release : Release

    Returns
    -------
    Sketch

    Raises
    ------
    AssignmentError
        E6001 if a part lacks a column of the release.
    """
    total: Sketch | None = None
    for table in parts:
        X = release.recipe.apply(table).X
        one = _counted(table, grid, release.assigner.answer(X), release.assigner.nearness(X))
        total = one if total is None else total + one
    if total is None:
        msg = "there is nothing to count"
        raise ValueError(msg)
    return total


def _counted(
    table: FeatureTable, grid: Grid, answers: Answers, nearness: NDArray[np.float64]
) -> Sketch:
    counts: dict[str, NDArray[np.int64]] = {}
    missing: dict[str, int] = {}
    lowest: dict[str, float] = {}
    highest: dict[str, float] = {}
    present = {c.name: c.kind for c in table.columns}
    for name, edges in grid.edges:
        is_there = present.get(name) is Kind.NUMBER
        values = table.numbers(name) if is_there else np.full(table.n_entities, np.nan)
        known = values[~np.isnan(values)]
        counts[name] = bin_counts(known, np.array(edges))
        missing[name] = table.n_entities - len(known)
        lowest[name] = float(known.min(initial=np.inf))
        highest[name] = float(known.max(initial=-np.inf))
    for name, levels in grid.levels:
        found = level_codes(table, name, levels, is_there=present.get(name) is Kind.CATEGORY)
        counts[name] = np.bincount(found[found >= 0], minlength=len(levels) + 1)
        missing[name] = int((found < 0).sum())
    k = grid.n_segments
    return Sketch(
        grid,
        table.n_entities,
        counts,
        missing,
        lowest,
        highest,
        np.bincount(answers.segment, minlength=k),
        int(answers.anomaly.sum()),
        _by_segment(nearness, answers.segment, NEARNESS_EDGES, k),
        _by_segment(answers.anomaly_score, answers.segment, SCORE_EDGES, k),
    )


def bin_counts(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    """Count values in bins, with those beyond the outermost edges at both ends.

    Parameters
    ----------
    values : ndarray of shape (n,), finite
    edges : ndarray of shape (n_bins + 1,), ascending

    Returns
    -------
    ndarray of shape (n_bins + 2,)

    Examples
    --------
    >>> bin_counts(np.array([-1.0, 0.0, 0.5, 3.0]), np.array([0.0, 1.0, 2.0]))
    array([1, 2, 0, 1])
    """
    return np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)


def level_codes(
    table: FeatureTable, name: str, levels: tuple[str, ...], *, is_there: bool = True
) -> NDArray[np.int64]:
    """Give the place of each entity's level: the end for those without one, -1 for gaps."""
    if not is_there:
        return np.full(table.n_entities, -1, dtype=np.int64)
    codes, known = table.categories(name)
    place = {level: i for i, level in enumerate(levels)}
    by_code = np.array([*(place.get(level, len(levels)) for level in known), -1], dtype=np.int64)
    return by_code[codes]


def _by_segment(
    values: NDArray[np.float64], segment: NDArray[np.int64], edges: tuple[float, ...], k: int
) -> NDArray[np.int64]:
    n_bins = len(edges) - 1
    places = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, n_bins - 1)
    return np.bincount(segment * n_bins + places, minlength=k * n_bins).reshape(k, n_bins)
