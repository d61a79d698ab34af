"""How unevenly a total is spread over entities: Lorenz curve, Gini, shares of the largest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.intervals import LEVEL
from segmentry.maths.likelihood import checked_weights

Array = NDArray[np.float64]

TOPS = (0.1, 0.2)
"""Shares of entities, from the largest on, whose share of the total is told."""

DRAWS, DRAWS_OF_MANY, MANY = 999, 199, 20_000
"""Bootstrap draws, and those from so many different values on."""


@dataclass(frozen=True, slots=True)
class Concentration:
    """How a total is spread: all in [0, 1], but for ``effective_share``, which is above 0.

    ``gini`` is 0 where all have the same; ``top_10`` and ``top_20`` are the shares of the total
    that the largest 10 % and 20 % of entities have; ``effective_share`` is the effective number of
    entities (see `effective_number`) over their number.
    """

    gini: float
    top_10: float
    top_20: float
    effective_share: float


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Different values in ascending order, and how many entities have each."""

    values: Array
    counts: Array

    @property
    def curve(self) -> tuple[Array, Array]:
        """Give the Lorenz curve: shares of entities and of the total, from (0, 0) to (1, 1)."""
        people, money = np.cumsum(self.counts), np.cumsum(self.counts * self.values)
        return np.r_[0.0, people / people[-1]], np.r_[0.0, money / money[-1]]


def lorenz_curve(values: Array, at: Array, weights: Array | None = None) -> Array:
    """Give the share of the total that the smallest entities have.

    Parameters
    ----------
    values : ndarray of shape (n,)
        0 or more, some above 0.
    at : ndarray of shape (k,)
        Shares of entities, from the smallest on, in [0, 1].
    weights : ndarray of shape (n,), optional
        How many entities each row stands for.

    Returns
    -------
    ndarray of shape (k,)
        In [0, 1], linear between entities.

    Raises
    ------
    MathsError
        If a value is negative or not finite, all are 0, or there is none.

    References
    ----------
    Lorenz, M. O. (1905). Methods of measuring the concentration of wealth. Publications of the
    American Statistical Association 9, 209-219.

    Examples
    --------
    >>> lorenz_curve(np.array([1.0, 3.0]), np.array([0.5, 1.0]))
    array([0.25, 1.  ])
    """
    return np.interp(at, *_sorted(values, weights).curve)


def concentration(values: Array, weights: Array | None = None) -> Concentration:
    r"""Measure how unevenly a total is spread.

    Parameters
    ----------
    values : ndarray of shape (n,)
        0 or more, some above 0.
    weights : ndarray of shape (n,), optional
        How many entities each row stands for.

    Returns
    -------
    Concentration

    Raises
    ------
    MathsError
        As for `lorenz_curve`.

    Notes
    -----
    Gini is 1 minus twice the area under the Lorenz curve, which is half the mean difference of two
    entities over the mean:

    .. math:: G = \frac{\sum_i \sum_j |v_i - v_j|}{2 n^2 \bar v}

    References
    ----------
    Gini, C. (1914). Sulla misura della concentrazione e della variabilità dei caratteri.

    Examples
    --------
    >>> concentration(np.array([0.0, 0.0, 0.0, 8.0])).gini
    0.75
    """
    return _measured(_sorted(values, weights))


def effective_number(values: Array, weights: Array | None = None) -> float:
    r"""Give how many equal entities would be spread as evenly: the exponential of the entropy.

    Parameters
    ----------
    values, weights : ndarray of shape (n,)
        As for `concentration`.

    Returns
    -------
    float
        From 1 (one has everything) to the number of entities (all have the same).

    Notes
    -----
    .. math:: \exp\left(-\sum_i s_i \ln s_i\right), \quad s_i = v_i / \sum_j v_j

    References
    ----------
    Hill, M. O. (1973). Diversity and evenness: a unifying notation and its consequences. Ecology
    54, 427-432.

    Examples
    --------
    >>> round(effective_number(np.array([5.0, 5.0, 5.0, 0.0])), 6)
    3.0
    """
    found = _sorted(values, weights)
    return _effective_share(found) * float(found.counts.sum())


def concentration_interval(
    values: Array,
    rng: Generator,
    weights: Array | None = None,
    *,
    level: float = LEVEL,
    n_draws: int | None = None,
) -> tuple[Concentration, Concentration]:
    """Bound each measure by its bootstrap interval: entities are drawn anew, with replacement.

    Parameters
    ----------
    values : ndarray of shape (n,)
        As for `concentration`.
    rng : numpy.random.Generator
    weights : ndarray of shape (n,), optional
        Whole numbers: entities that each row stands for.
    level : float, default=0.95
    n_draws : int, optional
        999, or 199 where there are more than 20,000 different values.

    Returns
    -------
    low, high : Concentration
        Quantiles of the draws. They are too narrow where a few entities make most of a total: who
        is not in the sample cannot be drawn.

    References
    ----------
    Efron, B. and Tibshirani, R. (1993). An introduction to the bootstrap, chapter 13.
    """
    found = _sorted(values, weights)
    if (found.counts != np.rint(found.counts)).any():
        msg = "weights must be whole numbers to draw entities from"
        raise MathsError(msg)
    if n_draws is None:
        n_draws = DRAWS if len(found.values) <= MANY else DRAWS_OF_MANY
    n = int(found.counts.sum())
    rows = []
    for _ in range(n_draws):
        counts = rng.multinomial(n, found.counts / n).astype(np.float64)
        # A draw of nobody but those who have nothing has no concentration to speak of.
        if counts @ found.values > 0:
            rows.append(_numbers(_measured(_Sorted(found.values, counts))))
    tail = 0.5 - level / 2.0
    low, high = np.quantile(np.array(rows), [tail, 1.0 - tail], axis=0)
    return Concentration(*low.tolist()), Concentration(*high.tolist())


def _sorted(values: Array, weights: Array | None) -> _Sorted:
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or not len(values):
        msg = f"values must be one column with a row or more, not {values.shape}"
        raise MathsError(msg)
    weights = checked_weights(weights, len(values))
    if not np.isfinite(values).all() or (values < 0).any():
        msg = "a total is spread over values of 0 or more, all finite"
        raise MathsError(msg)
    if not weights @ values > 0:
        msg = "where everybody has 0 there is nothing to be spread"
        raise MathsError(msg)
    kept = weights > 0
    kinds, back = np.unique(values[kept], return_inverse=True)
    counts: Array = np.bincount(back, weights=weights[kept]).astype(np.float64)
    return _Sorted(kinds, counts)


def _measured(found: _Sorted) -> Concentration:
    people, money = found.curve
    area = float((np.diff(people) * (money[1:] + money[:-1])).sum())
    first, second = (1.0 - float(np.interp(1.0 - top, people, money)) for top in TOPS)
    return Concentration(max(1.0 - area, 0.0), first, second, _effective_share(found))


def _effective_share(found: _Sorted) -> float:
    from scipy.special import xlogy

    shares = found.values / float(found.counts @ found.values)
    entropy = -float(found.counts @ xlogy(shares, shares))
    return float(np.exp(entropy)) / float(found.counts.sum())


def _numbers(found: Concentration) -> tuple[float, float, float, float]:
    return found.gini, found.top_10, found.top_20, found.effective_share
