"""``KMeans``: k-means as a scikit-learn estimator, of rows in memory, in Parquet and in blocks.

What lives here: what an estimator takes, and its checks. What does not: the passes
(``maths.multilevel``, ``maths.streaming``) and finding, judging and naming segments
(``estimator``). Read on in ``docs/how-to/kmeans.md``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray
from sklearn.base import (
    BaseEstimator,
    ClassNamePrefixFeaturesOutMixin,
    ClusterMixin,
    TransformerMixin,
    clone,
)
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from segmentry.domain.crew import single_threaded
from segmentry.errors import MathsError, SegmentryError
from segmentry.maths.lloyd import Lloyd
from segmentry.maths.multilevel import N_STARTS, kmeans_levels, kmeans_sweep
from segmentry.maths.prototypes import BLOCK_ROWS, squared_distances
from segmentry.maths.streaming import kmeans_begun, kmeans_blocks, kmeans_followed
from segmentry.seeds import stream
from segmentry.stores.rowblocks import numeric_columns, parquet_rows

KINDS = (np.float64, np.float32)


class KMeans(
    ClassNamePrefixFeaturesOutMixin,  # type: ignore[misc]  # scikit-learn carries no types
    TransformerMixin,  # type: ignore[misc]
    ClusterMixin,  # type: ignore[misc]
    BaseEstimator,  # type: ignore[misc]
):
    """Partition rows so that each lies nearest its own cluster's mean.

    Takes the place of scikit-learn's ``KMeans`` and ``MiniBatchKMeans``: several starts on samples
    that grow, then few passes over all rows. Where memory does not hold the rows, ``fit`` reads
    them out of a Parquet file, and ``partial_fit`` takes them block by block.

    Parameters
    ----------
    n_clusters : int, default=8
    n_init : int, default=8
        Starts tried on samples; the best goes on.
    random_state : None, int or RandomState, default=None
        A number makes the result repeat.
    n_jobs : None or int, default=None
        Threads; None is one. The result does not depend on it.

    Attributes
    ----------
    cluster_centers_ : ndarray of shape (n_clusters, n_features)
    labels_ : ndarray of int64, shape (n_samples,)
        Not after ``partial_fit``, which forgets rows. Found in single precision: a row as near to
        two centres as that can tell may get the other one from ``predict``.
    inertia_ : float
        Sum of squared distances to the own centre; not after ``partial_fit``.
    n_iter_ : int
        Passes over all rows.
    n_samples_seen_ : int
        Rows met so far; only after ``partial_fit``.
    n_features_in_ : int
    feature_names_in_ : ndarray of str
        Where columns have names, those of a Parquet file among them.

    See Also
    --------
    segmentry.Segmenter : Chooses method and number, judges what is found, and names it.

    References
    ----------
    Bradley, P. S. and Fayyad, U. M. (1998). Refining initial points for k-means clustering. ICML.
    MacQueen, J. (1967). Some methods for classification and analysis of multivariate observations.
    Berkeley Symposium 1, 281-297.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> found = KMeans(2, random_state=0).fit(X)
    >>> sorted(found.cluster_centers_[:, 0].tolist()), found.inertia_
    ([0.5, 10.5], 1.0)
    """

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        n_init: int = N_STARTS,
        random_state: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.n_init = n_init
        self.random_state = random_state
        self.n_jobs = n_jobs

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

    def fit(
        self,
        X: Any,
        y: Any = None,
        sample_weight: Any = None,
        *,
        columns: Sequence[str] | None = None,
    ) -> Self:
        """Find centres and labels.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features), or path of a Parquet file
            A file is read several times and never held in memory; single precision.
        y : ignored
        sample_weight : array-like of shape (n_samples,), optional
            How many rows each one stands for; not with a file.
        columns : sequence of str, optional
            Columns of the file to read; all where not given, and then all have to be numbers.

        Returns
        -------
        KMeans

        Raises
        ------
        ValueError
            If a parameter, the rows or the file will not do.
        """
        del y
        self.__dict__.pop("_running", None)
        self.__dict__.pop("n_samples_seen_", None)
        self._check()
        try:
            with single_threaded():
                found = (
                    self._of_file(Path(X), columns, sample_weight)
                    if _is_path(X)
                    else self._of_rows(X, sample_weight)
                )
        except (MathsError, SegmentryError) as error:
            raise ValueError(str(error)) from error
        self._keep(found)
        return self

    def sweep(
        self, X: Any, numbers: Iterable[int], sample_weight: Any = None
    ) -> tuple[KMeans, ...]:
        """Fit each of several numbers of clusters; samples and starts are shared among them.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        numbers : iterable of int
            Numbers of clusters, such as ``range(2, 13)``; ``n_clusters`` is not looked at.
        sample_weight : array-like of shape (n_samples,), optional
            How many rows each one stands for.

        Returns
        -------
        tuple of KMeans
            One for each number, fitted; this one stays as it is.

        Raises
        ------
        ValueError
            If a parameter, a number or the rows will not do.
        """
        band = tuple(numbers)
        if not band:
            msg = "numbers of clusters are needed, such as range(2, 13)"
            raise ValueError(msg)
        for k in band:
            _check_count("n_clusters", k)
        _check_count("n_init", self.n_init)
        read: KMeans = clone(self)  # learns the columns, so that this one stays as it is
        rows, weights = read._rows(X, sample_weight)
        rng, hands = self._rng(), effective_n_jobs(self.n_jobs)
        try:
            with single_threaded():
                found = kmeans_sweep(
                    rows, band, rng=rng, weights=weights, n_starts=self.n_init, hands=hands
                )
        except MathsError as error:
            raise ValueError(str(error)) from error
        return tuple(read._fitted(k, fit) for k, fit in zip(band, found, strict=True))

    def partial_fit(self, X: Any, y: Any = None) -> Self:
        """Go on with another block: each centre becomes the mean of all rows that it has met.

        Blocks should be in no particular order; the first one is where centres begin, so it should
        hold thousands of rows.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The first block has at least as many rows as clusters.
        y : ignored

        Returns
        -------
        KMeans

        Raises
        ------
        ValueError
            If a parameter or the rows will not do.
        """
        del y
        self._check()
        begun = getattr(self, "_running", None)
        rows = validate_data(self, X, dtype=KINDS, reset=begun is None)
        hands = effective_n_jobs(self.n_jobs)
        try:
            with single_threaded():
                self._running = (
                    kmeans_begun(
                        rows, self.n_clusters, rng=self._rng(), n_starts=self.n_init, hands=hands
                    )
                    if begun is None
                    else kmeans_followed(begun, rows, hands=hands)
                )
        except MathsError as error:
            raise ValueError(str(error)) from error
        for earlier in ("labels_", "inertia_", "n_iter_"):
            self.__dict__.pop(earlier, None)
        self.cluster_centers_ = self._running.centres
        self.n_samples_seen_ = int(self._running.sizes.sum())
        return self

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Give the nearest centre of each row; one row alone gets the answer it gets in a batch.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features), or path of a Parquet file

        Returns
        -------
        ndarray of int64, shape (n_samples,)
        """
        check_is_fitted(self)
        return np.concatenate([away.argmin(axis=1) for away in self._away(X)])

    def transform(self, X: Any) -> NDArray[np.float64]:
        """Measure the distance of each row to each centre.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features), or path of a Parquet file

        Returns
        -------
        ndarray of shape (n_samples, n_clusters)
        """
        check_is_fitted(self)
        away: NDArray[np.float64] = np.concatenate(list(self._away(X)))
        return np.sqrt(away, out=away)

    def score(self, X: Any, y: Any = None) -> float:
        """Give the inertia of rows with its sign turned, so that more is better."""
        del y
        check_is_fitted(self)
        return -float(sum(away.min(axis=1).sum() for away in self._away(X)))

    @property
    def _n_features_out(self) -> int:
        return len(self.cluster_centers_)

    def _check(self) -> None:
        for name in ("n_clusters", "n_init"):
            _check_count(name, getattr(self, name))

    def _rng(self) -> np.random.Generator:
        state = check_random_state(self.random_state)
        return stream(int(state.randint(np.iinfo(np.int32).max)), "k-means")

    def _fitted(self, n_clusters: int, found: Lloyd) -> KMeans:
        """Give one like this, which has read the columns, with what was found."""
        one: KMeans = clone(self).set_params(n_clusters=n_clusters)
        for known in ("n_features_in_", "feature_names_in_"):
            if hasattr(self, known):
                setattr(one, known, getattr(self, known))
        one._keep(found)
        return one

    def _keep(self, found: Lloyd) -> None:
        self.cluster_centers_, self.labels_ = found.centres, found.labels
        self.inertia_, self.n_iter_ = float(found.inertia), found.n_steps

    def _rows(
        self, X: Any, sample_weight: Any
    ) -> tuple[NDArray[np.floating], NDArray[np.float64] | None]:
        rows = validate_data(self, X, dtype=KINDS)
        if sample_weight is None:
            return rows, None
        return rows, _check_sample_weight(
            sample_weight, rows, dtype=np.float64, ensure_non_negative=True
        )

    def _of_rows(self, X: Any, sample_weight: Any) -> Lloyd:
        rows, weights = self._rows(X, sample_weight)
        hands, rng = effective_n_jobs(self.n_jobs), self._rng()
        return kmeans_levels(
            rows, self.n_clusters, rng=rng, weights=weights, n_starts=self.n_init, hands=hands
        )

    def _of_file(self, path: Path, columns: Sequence[str] | None, sample_weight: Any) -> Lloyd:
        if sample_weight is not None:
            msg = "sample_weight needs rows in memory: a Parquet file is fitted without it"
            raise ValueError(msg)
        names = numeric_columns(path, columns)
        hands, rng = effective_n_jobs(self.n_jobs), self._rng()
        found = kmeans_blocks(
            lambda: _finite(path, names),
            self.n_clusters,
            rng=rng,
            n_starts=self.n_init,
            hands=hands,
        )
        self.n_features_in_ = len(names)
        self.feature_names_in_ = np.asarray(names, dtype=object)
        return found

    def _away(self, X: Any) -> Iterator[NDArray[np.float64]]:
        """Give squared distances to all centres, block by block."""
        for rows in self._blocks(X):
            for start in range(0, len(rows), BLOCK_ROWS):
                piece = np.asarray(rows[start : start + BLOCK_ROWS], dtype=np.float64)
                yield squared_distances(piece, self.cluster_centers_)

    def _blocks(self, X: Any) -> Iterator[NDArray[np.floating]]:
        if not _is_path(X):
            yield validate_data(self, X, dtype=KINDS, reset=False)
            return
        try:
            columns = numeric_columns(Path(X), getattr(self, "feature_names_in_", None))
        except SegmentryError as error:
            raise ValueError(str(error)) from error
        if len(columns) != self.n_features_in_:
            msg = f"{X} has {len(columns)} columns, but k-means was fitted on {self.n_features_in_}"
            raise ValueError(msg)
        yield from _finite(Path(X), columns)


def _check_count(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        msg = f"{name} must be a whole number from 1, not {value!r}"
        raise ValueError(msg)


def _is_path(X: Any) -> bool:
    return isinstance(X, str | os.PathLike)


def _finite(path: Path, columns: Sequence[str]) -> Iterator[NDArray[np.float32]]:
    """Read blocks; refuse a gap with its place, which the passes would not know."""
    start = 0
    for block in parquet_rows(path, columns):
        if not np.isfinite(block.sum(dtype=np.float64)):
            row, column = (int(i[0]) for i in np.nonzero(~np.isfinite(block)))
            msg = (
                f"{path}: row {start + row}, column {columns[column]!r}: "
                f"{'no value' if np.isnan(block[row, column]) else 'too large a number'}; "
                "fill gaps and leave out infinite numbers beforehand"
            )
            raise ValueError(msg)
        start += len(block)
        yield block
