"""Which segments would merge first if fewer were wanted, and what each merge costs.

What lives here: the order and its price. What does not: the linkage (``maths.ward``), and merging
segments by hand (``judge.reshape``). Read on in ``docs/methods/merging.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.bounded import Bounded
from segmentry.domain.evidence import Merge, Merging
from segmentry.maths.indices import cluster_means
from segmentry.maths.intervals import student_quantile
from segmentry.maths.ward import ward_linkage

FEWEST = 3
"""Of two segments there is only one merge, and nothing left to tell afterwards."""


def judge_merging(
    X: NDArray[np.float64], segment: NDArray[np.int64], segment_ids: Sequence[int]
) -> Merging | None:
    r"""Merge segments two by two, each time where the least of what they explain is lost.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        Prepared features.
    segment : ndarray of int, shape (n_rows,)
        Places in ``segment_ids``.
    segment_ids : sequence of int

    Returns
    -------
    Merging or None
        None of fewer than three segments with rows, or where rows do not differ.

    Notes
    -----
    Segments explain the share of the scatter about the mean of all rows that lies between them.
    Merging two of sizes a and b whose means lie g apart loses :math:`ab g^2 / (a + b)` of it,
    which is Ward's cost. Intervals are those of a ratio of means over the rows (the delta method),
    of the segments as they are: a new draw of rows would have other borders as well.

    References
    ----------
    Ward, J. H. (1963). Hierarchical grouping to optimize an objective function. JASA 58, 236-244.
    Cochran, W. G. (1977). Sampling techniques, 3rd ed., section 6.4.
    """
    k = len(segment_ids)
    sizes = np.bincount(segment, minlength=k).astype(np.float64)
    filled = np.flatnonzero(sizes)
    scatter = float(((X - X.mean(axis=0)) ** 2).sum())
    if len(filled) < FEWEST or scatter <= 0:
        return None
    means = cluster_means(X, segment, k)[filled]
    between = float(sizes[filled] @ ((means - X.mean(axis=0)) ** 2).sum(axis=1)) / scatter
    rows = _Rows.of(X, segment, filled)
    within = rows.explained(between)
    groups: list[tuple[int, ...]] = [(int(s),) for s in filled]
    left, merges = between, []
    for one, other, cost in ward_linkage(means, sizes[filled]).tolist():
        first, second = (groups[int(place)] for place in (one, other))
        together = tuple(sorted(first + second))
        before, left = left, max(left - cost / scatter, 0.0)
        lost = rows.merge(X, np.array(together), before - left)
        sides = sorted(tuple(sorted(segment_ids[s] for s in side)) for side in (first, second))
        merges.append(Merge(sides[0], sides[1], left, rows.explained(left), lost))
        groups = [together if g in {first, second} else g for g in groups]
    return Merging(between, tuple(merges), within)


@dataclass(eq=False)
class _Rows:
    """Each row's squared distance from the mean of all, and from that of its own group.

    Sums of both make the share that is explained, so its error is that of a ratio of means. That
    the means were estimated adds nothing to it: distances are least at them.
    """

    segment: NDArray[np.int64]
    total: NDArray[np.float64]
    within: NDArray[np.float64]

    @classmethod
    def of(cls, X: NDArray[np.float64], segment: NDArray[np.int64], filled: Any) -> _Rows:
        mean = X.mean(axis=0)
        found = cls(segment, np.empty(len(X)), np.empty(len(X)))
        for place in filled:
            own = np.flatnonzero(segment == place)
            found.total[own] = ((X[own] - mean) ** 2).sum(axis=1)
            found.within[own] = _scatter(X[own])
        return found

    def merge(self, X: NDArray[np.float64], group: NDArray[np.int64], lost: float) -> Bounded:
        """Let segments be one group, and bound what is lost by it."""
        own = np.flatnonzero(np.isin(self.segment, group))
        before = self.within.copy()
        self.within[own] = _scatter(X[own])
        return self._bounded(self.within - before, lost)

    def explained(self, share: float) -> Bounded:
        """Bound the share that the groups explain."""
        return self._bounded(self.total - self.within, share)

    def _bounded(self, part: NDArray[np.float64], share: float) -> Bounded:
        n = len(part)
        spread = float((part - share * self.total).std(ddof=1))
        error = spread / (float(self.total.mean()) * np.sqrt(n))
        half = float(student_quantile(np.array([n - 1.0]))[0]) * error
        return Bounded(share, max(share - half, 0.0), min(share + half, 1.0))


def _scatter(X: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each row's squared distance from the mean of them."""
    result: NDArray[np.float64] = ((X - X.mean(axis=0)) ** 2).sum(axis=1)
    return result
