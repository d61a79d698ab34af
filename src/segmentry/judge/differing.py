"""Whether segments differ in an outcome that shaped none of them.

What lives here: an outcome with the rows it is looked at, and how far a partition tells it. What
does not: where such rows come from (``pipeline.outcomes``), the formulas (``maths.outcome``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.partition import Partition
from segmentry.maths.outcome import (
    difference_p_value,
    epsilon_squared,
    eta_squared,
    eta_squared_interval,
)

ALPHA = 0.05
"""Chance of calling segments different that are not."""


@dataclass(frozen=True, eq=False)
class OutcomeRows:
    """An outcome of some rows, and these rows as methods see them.

    ``X`` has shape (n_rows, n_columns); ``values`` (n_rows, n_levels): one column, or one of zeros
    and ones for each level of an outcome that has several. ``basis`` says which rows they are.
    """

    name: str
    X: NDArray[np.float64]
    values: NDArray[np.float64]
    is_share: bool
    basis: str

    @property
    def told(self) -> str:
        """Name the outcome and the entities on which it is looked at."""
        return f"{self.name!r}, on {self.basis}"


@dataclass(frozen=True, slots=True)
class Difference:
    """How far segments tell an outcome: the share of its variance between them, and a test.

    ``explained`` is less what as many segments explain by chance, so that candidates with unlike
    numbers of segments may be compared; it may lie a little below 0. ``low`` and ``high`` are its
    95 % interval.
    """

    explained: float
    p_value: float
    n_rows: int
    low: float = 0.0
    high: float = 1.0

    def p_among(self, n_candidates: int) -> float:
        """Give the p-value for the best of so many candidates: of many, some differ by chance."""
        return min(1.0, self.p_value * n_candidates)


def difference(partition: Partition, outcome: OutcomeRows) -> Difference:
    """Put rows into the segments of a partition and compare what happened in them.

    Parameters
    ----------
    partition : Partition
        With centres or prototypes in the columns of the outcome's rows: they answer.
    outcome : OutcomeRows

    Returns
    -------
    Difference
        Of several levels the one that is told best, its p-value times their number.

    References
    ----------
    Bonferroni, C. E. (1936). Teoria statistica delle classi e calcolo delle probabilita.
    """
    segment = partition.answers(outcome.X)
    columns = outcome.values.T
    best = max(columns, key=lambda values: epsilon_squared(values, segment))
    n_groups = len(np.unique(segment))
    least = min(
        difference_p_value(values, segment, is_share=outcome.is_share) for values in columns
    )
    return Difference(
        epsilon_squared(best, segment),
        min(1.0, least * len(columns)),
        len(segment),
        *eta_squared_interval(eta_squared(best, segment), len(segment), n_groups),
    )
