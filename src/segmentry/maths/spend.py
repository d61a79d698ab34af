"""What a purchase is worth: the gamma-gamma model of average values, and whether it may be used.

What lives here: the likelihood, its maximum, the value to expect per purchase, and the test of the
assumption that value does not go along with the number of purchases. What does not: how many
purchases there will be (``repeat_buying``).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Self

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.intervals import LEVEL, normal_quantile
from segmentry.maths.likelihood import (
    checked_parameters,
    checked_weights,
    maximise,
    parameter_intervals,
)
from segmentry.maths.ranks import average_ranks

Array = NDArray[np.float64]

PARAMETERS = ("p", "q", "gamma")
SMALLEST, LARGEST = 1e-3, 1e3
"""Bounds of the search; gamma's are multiples of the mean value of a purchase."""


@dataclass(frozen=True, slots=True)
class Spend:
    """The gamma-gamma model: values are gamma (p, v), and v is gamma (q, gamma) over entities.

    ``gamma`` is in units of money; ``covariance`` is that of the logarithms of the three, and empty
    where it is not known.
    """

    p: float
    q: float
    gamma: float
    covariance: tuple[tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        checked_parameters(PARAMETERS, self.values, self.covariance)

    @property
    def values(self) -> tuple[float, float, float]:
        """Give p, q and gamma."""
        return self.p, self.q, self.gamma

    @property
    def mean(self) -> float:
        """Give the mean value of a purchase over all entities: infinite where q is 1 or less."""
        return self.p * self.gamma / (self.q - 1.0) if self.q > 1.0 else float("inf")

    def intervals(self, *, level: float = LEVEL) -> dict[str, tuple[float, float]]:
        """Bound each parameter by its interval, symmetric in the logarithm; none is negative."""
        return parameter_intervals(PARAMETERS, self.values, self.covariance, level=level)

    @classmethod
    def of(cls, values: Array, covariance: tuple[tuple[float, ...], ...] = ()) -> Self:
        """Build the model from p, q and gamma in this order."""
        p, q, gamma = (float(v) for v in values)
        return cls(p, q, gamma, covariance)


@dataclass(frozen=True, slots=True)
class SpendFit:
    """The maximum of the likelihood, whether it is one, and which parameters lie on a bound."""

    model: Spend
    log_likelihood: float
    at_bound: tuple[str, ...]
    is_converged: bool


@dataclass(frozen=True, slots=True)
class Dependence:
    """How far the mean value of a purchase goes along with the number of purchases.

    ``correlation``, with its interval, is that of the value with the rank of the number; it is 0
    under the gamma-gamma model. ``pearson`` is the correlation of the two as they are, which the
    paper reports, and which a few entities can decide.
    """

    correlation: float
    low: float
    high: float
    pearson: float


def fit_spend(x: Array, m: Array, weights: Array | None = None) -> SpendFit:
    """Fit the model by maximum likelihood, without any penalty.

    Parameters
    ----------
    x : ndarray of shape (n,)
        Purchases behind each mean, 1 or more.
    m : ndarray of shape (n,)
        Mean value of these purchases, above 0.
    weights : ndarray of shape (n,), optional
        How many entities each row stands for.

    Returns
    -------
    SpendFit
        Not converged where a parameter lies on its bound, or the likelihood has no one maximum.

    Raises
    ------
    MathsError
        If there is no row, or a number of purchases or a value is out of its range.

    References
    ----------
    Fader, P. S. and Hardie, B. G. S. (2013). The gamma-gamma model of monetary value. Note 25,
    brucehardie.com.
    """
    x, m = _checked(x, m)
    weights = checked_weights(weights, len(x))
    # One order whatever theirs, so that sums end in the same digits.
    order = np.lexsort((weights, m, x))
    x, m, weights = x[order], m[order], weights[order]
    unit = float(weights @ m / weights.sum())
    bounds = np.full(3, log(SMALLEST)), np.full(3, log(LARGEST))
    starts = [np.log([2.0, 3.0, 1.0]), np.log([6.0, 1.5, 0.2])]
    sample = _Sample.of(x, m / unit, weights)
    found = maximise(sample.objective, starts, *bounds, n=float(weights.sum()))
    model = Spend.of(np.exp(found.logs) * [1.0, 1.0, unit], found.rows)
    return SpendFit(
        model,
        float(weights @ log_likelihood(model, x, m)),
        tuple(PARAMETERS[i] for i in found.at_bound),
        found.is_converged,
    )


def log_likelihood(model: Spend, x: Array, m: Array) -> Array:
    r"""Give the log-likelihood of each row: of the mean ``m`` of ``x`` purchases.

    Notes
    -----
    .. math:: \frac{\Gamma(px+q)}{\Gamma(px)\Gamma(q)}
        \frac{\gamma^q\, m^{px-1}\, x^{px}}{(\gamma + m x)^{px+q}}

    Fader and Hardie (2013), equation 1a.
    """
    from scipy.special import betaln

    p, q, gamma = model.values
    total = x * m
    # Each power is one of a ratio, so that nothing large is taken from as large.
    result: Array = (
        -betaln(p * x, q)
        - np.log(m)
        - q * np.log1p(total / gamma)
        - p * x * np.log1p(gamma / total)
    )
    return result


def expected_value(model: Spend, x: Array, m: Array) -> Array:
    r"""Give the value of a purchase to expect of each entity.

    Parameters
    ----------
    model : Spend
    x : ndarray of shape (n,)
        Purchases behind each mean, 0 or more.
    m : ndarray of shape (n,)
        Mean value, 0 or more; it does not matter, and may be NaN, where ``x`` is 0.

    Returns
    -------
    ndarray of shape (n,)
        The mean of all entities where ``x`` is 0, and the nearer to ``m`` the larger ``x`` is.

    Notes
    -----
    .. math:: \frac{p\,(\gamma + x m)}{p x + q - 1}

    Fader and Hardie (2013), equation 5: the mean of all entities and that of one, weighed.
    """
    p, q, gamma = model.values
    spent = np.where(x > 0, x * m, 0.0)
    below = p * x + q - 1.0
    result: Array = np.where(below > 0, p * (gamma + spent), np.inf) / np.maximum(below, 1e-300)
    return result


def log_gradient(model: Spend, x: Array, m: Array) -> Array:
    """Give how the logarithm of `expected_value` moves with the logarithm of each parameter.

    Returns
    -------
    ndarray of shape (n, 3)
        With the covariance C of the logarithms, ``sqrt(g' C g)`` is the standard error of the
        logarithm of an expectation (delta method).
    """
    p, q, gamma = model.values
    spent = np.where(x > 0, x * m, 0.0)
    below = p * x + q - 1.0
    by_p = 1.0 - p * x / below
    return np.column_stack([by_p, -q / below, gamma / (gamma + spent)])


def dependence(
    x: Array, m: Array, weights: Array | None = None, *, level: float = LEVEL
) -> Dependence:
    r"""Measure how far value goes along with the number of purchases.

    The model says that the number tells nothing of the value: :math:`E[m \mid x]` is the same for
    every x. The spread of m is not, as means of more purchases spread less; so the interval must
    not assume it (White 1980), and m must keep its scale. The number may be ranked, and is, because
    a handful of entities buy a hundred times as often as all others.

    Parameters
    ----------
    x, m : ndarray of shape (n,)
        As for `fit_spend`.
    weights : ndarray of shape (n,), optional
    level : float, default=0.95

    Returns
    -------
    Dependence
        All 0 where one of the two does not vary.

    References
    ----------
    White, H. (1980). A heteroskedasticity-consistent covariance matrix estimator and a direct test
    for heteroskedasticity. Econometrica 48, 817-838.
    """
    x, m = _checked(x, m)
    weights = checked_weights(weights, len(x))
    n = float(weights.sum())
    ranks = _weighted_ranks(x, weights)
    ranks = ranks - weights @ ranks / n
    left = m - weights @ m / n
    scale = float(((weights @ ranks**2) * (weights @ left**2)) ** 0.5)
    if scale <= 0.0:
        return Dependence(0.0, 0.0, 0.0, 0.0)
    correlation = float(weights @ (ranks * left)) / scale
    slope = float(weights @ (ranks * left)) / float(weights @ ranks**2)
    half = normal_quantile(level) * float(
        (weights @ (ranks * (left - slope * ranks)) ** 2) ** 0.5 / scale
    )
    counts = x - weights @ x / n
    pearson = float(weights @ (counts * left)) / float(
        ((weights @ counts**2) * (weights @ left**2)) ** 0.5
    )
    return Dependence(
        correlation, max(correlation - half, -1.0), min(correlation + half, 1.0), pearson
    )


def _weighted_ranks(x: Array, weights: Array) -> Array:
    """Rank as if each row stood there as often as it weighs; ties share the mean rank."""
    if (weights == 1.0).all():
        return average_ranks(x)
    _, back = np.unique(x, return_inverse=True)
    sizes = np.bincount(back, weights=weights)
    result: Array = (np.cumsum(sizes) - (sizes - 1.0) / 2.0)[back]
    return result


def _checked(x: Array, m: Array) -> tuple[Array, Array]:
    x, m = np.asarray(x, dtype=np.float64), np.asarray(m, dtype=np.float64)
    if x.ndim != 1 or x.shape != m.shape or not len(x):
        msg = f"x {x.shape} and m {m.shape} must be as long, with a row or more"
        raise MathsError(msg)
    if not (np.isfinite(x) & (x >= 1)).all() or not (np.isfinite(m) & (m > 0)).all():
        msg = "every mean needs one purchase or more, and a finite value above 0"
        raise MathsError(msg)
    return x, m


@dataclass(frozen=True, slots=True)
class _Sample:
    """Rows as the likelihood needs them: what depends on x alone is computed once per x."""

    x: Array
    total: Array
    counts: Array
    kinds: Array
    """Different values of x, and how many entities have each."""
    n_of_kind: Array
    constant: float

    @classmethod
    def of(cls, x: Array, m: Array, counts: Array) -> Self:
        kinds, back = np.unique(x, return_inverse=True)
        n_of_kind: Array = np.bincount(back, weights=counts).astype(np.float64)
        return cls(x, x * m, counts, kinds, n_of_kind, -float(counts @ np.log(m)))

    def objective(self, logs: Array) -> tuple[float, Array]:
        """Give the log-likelihood of all rows and its gradient by the logarithms of parameters."""
        from scipy.special import betaln, psi

        model = Spend.of(np.exp(logs))
        p, q, gamma = model.values
        kinds, n = self.kinds, self.n_of_kind
        ratio = self.total / gamma
        by_q = self.counts @ np.log1p(ratio)
        by_p = (self.counts * self.x) @ np.log1p(1.0 / ratio)
        both = psi(p * kinds + q)
        by_gamma = (self.counts * (q * ratio - p * self.x)) @ (1.0 / (1.0 + ratio)) / gamma
        gradient = np.array(
            [
                (n * kinds) @ (both - psi(p * kinds)) - by_p,
                n @ (both - psi(q)) - by_q,
                by_gamma,
            ]
        )
        value = self.constant - n @ betaln(p * kinds, q) - q * by_q - p * by_p
        return float(value), gradient * np.array(model.values)
