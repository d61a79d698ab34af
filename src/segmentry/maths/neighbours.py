"""Near neighbours of many points: exact in few columns, nearly so in many.

What lives here: who lies near whom, without a promise about the last one. What does not: exact
distances (``maths.distances``), or trees of neighbours (``maths.spanning``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FEW_COLUMNS = 4
"""Columns up to which boxes in boxes are quicker than products of matrices."""

CELL_POINTS = 256
BLOCK_POINTS = 2_048

SEARCHED = 8_192
"""Points that are measured for each: those of the cells around its own."""

PART = 64
"""Of so many points, in a mixed order, only the nearest one can become a neighbour."""

PASSES = 3

OUT_OF_REACH = 1e30
"""Fills the last part up; products with infinity would not be numbers."""

_GOLDEN = (5**0.5 - 1) / 2


def near_neighbours(X: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Find points that lie near each point.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite, more rows than neighbours
    count : int

    Returns
    -------
    ndarray of shape (n_rows, count)
        Never the point itself; in no order, and one may occur twice where there are few rows.

    Notes
    -----
    In up to 4 columns exact, by a tree of boxes. In more columns, points are divided into cells of
    some 256, and each point is measured against the 8,192 of the nearest cells, in single
    precision; of each 64 of these, the nearest one is a candidate. Nearer neighbours are therefore
    more rarely missed. O(n_rows n_columns) times 8,192.

    References
    ----------
    Jegou, H., Douze, M. and Schmid, C. (2011). Product quantization for nearest neighbor search.
    IEEE PAMI 33, 117-128 (cells first, then the points of the nearest cells).
    """
    if X.shape[1] <= FEW_COLUMNS:
        from scipy.spatial import cKDTree

        _, places = cKDTree(X).query(X, k=count + 1)
        own = places == np.arange(len(X))[:, None]
        own[~own.any(axis=1), -1] = True  # equal points may crowd the point itself out
        kept: NDArray[np.int64] = places[~own].reshape(len(X), count)
        return kept
    centred = X - X.mean(axis=0)
    scaled = (centred / (np.abs(centred).max() or 1.0)).astype(np.float32)
    cells, centres = _cells(scaled)
    order = np.argsort(cells, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(cells, minlength=len(centres)))[:-1])
    apart = _squares(centres, centres)
    found = np.empty((len(X), count), dtype=np.int64)
    for cell, some in enumerate(members):
        if len(some):
            near = np.argsort(apart[cell], kind="stable")
            enough = np.cumsum([len(members[c]) for c in near]) >= min(SEARCHED, len(X))
            there = np.concatenate([members[c] for c in near[: int(enough.argmax()) + 1]])
            there = there[np.argsort(np.arange(len(there)) * _GOLDEN % 1.0)]
            found[some] = _candidates(scaled, some, there, count)
    return found


def _cells(X: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Divide points into cells around points taken evenly, moved a few times."""
    n_cells = max(1, len(X) // CELL_POINTS)
    centres = X[np.argsort(np.arange(len(X)) * _GOLDEN % 1.0)[:n_cells]]
    cells = np.zeros(len(X), dtype=np.int64)
    for _ in range(PASSES):
        for start in range(0, len(X), BLOCK_POINTS):
            block = slice(start, start + BLOCK_POINTS)
            cells[block] = _squares(X[block], centres).argmin(axis=1)
        sizes = np.bincount(cells, minlength=n_cells)[:, None]
        sums = np.stack([np.bincount(cells, column, n_cells) for column in X.T], axis=1)
        centres = np.where(sizes > 0, sums / np.maximum(sizes, 1), centres).astype(np.float32)
    return cells, centres


def _squares(A: NDArray[np.float32], B: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give squared gaps less the squares of the first points, which order nothing."""
    gaps = A @ (-2.0 * B.T)
    gaps += np.einsum("ij,ij->i", B, B)
    return gaps


def _candidates(
    X: NDArray[np.float32], some: NDArray[np.int64], there: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """Give the nearest of the nearest points of all parts, for some points."""
    part = max(1, min(PART, len(there) // (4 * count)))
    spare = -len(there) % part
    others = np.zeros((X.shape[1] + 1, len(there) + spare), dtype=np.float32)
    others[:-1, : len(there)] = X[there].T
    others[-1] = (others[:-1] ** 2).sum(axis=0)
    others[-1, len(there) :] = OUT_OF_REACH
    here = np.column_stack([-2.0 * X[some], np.ones(len(some), dtype=np.float32)])
    place = np.full(len(X), -1)
    place[there] = np.arange(len(there))
    own, rows = place[some], np.arange(len(some))
    width = max(1, BLOCK_POINTS // part) * part
    least, nearest = [], []
    for start in range(0, others.shape[1], width):
        gaps = here @ others[:, start : start + width]
        inside = (own >= start) & (own < start + gaps.shape[1])
        gaps[rows[inside], own[inside] - start] = np.inf
        parts = gaps.reshape(len(some), -1, part)
        places = parts.argmin(axis=2)
        least.append(np.take_along_axis(parts, places[:, :, None], axis=2)[:, :, 0])
        nearest.append(places + np.arange(start, start + gaps.shape[1], part))
    best = np.argpartition(np.hstack(least), count - 1, axis=1)[:, :count]
    chosen = np.take_along_axis(np.hstack(nearest), best, axis=1)
    found: NDArray[np.int64] = there[np.minimum(chosen, len(there) - 1)]
    return found
