"""The maximum of the BG/NBD likelihood, on different histories with their numbers.

What lives here: the search and its gradient. What does not: the model (``repeat_buying``) and the
steps of the search (``likelihood``).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Self

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.likelihood import checked_weights, maximise
from segmentry.maths.repeat_buying import (
    PARAMETERS,
    RepeatBuying,
    checked_histories,
    count_terms,
    distinct_histories,
    log_likelihood,
    stopped_odds,
)

Array = NDArray[np.float64]

SMALLEST, LARGEST = (1e-3, 1e-5, 1e-3, 1e-3), (1e3, 1e4, 1e3, 1e3)
"""Bounds of the search; alpha's are multiples of the mean time seen."""


@dataclass(frozen=True, slots=True)
class RepeatBuyingFit:
    """The maximum of the likelihood, whether it is one, and which parameters lie on a bound."""

    model: RepeatBuying
    log_likelihood: float
    at_bound: tuple[str, ...]
    is_converged: bool


def fit_repeat_buying(
    x: Array, t_x: Array, T: Array, weights: Array | None = None
) -> RepeatBuyingFit:
    """Fit the model by maximum likelihood, without any penalty.

    Rows that are equal are counted once with their number as weight, so that time grows with the
    number of different rows.

    Parameters
    ----------
    x : ndarray of shape (n,)
        Repeat purchases: whole numbers, 0 or more.
    t_x : ndarray of shape (n,)
        Time from the first purchase to the last; 0 where ``x`` is 0, and above 0 elsewhere.
    T : ndarray of shape (n,)
        Time from the first purchase to the cut, at least ``t_x``.
    weights : ndarray of shape (n,), optional
        How many entities each row stands for.

    Returns
    -------
    RepeatBuyingFit
        Not converged where a parameter lies on its bound, or the likelihood has no one maximum.

    Raises
    ------
    MathsError
        If there is no row, rows break the rules above, or nobody was seen for any time.

    References
    ----------
    Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). "Counting your customers" the easy way:
    an alternative to the Pareto/NBD model. Marketing Science 24, 275-284.
    """
    x, t_x, T = checked_histories(x, t_x, T)
    weights = checked_weights(weights, len(x))
    kept = weights > 0
    rows, index = distinct_histories(x[kept], t_x[kept], T[kept])
    counts: Array = np.bincount(index, weights=weights[kept]).astype(np.float64)
    unit = float(counts @ rows[2] / counts.sum())
    if unit <= 0.0:
        msg = "nobody was seen for any time after the first purchase"
        raise MathsError(msg)
    sample = _Sample.of(rows[0], rows[1] / unit, rows[2] / unit, counts)
    starts = [np.log([0.5, 0.5, 1.0, 3.0]), np.log([0.2, 0.1, 0.3, 10.0])]
    found = maximise(
        sample.objective, starts, np.log(SMALLEST), np.log(LARGEST), n=float(counts.sum())
    )
    model = RepeatBuying.of(np.exp(found.logs) * [1.0, unit, 1.0, 1.0], found.rows)
    return RepeatBuyingFit(
        model,
        float(log_likelihood(model, *rows) @ counts),
        tuple(PARAMETERS[i] for i in found.at_bound),
        found.is_converged,
    )


@dataclass(frozen=True, slots=True)
class _Sample:
    """Rows as the likelihood needs them: what depends on x alone is computed once per x."""

    x: Array
    t_x: Array
    T: Array
    counts: Array
    kinds: Array
    """Different values of x, and how many entities have each."""
    n_of_kind: Array

    @classmethod
    def of(cls, x: Array, t_x: Array, T: Array, counts: Array) -> Self:
        kinds, back = np.unique(x, return_inverse=True)
        n_of_kind: Array = np.bincount(back, weights=counts).astype(np.float64)
        return cls(x, t_x, T, counts, kinds, n_of_kind)

    def objective(self, logs: Array) -> tuple[float, Array]:
        """Give the log-likelihood of all rows and its gradient by the logarithms of parameters."""
        from scipy.special import expit, psi

        model = RepeatBuying.of(np.exp(logs))
        r, alpha, a, b = model.values
        x, t_x, T, counts, kinds = self.x, self.t_x, self.T, self.counts, self.kinds
        odds = stopped_odds(model, x, t_x, T)
        stopped = expit(odds)
        seen = np.log1p(T / alpha)
        times = -(r + x) * seen + np.logaddexp(0.0, odds)
        value = counts @ times + self.n_of_kind @ (count_terms(model, kinds) - kinds * log(alpha))
        waits = seen - stopped * np.log1p((T - t_x) / (alpha + t_x))
        since = 1.0 / (alpha + T) + stopped * (T - t_x) / ((alpha + T) * (alpha + t_x))
        n_stopped = counts @ stopped
        of_last = counts @ (stopped / np.where(x > 0, b + x - 1.0, 1.0))
        fewer = psi(a + b) - psi(a + b + kinds)
        gradient = np.array(
            [
                self.n_of_kind @ (psi(r + kinds) - psi(r)) - counts @ waits,
                self.n_of_kind.sum() * r / alpha - counts @ ((r + x) * since),
                self.n_of_kind @ fewer + n_stopped / a,
                self.n_of_kind @ (fewer + psi(b + kinds) - psi(b)) - of_last,
            ]
        )
        return float(value), gradient * np.array(model.values)
