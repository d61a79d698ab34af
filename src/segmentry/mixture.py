"""``GaussianMixture``: mixtures of bell-shaped clouds as a scikit-learn estimator, for many rows.

What lives here: what an estimator takes, its checks, its answers. What does not: starts and levels
(``cluster.mixture``), the passes (``maths.expectation``), and choosing among methods and numbers
(``estimator``). Read on in ``docs/how-to/mixture.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, DensityMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from segmentry.cluster.mixture import fit_all
from segmentry.domain.crew import Crew
from segmentry.errors import MathsError
from segmentry.maths.densities import weighted_log_densities
from segmentry.maths.mixture import Covariances, n_mixture_parameters
from segmentry.seeds import stream

KINDS = (np.float64, np.float32)

FORMS: dict[str, Covariances] = {
    "full": "full",
    "tied": "tied",
    "diag": "diagonal",
    "spherical": "spherical",
}
"""Forms of covariance, by scikit-learn's names."""

BLOCK_ROWS = 16_384
"""Rows whose densities are measured at a time."""


class GaussianMixture(
    DensityMixin,  # type: ignore[misc]  # scikit-learn carries no types
    BaseEstimator,  # type: ignore[misc]
):
    """Describe rows as draws from a few bell-shaped clouds, long or wide.

    Takes the place of scikit-learn's ``GaussianMixture`` where rows are many: the best of
    several starts on a hundredth of the rows goes on with a tenth, and then with all of them.

    Parameters
    ----------
    n_components : int, default=1
    covariance_type : {"full", "tied", "diag", "spherical"}, default="full"
        A matrix for each component, one for all, one variance for each column, or one for all.
    n_init : int, default=4
        Seeds from which k-means begins on a hundredth of the rows, each on the rows as they are
        and stretched to a round cloud; the likeliest goes on.
    tol : float, default=0.001
        Gain in mean log-likelihood, in nats, below which a fit is done.
    reg_covar : float, default=1e-6
        Share of each column's variance that is added to it; not an amount, as in scikit-learn.
    random_state : None, int or RandomState, default=None
        A number makes the result repeat.
    n_jobs : None or int, default=None
        Threads; None is one. The result does not depend on it.

    Attributes
    ----------
    weights_ : ndarray of shape (n_components,)
    means_ : ndarray of shape (n_components, n_features)
    covariances_ : ndarray of shape (n_components, n_features, n_features)
        Whole matrices, whatever their form.
    labels_ : ndarray of int64, shape (n_samples,)
        Most probable component. Found in single precision: a row between two components may get
        the other one from ``predict``.
    log_likelihood_ : float
        Of all rows, in nats.
    bic_, icl_ : float
        What the mixture costs, with and without a fine for rows that lie between components.
    n_iter_ : int
        Passes over all rows.
    n_features_in_ : int
    feature_names_in_ : ndarray of str
        Only where the columns have names.

    See Also
    --------
    segmentry.Segmenter : Chooses method and number, judges what is found, and names it.

    References
    ----------
    Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977). Maximum likelihood from incomplete data
    via the EM algorithm. J. R. Statist. Soc. B 39, 1-38.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(400, 2))
    >>> X[200:] += [9, 0]
    >>> found = GaussianMixture(2, random_state=0).fit(X)
    >>> sorted(abs(found.means_[:, 0]).round().tolist()), found.weights_.round(2).tolist()
    ([0.0, 9.0], [0.5, 0.5])
    """

    def __init__(
        self,
        n_components: int = 1,
        *,
        covariance_type: str = "full",
        n_init: int = 4,
        tol: float = 1e-3,
        reg_covar: float = 1e-6,
        random_state: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.covariance_type = covariance_type
        self.n_init = n_init
        self.tol = tol
        self.reg_covar = reg_covar
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any = None) -> Self:
        """Find components and the most probable one of each row.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Single precision is read as it is.
        y : ignored

        Returns
        -------
        GaussianMixture

        Raises
        ------
        ValueError
            If a parameter or the rows will not do.
        """
        del y
        self._check()
        rows = validate_data(self, X, dtype=KINDS, ensure_min_samples=2)
        state = check_random_state(self.random_state)
        rng = stream(int(state.randint(np.iinfo(np.int32).max)), "gaussian mixture")
        try:
            found = fit_all(
                rows,
                int(self.n_components),
                rng=rng,
                covariances=FORMS[self.covariance_type],
                ridge=float(self.reg_covar),
                tolerance=float(self.tol),
                n_seeds=int(self.n_init),
                crew=Crew.of(effective_n_jobs(self.n_jobs)),
            )
        except MathsError as error:
            raise ValueError(str(error)) from error
        components = found.fit.components
        self.weights_, self.means_ = components.weights, components.means
        self.covariances_ = components.covariances
        self.labels_, self.n_iter_ = found.fit.labels, found.fit.n_steps
        self.log_likelihood_ = float(found.fit.log_likelihood)
        self.bic_, self.icl_ = float(found.bic), float(found.icl)
        return self

    def fit_predict(self, X: Any, y: Any = None) -> NDArray[np.int64]:
        """Fit, and give the most probable component of each row."""
        return self.fit(X, y).labels_

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Give the most probable component of each row; of equal ones, the first."""
        return np.concatenate([logs.argmax(axis=1) for logs in self._logs(X)])

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Give the share of each component in each row.

        Returns
        -------
        ndarray of shape (n_samples, n_components)
            Rows sum to 1.
        """
        return np.concatenate([np.exp(logs - _total(logs)[:, None]) for logs in self._logs(X)])

    def score_samples(self, X: Any) -> NDArray[np.float64]:
        """Give the log-density of each row, in nats; the least are the strangest."""
        return np.concatenate([_total(logs) for logs in self._logs(X)])

    def score(self, X: Any, y: Any = None) -> float:
        """Give the mean log-density of rows, in nats; more is better."""
        del y
        return float(self.score_samples(X).mean())

    def bic(self, X: Any) -> float:
        """Give what the mixture costs on rows by Schwarz's criterion; less is better."""
        logs = self.score_samples(X)
        k, d = self.means_.shape
        n_parameters = n_mixture_parameters(k, d, FORMS[self.covariance_type])
        return float(n_parameters * np.log(len(logs)) - 2.0 * logs.sum())

    def _check(self) -> None:
        for name in ("n_components", "n_init"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
                msg = f"{name} must be a whole number from 1, not {value!r}"
                raise ValueError(msg)
        if self.covariance_type not in FORMS:
            msg = f"covariance_type must be one of {', '.join(FORMS)}, not {self.covariance_type!r}"
            raise ValueError(msg)
        for name in ("tol", "reg_covar"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
                msg = f"{name} must be a number above 0, not {value!r}"
                raise ValueError(msg)

    def _logs(self, X: Any) -> Iterator[NDArray[np.float64]]:
        """Give weighted log-densities, block by block."""
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=KINDS, reset=False)
        for start in range(0, len(rows), BLOCK_ROWS):
            block = np.asarray(rows[start : start + BLOCK_ROWS], dtype=np.float64)
            yield weighted_log_densities(block, self.weights_, self.means_, self.covariances_)


def _total(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    total: NDArray[np.float64] = np.logaddexp.reduce(logs, axis=1)
    return total
