"""How far two partitions of the same entities agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.intervals import LEVEL, normal_quantile

N_DRAWS = 1_000
"""Bootstrap draws of an interval."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far one partition comes back in another, each figure with its bounds.

    ``ari`` is (value, low, high); ``jaccards``, of shape (n_clusters, 3), holds the same for the
    best Jaccard index of each cluster, NaN for one without rows.
    """

    ari: tuple[float, float, float]
    jaccards: NDArray[np.float64]


def contingency(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count entities by both labels.

    Parameters
    ----------
    a, b : ndarray of shape (n,), int
        Any integers; each distinct one is a group.

    Returns
    -------
    ndarray of shape (n_groups_a, n_groups_b)

    Raises
    ------
    MathsError
        If the lengths differ.
    """
    if a.shape != b.shape:
        msg = f"labels have shapes {a.shape} and {b.shape}"
        raise MathsError(msg)
    _, rows = np.unique(a, return_inverse=True)
    _, columns = np.unique(b, return_inverse=True)
    width = int(columns.max(initial=-1)) + 1
    height = int(rows.max(initial=-1)) + 1
    counts = np.bincount(rows * width + columns, minlength=height * width)
    return counts.reshape(height, width)


def adjusted_rand_index(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    """Measure agreement of two partitions, corrected for chance.

    Parameters
    ----------
    a, b : ndarray of shape (n,), int

    Returns
    -------
    float
        1 for equal partitions, about 0 for independent ones, can be negative.

    References
    ----------
    Hubert, L. and Arabie, P. (1985). Comparing partitions. Journal of Classification 2, 193-218.

    Examples
    --------
    >>> adjusted_rand_index(np.array([0, 0, 1, 1]), np.array([7, 7, 3, 3]))
    1.0
    """
    return float(_rand_of(contingency(a, b)[None].astype(np.float64))[0])


def adjusted_rand_interval(
    a: NDArray[np.int64], b: NDArray[np.int64], *, level: float = LEVEL
) -> tuple[float, float]:
    r"""Bound the agreement of two given partitions in the population that the rows were drawn from.

    Parameters
    ----------
    a, b : ndarray of shape (n,), int
    level : float, default=0.95

    Returns
    -------
    tuple of float
        At most 1; equal bounds where one partition repeats the other.

    Raises
    ------
    MathsError
        If the lengths differ.

    Notes
    -----
    With :math:`p` the shares of the cross-table's cells and :math:`S, A, B` the sums of squares of
    cells, row and column totals, the index is for many rows

    .. math:: \frac{S - AB}{(A + B)/2 - AB}.

    Its interval is that of the delta method: the normal one, with the spread of the derivative
    by :math:`p` over rows. Where partitions agree no better than chance, the derivative is next to
    none, and the interval a little too narrow.

    References
    ----------
    Hubert, L. and Arabie, P. (1985). Comparing partitions. Journal of Classification 2, 193-218.
    Agresti, A. (2013). Categorical Data Analysis, 3rd ed., section 16.1 (the delta method).
    """
    counts = contingency(a, b).astype(np.float64)
    index, n = adjusted_rand_index(a, b), float(counts.sum())
    if n < 2:
        return index, index
    p = counts / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    cells, own, other = float((p**2).sum()), float((rows**2).sum()), float((columns**2).sum())
    above, beneath = cells - own * other, (own + other) / 2.0 - own * other
    if beneath <= 0.0:
        return index, index
    by_own, by_other = 2.0 * rows[:, None], 2.0 * columns[None, :]
    by_chance = own * by_other + other * by_own
    slopes = (2.0 * p - by_chance) * beneath - above * ((by_own + by_other) / 2.0 - by_chance)
    slopes = slopes / beneath**2
    variance = float((p * slopes**2).sum() - (p * slopes).sum() ** 2)
    half = normal_quantile(level) * np.sqrt(max(variance, 0.0) / n)
    return float(index - half), float(min(index + half, 1.0))


def normalised_mutual_information(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    r"""Measure how much one partition says of another, as a share of what both hold.

    Parameters
    ----------
    a, b : ndarray of shape (n,), int

    Returns
    -------
    float, in [0, 1]
        1 for equal partitions and for two that tell nothing apart, 0 where one says nothing of
        the other. Not corrected for chance: many small groups seem to agree with anything.

    Raises
    ------
    MathsError
        If the lengths differ.

    Notes
    -----
    .. math:: 2 I(a; b) / (H(a) + H(b))

    References
    ----------
    Strehl, A. and Ghosh, J. (2002). Cluster ensembles: a knowledge reuse framework for combining
    multiple partitions. JMLR 3, 583-617. Vinh, N., Epps, J. and Bailey, J. (2010). Information
    theoretic measures for clusterings comparison. JMLR 11, 2837-2854.

    Examples
    --------
    >>> normalised_mutual_information(np.array([0, 0, 1, 1]), np.array([7, 7, 3, 3]))
    1.0
    """
    table = contingency(a, b).astype(np.float64)
    if not table.size:
        return 1.0
    shares = table / table.sum()
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    both = _entropy(rows) + _entropy(columns)
    if both <= 0.0:
        return 1.0
    common = both - _entropy(shares.ravel())
    return float(np.clip(2.0 * common / both, 0.0, 1.0))


def _entropy(shares: NDArray[np.float64]) -> float:
    known = shares[shares > 0]
    return float(-(known * np.log(known)).sum())


def best_jaccards(
    reference: NDArray[np.int64], found: NDArray[np.int64], n_clusters: int
) -> NDArray[np.float64]:
    r"""Tell how well each cluster of a partition comes back in another one of the same rows.

    Parameters
    ----------
    reference : ndarray of int, shape (n,)
        0 .. n_clusters - 1.
    found : ndarray of int, shape (n,)
        Any integers.
    n_clusters : int

    Returns
    -------
    ndarray of shape (n_clusters,)
        The largest Jaccard index with any cluster found, in [0, 1]; NaN for a cluster without
        rows.

    Raises
    ------
    MathsError
        If the lengths differ.

    Notes
    -----
    .. math:: \max_b |A \cap B_b| / |A \cup B_b|

    References
    ----------
    Jaccard, P. (1901). Bull. Soc. Vaudoise Sci. Nat. 37, 547-579. Hennig, C. (2007).
    Cluster-wise assessment of cluster stability. Comput. Statist. Data Anal. 52, 258-271.

    Examples
    --------
    >>> best_jaccards(np.array([0, 0, 1, 1]), np.array([5, 5, 5, 6]), 2).round(3)
    array([0.667, 0.5  ])
    """
    present = np.unique(reference)
    shared = contingency(reference, found).astype(np.float64)
    together = shared.sum(axis=1)[:, None] + shared.sum(axis=0)[None, :] - shared
    result = np.full(n_clusters, np.nan)
    if len(reference):
        result[present] = (shared / together).max(axis=1)
    return result


def jaccards(
    one: NDArray[np.int64], other: NDArray[np.int64], shape: tuple[int, int]
) -> NDArray[np.float64]:
    r"""Hold every cluster of a partition against every cluster of another one of the same rows.

    Parameters
    ----------
    one, other : ndarray of int, shape (n,)
        0 .. ``shape[0]`` - 1 and 0 .. ``shape[1]`` - 1.
    shape : tuple of two int
        Numbers of clusters, those without rows among them.

    Returns
    -------
    ndarray of the given shape
        Jaccard indices in [0, 1]; 0 for a cluster without rows.

    Raises
    ------
    MathsError
        If the lengths differ.

    Notes
    -----
    .. math:: |A \cap B| / |A \cup B|

    Above one half it is that of at most one pair in each row and each column: B then holds more
    than half of A, and A more than half of B.

    References
    ----------
    Jaccard, P. (1901). Bull. Soc. Vaudoise Sci. Nat. 37, 547-579.

    Examples
    --------
    >>> jaccards(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1]), (2, 2)).round(3)
    array([[0.667, 0.   ],
           [0.25 , 0.5  ]])
    """
    if len(one) != len(other):
        msg = f"{len(one)} labels cannot be held against {len(other)}"
        raise MathsError(msg)
    shared = np.zeros(shape)
    np.add.at(shared, (one, other), 1.0)
    together = shared.sum(axis=1)[:, None] + shared.sum(axis=0)[None, :] - shared
    result: NDArray[np.float64] = np.divide(
        shared, together, out=np.zeros(shape), where=together > 0
    )
    return result


def bootstrapped_agreement(
    reference: NDArray[np.int64],
    found: NDArray[np.int64],
    n_clusters: int,
    *,
    rng: Generator,
    level: float = LEVEL,
) -> Agreement:
    r"""Measure how far a partition comes back in another one, with intervals over entities.

    Parameters
    ----------
    reference : ndarray of int, shape (n,)
        0 .. n_clusters - 1.
    found : ndarray of int, shape (n,)
        Any integers.
    n_clusters : int
    rng : Generator
    level : float, default=0.95

    Returns
    -------
    Agreement

    Raises
    ------
    MathsError
        If the lengths differ.

    Notes
    -----
    Both figures depend on the cross-table alone, so that drawing n entities with replacement is
    drawing a multinomial table with the shares of its cells. Bounds are quantiles of 1,000 such
    draws. Both partitions are taken as given: that other entities would have led to other ones is
    not in the interval. It has no width where one partition repeats the other.

    References
    ----------
    Efron, B. and Tibshirani, R. (1993). An Introduction to the Bootstrap, section 13.3.

    Examples
    --------
    >>> import numpy as np
    >>> one, two = np.array([0, 0, 1, 1] * 50), np.array([0, 1, 1, 1] * 50)
    >>> told = bootstrapped_agreement(one, two, 2, rng=np.random.default_rng(0))
    >>> low, high = told.ari[1:]
    >>> low < told.ari[0] < high
    True
    """
    ari = adjusted_rand_index(reference, found)
    jaccards = best_jaccards(reference, found, n_clusters)
    bounds = np.full((n_clusters, 2), np.nan)
    n = len(reference)
    if not n:
        return Agreement((ari, ari, ari), np.column_stack([jaccards, bounds]))
    counts = contingency(reference, found)
    drawn = rng.multinomial(n, counts.ravel() / n, size=N_DRAWS).astype(np.float64)
    drawn = drawn.reshape(N_DRAWS, *counts.shape)
    ends = (0.5 - level / 2.0, 0.5 + level / 2.0)
    low, high = np.quantile(_rand_of(drawn), ends)
    rows, columns = drawn.sum(axis=2), drawn.sum(axis=1)
    together = rows[:, :, None] + columns[:, None, :] - drawn
    shares = np.divide(drawn, together, out=np.zeros_like(drawn), where=together > 0)
    # A draw without anybody of a cluster says nothing of it.
    best = np.where(rows > 0, shares.max(axis=2), np.nan)
    bounds[np.unique(reference)] = np.nanquantile(best, ends, axis=0).T
    return Agreement((ari, float(low), float(high)), np.column_stack([jaccards, bounds]))


def _rand_of(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the adjusted Rand index of each of many cross-tables, of shape (n, rows, columns)."""
    n = float(tables[0].sum())
    pairs = _pairs(tables).sum(axis=(1, 2))
    own = _pairs(tables.sum(axis=2)).sum(axis=1)
    other = _pairs(tables.sum(axis=1)).sum(axis=1)
    expected = own * other / max(n * (n - 1.0) / 2.0, 1.0)
    largest = (own + other) / 2.0
    room = largest - expected
    result: NDArray[np.float64] = np.divide(
        pairs - expected, room, out=np.ones_like(pairs), where=room > 0
    )
    return result


def _pairs(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    return counts * (counts - 1.0) / 2.0
