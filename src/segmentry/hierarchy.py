"""``Hierarchy``: agglomerative clustering as a scikit-learn estimator, of any number of rows.

What lives here: what an estimator takes, its checks, and the prototypes that answer for new rows.
What does not: points and merges (``cluster.hierarchy``, ``maths``), and finding, judging and
naming segments (``estimator``). Read on in ``docs/how-to/hierarchy.md``.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from segmentry.cluster import linkages, robust, ward
from segmentry.cluster.compress import stand_in
from segmentry.cluster.hierarchy import hierarchy_of
from segmentry.cluster.points import Points, merged_points, points_of
from segmentry.domain.crew import Crew, single_threaded
from segmentry.domain.partition import Partition
from segmentry.errors import MathsError
from segmentry.maths.dendrogram import cut_linkage
from segmentry.maths.indices import cluster_means
from segmentry.maths.prototypes import BLOCK_ROWS, squared_distances
from segmentry.maths.robust_linkage import GINI_BOUND
from segmentry.seeds import stream

KINDS = (np.float64, np.float32)

SIZES: dict[str, tuple[int, int]] = {
    "ward": (ward.EXACT_ROWS, ward.MICRO_CLUSTERS),
    "robust": (robust.EXACT_ROWS, robust.MICRO_CLUSTERS),
    **{str(name): (linkages.EXACT_ROWS, linkages.MICRO_CLUSTERS) for name in linkages.NAMES},
}
"""Of each linkage: up to how many rows each is a leaf, and how many leaves are wanted beyond."""

PROTOTYPE_ROWS = 20_000
"""Rows on which prototypes are learnt and their fidelity is measured."""


class Hierarchy(
    ClusterMixin,  # type: ignore[misc]  # scikit-learn carries no types
    BaseEstimator,  # type: ignore[misc]
):
    """Merge rows, the nearest first, into one tree that holds every number of clusters.

    Takes the place of scikit-learn's ``AgglomerativeClustering`` and of scipy's ``linkage`` where
    rows are too many for these. Few rows are leaves themselves, and the hierarchy is exact. Beyond,
    a few thousand small clusters of rows are its leaves, weighted by their rows.

    Parameters
    ----------
    n_clusters : int, default=2
        Where ``labels_`` and ``predict`` cut; ``cut`` gives any other number.
    linkage : {"ward", "average", "complete", "single", "robust"}, default="ward"
        How far two clusters are: by the scatter that merging adds, or by the distance of their rows
        on average, of the farthest two or the nearest two. "robust" is single linkage that lets no
        cluster grow far larger than the others.
    gini_bound : float in [0, 1], default=0.3
        How unequal sizes may grow before the smallest cluster must merge; robust linkage only.
    exact_rows : None or int, default=None
        Up to so many rows each is a leaf. None: 5,000 with "ward" and "robust", else 3,000. Time,
        and with "average" and "complete" memory, grows with its square (6,000 at most there).
    random_state : None, int or RandomState, default=None
        A number makes the result repeat. The exact tree draws nothing; small clusters and
        prototypes do.
    n_jobs : None or int, default=None
        Threads; None is one. The result does not depend on it.

    Attributes
    ----------
    labels_ : ndarray of int64, shape (n_samples,)
        The tree's own, from 0, the cluster of the largest weight first.
    dendrogram_ : ndarray of shape (n_leaves_ - 1, 4)
        In scipy's format, for its ``dendrogram`` and the like: two clusters, height, leaves of
        both. Heights never fall: with "robust", a merge that is lower than one before it is drawn
        as high as that one, so that only ``cut`` gives its clusters.
    merge_weights_ : ndarray of shape (n_leaves_ - 1,)
        Rows that are together after each merge, or their weight.
    n_leaves_ : int
    leaves_ : ndarray of int64, shape (n_samples,)
        The leaf of each row.
    leaf_weights_ : ndarray of shape (n_leaves_,)
        Rows of each leaf, or their weight together.
    leaf_centers_ : ndarray of shape (n_leaves_, n_features)
        Mean of each leaf's rows.
    is_exact_ : bool
        Whether every row is a leaf.
    prototypes_ : ndarray of shape (n_prototypes, n_features)
        What answers for new rows: the nearest one's cluster.
    prototype_labels_ : ndarray of int64, shape (n_prototypes,)
    fidelity_ : float
        Share of rows for which ``predict`` gives the label of the tree; beyond 20,000 rows of as
        many drawn by chance. A tree's borders need not lie halfway between any few points, so it
        may be well below 1: then do not use ``predict``.
    n_features_in_ : int
    feature_names_in_ : ndarray of str
        Where columns have names.

    See Also
    --------
    segmentry.KMeans : Where one number of clusters is wanted.
    segmentry.Segmenter : Chooses method and number, judges what is found, and names it.

    References
    ----------
    Ward, J. H. (1963). Hierarchical grouping to optimize an objective function. JASA 58, 236-244.
    Gagolewski, M., Bartoszuk, M. and Cena, A. (2016). Genie: a new, fast, and outlier-resistant
    hierarchical clustering algorithm. Information Sciences 363, 8-23.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [10.0], [11.0], [12.0], [30.0]])
    >>> tree = Hierarchy(3, linkage="average", random_state=0).fit(X)
    >>> tree.labels_.tolist(), tree.cut(2).tolist()
    ([1, 1, 0, 0, 0, 2], [0, 0, 0, 0, 0, 1])
    >>> tree.dendrogram_[-1].round(3).tolist()
    [5.0, 9.0, 23.2, 6.0]
    """

    def __init__(
        self,
        n_clusters: int = 2,
        *,
        linkage: str = "ward",
        gini_bound: float = GINI_BOUND,
        exact_rows: int | None = None,
        random_state: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.linkage = linkage
        self.gini_bound = gini_bound
        self.exact_rows = exact_rows
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Build the tree, cut it, and learn what answers for new rows.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features), finite
        y : ignored
        sample_weight : array-like of shape (n_samples,), positive, optional
            How many rows each one stands for. "complete" and "single" merge as without, as copies
            of a row change nothing there; sizes, order and the tree's weights follow it. Weights
            do not move the borders of small clusters.

        Returns
        -------
        Hierarchy

        Raises
        ------
        ValueError
            If a parameter, the rows or the weights will not do.
        """
        del y
        self._check()
        rows = validate_data(self, X, dtype=KINDS)
        weights = None if sample_weight is None else _positive(sample_weight, rows)
        if self.n_clusters > len(rows):
            msg = f"{len(rows)} rows cannot make {self.n_clusters} clusters"
            raise ValueError(msg)
        seed = int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))
        try:
            with single_threaded():
                points = self._points(rows, weights, seed)
                bound = self.gini_bound
                found = hierarchy_of(points, self.linkage, gini_bound=bound)  # type: ignore[arg-type]
        except MathsError as error:
            raise ValueError(str(error)) from error
        self._merges, self.dendrogram_ = found.merges, found.dendrogram()
        self.merge_weights_ = found.merge_weights()
        self.leaves_, self.leaf_weights_ = points.owners, points.weights
        self.leaf_centers_, self.n_leaves_ = points.places, len(points.weights)
        self.is_exact_ = self.n_leaves_ == len(rows)
        self.labels_ = self.cut(self.n_clusters)
        with single_threaded():
            self._learn_prototypes(rows, seed)
        return self

    def cut(self, n_clusters: int) -> NDArray[np.int64]:
        """Give each fitted row its cluster, for any number of clusters.

        Parameters
        ----------
        n_clusters : int
            From 1 to as many as there are leaves that differ.

        Returns
        -------
        ndarray of int64, shape (n_samples,)
            From 0, the cluster of the largest weight first. More clusters divide those of fewer.

        Raises
        ------
        ValueError
            If the number is out of range.
        """
        check_is_fitted(self)
        _whole("n_clusters", n_clusters)
        # Leaves in the same place have merged at no height: no cut tells them apart.
        most = 1 + int((self._merges[:, 2] > 0).sum())
        if n_clusters > most:
            msg = f"the tree has {most} leaves that differ, which cannot make {n_clusters} clusters"
            if not self.is_exact_:
                msg += f"; they stand for {len(self.leaves_)} rows: raise exact_rows for more"
            raise ValueError(msg)
        labels = cut_linkage(self._merges, n_clusters)
        order = np.argsort(-np.bincount(labels, self.leaf_weights_), kind="stable")
        ranks = np.empty_like(order)
        ranks[order] = np.arange(n_clusters)
        result: NDArray[np.int64] = ranks[labels][self.leaves_].astype(np.int64)
        return result

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Give the cluster of the nearest prototype; one row alone gets the answer of a batch.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        ndarray of int64, shape (n_samples,)
            Of fitted rows a share ``fidelity_`` get the label of the tree.
        """
        check_is_fitted(self)
        return self._nearest(validate_data(self, X, dtype=KINDS, reset=False))

    def _check(self) -> None:
        _whole("n_clusters", self.n_clusters)
        if self.exact_rows is not None:
            _whole("exact_rows", self.exact_rows)
        if self.linkage not in SIZES:
            msg = f"linkage must be one of {', '.join(map(repr, SIZES))}, not {self.linkage!r}"
            raise ValueError(msg)

    def _points(
        self, X: NDArray[np.floating], weights: NDArray[np.float64] | None, seed: int
    ) -> Points:
        exact_rows, count = SIZES[self.linkage]
        if self.exact_rows is not None:
            exact_rows, count = self.exact_rows, max(count, self.n_clusters)
        rng = stream(seed, "hierarchy")
        asked: dict[str, Any] = {
            "exact_rows": exact_rows,
            "count": count,
            "rng": rng,
            "weights": weights,
        }
        if self.linkage == "ward":
            return merged_points(X, **asked, spread=Crew(effective_n_jobs(self.n_jobs)).map)
        return points_of(X, **asked)

    def _learn_prototypes(self, X: NDArray[np.floating], seed: int) -> None:
        """Place prototypes on rows drawn by chance, one of each cluster among them."""
        rng = stream(seed, "hierarchy", "prototypes")
        _, firsts = np.unique(self.labels_, return_index=True)
        drawn = rng.permutation(len(X))[:PROTOTYPE_ROWS]
        kept = np.union1d(drawn, firsts)
        rows, labels = X[kept].astype(np.float64), self.labels_[kept]
        means = cluster_means(rows, labels, self.n_clusters)
        found, _ = stand_in(Partition(labels, means, self.linkage), rows, rng=rng)
        self.prototypes_, self.prototype_labels_ = found.centres, found.owners
        fair = np.isin(kept, drawn)
        self.fidelity_ = float((self._nearest(rows[fair]) == labels[fair]).mean())

    def _nearest(self, X: NDArray[np.floating]) -> NDArray[np.int64]:
        answers = np.empty(len(X), dtype=np.int64)
        for start in range(0, len(X), BLOCK_ROWS):
            block = slice(start, start + BLOCK_ROWS)
            away = squared_distances(np.asarray(X[block], dtype=np.float64), self.prototypes_)
            answers[block] = self.prototype_labels_[away.argmin(axis=1)]
        return answers


def _whole(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        msg = f"{name} must be a whole number from 1, not {value!r}"
        raise ValueError(msg)


def _positive(sample_weight: Any, rows: NDArray[np.floating]) -> NDArray[np.float64]:
    weights: NDArray[np.float64] = _check_sample_weight(sample_weight, rows, dtype=np.float64)
    if (weights <= 0).any():
        msg = (
            f"sample_weight must be positive, not {weights.min():g}; leave out rows that stand for "
            "none"
        )
        raise ValueError(msg)
    return weights
