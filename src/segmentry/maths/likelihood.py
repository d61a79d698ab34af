"""Maximum likelihood of a few positive parameters: the maximum and its curvature.

What lives here: the search over logarithms of parameters, from a gradient that the model gives, and
the covariance from the observed information. What does not: any likelihood (``repeat_buying``,
``spend``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.intervals import LEVEL, normal_quantile

Objective = Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]]
"""From logarithms of parameters to the log-likelihood and its gradient."""

NEWTON_STEPS = 20
CLOSE = 1e-8
"""The search ends where Newton's step promises less log-likelihood than this."""

FAR = 1e-3
"""Promised log-likelihood above which a step changes the curvature."""

AT_BOUND = 1e-3
_STEP = 1e-4
"""Step, in logarithms, of the differences of gradients that give the curvature."""


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where a likelihood is largest.

    ``logs`` are the logarithms of the parameters and ``covariance`` is theirs; it is the inverse of
    the observed information, and None where that is not positive definite. ``at_bound`` indexes the
    parameters that lie on a bound of the search.
    """

    logs: NDArray[np.float64]
    log_likelihood: float
    covariance: NDArray[np.float64] | None
    at_bound: tuple[int, ...]
    is_converged: bool

    @property
    def rows(self) -> tuple[tuple[float, ...], ...]:
        """Give the covariance as plain rows; none unless the search converged."""
        if self.covariance is None or not self.is_converged:
            return ()
        return tuple(tuple(float(v) for v in row) for row in self.covariance)


def maximise(
    objective: Objective,
    starts: Sequence[NDArray[np.float64]],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    *,
    n: float,
) -> Maximum:
    """Find the largest log-likelihood within bounds.

    A quasi-Newton search from each start, then Newton's own steps from the best end: these are
    what make the answer the same, to many digits, from anywhere and in any unit of time.

    Parameters
    ----------
    objective : callable
        Gives the log-likelihood of all rows and its gradient at logarithms of parameters.
    starts : sequence of ndarray of shape (n_parameters,)
    lower, upper : ndarray of shape (n_parameters,)
        Bounds of the logarithms.
    n : float
        Rows behind the likelihood, by which it is divided in the search; above 0.

    Returns
    -------
    Maximum

    References
    ----------
    Byrd, R. H., Lu, P., Nocedal, J. and Zhu, C. (1995). A limited memory algorithm for bound
    constrained optimization. SIAM J. Sci. Comput. 16, 1190-1208.
    """
    from scipy.optimize import minimize

    def loss(logs: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, gradient = objective(logs)
        return -value / n, -gradient / n

    ends = [
        minimize(
            loss,
            np.clip(start, lower, upper),
            jac=True,
            method="L-BFGS-B",
            bounds=list(zip(lower, upper, strict=True)),
            options={"ftol": 1e-14, "gtol": 1e-9, "maxiter": 500},
        )
        for start in starts
    ]
    logs = np.asarray(min(ends, key=lambda end: float(end.fun)).x, dtype=np.float64)
    logs, hessian, decrement = _polished(loss, logs, lower, upper, n)
    at_bound = np.flatnonzero((logs - lower < AT_BOUND) | (upper - logs < AT_BOUND))
    covariance = _inverse(hessian * n)
    return Maximum(
        logs=logs,
        log_likelihood=float(objective(logs)[0]),
        covariance=covariance,
        at_bound=tuple(int(i) for i in at_bound),
        is_converged=not len(at_bound) and covariance is not None and decrement < CLOSE,
    )


def _polished(
    loss: Objective,
    logs: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    n: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Take Newton's steps while they help; give the end, curvature, and what is left to gain."""
    value, gradient = loss(logs)
    hessian, decrement = _curvature(loss, logs), np.inf
    for _ in range(NEWTON_STEPS):
        inverse = _inverse(hessian)
        if inverse is None:
            return logs, hessian, np.inf
        step = inverse @ gradient
        decrement = 0.5 * n * float(gradient @ step)
        if decrement < CLOSE * 1e-8:
            break
        tried = np.clip(logs - step, lower, upper)
        new_value, new_gradient = loss(tried)
        # Next to the maximum the value no longer shows a gain, but the gradient does.
        if not (new_value < value or np.abs(new_gradient).max() < np.abs(gradient).max()):
            break
        logs, value, gradient = tried, new_value, new_gradient
        # One curvature serves the last steps, which are short; far away it is taken anew.
        if decrement > FAR:
            hessian = _curvature(loss, logs)
    return logs, _curvature(loss, logs), decrement


def _curvature(loss: Objective, logs: NDArray[np.float64]) -> NDArray[np.float64]:
    columns = []
    for i in range(len(logs)):
        shift = np.zeros(len(logs))
        shift[i] = _STEP
        columns.append((loss(logs + shift)[1] - loss(logs - shift)[1]) / (2 * _STEP))
    hessian = np.array(columns)
    result: NDArray[np.float64] = (hessian + hessian.T) / 2
    return result


def _inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Give the inverse of a positive definite matrix; None for any other."""
    if not np.isfinite(matrix).all():
        return None
    values, vectors = np.linalg.eigh(matrix)
    if values[0] <= 1e-13 * values[-1]:
        return None
    result: NDArray[np.float64] = (vectors / values) @ vectors.T
    return result


def checked_weights(weights: NDArray[np.float64] | None, n: int) -> NDArray[np.float64]:
    """Give a weight for each row: one where none are told.

    Raises
    ------
    MathsError
        If there is not one finite weight of 0 or more for each row, or none is above 0.
    """
    if weights is None:
        weights = np.ones(n)
    weights = np.asarray(weights, dtype=np.float64)
    if weights.shape != (n,) or not np.isfinite(weights).all() or (weights < 0).any():
        msg = f"{n} rows need {n} finite weights of 0 or more, not an array {weights.shape}"
        raise MathsError(msg)
    if not weights.sum() > 0:
        msg = "no row has a weight above 0"
        raise MathsError(msg)
    return weights


def parameter_intervals(
    names: Sequence[str],
    values: Sequence[float],
    covariance: tuple[tuple[float, ...], ...],
    *,
    level: float = LEVEL,
) -> dict[str, tuple[float, float]]:
    """Bound each parameter by its interval, symmetric in the logarithm, so that none is negative.

    Parameters
    ----------
    names, values : sequence
    covariance : tuple of rows
        That of the logarithms; without it there are no intervals.
    level : float, default=0.95

    Returns
    -------
    dict of str to (low, high)
    """
    if not covariance:
        return {}
    z = normal_quantile(level)
    factors = [exp(z * row[i] ** 0.5) for i, row in enumerate(covariance)]
    return {
        name: (value / factor, value * factor)
        for name, value, factor in zip(names, values, factors, strict=True)
    }


def checked_parameters(
    names: Sequence[str], values: Sequence[float], covariance: tuple[tuple[float, ...], ...]
) -> None:
    """Refuse parameters that are not positive, and a covariance that is not one.

    Raises
    ------
    MathsError
        It names the parameter.
    """
    for name, value in zip(names, values, strict=True):
        if not (np.isfinite(value) and value > 0):
            msg = f"{name} must be a finite number above 0, not {value}"
            raise MathsError(msg)
    if not covariance:
        return
    k = len(names)
    if len(covariance) != k or any(len(row) != k for row in covariance):
        msg = f"the covariance of {k} parameters has {k} rows of {k} numbers"
        raise MathsError(msg)
    matrix = np.array(covariance)
    if not np.isfinite(matrix).all() or not np.allclose(matrix, matrix.T, rtol=1e-6, atol=1e-12):
        msg = "a covariance is symmetric and finite"
        raise MathsError(msg)
    if np.linalg.eigvalsh(matrix)[0] < -1e-9 * max(1.0, float(np.trace(matrix))):
        msg = "a covariance has no negative variance in any direction"
        raise MathsError(msg)
