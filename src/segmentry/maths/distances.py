"""Distances between many rows at once, out of one matrix product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TILE = 512
"""Rows against which as many others are measured at a time, within a core's cache."""

RESIDUE_OF_SINGLES = 6e-8
"""The same in single precision, for the root of the columns: more would shorten other gaps."""

RESIDUE = 1e-15
"""Share of two rows' squared lengths, for each of their columns, below which a gap is rounding."""


def squared_gaps(A: NDArray[np.float64], B: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Measure squared Euclidean distances between all rows of two matrices.

    Parameters
    ----------
    A : ndarray of shape (n_rows, n_columns), finite
        Centre rows before, or what is far from zero loses digits.
    B : ndarray of shape (n_others, n_columns), finite

    Returns
    -------
    ndarray of shape (n_rows, n_others)
        0 or more; 0 where two rows are the same.

    Notes
    -----
    :math:`|a|^2 + |b|^2 - 2 a \cdot b`, the squares as two more columns of the product, less a
    residue by which equal rows would miss zero. Several times as fast as adding up column by
    column.

    Examples
    --------
    >>> squared_gaps(np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[3.0, 4.0]])).round(9)
    array([[25.],
           [ 0.]])
    """
    kept = 1.0 - RESIDUE * (A.shape[1] + 2)
    one_a, one_b = np.ones((len(A), 1)), np.ones((len(B), 1))
    squares_a = (A * A).sum(axis=1, keepdims=True) * kept
    squares_b = (B * B).sum(axis=1, keepdims=True) * kept
    result: NDArray[np.float64] = (
        np.hstack([-2.0 * A, squares_a, one_a]) @ np.hstack([B, one_b, squares_b]).T
    )
    return np.maximum(result, 0.0, out=result)


def gaps(A: NDArray[np.float64], B: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure Euclidean distances between all rows of two matrices.

    Parameters
    ----------
    A : ndarray of shape (n_rows, n_columns), finite
    B : ndarray of shape (n_others, n_columns), finite

    Returns
    -------
    ndarray of shape (n_rows, n_others)
    """
    squares = squared_gaps(A, B)
    return np.sqrt(squares, out=squares)


@dataclass(frozen=True)
class Crowd:
    """Rows in groups, ready for others to be measured against all of them in single precision.

    ``rows`` are sorted by group and carry their squares; those of group g are ``starts[g]`` to
    ``starts[g + 1]``. All are centred, and scaled so that no square can overflow.
    """

    rows: NDArray[np.float32]
    starts: NDArray[np.int64]
    origin: NDArray[np.float64]
    scale: float

    @classmethod
    def of(cls, X: NDArray[np.floating], codes: NDArray[np.int64], n_codes: int) -> Crowd:
        """Sort rows into their groups.

        Parameters
        ----------
        X : ndarray of shape (n_rows, n_columns), finite
        codes : ndarray of int, shape (n_rows,)
            0 .. n_codes - 1; a group may be empty.
        n_codes : int

        Returns
        -------
        Crowd
        """
        order = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[order], np.arange(n_codes + 1)).astype(np.int64)
        origin = X.mean(axis=0, dtype=np.float64)
        centred = X[order] - origin
        scale = float(np.abs(centred).max(initial=0.0)) or 1.0
        singles = (centred / scale).astype(np.float32)
        ones = np.ones((len(singles), 1), dtype=np.float32)
        rows = np.hstack([-2.0 * singles, ones, _kept_squares(singles)])
        return cls(np.ascontiguousarray(rows, dtype=np.float32), starts, origin, scale)

    def sums(self, A: NDArray[np.floating]) -> NDArray[np.float64]:
        """Sum the Euclidean distances of rows to the rows of every group.

        Parameters
        ----------
        A : ndarray of shape (n_queries, n_columns), finite
            Few hundred at a time, so that a tile of distances stays in the cache.

        Returns
        -------
        ndarray of shape (n_queries, n_groups)
        """
        singles = ((A - self.origin) / self.scale).astype(np.float32)
        ones = np.ones((len(A), 1), dtype=np.float32)
        towards = np.ascontiguousarray(np.hstack([singles, _kept_squares(singles), ones]).T)
        tile = np.empty((TILE, len(A)), dtype=np.float32)
        # An array of zeros, as comparing with one number is several times slower.
        zeros = np.zeros(len(A), dtype=np.float32)
        totals = np.zeros((len(self.starts) - 1, len(A)))
        for begin in range(0, len(self.rows), TILE):
            part = self.rows[begin : begin + TILE]
            gaps = np.matmul(part, towards, out=tile[: len(part)])
            np.maximum(gaps, zeros, out=gaps)
            np.sqrt(gaps, out=gaps)
            first = int(np.searchsorted(self.starts, begin, side="right")) - 1
            after = int(np.searchsorted(self.starts, begin + len(part), side="left"))
            for g in range(first, after):
                low, high = self.starts[g] - begin, self.starts[g + 1] - begin
                totals[g] += gaps[max(low, 0) : high].sum(axis=0)
        totals *= self.scale
        return np.ascontiguousarray(totals.T)


def _kept_squares(singles: NDArray[np.float32]) -> NDArray[np.float32]:
    kept = np.float32(1.0 - RESIDUE_OF_SINGLES * np.sqrt(singles.shape[1] + 2))
    squares = np.einsum("ij,ij->i", singles, singles)[:, None] * kept
    return np.asarray(squares, dtype=np.float32)
