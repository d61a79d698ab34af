"""How far Davies-Bouldin and Calinski-Harabasz may be off: groups of rows left out in turn.

What lives here: 95 % intervals of the criteria by centres, the partition being given. What does
not: the criteria (``maths.indices``). Read on in ``docs/methods/indices.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from segmentry.maths.indices import cluster_means, worst_ratios
from segmentry.maths.silhouette import N_GROUPS, half_width

Factors = tuple[float, float]


@dataclass(frozen=True)
class CentreIntervals:
    """Factors between a criterion and the ends of its 95 % interval.

    None where the criterion is 0 or without bound, so that nothing is known of its spread.
    """

    davies_bouldin: Factors | None
    calinski_harabasz: Factors | None


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums over the rows of each group and cluster, about the cluster's mean over all rows.

    Of shape (n_groups, n_clusters), those of vectors (n_groups, n_clusters, n_columns).
    """

    counts: NDArray[np.float64]
    gaps: NDArray[np.float64]
    squares: NDArray[np.float64]
    lengths: NDArray[np.float64]
    directions: NDArray[np.float64]


def centre_intervals(
    X: NDArray[np.float64], labels: NDArray[np.int64], order: NDArray[np.int64]
) -> CentreIntervals:
    r"""Bound Davies-Bouldin and Calinski-Harabasz of a partition by leaving groups out in turn.

    The intervals cover the criteria over the population that the rows were drawn from, the
    partition being given. One pass over the rows serves all groups.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    labels : ndarray of int in 0 .. n_clusters - 1, each occurring, shape (n_rows,)
    order : ndarray of int, shape (n_rows,)
        All rows in an order made by chance; twenty parts of it are left out in turn.

    Returns
    -------
    CentreIntervals

    Notes
    -----
    Without a group a cluster's mean moves by a small d. Sums of squares follow exactly; a mean
    distance to the moved mean follows to first order,

    .. math:: \overline{|x - m - d|} \approx \overline{|x - m|} - d \cdot \overline{(x-m)/|x-m|}

    The spread of the logarithms over the groups gives a Student interval with 19 degrees of
    freedom, so that no bound is negative. O(n_rows n_columns n_clusters).

    References
    ----------
    Kott, P. S. (2001). The delete-a-group jackknife. J. Official Statistics 17, 521-526.

    Examples
    --------
    >>> X = np.concatenate([np.linspace(0, 1, 50), np.linspace(3, 5, 50)])[:, None]
    >>> found = centre_intervals(X, np.arange(100) // 50, np.arange(100) * 7 % 100)
    >>> tuple(round(v, 2) for v in found.davies_bouldin)
    (0.85, 1.17)
    """
    k = int(labels.max()) + 1
    means = cluster_means(X, labels, k)
    sums = _summed(X[order], labels[order], means)
    replicates = np.array([_indices(means, sums, left_out=g) for g in range(N_GROUPS)])
    return CentreIntervals(*map(_factors, replicates.T))


def _summed(X: NDArray[np.float64], labels: NDArray[np.int64], means: NDArray[np.float64]) -> _Sums:
    """Sum by group and cluster, each group as a product with who belongs to which."""
    gaps = X - means[labels]
    squares = np.einsum("ij,ij->i", gaps, gaps)
    lengths = np.sqrt(squares)
    members = np.eye(len(means))[labels]
    ahead = members / np.where(lengths > 0, lengths, 1.0)[:, None]
    bounds = np.linspace(0, len(X), N_GROUPS + 1).astype(np.int64)
    groups = [slice(a, b) for a, b in pairwise(bounds)]
    return _Sums(
        np.stack([members[g].sum(axis=0) for g in groups]),
        np.stack([members[g].T @ gaps[g] for g in groups]),
        np.stack([squares[g] @ members[g] for g in groups]),
        np.stack([lengths[g] @ members[g] for g in groups]),
        np.stack([ahead[g].T @ gaps[g] for g in groups]),
    )


def _indices(means: NDArray[np.float64], sums: _Sums, *, left_out: int) -> tuple[float, float]:
    """Give both criteria without a group; Calinski-Harabasz but for its degrees of freedom."""
    stays = (np.arange(N_GROUPS) != left_out)[:, None]
    # A cluster that lies in one group alone stays as it is.
    stays = stays | ((sums.counts * stays).sum(axis=0) == 0)
    counts, squares, lengths = (
        (part * stays).sum(axis=0) for part in (sums.counts, sums.squares, sums.lengths)
    )
    gaps, ahead = ((part * stays[:, :, None]).sum(axis=0) for part in (sums.gaps, sums.directions))
    moved = gaps / counts[:, None]
    now = means + moved
    inertia = float((squares - counts * (moved**2).sum(axis=1)).sum())
    between = float((counts[:, None] * (now - counts @ now / counts.sum()) ** 2).sum())
    widths = (lengths - (moved * ahead).sum(axis=1)) / counts
    return worst_ratios(now, widths), between / inertia if inertia > 0 else np.inf


def _factors(replicates: NDArray[np.float64]) -> Factors | None:
    if not np.isfinite(replicates).all() or not (replicates > 0).all():
        return None
    half = float(half_width(np.log(replicates)[:, None])[0])
    return float(np.exp(-half)), float(np.exp(half))
