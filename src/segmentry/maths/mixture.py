"""Gaussian mixtures: expectation and maximisation, likelihood, and how many numbers it took.

What lives here: the fit of one mixture from a given start in double precision, and the information
criteria of a mixture and of a k-means partition. What does not: passes over many rows
(``maths.expectation``); starts, numbers of components, or which form of covariance to take
(``cluster``). Read on in ``docs/methods/mixture.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.rowset import checked_weights

Covariances = Literal["full", "tied", "diagonal", "spherical"]
"""A matrix per component, one for all, a variance per component and column, or per component."""

RIDGE = 0.01
"""Added to every variance. Columns are standardised, so this is a hundredth of their variance."""

TOLERANCE = 5e-4
"""Gain in mean log-likelihood below which a fit is done."""

BLOCK_ROWS = 16_384
"""Rows that are labelled together: their terms are many times as large as they are."""


@dataclass(frozen=True)
class Mixture:
    """A fitted mixture: its log-densities are linear in a few terms of a row.

    ``coefficients`` has shape (n_components, n_terms) and includes the logarithm of the weights;
    what all components share (tied covariances) is left out of it, for it favours none.
    """

    covariances: Covariances
    origin: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    log_likelihood: float
    """Of all rows that it was fitted on."""
    n_rows: int
    n_parameters: int
    entropy: float
    """Of the rows' shares in the components, in nats, over all rows: 0 where no two overlap."""

    @property
    def bic(self) -> float:
        """Minus twice the log-likelihood plus the price of the parameters: less is better."""
        return -2.0 * self.log_likelihood + self.n_parameters * float(np.log(self.n_rows))

    @property
    def icl(self) -> float:
        """Integrated completed likelihood: the BIC, and a fine for rows between components.

        Less is better. Where several components share one cluster, the BIC is content and this is
        not (Biernacki, Celeux and Govaert 2000), so it counts clusters rather than components.
        """
        return self.bic + 2.0 * self.entropy

    def labels(self, X: NDArray[np.float64]) -> NDArray[np.int64]:
        """Name the most probable component of each row; of equal ones, the first."""
        labels = np.empty(len(X), dtype=np.int64)
        for start in range(0, len(X), BLOCK_ROWS):
            block = slice(start, start + BLOCK_ROWS)
            terms = _terms(X[block] - self.origin, self.covariances)
            labels[block] = (self.coefficients @ terms).argmax(axis=0)
        return labels


def fit_mixture(
    X: NDArray[np.float64],
    labels: NDArray[np.int64],
    *,
    covariances: Covariances = "full",
    ridge: float | NDArray[np.float64] = RIDGE,
    tolerance: float = TOLERANCE,
    max_iterations: int = 100,
    weights: NDArray[np.float64] | None = None,
) -> Mixture:
    r"""Fit a Gaussian mixture by expectation and maximisation from a partition.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        ``ridge`` is on the scale of the columns.
    labels : ndarray of int, shape (n_rows,)
        The start: 0 .. n_components - 1, each occurring.
    covariances : {"full", "tied", "diagonal", "spherical"}
    ridge : float or ndarray of shape (n_columns,), default=0.01
        Added to every variance, so that no component can shrink on to a few equal rows. The
        default is for standardised columns; others may have one each.
    tolerance : float
        Gain in mean log-likelihood below which the fit is done.
    max_iterations : int
    weights : ndarray of shape (n_rows,), not negative, default ones
        How much each row counts beside the others: only their ratios matter, so that likelihood
        and criteria are those of as many rows as there are.

    Returns
    -------
    Mixture

    Raises
    ------
    MathsError
        If shapes differ, a component of the start is empty, or weights will not do.

    Notes
    -----
    A Gaussian's log-density is linear in the terms :math:`1, x_i, x_i x_j`. The rows' terms are
    computed once; then the expectation of all components is one matrix product, and so is the
    maximisation. Tied covariances need the linear terms only, diagonal ones the squares, spherical
    ones their sum. Cost
    O(n_rows n_terms n_components) an iteration.

    References
    ----------
    Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977). Maximum likelihood from incomplete data
    via the EM algorithm. J. R. Statist. Soc. B 39, 1-38.
    Schwarz, G. (1978). Estimating the dimension of a model. Annals of Statistics 6, 461-464.
    Biernacki, C., Celeux, G. and Govaert, G. (2000). Assessing a mixture model for clustering
    with the integrated completed likelihood. IEEE PAMI 22, 719-725.
    """
    counts = np.bincount(labels)
    if labels.shape != (len(X),) or (counts == 0).any():
        msg = f"a start needs a component for each of {len(X)} rows and rows for each component"
        raise MathsError(msg)
    n, d = X.shape
    heavy = checked_weights(weights, n)
    heavy = None if heavy is None else heavy * (n / heavy.sum())
    origin = np.average(X, axis=0, weights=heavy)
    centred = X - origin
    scatter = (centred if heavy is None else centred * heavy[:, None]).T @ centred / n
    form = _Form(covariances, n, d, np.broadcast_to(ridge, d), scatter, heavy)
    terms = _terms(centred, covariances)
    shares = np.ascontiguousarray(np.eye(len(counts))[:, labels])
    before = -np.inf
    for _ in range(max_iterations):
        counted = shares if heavy is None else shares * heavy
        coefficients, common = _maximised(counted @ terms.T, form)
        mean, shares = _expected(terms, coefficients, common, form)
        if mean - before < tolerance:
            break
        before = mean
    n_parameters = n_mixture_parameters(len(counts), d, covariances)
    entropy = _entropy(shares, heavy)
    return Mixture(covariances, origin, coefficients, float(mean * n), n, n_parameters, entropy)


def n_mixture_parameters(n_components: int, n_columns: int, covariances: Covariances) -> int:
    """Count the free numbers of a mixture: weights, means, covariances."""
    matrix = n_columns * (n_columns + 1) // 2
    spread = {
        "full": n_components * matrix,
        "tied": matrix,
        "diagonal": n_components * n_columns,
        "spherical": n_components,
    }[covariances]
    return n_components - 1 + n_components * n_columns + spread


def spherical_bic(
    X: NDArray[np.float64],
    labels: NDArray[np.int64],
    weights: NDArray[np.float64] | None = None,
) -> float:
    r"""Give the BIC of a partition read as round Gaussian clouds of one common width.

    It makes numbers of segments of one method comparable; it says nothing against a mixture whose
    clouds may be long or bent, for a likelihood of round clouds is a poor one on most data.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    labels : ndarray of int, shape (n_rows,)
        0 .. n_clusters - 1, each occurring.
    weights : ndarray of shape (n_rows,), not negative, default ones
        How much each row counts beside the others: n stays the number of rows.

    Returns
    -------
    float
        Less is better; minus infinity where every row lies on its centre.

    Notes
    -----
    .. math:: -2 \sum_k n_k \ln \frac{n_k}{n} + n d \ln(2\pi\hat\sigma^2) + (n - K) d
        + p \ln n, \quad \hat\sigma^2 = \frac{W}{d (n - K)}

    with W the inertia and :math:`p = K - 1 + K d + 1` (Pelleg and Moore, whose variance is per
    point and whose d is 1 in it; here it is per column).

    References
    ----------
    Pelleg, D. and Moore, A. (2000). X-means: extending k-means with efficient estimation of the
    number of clusters. ICML, 727-734.
    """
    n, d = X.shape
    heavy = None if weights is None else weights * (n / weights.sum())
    counts = np.bincount(labels, heavy).astype(np.float64)
    k = len(counts)
    held = np.where(counts > 0, counts, 1.0)
    within = 0.0
    # Far from zero, squares leave nothing of what they differ by.
    for column in X.T - X.mean(axis=0)[:, None]:
        own = column if heavy is None else column * heavy
        sums = np.bincount(labels, weights=own, minlength=k)
        within += float(own @ column - (sums**2 / held).sum())
    if within <= 0 or n <= k:
        return -np.inf
    variance = within / (d * (n - k))
    mixing = float((counts * np.log(held / n)).sum())
    fit = -2.0 * mixing + n * d * np.log(2.0 * np.pi * variance) + (n - k) * d
    return float(fit + (k - 1 + k * d + 1) * np.log(n))


def _terms(X: NDArray[np.float64], covariances: Covariances) -> NDArray[np.float64]:
    """Give the terms that log-densities are linear in: one row per term, so columns stay whole."""
    columns = np.ascontiguousarray(X.T)
    ones = np.ones((1, len(X)))
    if covariances == "tied":
        return np.vstack([ones, columns])
    if covariances == "diagonal":
        return np.vstack([ones, columns, columns * columns])
    if covariances == "spherical":
        return np.vstack([ones, columns, (columns * columns).sum(axis=0)])
    first, second = np.triu_indices(X.shape[1])
    return np.vstack([ones, columns, columns[first] * columns[second]])


@dataclass(frozen=True)
class _Form:
    """What every step needs to know of the mixture that is fitted."""

    covariances: Covariances
    n_rows: int
    n_columns: int
    ridge: NDArray[np.float64]
    scatter: NDArray[np.float64]
    """Mean product of columns over all rows; only tied covariances need it."""
    weights: NDArray[np.float64] | None = None
    """Of the rows, one on average; None where all count the same."""


def _maximised(
    sums: NDArray[np.float64], form: _Form
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Turn the components' summed terms into the coefficients of their log-densities."""
    d = form.n_columns
    # A component that lost its rows keeps a trace of one, and dies out by itself.
    sizes = np.maximum(sums[:, 0], 1e-9)
    means = sums[:, 1 : d + 1] / sizes[:, None]
    constant = np.log(sizes / form.n_rows) - d / 2 * np.log(2 * np.pi)
    if form.covariances == "diagonal":
        variances = np.maximum(sums[:, d + 1 :] / sizes[:, None] - means**2, 0.0) + form.ridge
        constant -= 0.5 * (np.log(variances) + means**2 / variances).sum(axis=1)
        return np.column_stack([constant, means / variances, -0.5 / variances]), None
    if form.covariances == "spherical":
        middles = (means**2).sum(axis=1)
        widths = np.maximum(sums[:, d + 1] / sizes - middles, 0.0) / d + form.ridge.mean()
        constant -= 0.5 * (d * np.log(widths) + middles / widths)
        return np.column_stack([constant, means / widths[:, None], -0.5 / widths]), None
    if form.covariances == "tied":
        between = (means * sizes[:, None]).T @ means / form.n_rows
        precision, log_det = _inverse(form.scatter - between + np.diag(form.ridge))
        pulls = means @ precision
        constant -= 0.5 * log_det + 0.5 * (pulls * means).sum(axis=1)
        return np.column_stack([constant, pulls]), precision
    first, second = np.triu_indices(d)
    within = np.diag(form.ridge) - means[:, :, None] * means[:, None, :]
    products = sums[:, d + 1 :] / sizes[:, None]
    within[:, first, second] += products
    within[:, second, first] = within[:, first, second]
    precisions, log_dets = _inverse(within)
    pulls = (precisions @ means[:, :, None])[:, :, 0]
    constant -= 0.5 * log_dets + 0.5 * (pulls * means).sum(axis=1)
    # Products of two different columns stand for both of their orders.
    quadratic = np.where(first == second, -0.5, -1.0) * precisions[:, first, second]
    return np.column_stack([constant, pulls, quadratic]), None


def _inverse(
    covariances: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Invert one or several covariance matrices; give the logarithms of their determinants."""
    values, vectors = np.linalg.eigh(covariances)
    values = np.maximum(values, 1e-10)
    inverses = (vectors / values[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    return inverses, np.log(values).sum(axis=-1)


def _expected(
    terms: NDArray[np.float64],
    coefficients: NDArray[np.float64],
    common: NDArray[np.float64] | None,
    form: _Form,
) -> tuple[float, NDArray[np.float64]]:
    """Give the mean log-likelihood and each row's shares in the components."""
    logs = coefficients @ terms
    top = logs.max(axis=0)
    shares = np.exp(logs - top)
    totals = shares.sum(axis=0)
    mean = float(np.average(top + np.log(totals), weights=form.weights))
    if common is not None:
        # The mean of x' P x over all rows is the sum of P times the mean products.
        mean -= 0.5 * float((common * form.scatter).sum())
    shares /= totals
    return mean, shares


def _entropy(shares: NDArray[np.float64], weights: NDArray[np.float64] | None) -> float:
    """Sum the entropies of the rows' shares; what has no share adds nothing."""
    there = shares > 0
    kept = shares[there]
    surprise = kept * np.log(kept)
    if weights is not None:
        surprise *= np.broadcast_to(weights, shares.shape)[there]
    return max(float(-surprise.sum()), 0.0)
