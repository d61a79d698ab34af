"""DBCV: how sparse clusters are inside, beside how sparse the space between them is.

What lives here: the density-based validity of a partition with or without noise. What does not:
methods by density. Read on in ``docs/methods/dbcv.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.distances import gaps
from segmentry.maths.intervals import student_quantile

ROWS = 4_000
"""Rows that are measured: time and memory grow with the square of a cluster's."""


@dataclass(frozen=True)
class DensityValidity:
    """Validity of a partition in [-1, 1], and of each of its clusters.

    ``labels`` are the clusters in ascending order. ``n_rows`` were measured, noise included;
    ``exact`` tells whether that were all. ``low`` and ``high`` bound the 95 % interval, NaN where
    none was asked for or halves have too few clusters.
    """

    value: float
    labels: NDArray[np.int64]
    by_cluster: NDArray[np.float64]
    n_rows: int
    exact: bool
    low: float = float("nan")
    high: float = float("nan")


@dataclass(frozen=True)
class _Cluster:
    """Rows on the inside of a cluster's tree, their core distances, and its sparsest spot."""

    inner: NDArray[np.float64]
    cores: NDArray[np.float64]
    sparseness: float


def density_validity(
    X: NDArray[np.float64],
    labels: NDArray[np.int64],
    *,
    rng: Generator,
    n_rows: int = ROWS,
    n_halves: int = 0,
) -> DensityValidity:
    r"""Measure a partition by densities: fit for clusters of any shape, and for noise.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    labels : ndarray of int, shape (n_rows,)
        Negative ones are noise, which counts against the partition.
    rng : Generator
        Draws the rows where there are more than are measured.
    n_rows : int, default=4000
        Rows measured. Fewer rows are sparser within clusters and between them alike, so that the
        figure is an estimate; compare partitions on the same rows.
    n_halves : int, default=0
        Half samples of the measured rows that the interval rests on, an even number; 0 for none.

    Returns
    -------
    DensityValidity

    Raises
    ------
    MathsError
        If shapes differ, or fewer than two clusters have two rows among those measured.

    Notes
    -----
    A row's core distance is :math:`\big(\frac{1}{n-1} \sum_p g_p^{-d}\big)^{-1/d}` over its gaps
    to the others of its cluster; two rows reach each other at the largest of their gap and both
    core distances. Within a cluster, sparseness is the longest edge between inner nodes of the
    least spanning tree; between clusters, separation is the shortest reach between inner nodes.
    A cluster's validity is (separation - sparseness) over the larger of the two, that of the
    partition the mean weighted by sizes over all rows. Where reaches are equal, the shorter gap
    is the tree's, so that the order of rows does not matter. A cluster of one row is noise.
    O(n_rows^2 n_columns).

    The interval is the spread of the figure over halves of the rows, which is about what the spread
    over samples as large as the whole would be (a half varies twice as much, but shares half of
    its rows with the sample). Drawing rows with replacement would not do: rows that stand twice
    are infinitely dense.

    References
    ----------
    Moulavi, D., Jaskowiak, P. A., Campello, R. J. G. B., Zimek, A. and Sander, J. (2014).
    Density-based clustering validation. SIAM Data Mining, 839-847. McCarthy, P. J. (1969).
    Pseudo-replication: half samples. Review of the International Statistical Institute 37, 239-264.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0], [20.0], [21.0], [22.0]])
    >>> labels = np.array([0, 0, 0, 1, 1, 1])
    >>> round(density_validity(X, labels, rng=np.random.default_rng(0)).value, 3)
    0.933
    """
    if X.ndim != 2 or labels.shape != (len(X),):
        msg = f"X has shape {X.shape} but labels have {labels.shape}"
        raise MathsError(msg)
    total = len(X)
    if total > n_rows:
        drawn = np.sort(rng.choice(total, n_rows, replace=False))
        X, labels = X[drawn], labels[drawn]
    found = _validity(X, labels)
    value = float(found[0])
    half = _half_width(X, labels, n_halves, rng) if n_halves else float("nan")
    low, high = max(value - half, -1.0), min(value + half, 1.0)
    return DensityValidity(value, *found[1:], len(X), len(X) == total, low, high)


def _half_width(
    X: NDArray[np.float64], labels: NDArray[np.int64], n_halves: int, rng: Generator
) -> float:
    """Measure the spread over halves of the rows; NaN where one of them cannot be measured."""
    values = []
    for _ in range(n_halves // 2):
        order = rng.permutation(len(X))
        for part in (order[: len(X) // 2], order[len(X) // 2 :]):
            try:
                values.append(_validity(X[part], labels[part])[0])
            except MathsError:
                return float("nan")
    quantile = float(student_quantile(np.array([len(values) - 1.0]))[0])
    return quantile * float(np.std(values, ddof=1))


def _validity(
    X: NDArray[np.float64], labels: NDArray[np.int64]
) -> tuple[float, NDArray[np.int64], NDArray[np.float64]]:
    """Give the figure, the clusters, and the figure of each."""
    names, sizes = np.unique(labels[labels >= 0], return_counts=True)
    names, sizes = names[sizes >= 2], sizes[sizes >= 2]
    if len(names) < 2:
        msg = f"density needs two clusters of two rows or more and got {len(names)}"
        raise MathsError(msg)
    X = X - X.mean(axis=0)
    clusters = [_measured(X[labels == name]) for name in names]
    separations = _separations(clusters).min(axis=1)
    sparseness = np.array([c.sparseness for c in clusters])
    larger = np.maximum(separations, sparseness)
    # Clusters of equal rows at one place are neither dense nor apart.
    validity = np.where(larger > 0, (separations - sparseness) / np.where(larger > 0, larger, 1), 0)
    return float((sizes * validity).sum() / len(X)), names.astype(np.int64), validity


def _measured(rows: NDArray[np.float64]) -> _Cluster:
    between = gaps(rows, rows)
    np.fill_diagonal(between, np.inf)
    cores = _core_distances(between, rows.shape[1])
    edges, weights = _least_tree(between, cores)
    degrees = np.bincount(edges.ravel(), minlength=len(rows))
    inner = degrees > 1
    within = inner[edges].all(axis=1)
    if not inner.any():
        inner[:] = True
    longest = weights[within] if within.any() else weights
    return _Cluster(rows[inner], cores[inner], float(longest.max()))


def _core_distances(between: NDArray[np.float64], n_columns: int) -> NDArray[np.float64]:
    """Average gaps so that the near ones count, each against the nearest: powers stay small."""
    nearest = between.min(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        powers = ((nearest[:, None] / between) ** n_columns).sum(axis=1)
        cores = nearest * (powers / (len(between) - 1)) ** (-1.0 / n_columns)
    return np.where(nearest > 0, cores, 0.0)


def _least_tree(
    between: NDArray[np.float64], cores: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Span rows by their shortest reaches, row by row (Prim)."""
    n = len(between)
    outside = np.ones(n, dtype=bool)
    reach, gap = np.full(n, np.inf), np.full(n, np.inf)
    via = np.zeros(n, dtype=np.int64)
    edges, weights = np.empty((n - 1, 2), dtype=np.int64), np.empty(n - 1)
    here = 0
    for step in range(n - 1):
        outside[here] = False
        reaches = np.maximum(np.maximum(between[here], cores), cores[here])
        closer = (reaches < reach) | ((reaches == reach) & (between[here] < gap))
        closer &= outside
        reach[closer], gap[closer], via[closer] = reaches[closer], between[here][closer], here
        reach[here] = np.inf
        shortest = np.flatnonzero(reach == reach.min())
        here = int(shortest[gap[shortest].argmin()])
        edges[step], weights[step] = (via[here], here), reach[here]
    return edges, weights


def _separations(clusters: list[_Cluster]) -> NDArray[np.float64]:
    result = np.full((len(clusters), len(clusters)), np.inf)
    for i, one in enumerate(clusters):
        for j, other in enumerate(clusters[:i]):
            reaches = np.maximum(gaps(one.inner, other.inner), one.cores[:, None])
            result[i, j] = result[j, i] = np.maximum(reaches, other.cores).min()
    return result
