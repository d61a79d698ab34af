"""The nearest rows of every row: cells first, then only the cells that may hold a nearer one.

What lives here: exact neighbours and their distances. What does not: distances between all rows
(``maths.distances``), or trees of neighbours (``maths.spanning``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.pieces import Spread

CELL_ROWS = 256
BLOCK_ROWS = 4_096

BLOCK_CELLS = 262_144
"""Distances held at a time: they stay in the processor's cache."""

PIECE_ROWS = 512
"""Rows of a cell that are searched for together, at most."""

FIRST_ROWS = 4_096
"""Rows of the nearest cells that are measured first: they say how far a neighbour may lie."""

SPARE_PARTS = 8

PASSES = 3

GAP_BITS, COLUMN_BITS = 31, 23
"""Of a number that holds a row of a piece, its gap in single precision, and another row."""

_GOLDEN = (5**0.5 - 1) / 2


def nearest_rows(
    X: NDArray[np.float64], count: int, *, most: int | None = None, spread: Spread = map
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find the nearest other rows of each row.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite, more rows than neighbours
    count : int
    spread : callable, default ``map``
        Carries out the pieces; the result does not depend on how.

    Returns
    -------
    places : ndarray of shape (n_rows, count)
        Nearest first; never the row itself.
    gaps : ndarray of shape (n_rows, count)
        Their squared distances.

    Raises
    ------
    MathsError
        If there are not so many other rows, or more rows than can be numbered (8 million).

    Notes
    -----
    Rows are divided into cells of some 256. For the rows of a cell, those of the nearest cells are
    measured first. The farthest neighbour found there bounds how far the true one may lie, and
    cells and rows that lie farther than that from the whole cell are left out. Products of matrices
    in single precision, about the middle of the cell, find who may be a neighbour, and double
    precision puts these in order. O(n_rows^2 n_columns) at worst, and little of it where rows lie
    in clusters or in few columns.

    Examples
    --------
    >>> places, gaps = nearest_rows(np.array([[0.0], [5.0], [1.0]]), 1)
    >>> places.ravel().tolist(), gaps.ravel().tolist()
    ([2, 2, 0], [1.0, 16.0, 1.0])
    """
    if not 1 <= count < len(X) <= 2**COLUMN_BITS:
        msg = f"{count} nearest others of {len(X):,} rows"
        raise MathsError(msg)
    # A power of two moves no digit, and single precision can then hold every square.
    exponent = int(np.frexp(np.abs(X).max(initial=0.0))[1])
    cells = _Cells.of(np.ldexp(X, -exponent))
    places = np.empty((len(X), count), dtype=np.int64)
    gaps = np.empty((len(X), count))

    def find(piece: tuple[int, int, int]) -> None:
        rows = cells.places[piece[1] : piece[2]]
        places[rows], gaps[rows] = cells.nearest(*piece, count, most)

    for _ in spread(find, cells.pieces()):
        pass
    return places, np.ldexp(gaps, 2 * exponent)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Rows in the order of their cells, where each cell starts, its middle and its radius."""

    rows: NDArray[np.float64]
    places: NDArray[np.int64]
    starts: NDArray[np.int64]
    middles: NDArray[np.float64]
    radii: NDArray[np.float64]

    @classmethod
    def of(cls, X: NDArray[np.float64]) -> _Cells:
        """Divide rows into cells around rows taken evenly, moved a few times."""
        centred = X - X.mean(axis=0)
        singles = (centred / (np.abs(centred).max() or 1.0)).astype(np.float32)
        n_cells = max(1, len(X) // CELL_ROWS)
        centres = singles[np.argsort(np.arange(len(X)) * _GOLDEN % 1.0)[:n_cells]]
        for _ in range(PASSES):
            cells = _nearest_centres(singles, centres)
            sizes = np.bincount(cells, minlength=n_cells)[:, None]
            sums = np.stack([np.bincount(cells, column, n_cells) for column in singles.T], axis=1)
            centres = np.where(sizes > 0, sums / np.maximum(sizes, 1), centres).astype(np.float32)
        _, cells = np.unique(cells, return_inverse=True)
        order = np.argsort(cells, kind="stable")
        rows = X[order]
        starts = np.concatenate([[0], np.cumsum(np.bincount(cells))])
        # Medians: rows astray must not lead single precision away from where the others are.
        middles = np.array([np.median(some, axis=0) for some in np.split(rows, starts[1:-1])])
        away = rows - np.repeat(middles, np.diff(starts), axis=0)
        lengths = np.sqrt(np.einsum("ij,ij->i", away, away))
        return cls(rows, order, starts, middles, np.maximum.reduceat(lengths, starts[:-1]))

    def pieces(self) -> list[tuple[int, int, int]]:
        """Cut cells into pieces of rows that are searched for together: cell, first row, end."""
        return [
            (cell, begin, min(begin + PIECE_ROWS, int(end)))
            for cell, (start, end) in enumerate(zip(self.starts, self.starts[1:], strict=False))
            for begin in range(int(start), int(end), PIECE_ROWS)
        ]

    def nearest(
        self, cell: int, begin: int, end: int, count: int, most: int | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Give the nearest other rows of the rows of a piece, and their squared distances."""
        away = self.middles - self.middles[cell]
        apart = np.sqrt(np.einsum("ij,ij->i", away, away))
        near = np.argsort(apart, kind="stable")
        sizes = np.diff(self.starts)
        enough = np.cumsum(sizes[near]) >= min(max(most or FIRST_ROWS, 4 * count), len(self.rows))
        is_first = np.zeros(len(sizes), dtype=bool)
        is_first[near[: int(enough.argmax()) + 1]] = True
        is_first[cell] = True
        search = _Search.of(self.rows[begin:end], self.middles[cell])
        there = np.flatnonzero(np.repeat(is_first, sizes))
        search.begin(self.rows, there, count)
        if most is None:
            may = ~is_first & (apart - self.radii <= search.farthest)
            search.go_on(self.rows, np.flatnonzero(np.repeat(may, sizes)))
        columns = search.candidates(count)
        gaps = self.rows[columns] - self.rows[begin:end, None]
        squares = np.einsum("ijk,ijk->ij", gaps, gaps)
        squares[columns == np.arange(begin, end)[:, None]] = np.inf
        squares[columns < 0] = np.inf
        order = np.argsort(squares, axis=1, kind="stable")[:, :count]
        chosen = np.take_along_axis(columns, order, axis=1)
        return self.places[chosen], np.take_along_axis(squares, order, axis=1)


@dataclass(slots=True)
class _Search:
    """Rows of a piece about the middle of their cell, and who may be their neighbours.

    ``bounds`` are squared distances within which a row's neighbours lie, ``slack`` is what single
    precision may err by there.
    """

    here: NDArray[np.float32]
    middle: NDArray[np.float64]
    lengths: NDArray[np.float64]
    bounds: NDArray[np.float64]
    slack: NDArray[np.float64]
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]]

    @classmethod
    def of(cls, rows: NDArray[np.float64], middle: NDArray[np.float64]) -> _Search:
        """Know of no candidates yet."""
        centred = rows - middle
        squares = np.einsum("ij,ij->i", centred, centred)[:, None]
        here = np.hstack([-2.0 * centred, squares, np.ones_like(squares)]).astype(np.float32)
        bounds, slack = np.zeros(len(rows)), np.zeros(len(rows))
        return cls(here, middle, np.sqrt(squares[:, 0]), bounds, slack, [])

    @property
    def farthest(self) -> float:
        """How far from the middle a candidate may lie."""
        return float((self.lengths + np.sqrt(self.bounds + 2.0 * self.slack)).max())

    def _blocks(self, others: NDArray[np.float64]) -> Iterator[tuple[slice, NDArray[np.float32]]]:
        """Measure squared distances to rows given about the middle, a few rows at a time."""
        there = np.empty((others.shape[1] + 2, len(others)), dtype=np.float32)
        there[:-2] = others.T
        there[-2] = 1.0
        there[-1] = np.einsum("ij,ij->i", others, others)
        step = max(1, BLOCK_CELLS // len(others))
        for start in range(0, len(self.here), step):
            some = slice(start, start + step)
            yield some, self.here[some] @ there

    def _keep(self, some: slice, gaps: NDArray[np.float32], columns: NDArray[np.int64]) -> None:
        within = (self.bounds[some] + 2.0 * self.slack[some]).astype(np.float32)
        within = np.nextafter(within, np.float32(np.inf))
        flat = np.flatnonzero(gaps <= within[:, None])
        rows, places = np.divmod(flat, gaps.shape[1])
        rows += some.start
        self.found.append((rows, columns[places], np.maximum(gaps.ravel()[flat], 0.0)))

    def begin(self, rows: NDArray[np.float64], columns: NDArray[np.int64], count: int) -> None:
        """Measure the first rows, which hold the piece itself, and bound the distances."""
        share = 2.0 * (rows.shape[1] + 4) * np.finfo(np.float32).eps
        for some, gaps in self._blocks(rows[columns] - self.middle):
            # Folded upon themselves, columns keep the nearest of each few: their order says enough.
            least = gaps
            while least.shape[1] >= SPARE_PARTS * (count + 1):
                half = least.shape[1] // 2
                least = np.minimum(least[:, :half], least[:, half : 2 * half])
            bounds = np.partition(least, count, axis=1)[:, count].astype(np.float64)
            self.bounds[some] = np.maximum(bounds, 0.0)
            lengths = self.lengths[some]
            reach = lengths**2 + (lengths + np.sqrt(self.bounds[some])) ** 2
            self.slack[some] = share * reach
            self._keep(some, gaps, columns)

    def go_on(self, rows: NDArray[np.float64], columns: NDArray[np.int64]) -> None:
        """Measure further rows, but for those that lie too far from the middle."""
        for start in range(0, len(columns), BLOCK_ROWS):
            columns_here = columns[start : start + BLOCK_ROWS]
            others = rows[columns_here] - self.middle
            near = np.einsum("ij,ij->i", others, others) <= self.farthest**2 * (1 + 1e-9)
            if near.any():
                for some, gaps in self._blocks(others[near]):
                    self._keep(some, gaps, columns_here[near])

    def candidates(self, count: int) -> NDArray[np.int64]:
        """Give the columns that may be among so many nearest ones of each row, -1 beyond them."""
        rows, columns, gaps = (np.concatenate(parts) for parts in zip(*self.found, strict=True))
        # One number for row, gap and column: the bits of gaps, never negative, are in their order.
        bits = gaps.view(np.int32).astype(np.int64)
        keys = np.sort(rows << (GAP_BITS + COLUMN_BITS) | bits << COLUMN_BITS | columns)
        rows = keys >> (GAP_BITS + COLUMN_BITS)
        gaps = (keys >> COLUMN_BITS).astype(np.int32) & (2**GAP_BITS - 1)
        first = np.searchsorted(rows, np.arange(len(self.here)))
        farthest = gaps.view(np.float32)[first + count] + 2.0 * self.slack
        kept = gaps.view(np.float32) <= farthest[rows]
        width = int(np.bincount(rows[kept]).max())
        found = np.full((len(self.here), width), -1, dtype=np.int64)
        found[rows[kept], (np.arange(len(rows)) - first[rows])[kept]] = keys[kept] & (
            2**COLUMN_BITS - 1
        )
        return found


def _nearest_centres(X: NDArray[np.float32], centres: NDArray[np.float32]) -> NDArray[np.int64]:
    squares = np.einsum("ij,ij->i", centres, centres)
    found = np.empty(len(X), dtype=np.int64)
    for start in range(0, len(X), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        gaps = X[block] @ (-2.0 * centres.T)
        gaps += squares
        found[block] = gaps.argmin(axis=1)
    return found
