"""A model of an outcome that no segment learned from, judged on rows that it has not seen.

What lives here: the fit, what it foretells of unseen rows, and how far that came true. What does
not: which outcome is meant (``explain.health``) and the likelihood (``maths.logistic``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.bounded import Bounded
from segmentry.domain.health import RiskGroup
from segmentry.maths.intervals import wilson_interval
from segmentry.maths.logistic import PENALTIES, Logistic, chance, fit_logistic, log_loss
from segmentry.maths.roc import roc_area, roc_area_interval

FEWEST_OF_EITHER = 20
"""Rows of either answer that learning and judging need."""

MOST_ROWS = 6_000
"""Rows that are learned from or judged on: an area is then known to two hundredths."""

MOST_COLUMNS = 60
"""Columns of a model: of more, those that go along with the outcome most."""

N_FOLDS = 5
N_GROUPS = 5
TUNED_ON = 0.3
"""Share of the rows of a fit on which its penalty is tried, before it is fitted on all."""

MANY_ROWS, FEW_SPLITS, MORE_SPLITS = 2_000, 1, 5
"""One such part is enough of many rows; of few it is drawn several times."""


@dataclass(frozen=True, eq=False)
class Risk:
    """A model, and how far what it foretold of unseen rows came true."""

    model: Logistic
    usual: NDArray[np.float64]
    """Mean of each column among those that were learned from."""
    rate: float
    """Share of them to whom it happened."""
    n_judged: int
    area: Bounded
    groups: tuple[RiskGroup, ...]
    has_split: bool
    """Whether a split told who is learned from; else each fifth was judged by the others."""

    @property
    def tells(self) -> bool:
        """Tell whether the interval of the area leaves out that of guessing."""
        return self.area.low > 0.5


def judge_risk(
    X: NDArray[np.float64],
    happened: NDArray[np.bool_],
    learned: NDArray[np.bool_] | None,
    rng: Generator,
) -> Risk | None:
    """Fit the chance of an outcome and judge it on rows that the fit has not seen.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    happened : ndarray of bool, shape (n_rows,)
    learned : ndarray of bool, shape (n_rows,), or None
        Who is learned from, the others judge; without it five folds do both in turn, and the model
        that is given is fitted on all of them.
    rng : Generator

    Returns
    -------
    Risk or None
        None where learning or judging has fewer than 20 rows of either answer.
    """
    if learned is None:
        rows = _some(np.arange(len(X)), rng)
        if _fewest(happened[rows]) < FEWEST_OF_EITHER:
            return None
        told = _by_folds(X[rows], happened[rows], rng)
        train, judged = rows, rows
    else:
        train, judged = (_some(np.flatnonzero(side), rng) for side in (learned, ~learned))
        if min(_fewest(happened[train]), _fewest(happened[judged])) < FEWEST_OF_EITHER:
            return None
        told = np.empty(0)
    model = _fitted(X[train], happened[train], rng)
    if learned is not None:
        told = model.log_odds(X[judged])
    came = happened[judged]
    area = Bounded(roc_area(told, came), *roc_area_interval(told, came))
    groups = tuple(risk_groups(chance(told), came))
    rate = float(happened[train].mean())
    usual = X[train].mean(axis=0)
    return Risk(model, usual, rate, len(judged), area, groups, learned is not None)


def risk_groups(told: NDArray[np.float64], came: NDArray[np.bool_]) -> Iterator[RiskGroup]:
    """Hold forecasts against what came, in fifths by the forecast; equal ones stay together.

    Parameters
    ----------
    told : ndarray of shape (n,), in [0, 1]
    came : ndarray of bool, shape (n,)

    Yields
    ------
    RiskGroup
        The lowest forecasts first; the share that came has Wilson's interval.
    """
    edges = np.unique(np.quantile(told, np.linspace(0.0, 1.0, N_GROUPS + 1)[1:-1]))
    group = np.searchsorted(edges, told, side="left")
    for g in np.unique(group):
        own = group == g
        n, held = int(own.sum()), int(came[own].sum())
        low, high = wilson_interval(held, n)
        yield RiskGroup(n, float(told[own].mean()), held / n, low, high)


def _fewest(happened: NDArray[np.bool_]) -> int:
    return int(min(happened.sum(), (~happened).sum()))


def _some(rows: NDArray[np.int64], rng: Generator) -> NDArray[np.int64]:
    if len(rows) <= MOST_ROWS:
        return rows
    return np.sort(rng.permutation(rows)[:MOST_ROWS])


def _by_folds(
    X: NDArray[np.float64], happened: NDArray[np.bool_], rng: Generator
) -> NDArray[np.float64]:
    """Foretell each fold by the others; folds hold both answers alike."""
    fold = np.empty(len(X), dtype=np.int64)
    for answer in (True, False):
        own = np.flatnonzero(happened == answer)
        fold[rng.permutation(own)] = np.arange(len(own)) % N_FOLDS
    told = np.empty(len(X))
    for f in range(N_FOLDS):
        away = fold == f
        told[away] = _fitted(X[~away], happened[~away], rng).log_odds(X[away])
    return told


def _fitted(X: NDArray[np.float64], happened: NDArray[np.bool_], rng: Generator) -> Logistic:
    """Choose columns and the penalty on these rows alone, and fit on all of them."""
    chosen = _columns(X, happened)
    own = np.ascontiguousarray(X[:, chosen])
    splits = MORE_SPLITS if len(X) < MANY_ROWS else FEW_SPLITS
    losses = np.mean([_losses(own, happened, rng) for _ in range(splits)], axis=0)
    best = PENALTIES[int(np.argmin(np.round(losses, 9)))]
    (model,) = fit_logistic(own, happened, (best,))
    whole = np.zeros(X.shape[1])
    whole[chosen] = model.coefficients
    return Logistic(model.intercept, whole)


def _losses(X: NDArray[np.float64], happened: NDArray[np.bool_], rng: Generator) -> list[float]:
    """Try each penalty on a part of the rows that is drawn for it, of both answers alike."""
    apart = np.zeros(len(X), dtype=bool)
    for answer in (True, False):
        rows = rng.permutation(np.flatnonzero(happened == answer))
        apart[rows[: max(1, round(TUNED_ON * len(rows)))]] = True
    answers = happened[apart].astype(np.float64)
    tried = fit_logistic(X[~apart], happened[~apart])
    return [log_loss(m.log_odds(X[apart]), answers) for m in tried]


def _columns(X: NDArray[np.float64], happened: NDArray[np.bool_]) -> NDArray[np.int64]:
    if X.shape[1] <= MOST_COLUMNS:
        return np.arange(X.shape[1])
    scale = X.std(axis=0)
    gap = np.abs(X[happened].mean(axis=0) - X[~happened].mean(axis=0))
    apart = np.round(np.where(scale > 0, gap / np.where(scale > 0, scale, 1.0), 0.0), 9)
    return np.sort(np.argsort(-apart, kind="stable")[:MOST_COLUMNS])
