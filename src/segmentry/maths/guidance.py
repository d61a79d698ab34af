"""How much each group of columns tells of an outcome, and the weights that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.filling import ridge
from segmentry.maths.ranks import average_ranks

PENALTIES = (0.001, 0.01, 0.1, 1.0, 10.0)
"""Ridge penalties that are tried, in parts of the rows."""

N_FOLDS = 5

STRENGTH = 4.0
"""The group that tells most counts so many times what one counts that tells nothing."""

SURE = 3.0
"""Standard errors that the correlation with unseen outcomes must lie above nothing."""


@dataclass(frozen=True)
class Told:
    """What columns tell of an outcome.

    ``shares``, of shape (n_groups,), are the parts of the variance of the outcome's ranks that each
    group tells together with the others, 0 or more; all zero where columns tell nothing.
    ``correlation`` is that of forecasts with ranks on rows that the regression has not seen, of
    several levels the largest. ``coefficients``, of shape (n_columns, n_levels), and ``intercepts``
    forecast the ranks from columns as they were given.
    """

    shares: NDArray[np.float64]
    correlation: float
    coefficients: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    penalty: float


def told_by(
    X: NDArray[np.float64],
    groups: Sequence[int],
    outcome: NDArray[np.float64],
    *,
    rng: Generator,
) -> Told:
    r"""Measure how much groups of columns tell of an outcome, all of them together.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    groups : sequence of int, of length n_columns
        0 .. n_groups - 1, such as the feature that a column belongs to.
    outcome : ndarray of shape (n_rows, n_levels), finite
    rng : Generator
        Deals rows into folds.

    Returns
    -------
    Told

    Raises
    ------
    MathsError
        If the shapes do not match, or there are fewer rows than twice the folds.

    Notes
    -----
    Ridge regression of the standardised ranks of each level on standardised columns; for an outcome
    of zeros and ones that is the direction of the linear discriminant. The penalty is the one with
    the smallest error on rows left out (five folds), where the forecast must correlate with the
    outcome by three standard errors; else nothing is told. The share of a group is Pratt's measure

    .. math:: \max(0, \mathrm{cov}(X_g b_g, y)) / \mathrm{var}(y),

    the mean over levels. Before the maximum, shares add up to what the regression explains; one
    below nothing belongs to a group that only corrects others, which large coefficients of opposite
    sign would make the most important of all.

    References
    ----------
    Hoerl, A. E. and Kennard, R. W. (1970). Ridge regression: biased estimation for nonorthogonal
    problems. Technometrics 12, 55-67. Pratt, J. W. (1987). Dividing the indivisible: using simple
    symmetry to partition variance explained. Proc. 2nd Int. Conf. in Statistics, 245-260. Hastie,
    T., Tibshirani, R. and Friedman, J. (2009). The Elements of Statistical Learning, sections 4.3
    and 7.10.
    """
    n, p = X.shape
    if len(groups) != p or len(outcome) != n or outcome.ndim != 2 or n < 2 * N_FOLDS:
        msg = f"X of {X.shape}, {len(groups)} groups, outcome of {outcome.shape} do not match"
        raise MathsError(msg)
    spread = X.std(axis=0)
    safe = np.where(spread > 0, spread, 1.0)
    Z = (X - X.mean(axis=0)) / safe
    Y = np.column_stack([_standard_ranks(level) for level in outcome.T])
    folds = rng.permutation(n) % N_FOLDS
    tried = {part: _unseen(Z, Y, folds, part) for part in PENALTIES}
    part = min(PENALTIES, key=lambda q: float(((Y - tried[q]) ** 2).sum()))
    correlation = _correlation(tried[part], Y)
    fits = [ridge(Z, level, penalty=part * n) for level in Y.T]
    own = np.column_stack([coefficients for coefficients, _ in fits])
    n_groups = max(groups, default=-1) + 1
    shares = np.zeros(n_groups)
    if correlation * np.sqrt(n) >= SURE:
        for group in range(n_groups):
            mine = np.asarray(groups) == group
            shares[group] = max(0.0, float((Z[:, mine] @ own[mine] * Y).mean()))
    coefficients = own / safe[:, None]
    starts = np.array([start for _, start in fits]) - X.mean(axis=0) @ coefficients
    return Told(shares, correlation, coefficients, starts, part)


def _standard_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    ranks = average_ranks(values)
    spread = float(ranks.std())
    result: NDArray[np.float64] = (ranks - ranks.mean()) / (spread if spread > 0 else 1.0)
    return result


def _unseen(
    Z: NDArray[np.float64], Y: NDArray[np.float64], folds: NDArray[np.int64], part: float
) -> NDArray[np.float64]:
    """Forecast each row by a regression on the other folds."""
    found = np.zeros_like(Y)
    for fold in range(N_FOLDS):
        seen = folds != fold
        for j, level in enumerate(Y.T):
            weights, start = ridge(Z[seen], level[seen], penalty=part * seen.sum())
            found[~seen, j] = Z[~seen] @ weights + start
    return found


def _correlation(forecast: NDArray[np.float64], Y: NDArray[np.float64]) -> float:
    """Give the largest correlation of any level's forecast with it; 0 where nothing varies."""
    best = 0.0
    for mine, level in zip(forecast.T, Y.T, strict=True):
        if mine.std() > 0 and level.std() > 0:
            best = max(best, float(np.corrcoef(mine, level)[0, 1]))
    return best


def guiding_factors(
    shares: NDArray[np.float64], variances: NDArray[np.float64]
) -> NDArray[np.float64]:
    r"""Give factors for groups of columns, by which what tells more counts more.

    Parameters
    ----------
    shares : ndarray of shape (n_groups,), 0 or more
        What each group tells.
    variances : ndarray of shape (n_groups,)
        Sum of the variances of each group's columns.

    Returns
    -------
    ndarray of shape (n_groups,), above 0
        Ones where nothing is told.

    Notes
    -----
    .. math:: f_g \propto 1 + (S - 1) \sqrt{w_g / \max_h w_h}

    with shares :math:`w` and strength :math:`S = 4`, scaled so that
    :math:`\sum_g f_g^2 v_g = \sum_g v_g`: the squared distances keep their mean, and no group
    counts more than four times as much as another.

    Examples
    --------
    >>> guiding_factors(np.array([1.0, 0.0]), np.array([1.0, 1.0])).round(3)
    array([1.372, 0.343])
    """
    most = float(shares.max(initial=0.0))
    whole = float(variances.sum())
    if most <= 0.0 or whole <= 0.0:
        return np.ones(len(shares))
    factors = 1.0 + (STRENGTH - 1.0) * np.sqrt(shares / most)
    kept = float((factors**2 * variances).sum())
    result: NDArray[np.float64] = factors * np.sqrt(whole / kept)
    return result
