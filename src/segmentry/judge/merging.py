"""Which segments would merge first if fewer were wanted, and what each merge costs.

What lives here: the order and its price. What does not: the linkage (``maths.ward``), and merging
segments by hand (``judge.reshape``). Read on in ``docs/methods/merging.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.evidence import Merge, Merging
from segmentry.maths.indices import cluster_means
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
    which is Ward's cost; no row is looked at again.

    References
    ----------
    Ward, J. H. (1963). Hierarchical grouping to optimize an objective function. JASA 58, 236-244.
    """
    k = len(segment_ids)
    sizes = np.bincount(segment, minlength=k).astype(np.float64)
    filled = np.flatnonzero(sizes)
    scatter = float(((X - X.mean(axis=0)) ** 2).sum())
    if len(filled) < FEWEST or scatter <= 0:
        return None
    means = cluster_means(X, segment, k)[filled]
    between = float(sizes[filled] @ ((means - X.mean(axis=0)) ** 2).sum(axis=1)) / scatter
    groups: list[tuple[int, ...]] = [(segment_ids[int(s)],) for s in filled]
    left, merges = between, []
    for one, other, cost in ward_linkage(means, sizes[filled]).tolist():
        first, second = (groups[int(place)] for place in (one, other))
        left = max(left - cost / scatter, 0.0)
        merges.append(Merge(min(first, second), max(first, second), left))
        together = tuple(sorted(first + second))
        groups = [together if g in {first, second} else g for g in groups]
    return Merging(between, tuple(merges))
