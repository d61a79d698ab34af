"""Where the default cut lies, and which dates are too far from all others to be believed.

What lives here: the rule. What does not: reading events (``events``).

The default cut is a microsecond after the last event. A date is *stray* if a silence lies between
it and the bulk of the data that is longer than a year and longer than the middle nine tenths of
all events took. Ordinary logs grow, fade and pause, but do not fall silent for longer than they
have lasted and then go on with a handful of events.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BULK = (0.05, 0.95)
"""Quantiles of time between which the bulk of the events lies."""

LEAST_SILENCE_DAYS = 366
FEWEST_EVENTS = 20
"""With fewer events than this there is no bulk to be far from."""


@dataclass(frozen=True, slots=True)
class Bulk:
    """The first and last day that are not stray, and how many events lie outside."""

    first_day: int
    last_day: int
    n_before: int
    n_after: int


def bulk_of(days: NDArray[np.int64], counts: NDArray[np.int64]) -> Bulk:
    """Find the days that are not stray.

    Parameters
    ----------
    days : ndarray of int, shape (n_days,)
        Distinct days with events, as days since 1970, ascending.
    counts : ndarray of int, shape (n_days,)
        Events on each.

    Returns
    -------
    Bulk

    Examples
    --------
    >>> bulk_of(np.array([0, 1, 2, 30_000]), np.array([50, 50, 50, 1])).n_after
    1
    """
    n = int(counts.sum())
    if n < FEWEST_EVENTS:
        return Bulk(int(days[0]), int(days[-1]), 0, 0)
    upto = np.cumsum(counts)
    # Positions below the last and above the first row, so that one stray row is never the bulk.
    low = int(np.searchsorted(upto, np.ceil(BULK[0] * (n - 1)), side="right"))
    high = int(np.searchsorted(upto, np.floor(BULK[1] * (n - 1)), side="right"))
    silence = max(LEAST_SILENCE_DAYS, int(days[high] - days[low]))
    far = np.flatnonzero(np.diff(days) > silence)
    before, after = far[far < low], far[far >= high]
    start = int(before[-1]) + 1 if len(before) else 0
    end = int(after[0]) if len(after) else len(days) - 1
    return Bulk(
        int(days[start]), int(days[end]), int(counts[:start].sum()), int(counts[end + 1 :].sum())
    )
