"""Who buys again, how often, until they stop: the BG/NBD model of purchases without a contract.

What lives here: the likelihood of a history, the probability to be still active, and purchases to
expect, with standard errors. What does not: the maximum of the likelihood (``repeat_buying_fit``),
and what a purchase is worth (``spend``).

An entity is ``x`` repeat purchases, the last of them ``t_x`` after the first purchase of all, seen
for a time ``T`` after that first purchase, in any one unit of time.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import Self

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.intervals import LEVEL
from segmentry.maths.likelihood import (
    checked_parameters,
    parameter_intervals,
)
from segmentry.maths.quadrature import beta_nodes

Array = NDArray[np.float64]

PARAMETERS = ("r", "alpha", "a", "b")
_NODES = np.array([8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256])
_BLOCK = 20_000
_STEP = 1e-4
_DISCOUNT_NODES = 12


@dataclass(frozen=True, slots=True)
class RepeatBuying:
    """The BG/NBD model: purchase rates are gamma (r, alpha), chances to stop are beta (a, b).

    ``alpha`` is in units of time; ``covariance`` is that of the logarithms of the four, and empty
    where it is not known.
    """

    r: float
    alpha: float
    a: float
    b: float
    covariance: tuple[tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        checked_parameters(PARAMETERS, self.values, self.covariance)

    @property
    def values(self) -> tuple[float, float, float, float]:
        """Give r, alpha, a and b."""
        return self.r, self.alpha, self.a, self.b

    def intervals(self, *, level: float = LEVEL) -> dict[str, tuple[float, float]]:
        """Bound each parameter by its interval, symmetric in the logarithm; none is negative."""
        return parameter_intervals(PARAMETERS, self.values, self.covariance, level=level)

    @classmethod
    def of(cls, values: Array, covariance: tuple[tuple[float, ...], ...] = ()) -> Self:
        """Build the model from r, alpha, a and b in this order."""
        r, alpha, a, b = (float(v) for v in values)
        return cls(r, alpha, a, b, covariance)


def log_likelihood(model: RepeatBuying, x: Array, t_x: Array, T: Array) -> Array:
    r"""Give the log-likelihood of each row.

    Parameters
    ----------
    model : RepeatBuying
    x, t_x, T : ndarray of shape (n,)

    Returns
    -------
    ndarray of shape (n,)

    Notes
    -----
    .. math::
        \frac{B(a, b+x)}{B(a, b)} \frac{\Gamma(r+x)\,\alpha^r}{\Gamma(r)} \left[
        (\alpha+T)^{-(r+x)} + \delta_{x>0} \frac{a}{b+x-1} (\alpha+t_x)^{-(r+x)} \right]

    Fader, Hardie and Lee (2005), equation 6; the sum in brackets is taken in logarithms.
    """
    # alpha ** r / (alpha + T) ** (r + x), written so that nothing large is taken from as large.
    times = -model.r * np.log1p(T / model.alpha) - x * np.log(model.alpha + T)
    odds = stopped_odds(model, x, t_x, T)
    result: Array = count_terms(model, x) + times + np.logaddexp(0.0, odds)
    return result


def probability_active(model: RepeatBuying, x: Array, t_x: Array, T: Array) -> Array:
    r"""Give the probability that each entity has not stopped for good.

    The model lets nobody stop before the first repeat purchase: it is 1 where ``x`` is 0.

    Parameters
    ----------
    model : RepeatBuying
    x, t_x, T : ndarray of shape (n,)

    Returns
    -------
    ndarray of shape (n,)
        In [0, 1].

    Notes
    -----
    .. math:: \left[1 + \delta_{x>0} \frac{a}{b+x-1}
        \left(\frac{\alpha+T}{\alpha+t_x}\right)^{r+x}\right]^{-1}
    """
    from scipy.special import expit

    return np.asarray(expit(-stopped_odds(model, x, t_x, T)), dtype=np.float64)


def probability_purchase(
    model: RepeatBuying, x: Array, t_x: Array, T: Array, horizon: float
) -> Array:
    """Give the probability of at least one purchase in the time ``horizon`` after the cut.

    Who is active does not stop before the next purchase, so it is the probability to be active
    times that of a gamma mixture of Poisson processes not to stay at nothing.
    """
    _, alpha, _, _ = model.values
    some = -np.expm1(-(model.r + x) * np.log1p(horizon / (alpha + T)))
    result: Array = probability_active(model, x, t_x, T) * some
    return result


def expected_purchases(
    model: RepeatBuying, x: Array, t_x: Array, T: Array, horizon: float
) -> Array:
    r"""Give the number of purchases to expect in the time (0, horizon] after the cut.

    Parameters
    ----------
    model : RepeatBuying
    x, t_x, T : ndarray of shape (n,)
    horizon : float
        0 or more, in the same unit of time.

    Returns
    -------
    ndarray of shape (n,)

    Notes
    -----
    Fader, Hardie and Lee (2005), equation 10, with :math:`c = a+b+x-1`:

    .. math::
        \frac{c}{a-1} \left[1 - \left(\frac{\alpha+T}{\alpha+T+h}\right)^{r+x}
        {}_2F_1\left(r+x, b+x; c; \frac{h}{\alpha+T+h}\right)\right] P(\text{active})

    As written it is 0/0 at a = 1, and the hypergeometric function overflows for large x. It is
    Euler's integral of it that is computed, whose terms are all positive:

    .. math:: E_{p \sim \text{Beta}(a, b+x)}\left[
        \frac{1 - (1 + p\,h/(\alpha+T))^{-(r+x)}}{p}\right]

    by Gauss's quadrature for that beta density (Golub and Welsch 1969).
    """
    if not horizon >= 0.0:
        msg = f"a horizon is 0 or more, not {horizon}"
        raise MathsError(msg)
    active = probability_active(model, x, t_x, T)
    return active * _while_active(model, x, horizon / (model.alpha + T))


def expected_purchases_of_new(model: RepeatBuying, horizon: float) -> float:
    """Give the repeat purchases to expect of an entity in the time after its first purchase."""
    nothing = np.zeros(1)
    return float(expected_purchases(model, nothing, nothing, nothing, horizon)[0])


def discounted_purchases(
    model: RepeatBuying, x: Array, t_x: Array, T: Array, horizon: float, *, rate: float
) -> Array:
    r"""Give the purchases to expect, each worth less the later it comes.

    Parameters
    ----------
    model : RepeatBuying
    x, t_x, T : ndarray of shape (n,)
    horizon : float
    rate : float
        Continuous rate per unit of time, 0 or more; 0 gives `expected_purchases`.

    Returns
    -------
    ndarray of shape (n,)

    Notes
    -----
    .. math:: \int_0^h e^{-\rho u}\,dE(u) = e^{-\rho h} E(h) + \rho \int_0^h e^{-\rho u} E(u)\,du
    """
    total = expected_purchases(model, x, t_x, T, horizon)
    if rate == 0.0 or horizon == 0.0:
        return total
    nodes, shares = np.polynomial.legendre.leggauss(_DISCOUNT_NODES)
    total = total * exp(-rate * horizon)
    for node, share in zip(nodes, shares, strict=True):
        u = horizon * (1.0 + float(node)) / 2.0
        total += (
            rate
            * exp(-rate * u)
            * horizon
            * float(share)
            / 2.0
            * expected_purchases(model, x, t_x, T, u)
        )
    return total


def log_gradient(model: RepeatBuying, x: Array, t_x: Array, T: Array, horizon: float) -> Array:
    """Give how the logarithm of `expected_purchases` moves with the logarithm of each parameter.

    Returns
    -------
    ndarray of shape (n, 4)
        By central differences. With the covariance C of the logarithms, ``sqrt(g' C g)`` is the
        standard error of the logarithm of an expectation (delta method).
    """
    columns = []
    for i in range(4):
        logs = []
        for step in (_STEP, -_STEP):
            values = np.array(model.values)
            values[i] *= exp(step)
            moved = RepeatBuying.of(values)
            active = -np.logaddexp(0.0, stopped_odds(moved, x, t_x, T))
            logs.append(active + np.log(_while_active(moved, x, horizon / (moved.alpha + T))))
        columns.append((logs[0] - logs[1]) / (2 * _STEP))
    return np.column_stack(columns)


def log_error(gradient: Array, covariance: tuple[tuple[float, ...], ...]) -> Array:
    """Give the standard error behind each row of a gradient: ``sqrt(g' C g)``."""
    C = np.array(covariance)
    result: Array = np.sqrt(np.maximum(((gradient @ C) * gradient).sum(axis=1), 0.0))
    return result


def checked_histories(x: Array, t_x: Array, T: Array) -> tuple[Array, Array, Array]:
    """Refuse rows that no purchase history can have.

    Raises
    ------
    MathsError
        It says which rule is broken, and by how many rows.
    """
    x, t_x, T = (np.asarray(v, dtype=np.float64) for v in (x, t_x, T))
    if x.ndim != 1 or not (x.shape == t_x.shape == T.shape) or not len(x):
        msg = f"x {x.shape}, t_x {t_x.shape} and T {T.shape} must be as long, with a row or more"
        raise MathsError(msg)
    with np.errstate(invalid="ignore"):
        broken = {
            "a number is missing or infinite": ~np.isfinite(x + t_x + T),
            "x is no whole number of 0 or more": (x < 0) | (x != np.rint(x)),
            "t_x lies beyond T": t_x > T,
            "t_x is not 0 where x is 0, or not above 0 elsewhere": (t_x > 0) != (x > 0),
        }
    for rule, rows in broken.items():
        if rows.any():
            msg = f"in {int(rows.sum())} of {len(x)} rows {rule}"
            raise MathsError(msg)
    return x, t_x, T


def distinct_histories(
    x: Array, t_x: Array, T: Array
) -> tuple[tuple[Array, Array, Array], NDArray[np.intp]]:
    """Give each different history once, in order, and the index of its own for each row.

    Time is counted in whole days, so that many entities share one history.

    Parameters
    ----------
    x, t_x, T : ndarray of shape (n,)

    Returns
    -------
    histories : tuple of three ndarrays of shape (n_different,)
    index : ndarray of int, shape (n,)
    """
    order = np.lexsort((T, t_x, x))
    x, t_x, T = x[order], t_x[order], T[order]
    is_first = np.ones(len(x), dtype=bool)
    is_first[1:] = (x[1:] != x[:-1]) | (t_x[1:] != t_x[:-1]) | (T[1:] != T[:-1])
    index = np.empty(len(x), dtype=np.intp)
    index[order] = np.cumsum(is_first) - 1
    return (x[is_first], t_x[is_first], T[is_first]), index


def stopped_odds(model: RepeatBuying, x: Array, t_x: Array, T: Array) -> Array:
    """Give the logarithm of the odds of having stopped; minus infinity where ``x`` is 0.

    Parameters
    ----------
    model : RepeatBuying
    x, t_x, T : ndarray of shape (n,)
    """
    r, alpha, a, b = model.values
    waited = np.log1p((T - t_x) / (alpha + t_x))
    odds = log(a) - np.log(b + np.maximum(x, 1.0) - 1.0) + (r + x) * waited
    return np.where(x > 0, odds, -np.inf)


def _while_active(model: RepeatBuying, x: Array, s: Array) -> Array:
    """Give the purchases to expect of those who are active; ``s`` is horizon over alpha + T.

    The number of nodes follows from the row alone, so that its answer does not depend on others.
    """
    wanted = 14.0 / np.log1p(1.0 / np.maximum(s, 1e-12))
    n_nodes = _NODES[np.minimum(np.searchsorted(_NODES, wanted), len(_NODES) - 1)]
    keys, groups = np.unique(np.column_stack([x, n_nodes]), axis=0, return_inverse=True)
    order = np.argsort(groups.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(groups.ravel(), minlength=len(keys)))
    result = np.empty(len(x))
    for (repeats, n), start, end in zip(keys, np.r_[0, ends[:-1]], ends, strict=True):
        p, shares = beta_nodes(model.a, model.b + repeats, int(n))
        for first in range(start, end, _BLOCK):
            rows = order[first : min(first + _BLOCK, end)]
            # Column by column: a row's sum then has one order, alone or among others.
            own, total = s[rows], np.zeros(len(rows))
            for node, share in zip(p, shares, strict=True):
                total -= np.expm1(-(model.r + repeats) * np.log1p(node * own)) * (share / node)
            result[rows] = total
    return result


def count_terms(model: RepeatBuying, x: Array) -> Array:
    """Give the part of the log-likelihood that depends on the number of purchases alone.

    Parameters
    ----------
    model : RepeatBuying
    x : ndarray of shape (n,)
    """
    from scipy.special import gammaln

    r, _, a, b = model.values
    result: Array = (
        gammaln(r + x)
        - gammaln(r)
        + (gammaln(a + b) - gammaln(a + b + x))
        + (gammaln(b + x) - gammaln(b))
    )
    return result
