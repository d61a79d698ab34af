"""Silhouettes: how much nearer a row lies to its own cluster than to the next one.

What lives here: the silhouette of Rousseeuw (1987) by mean distances to all members, exact or
measured on a stratified sample, with an interval. What does not: any "simplified" figure by
distances to centres, which is another statistic and must not carry this name. Read on in
``docs/methods/silhouette.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.distances import TILE, Crowd, gaps
from segmentry.maths.pieces import Spread
from segmentry.maths.sampling import dealt, depths, stratified, systematic

Strata = Literal["clusters", "depths"]
"""What a sample of rows is drawn in proportion to."""

BLOCK_CELLS = 500_000
"""Distances held at a time (4 MiB), whatever the number of rows."""

MANY_CELLS = 10**8
"""Distances beyond which they are in single precision: some 1e-6 of a silhouette."""

N_GROUPS = 20
"""Groups of rows left out in turn to measure the uncertainty of a mean."""

_Result = TypeVar("_Result")
_Use = Callable[[slice, NDArray[np.float64]], _Result]


@dataclass(frozen=True, slots=True)
class SilhouetteEstimate:
    """A mean silhouette with its 95 % interval, and the means of the clusters.

    ``labels`` are the distinct labels in ascending order; ``by_cluster``, ``cluster_low`` and
    ``cluster_high`` follow them. ``n_rows`` rows were measured; ``exact`` tells whether that
    were all.
    """

    mean: float
    low: float
    high: float
    labels: NDArray[np.int64]
    by_cluster: NDArray[np.float64]
    cluster_low: NDArray[np.float64]
    cluster_high: NDArray[np.float64]
    n_rows: int
    exact: bool


def silhouettes(
    X: NDArray[np.float64],
    labels: NDArray[np.int64],
    *,
    queries: NDArray[np.int64] | None = None,
    anchors: NDArray[np.int64] | None = None,
    spread: Spread = map,
) -> NDArray[np.float64]:
    r"""Measure the silhouette of rows: near 1 well inside, 0 on a border, negative misplaced.

    Use all rows as queries and anchors for the exact figure; name rows to save time.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    labels : ndarray of int, shape (n_rows,)
        Cluster of each row, any integers; at least two distinct ones. Leave noise out before.
    queries : ndarray of int, shape (n_queries,), default all rows
        Rows whose silhouettes are wanted.
    anchors : ndarray of int, shape (n_anchors,), default all rows
        Distinct rows that distances are measured to; at least one of every cluster.
    spread : callable, default=map
        Carries out blocks of queries; the result does not depend on how many hands it has.

    Returns
    -------
    ndarray of shape (n_queries,)
        In [-1, 1]; 0 for a row that is alone in its cluster among the anchors.

    Raises
    ------
    MathsError
        If shapes differ, there are fewer than two clusters, or a cluster has no anchor.

    Notes
    -----
    .. math:: s_i = (b_i - a_i) / \max(a_i, b_i)

    with a the mean Euclidean distance to the other rows of the own cluster and b the smallest
    mean distance to the rows of another one. Cost O(n_queries n_anchors n_columns), memory
    bounded by blocks. Beyond 10,000 times 10,000 rows distances are in single precision, which
    moves a mean silhouette by about 1e-6.

    References
    ----------
    Rousseeuw, P. J. (1987). Silhouettes: a graphical aid to the interpretation and validation of
    cluster analysis. J. Comput. Appl. Math. 20, 53-65.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> silhouettes(X, np.array([0, 0, 1, 1])).round(3)
    array([0.905, 0.895, 0.895, 0.905])
    """
    X, codes, distinct = _checked(X, labels)
    rows = np.arange(len(X))
    queries = rows if queries is None else np.asarray(queries, dtype=np.int64)
    anchors = rows if anchors is None else np.asarray(anchors, dtype=np.int64)
    if len(np.unique(codes[anchors])) < len(distinct):
        msg = "every cluster needs at least one anchor"
        raise MathsError(msg)
    counts = np.bincount(codes[anchors], minlength=len(distinct)).astype(np.float64)
    is_anchor = np.isin(queries, anchors)

    def measured(block: slice, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        return silhouettes_of_sums(sums, codes[queries[block]], counts, is_anchor[block])

    return np.concatenate(
        _by_blocks(X, queries, anchors, codes, n_codes=len(distinct), use=measured, spread=spread)
        or [np.empty(0)]
    )


def mean_silhouette(
    X: NDArray[np.float64],
    labels: NDArray[np.int64],
    *,
    rng: Generator,
    n_queries: int = 3_000,
    strata: Strata = "clusters",
    spread: Spread = map,
) -> SilhouetteEstimate:
    """Measure the mean silhouette of a partition with a 95 % interval.

    Up to ``n_queries`` rows the mean is exact. Beyond, a sample stratified by cluster stands for
    all rows, both as queries and as what they are measured against, and clusters weigh by their
    true shares. The interval covers the mean over the population that the rows were drawn from,
    the partition being given; it does not speak of another partition that other rows would give.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    labels : ndarray of int, shape (n_rows,)
        At least two distinct integers.
    rng : Generator
        Draws the sample and the groups of the interval.
    n_queries : int, default=3000
        Rows to measure; every cluster keeps at least 30 of its rows, or all.
    strata : {"clusters", "depths"}, default="clusters"
        Draw rows in proportion to the clusters, or, within these, in proportion to how deep they
        lie by distances to centres. The latter looks at all rows once, and a mean then varies
        several times less from draw to draw.
    spread : callable, default=map
        Carries out blocks of rows; the result does not depend on how many hands it has.

    Returns
    -------
    SilhouetteEstimate

    Raises
    ------
    MathsError
        If shapes differ or there are fewer than two clusters.

    Notes
    -----
    The interval is a delete-group jackknife: twentieths of the rows, stratified by cluster, are
    left out in turn, as queries and as anchors alike, which respects that all silhouettes share
    their anchors. Strata of depths are those of the groups, too.

    References
    ----------
    Kott, P. S. (2001). The delete-a-group jackknife. J. Official Statistics 17, 521-526.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> estimate = mean_silhouette(X, np.array([0, 0, 1, 1]), rng=np.random.default_rng(0))
    >>> round(estimate.mean, 3), estimate.exact
    (0.9, True)
    """
    codes, distinct = _coded(X, labels)
    shares = np.bincount(codes, minlength=len(distinct)) / len(codes)
    k = len(distinct)
    if strata == "depths" and len(codes) > n_queries:
        sample, groups = systematic(
            codes, depths(X, codes, k), n_codes=k, n_rows=n_queries, n_groups=N_GROUPS, rng=rng
        )
    else:
        sample = stratified(codes, k, n_queries, rng)
        groups = dealt(codes[sample], k, N_GROUPS, rng)
    X, sampled = _centred(X[sample]), codes[sample]
    totals, sizes = _leave_out(X, sampled, groups, len(distinct), spread)
    # Row 0 leaves nothing out. A cluster that vanished with its group keeps its full mean.
    whole = totals[0] / sizes[0]
    means = np.where(sizes > 0, totals / np.maximum(sizes, 1), whole)
    half = half_width(means[1:])
    overall = means @ shares
    centre, wing = float(overall[0]), float(half_width(overall[1:, None])[0])
    return SilhouetteEstimate(
        mean=centre,
        low=max(centre - wing, -1.0),
        high=min(centre + wing, 1.0),
        labels=distinct,
        by_cluster=whole,
        cluster_low=np.maximum(whole - half, -1.0),
        cluster_high=np.minimum(whole + half, 1.0),
        n_rows=len(sample),
        exact=len(sample) == len(codes),
    )


def _checked(
    X: NDArray[np.float64], labels: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    codes, distinct = _coded(X, labels)
    return _centred(X), codes, distinct


def _centred(X: NDArray[np.float64]) -> NDArray[np.float64]:
    # Distances do not feel a shift, but the matrix product's cancellation does.
    rows: NDArray[np.float64] = X - X.mean(axis=0, dtype=np.float64)
    return np.ascontiguousarray(rows)


def _coded(
    X: NDArray[np.float64], labels: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give each row the place of its label among the distinct ones, and these."""
    labels = np.asarray(labels)
    if X.ndim != 2 or labels.shape != (len(X),):
        msg = f"X has shape {X.shape} but labels have {labels.shape}"
        raise MathsError(msg)
    low = int(labels.min(initial=0))
    if int(labels.max(initial=0)) - low < 2 * len(labels):
        # Few distinct numbers need no sorting, which a million rows would wait for.
        occurs = np.bincount(labels - low) > 0
        distinct, codes = np.flatnonzero(occurs) + low, (np.cumsum(occurs) - 1)[labels - low]
    else:
        distinct, codes = np.unique(labels, return_inverse=True)
    if len(distinct) < 2:
        msg = f"a silhouette needs at least two clusters and got {len(distinct)}"
        raise MathsError(msg)
    return codes.astype(np.int64), distinct.astype(np.int64)


def _by_blocks(
    X: NDArray[np.float64],
    queries: NDArray[np.int64],
    anchors: NDArray[np.int64],
    codes: NDArray[np.int64],
    *,
    n_codes: int,
    use: _Use[_Result],
    spread: Spread,
) -> list[_Result]:
    """Use blocks of queries with their summed distances to the anchors of every code."""
    if len(queries) * len(anchors) > MANY_CELLS:
        crowd = Crowd.of(X[anchors], codes[anchors], n_codes)

        def at(start: int) -> _Result:
            block = slice(start, min(start + TILE, len(queries)))
            return use(block, crowd.sums(X[queries[block]]))

        return list(spread(at, range(0, len(queries), TILE)))
    order = anchors[np.argsort(codes[anchors], kind="stable")]
    starts = np.searchsorted(codes[order], np.arange(n_codes))
    sorted_anchors = X[order]
    step = max(1, BLOCK_CELLS // max(1, len(order)))

    def of_few(start: int) -> _Result:
        block = slice(start, min(start + step, len(queries)))
        distances = gaps(X[queries[block]], sorted_anchors)
        return use(block, _sums_by_code(distances, starts, n_codes))

    return list(spread(of_few, range(0, len(queries), step)))


def _sums_by_code(
    distances: NDArray[np.float64], starts: NDArray[np.intp], n_codes: int
) -> NDArray[np.float64]:
    # Codes without an anchor start where the next one starts, which reduceat would misread.
    ends = np.append(starts[1:], distances.shape[1])
    present = ends > starts
    sums = np.zeros((len(distances), n_codes))
    sums[:, present] = np.add.reduceat(distances, starts[present], axis=1)
    return sums


def silhouettes_of_sums(
    sums: NDArray[np.float64],
    own: NDArray[np.int64],
    counts: NDArray[np.float64],
    is_anchor: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Turn summed distances by cluster into silhouettes; a row is no company to itself.

    Parameters
    ----------
    sums : ndarray of shape (n_rows, n_clusters)
        Summed distances of each row to the anchors of each cluster.
    own : ndarray of int, shape (n_rows,)
        The row's cluster.
    counts : ndarray of shape (n_clusters,)
        Anchors of each cluster.
    is_anchor : ndarray of bool, shape (n_rows,)
        Whether the row is an anchor itself.

    Returns
    -------
    ndarray of shape (n_rows,)
    """
    rows = np.arange(len(own))
    others = counts[own] - is_anchor
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = sums[rows, own] / others
        outer = np.where(counts > 0, sums / counts, np.inf)
        outer[rows, own] = np.inf
        nearest = outer.min(axis=1)
        result = (nearest - inner) / np.maximum(nearest, inner)
    # Alone in its cluster, nothing to compare with, or all distances zero: no evidence, 0.
    return np.where((others > 0) & np.isfinite(nearest) & np.isfinite(result), result, 0.0)


def _leave_out(
    X: NDArray[np.float64],
    codes: NDArray[np.int64],
    groups: NDArray[np.int64],
    n_codes: int,
    spread: Spread,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Sum silhouettes by cluster, with all rows (row 0) and without each group in turn."""
    rows = np.arange(len(X))
    cells = codes * N_GROUPS + groups
    counts = np.bincount(cells, minlength=n_codes * N_GROUPS).reshape(n_codes, N_GROUPS)
    full = counts.sum(axis=1)

    def left_out(
        block: slice, sums: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        totals = np.zeros((N_GROUPS + 1, n_codes))
        sizes = np.zeros((N_GROUPS + 1, n_codes), dtype=np.int64)
        by_group = sums.reshape(-1, n_codes, N_GROUPS)
        whole = by_group.sum(axis=2)
        own, anchor = codes[block], np.ones(len(whole), dtype=bool)
        for g in range(N_GROUPS + 1):
            stays = anchor if g == 0 else groups[block] != g - 1
            less = 0.0 if g == 0 else by_group[:, :, g - 1]
            left = full if g == 0 else full - counts[:, g - 1]
            values = silhouettes_of_sums(
                (whole - less)[stays], own[stays], left.astype(float), anchor[stays]
            )
            totals[g] += np.bincount(own[stays], weights=values, minlength=n_codes)
            sizes[g] += np.bincount(own[stays], minlength=n_codes)
        return totals, sizes

    found = _by_blocks(
        X, rows, rows, cells, n_codes=n_codes * N_GROUPS, use=left_out, spread=spread
    )
    return np.sum([t for t, _ in found], axis=0), np.sum([s for _, s in found], axis=0)


def half_width(replicates: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn leave-one-group-out means of shape (n_groups, n) into half widths of 95 % intervals."""
    from scipy.special import stdtrit

    spread = ((replicates - replicates.mean(axis=0)) ** 2).sum(axis=0)
    quantile = float(stdtrit(N_GROUPS - 1, 0.975))
    half: NDArray[np.float64] = quantile * np.sqrt(spread * (N_GROUPS - 1) / N_GROUPS)
    return half
