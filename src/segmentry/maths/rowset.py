"""Rows as k-means of many of them reads them: single precision, near zero, squares at hand.

What lives here: the copy (or the view, where none is needed), weights, and samples. What does not:
the passes (``maths.descent``). Read on in ``docs/methods/k_means_levels.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor, isfinite, log2, sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError

BLOCK_ROWS = 16_384
"""Rows handled together: they and their distances stay in the processor's cache."""

PROBED = 10_000
"""Rows that tell where the others lie and how far they spread."""

NEAR_ZERO = 4.0
"""Spreads that means may lie from zero before rows are moved there: more costs a digit."""


@dataclass(frozen=True, slots=True, eq=False)
class Rowset:
    """Rows, their squared lengths, and where they lie: row times ``scale`` plus ``middle``."""

    values: NDArray[np.float32]
    squares: NDArray[np.float32]
    weights: NDArray[np.float64] | None
    middle: NDArray[np.float64]
    scale: float
    on_sphere: bool = False
    """Whether rows have length one, and their means are to have it too."""

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.values)

    @property
    def total(self) -> float:
        """Sum up weights."""
        return float(len(self)) if self.weights is None else float(self.weights.sum())

    @property
    def scatter(self) -> float:
        """Sum up squared lengths."""
        if self.weights is None:
            return float(self.squares.sum(dtype=np.float64))
        return float(self.squares @ self.weights)

    def taken(self, index: NDArray[np.intp]) -> Rowset:
        """Give some of the rows."""
        # Without the check of each index, which the mode does away with, it is four times as fast.
        values = self.values.take(index, axis=0, mode="clip")
        squares = self.squares.take(index, mode="clip")
        weights = None if self.weights is None else self.weights.take(index)
        return replace(self, values=values, squares=squares, weights=weights)

    def sample(self, count: int, rng: Generator) -> Rowset:
        """Draw one row out of each of so many stretches of equal length; all, where it is all."""
        if count >= len(self):
            return self
        return self.taken(spread_index(len(self), count, rng))

    def coreset(self, count: int, rng: Generator) -> Rowset:
        """Draw rows that stand for all, far ones more often, each with its weight; all, if few.

        Half of the chance is spread evenly, half by squared length: few far rows rule the sum of
        squares, and an even draw misses them or takes them for many. Sums over the draw err by
        a share of the scatter, whatever the centres.

        References
        ----------
        Bachem, O., Lucic, M. and Krause, A. (2018). Scalable k-means clustering via lightweight
        coresets. KDD, 1119-1127.
        """
        if count >= len(self):
            return self
        chance = self.squares.astype(np.float64)
        if self.weights is not None:
            chance *= self.weights
        far = chance.sum()
        chance *= 0.5 / far if far > 0 else 0.0
        chance += 0.5 / len(self) if self.weights is None else self.weights * (0.5 / self.total)
        reached = np.cumsum(chance)
        drawn = (np.arange(count) + rng.random(count)) * (reached[-1] / count)
        index = np.minimum(np.searchsorted(reached, drawn, side="right"), len(self) - 1)
        weights = reached[-1] / (count * chance[index])
        if self.weights is not None:
            weights *= self.weights[index]
        return replace(self.taken(index), weights=weights)

    def inward(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Move points to where the rows are kept."""
        return (np.asarray(points, dtype=np.float64) - self.middle) / self.scale

    def outward(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Move points back to where the rows came from."""
        return points * self.scale + self.middle


def spread_index(n: int, count: int, rng: Generator) -> NDArray[np.intp]:
    """Draw one place out of each of ``count`` stretches of 0 .. n - 1, in order."""
    edges = np.arange(count + 1) * n // count
    drawn = edges[:-1] + (rng.random(count) * np.diff(edges)).astype(np.intp)
    return np.minimum(drawn, n - 1)


def rowset(X: NDArray[np.floating], weights: NDArray[np.float64] | None = None) -> Rowset:
    """Prepare rows for many passes.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        Single-precision rows that lie near zero are used as they are, without a copy.
    weights : ndarray of shape (n_rows,), not negative, default ones

    Returns
    -------
    Rowset

    Raises
    ------
    MathsError
        If there are no rows, they are not finite, or weights do not fit.

    Notes
    -----
    Distances do not feel a shift, but the product they come from does: cancellation costs digits.
    """
    if X.ndim != 2 or 0 in X.shape:
        msg = f"rows of shape {X.shape} cannot be clustered"
        raise MathsError(msg)
    weights = checked_weights(weights, len(X))
    middle, scale = _frame(X)
    try:
        return framed(X, weights, middle, scale)
    except MathsError:
        # A few rows far beyond all others: measured by them, everything fits.
        scale = float(np.abs(X - middle).max())
        return framed(X, weights, middle, scale if 0 < scale < np.inf else 1.0)


def _frame(X: NDArray[np.floating]) -> tuple[NDArray[np.float64], float]:
    """Tell where rows lie and how far they spread, from some of them; (0, 1) where that will do."""
    probe = np.asarray(X[:: max(1, len(X) // PROBED)], dtype=np.float64)
    middle, spread = probe.mean(axis=0), sqrt(float(probe.var(axis=0).mean()))
    if not isfinite(spread):
        msg = "rows must be finite"
        raise MathsError(msg)
    # A power of two changes no digit.
    scale = 2.0 ** floor(log2(spread)) if spread > 0 else 1.0
    scale = 1.0 if 1e-3 < scale < 1e3 else scale
    if scale == 1.0 and np.abs(middle).max() <= NEAR_ZERO * spread:
        middle = np.zeros(X.shape[1])
    return middle, scale


def framed(
    X: NDArray[np.floating],
    weights: NDArray[np.float64] | None,
    middle: NDArray[np.float64],
    scale: float,
) -> Rowset:
    """Prepare rows whose frame is known, as those of one block among many.

    Raises
    ------
    MathsError
        If rows are not finite, or so far beyond the frame that their squares are not.
    """
    values, squares = _moved(X, middle, scale)
    if not isfinite(float(squares.sum(dtype=np.float64))):
        msg = "rows must be finite"
        raise MathsError(msg)
    return Rowset(values, squares, weights, middle, scale)


def _moved(
    X: NDArray[np.floating], middle: NDArray[np.float64], scale: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    in_order = X.flags.c_contiguous or X.flags.f_contiguous
    stays = X.dtype == np.float32 and in_order and scale == 1.0 and not middle.any()
    values = X if stays else np.empty(X.shape, dtype=np.float32)
    squares = np.empty(len(X), dtype=np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, len(X), BLOCK_ROWS):
            block = slice(start, start + BLOCK_ROWS)
            if not stays:
                values[block] = (X[block] - middle) / scale
            np.einsum("ij,ij->i", values[block], values[block], out=squares[block])
    return values, squares


def checked_weights(weights: NDArray[np.float64] | None, n: int) -> NDArray[np.float64] | None:
    """Refuse weights that do not fit."""
    if weights is None:
        return None
    weights = np.asarray(weights, dtype=np.float64)
    if weights.shape != (n,) or not (weights >= 0).all() or not 0 < weights.sum() < np.inf:
        msg = f"{n} rows need as many weights, none negative and not all zero"
        raise MathsError(msg)
    return weights
