"""Cells of a table that are withheld, so that small ones follow from nothing else that is told.

What lives here: which cells. What does not: which tables there are, and how a withheld cell is
written.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FEWEST_TOLD = 10
"""Entities of the smallest group that anything is told of."""

_Cells = list[tuple[int, int]]


def small_groups(counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which counts are of so few that they are told to nobody; 0 tells of nobody.

    Parameters
    ----------
    counts : ndarray of int, any shape, 0 or more

    Returns
    -------
    ndarray of bool, of the same shape

    Examples
    --------
    >>> small_groups(np.array([0, 1, 9, 10]))
    array([False,  True,  True, False])
    """
    small: NDArray[np.bool_] = (counts > 0) & (counts < FEWEST_TOLD)
    return small


def withheld_cells(counts: NDArray[np.int64], *, least: int) -> NDArray[np.bool_]:
    """Choose cells of a table of counts to withhold, its totals being known.

    A withheld cell that stands alone in its row or column is the total less the others. So for each
    small cell others are withheld with it, such that some table with the same totals and the same
    cells told holds another count there.

    Parameters
    ----------
    counts : ndarray of int, shape (n_rows, n_columns), 0 or more
    least : int
        Counts from 1 to one less are small; 0 tells of nobody.

    Returns
    -------
    ndarray of bool, shape (n_rows, n_columns)
        True where a cell is withheld: every small one, and as little else as a greedy search finds.

    Notes
    -----
    Counts may move along a closed path of withheld cells, one up and the next down in turn, without
    any total being changed. For each small cell, smallest first, the path is taken that withholds
    the fewest further entities, by shortest paths between its row and its column in the graph whose
    edges are cells; a cell goes down only where it holds somebody. A cell without any such path is
    told by the totals alone, whatever is withheld.

    References
    ----------
    Cox, L. H. (1980). Suppression methodology and statistical disclosure control. JASA 75, 377-385.
    Kelly, J. P., Golden, B. L. and Assad, A. A. (1992). Cell suppression: disclosure protection for
    sensitive tabular data. Networks 22, 397-417.

    Examples
    --------
    >>> withheld_cells(np.array([[50, 3, 40], [30, 20, 60]]), least=10)
    array([[ True,  True, False],
           [ True,  True, False]])
    """
    hidden: NDArray[np.bool_] = (counts > 0) & (counts < least)
    # An empty cell says more by being told than any other, and moves one way only.
    price = np.where(counts > 0, counts, counts.sum() + 1).astype(np.float64)
    small = sorted(zip(*np.nonzero(hidden), strict=True), key=lambda cell: int(counts[cell]))
    for row, column in small:
        found = [
            _path(counts, np.where(hidden, 0.0, price), row, column, up=up) for up in (True, False)
        ]
        _, path = min(found, key=lambda f: f[0])
        for cell in path:
            hidden[cell] = True
    return hidden


def told_beside_total(
    counts: NDArray[np.int64], small: NDArray[np.bool_], told: set[int], *, least: int
) -> set[int]:
    """Leave out of a row of counts what would tell a small one, the row's total being known.

    Parameters
    ----------
    counts : ndarray of int, shape (n,), 0 or more
    small : ndarray of bool, shape (n,)
        Which of them nobody may learn.
    told : set of int
        Places that are meant to be told, none of them small.
    least : int
        What is not told adds up to so much, or holds nothing small.

    Returns
    -------
    set of int
        The places that may be told: what is not is two counts or more. The smallest go first.

    Examples
    --------
    >>> told_beside_total(np.array([50, 3, 40]), np.array([False, True, False]), {0, 2}, least=10)
    {0}
    """
    kept = set(told)
    while kept:
        rest = [p for p in range(len(counts)) if p not in kept]
        if not small[rest].any() or (len(rest) > 1 and counts[rest].sum() >= least):
            break
        kept.remove(min(kept, key=lambda p: (int(counts[p]), p)))
    return kept


def _path(
    counts: NDArray[np.int64], price: NDArray[np.float64], row: int, column: int, *, up: bool
) -> tuple[float, _Cells]:
    """Find the cheapest way to make up for a cell that goes up or down; no cells where none is."""
    may_fall = np.where(counts > 0, price, np.inf)
    to_column, to_row = (may_fall, price.copy()) if up else (price.copy(), may_fall)
    to_column[row, column] = to_row[row, column] = np.inf
    rows, columns = np.full(len(counts), np.inf), np.full(counts.shape[1], np.inf)
    rows[row] = 0.0
    from_row, from_column = np.zeros(len(columns), dtype=int), np.zeros(len(rows), dtype=int)
    while True:
        through = rows[:, None] + to_column
        best, better = through.min(axis=0), through.min(axis=0) < columns
        if not better.any():
            break
        columns, from_row = (
            np.where(better, best, columns),
            np.where(better, through.argmin(0), from_row),
        )
        through = columns[None, :] + to_row
        best, better = through.min(axis=1), through.min(axis=1) < rows
        rows, from_column = (
            np.where(better, best, rows),
            np.where(better, through.argmin(1), from_column),
        )
    if not np.isfinite(columns[column]):
        return np.inf, []
    path, place = [], column
    while True:
        start = int(from_row[place])
        path.append((start, place))
        if start == row:
            return float(columns[column]), path
        place = int(from_column[start])
        path.append((start, place))
