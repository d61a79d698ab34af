"""Ridge-penalised logistic regression: the chance that something happens, by a sum of columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError

PENALTIES = (1e-1, 1e-2, 1e-3, 1e-4)
"""Penalties per row that are tried, the strongest first, so that each fit starts near its end."""

MOST_STEPS = 50
"""Newton steps; a penalised likelihood needs ten at most."""

STILL = 1e-9
"""Largest change of a coefficient at which a fit has arrived."""


@dataclass(frozen=True, eq=False)
class Logistic:
    """A fitted model: log odds are ``intercept + X @ coefficients``."""

    intercept: float
    coefficients: NDArray[np.float64]

    def log_odds(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the log odds of rows of shape (n_rows, n_columns)."""
        found: NDArray[np.float64] = self.intercept + X @ self.coefficients
        return found


def chance(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn log odds into chances, in [0, 1], without overflow.

    Examples
    --------
    >>> chance(np.array([0.0, 1e4, -1e4])).tolist()
    [0.5, 1.0, 0.0]
    """
    small = np.exp(-np.abs(log_odds))
    result: NDArray[np.float64] = np.where(log_odds >= 0, 1.0, small) / (1.0 + small)
    return result


def fit_logistic(
    X: NDArray[np.float64],
    happened: NDArray[np.bool_],
    penalties: Sequence[float] = PENALTIES,
) -> tuple[Logistic, ...]:
    r"""Fit one model for each of several penalties.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        Columns are standardised inside; one that does not vary gets a coefficient of 0.
    happened : ndarray of bool, shape (n_rows,)
        Both answers occur.
    penalties : sequence of float, above 0
        Per row. The strongest first is the quickest.

    Returns
    -------
    tuple of Logistic
        Along the penalties, for columns in their own units.

    Raises
    ------
    MathsError
        If shapes differ, or only one answer occurs.

    Notes
    -----
    Newton's method, halving a step that makes things worse, on

    .. math:: -\sum_i \log p_i(y_i) + \tfrac{1}{2} n \lambda \sum_j (b_j s_j)^2,

    :math:`s_j` the standard deviation of column j; the intercept is free. scikit-learn's ``C`` is
    :math:`1 / (n \lambda)` on standardised columns. Cost O(n p^2) a step.

    References
    ----------
    le Cessie, S. and van Houwelingen, J. C. (1992). Ridge estimators in logistic regression.
    Applied Statistics 41, 191-201.
    """
    if X.ndim != 2 or happened.shape != X.shape[:1]:
        msg = f"columns of shape {X.shape} and answers of shape {happened.shape} do not match"
        raise MathsError(msg)
    if not happened.any() or happened.all():
        msg = "a chance is learned from rows of both answers"
        raise MathsError(msg)
    centre, scale = X.mean(axis=0), X.std(axis=0)
    varies = scale > 1e-12 * np.maximum(1.0, np.abs(centre))
    Z = np.column_stack([np.ones(len(X)), (X[:, varies] - centre[varies]) / scale[varies]])
    y, rate = happened.astype(np.float64), float(happened.mean())
    beta = np.zeros(Z.shape[1])
    beta[0] = np.log(rate / (1.0 - rate))
    found = []
    for penalty in penalties:
        ridge = np.full(len(beta), penalty * len(X))
        ridge[0] = 0.0
        beta = _newton(Z, y, ridge, beta)
        own = np.zeros(X.shape[1])
        own[varies] = beta[1:] / scale[varies]
        found.append(Logistic(float(beta[0] - own @ centre), own))
    return tuple(found)


def _newton(
    Z: NDArray[np.float64],
    y: NDArray[np.float64],
    ridge: NDArray[np.float64],
    beta: NDArray[np.float64],
) -> NDArray[np.float64]:
    loss = _penalised(Z, y, ridge, beta)
    for _ in range(MOST_STEPS):
        p = chance(Z @ beta)
        slope = Z.T @ (p - y) + ridge * beta
        bend = (Z * (p * (1.0 - p))[:, None]).T @ Z + np.diag(ridge)
        step = np.linalg.lstsq(bend, slope, rcond=None)[0]
        after = _penalised(Z, y, ridge, beta - step)
        while after > loss + 1e-12 * abs(loss) and np.abs(step).max() > STILL:
            step = step / 2.0
            after = _penalised(Z, y, ridge, beta - step)
        beta, loss = beta - step, after
        if np.abs(step).max() <= STILL:
            break
    return beta


def _penalised(
    Z: NDArray[np.float64],
    y: NDArray[np.float64],
    ridge: NDArray[np.float64],
    beta: NDArray[np.float64],
) -> float:
    return float(log_loss(Z @ beta, y) * len(y) + 0.5 * (ridge * beta**2).sum())


def log_loss(log_odds: NDArray[np.float64], happened: NDArray[np.float64]) -> float:
    """Give the mean negative log likelihood of answers (0 or 1), in nats.

    Examples
    --------
    >>> round(log_loss(np.zeros(4), np.array([0.0, 1.0, 1.0, 0.0])), 4)
    0.6931
    """
    return float((np.logaddexp(0.0, log_odds) - happened * log_odds).mean())
