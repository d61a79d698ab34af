"""Data beside structureless draws of its kind: how far out it lies, and whether that matters.

What lives here: p-values of the comparison, the sizes from which a gain matters, and when further
draws could change nothing. What does not: what is measured (``maths.grouping``, ``maths.pursuit``),
how draws are made (``maths.structure``), and the verdict of all tests together (``structure``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.evidence import StructureVerdict
from segmentry.maths.grouping import Grouping

LEVEL = 0.01
"""P-value up to which a comparison may carry a verdict of ``clear``."""

WEAK_LEVEL = 0.05

ENOUGH_REACHED = 7
"""Draws that reach the data after which it is left: of 99, five are already more than 5 %. Two
more allow for the mean of the draws, which moves a little with each of them (the sequential stop
of Besag and Clifford 1991, Biometrika 78, 301-304)."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Gains in silhouette over the draws' mean that matter.

    ``strong`` is a sign of groups even where no valley lies between them.
    """

    clear: float
    weak: float
    strong: float = float("inf")


@dataclass(frozen=True, slots=True)
class Tail:
    """How far out the data lies among its draws."""

    p_value: float
    n_reached: int

    @classmethod
    def of(cls, value: float, null: NDArray[np.float64]) -> Tail:
        """Hold a value against the draws' own."""
        return cls(p_value_of(value, null), int((null >= value).sum()))


def p_value_of(value: float, null: NDArray[np.float64]) -> float:
    """Count the draws that reach the value; where none does, the tail may say more.

    Parameters
    ----------
    value : float
    null : ndarray of shape (n_draws,), at least two

    Returns
    -------
    float, in (0, 1]
    """
    reached = int((null >= value).sum())
    counted = (reached + 1) / (len(null) + 1)
    if reached:
        return counted
    spread = max(float(null.std(ddof=1)), 1e-12)
    z = (value - float(null.mean())) / spread
    # The largest of many is Gumbel-like: a heavier tail than the normal one.
    tail = -np.expm1(-np.exp(-(z * np.pi / np.sqrt(6.0) + np.euler_gamma)))
    return min(counted, max(float(tail), 1e-6))


@dataclass(frozen=True)
class Comparison:
    """The data beside its draws, looked at in one way."""

    observed: Grouping
    draws: tuple[Grouping, ...]
    sizes: Sizes

    @cached_property
    def null(self) -> NDArray[np.float64]:
        """Give the draws' silhouettes, of shape (n_draws, n_cuts)."""
        return np.stack([d.silhouettes for d in self.draws])

    @cached_property
    def gains(self) -> NDArray[np.float64]:
        """Give the gain in silhouette over the draws' mean, for each cut."""
        result: NDArray[np.float64] = self.observed.silhouettes - self.null.mean(axis=0)
        return result

    @property
    def gain(self) -> float:
        """Give the largest gain."""
        return float(self.gains.max())

    @property
    def best(self) -> int:
        """Give the cut with the largest gain."""
        return int(self.gains.argmax())

    @cached_property
    def null_gains(self) -> NDArray[np.float64]:
        """Hold each draw against the mean of the others, as the data is against all."""
        null = self.null
        others = (null.sum(axis=0) - null) / (len(null) - 1)
        result: NDArray[np.float64] = (null - others).max(axis=1)
        return result

    @cached_property
    def null_valleys(self) -> NDArray[np.float64]:
        """Give the deepest valley of each draw."""
        result: NDArray[np.float64] = np.stack([d.valleys for d in self.draws]).max(axis=1)
        return result

    @property
    def valley(self) -> float:
        """Give the deepest valley of the data."""
        return float(self.observed.valleys.max())

    @property
    def closeness(self) -> Tail:
        """Say how far out the data lies in silhouette."""
        return Tail.of(self.gain, self.null_gains)

    @property
    def emptiness(self) -> Tail:
        """Say how far out the data lies in the emptiness between its groups."""
        return Tail.of(self.valley, self.null_valleys)

    @cached_property
    def tail(self) -> Tail:
        """Ask for both: closer groups, and fewer rows between them."""
        return max(self.emptiness, self.closeness, key=lambda t: t.p_value)

    @property
    def verdict(self) -> StructureVerdict:
        """Say what this comparison says alone."""
        if self.tail.p_value <= LEVEL and self.gain >= self.sizes.clear:
            return StructureVerdict.CLEAR
        if self.tail.p_value <= WEAK_LEVEL and self.gain >= self.sizes.weak:
            return StructureVerdict.WEAK
        return StructureVerdict.NONE

    @property
    def is_strong(self) -> bool:
        """Whether groups lie so much closer that it is a sign though no valley is seen."""
        return self.closeness.p_value <= LEVEL and self.gain >= self.sizes.strong

    @property
    def is_hopeless(self) -> bool:
        """Whether no further draws can make the data stand out."""
        if self.gain < 0.8 * self.sizes.weak:
            return True
        closer = int((self.null_gains >= self.gain).sum())
        apart = int((self.null_valleys >= self.valley).sum())
        may_be_strong = closer < 2 and self.gain >= 0.8 * self.sizes.strong
        return closer >= ENOUGH_REACHED or (apart >= ENOUGH_REACHED and not may_be_strong)

    @property
    def is_settled(self) -> bool:
        """Whether the data stands out so far that no further draws can take it back."""
        return self.tail.p_value <= LEVEL / 5 and self.gain > 1.1 * self.sizes.clear
