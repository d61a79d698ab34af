"""Small clusters that stand for many rows, where a method cannot hold all of them.

What lives here: dividing rows into thousands of small clusters, in two levels. What does not: what
is made of them (``maths.ward``, ``maths.lance_williams``, ``maths.robust_linkage``). Read on in
``docs/methods/linkages.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError

SAMPLE_ROWS = 10
"""Rows for each small cluster from which their places are learnt."""

PASSES = 3
"""Lloyd passes of each level: small clusters are merged again, and need no better place."""

BLOCK_ROWS = 65_536

_Floats = NDArray[np.floating]


def micro_clusters(X: _Floats, count: int, rng: Generator) -> NDArray[np.int64]:
    """Divide rows into many small clusters.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite, of either precision
    count : int, at least 1
        Clusters wanted; those that stay without rows are left out.
    rng : Generator
        Draws the rows from which the clusters are learnt, and where they begin.

    Returns
    -------
    ndarray of shape (n_rows,)
        0 .. number of clusters with rows - 1.

    Raises
    ------
    MathsError
        If there are no rows, or no cluster is wanted.

    Notes
    -----
    A sample of rows is divided into about the square root of that many cells, and each cell
    into small clusters: the more, the more rows it has and the wider they lie. Every row is then
    compared with the cells, and with the small clusters of its own cell only. Single precision.
    O(n_rows n_columns sqrt(count)).

    References
    ----------
    Zhang, T., Ramakrishnan, R. and Livny, M. (1996). BIRCH: an efficient data clustering method
    for very large databases. SIGMOD, 103-114.
    Nister, D. and Stewenius, H. (2006). Scalable recognition with a vocabulary tree. CVPR (k-means
    of k-means).
    """
    if not len(X) or count < 1:
        msg = f"{len(X)} rows in {count} small clusters"
        raise MathsError(msg)
    learnt = len(X) > count * SAMPLE_ROWS
    rows = np.sort(rng.permutation(len(X))[: count * SAMPLE_ROWS]) if learnt else slice(None)
    quantizer = _Quantizer.learn(np.asarray(X[rows], dtype=np.float64), count, rng)
    found = np.empty(len(X), dtype=np.int64)
    for start in range(0, len(X), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        found[block] = quantizer.clusters(X[block])
    filled = np.bincount(found) > 0
    numbers: NDArray[np.int64] = np.cumsum(filled) - 1
    return numbers[found]


@dataclass(frozen=True, slots=True)
class _Quantizer:
    """Centres of cells, and of the small clusters of each."""

    middle: NDArray[np.float64]
    scale: float
    cells: _Floats
    small: list[_Floats]

    @classmethod
    def learn(cls, X: NDArray[np.float64], count: int, rng: Generator) -> _Quantizer:
        """Place cells and small clusters on a sample of rows."""
        middle = X.mean(axis=0)
        scale = float(np.abs(X - middle).max()) or 1.0
        rows = _scaled(X, middle, scale)
        cells = _placed(rows, max(1, round(count**0.5)), rng)
        owners = _nearest(rows, cells)
        members = [rows[owners == cell] for cell in range(len(cells))]
        small = [
            _placed(some, share, rng) if share else cells[[cell]]
            for cell, (some, share) in enumerate(zip(members, _shares(members, count), strict=True))
        ]
        return cls(middle, scale, cells, small)

    def clusters(self, X: _Floats) -> NDArray[np.int64]:
        """Give the small cluster of each row."""
        rows = _scaled(X, self.middle, self.scale)
        owners = _nearest(rows, self.cells).astype(np.int16)
        order = np.argsort(owners, kind="stable")
        ends = np.cumsum(np.bincount(owners, minlength=len(self.cells)))
        firsts = np.cumsum([0, *map(len, self.small)])
        found = np.empty(len(X), dtype=np.int64)
        for cell, some in enumerate(np.split(order, ends[:-1])):
            if len(some):
                found[some] = firsts[cell] + _nearest(rows[some], self.small[cell])
        return found


def _scaled(X: _Floats, middle: NDArray[np.float64], scale: float) -> _Floats:
    return np.asarray((X - middle) / scale, dtype=np.float32)


def _shares(members: list[_Floats], count: int) -> list[int]:
    """Share small clusters out among cells, so that all hold about the same scatter.

    Of m small clusters in d columns each holds about m^(-1 - 2/d) of their cell's scatter.
    """
    columns = members[0].shape[1]
    scatter = [float(some.var(axis=0).sum()) * len(some) if len(some) else 0.0 for some in members]
    wants = np.array(scatter) ** (columns / (columns + 2))
    total = float(wants.sum())
    if total <= 0:
        return [min(1, len(some)) for some in members]
    return [
        min(len(some), max(1, round(count * float(want) / total)))
        for some, want in zip(members, wants, strict=True)
    ]


def _placed(X: _Floats, count: int, rng: Generator) -> _Floats:
    """Begin at rows drawn by chance and move to the means of what lies nearest."""
    centres = X[np.sort(rng.permutation(len(X))[:count])]
    for _ in range(PASSES):
        owners = _nearest(X, centres)
        sizes = np.bincount(owners, minlength=len(centres))[:, None]
        sums = np.stack([np.bincount(owners, column, len(centres)) for column in X.T], axis=1)
        moved = np.where(sizes > 0, sums / np.maximum(sizes, 1), centres)
        centres = moved.astype(np.float32)
    return centres


def _nearest(X: _Floats, centres: _Floats) -> NDArray[np.int64]:
    """Give the nearest centre of each row, in blocks that stay in the processor's cache."""
    found = np.empty(len(X), dtype=np.int64)
    towards, squares = -2.0 * centres.T, np.einsum("ij,ij->i", centres, centres)
    step = max(256, 500_000 // len(centres))
    for start in range(0, len(X), step):
        gaps = X[start : start + step] @ towards
        gaps += squares
        found[start : start + step] = gaps.argmin(axis=1)
    return found
