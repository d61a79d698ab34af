"""When simulated users act: visits over an active period, bent by calendar and habit.

All time here is in days from the start of the log, which is a Monday. Visits are first laid out
in the user's own even time and then bent by monotone maps (growth, season, week, hour of day), so
that order, first and last visit are kept. What happens at a visit is told in ``scenarios``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Integers = NDArray[np.int64]

END = datetime(2025, 6, 30)  # noqa: DTZ001 - log files hold local instants without a zone
"""First instant after the log, a Monday: fixed, so that equal seeds give equal files any day."""

MOST_VISITS = 5_000
"""Largest number of visits of one user, so that a block of users stays small."""


@dataclass(frozen=True)
class Rhythm:
    """How the calendar shapes a scenario.

    ``months`` are activity levels of the calendar months, ``weekdays`` of Monday to Friday and
    ``weekend`` of Saturday and Sunday among themselves (how much of a week falls on its weekend
    is the user's habit), ``hours`` of the hours of a day. Levels are relative.
    """

    months: tuple[float, ...]
    weekdays: tuple[float, ...]
    weekend: tuple[float, ...]
    hours: tuple[float, ...]


@dataclass(frozen=True)
class Visits:
    """Visits of a block of users, user by user, in the order of time.

    ``user`` is the position within the block, ``at_days`` the instant in days from the start.
    """

    user: Integers
    at_days: Numbers

    def __len__(self) -> int:
        return len(self.user)


def n_log_days(days: int) -> int:
    """Give the whole weeks within ``days``, in days: the length of the log."""
    return days // 7 * 7


def start_of_log(days: int) -> datetime:
    """Give the first instant of the log."""
    return END - timedelta(days=n_log_days(days))


def lay_visits(
    parameters: dict[str, Numbers], rhythm: Rhythm, *, days: int, rng: Generator
) -> Visits:
    """Lay out the visits of users with the given parameters.

    Parameters
    ----------
    parameters : dict of ndarray of shape (n_users,)
        ``visits_per_week``, ``tenure_share`` (of the log, from the first visit to the end),
        ``silent_share`` (of the tenure, from the last visit to the end), ``growth`` (log ratio of
        the visit rate at the last against the first visit), ``regularity`` (shape of the gamma
        gaps: 1 is chance, more is steadier) and ``weekend_share``.
    rhythm : Rhythm
    days : int
        Length of the log in days.
    rng : Generator

    Returns
    -------
    Visits
        At least two per user; the first and the last mark the user's active period. Their
        instants are the parameters' own, at any hour: nobody's recency follows the clock.
    """
    first = days * (1.0 - parameters["tenure_share"])
    last = days - (days - first) * parameters["silent_share"]
    season, week, hours = Season.of(rhythm, days), Week.of(rhythm), Hours.of(rhythm)
    weekend_share = parameters["weekend_share"]
    even_first = season.even(week.even(hours.even(first), weekend_share))
    span = season.even(week.even(hours.even(last), weekend_share)) - even_first
    n_visits = _n_visits(parameters, span, rng)
    user = np.repeat(np.arange(len(first)), n_visits)
    position = _positions(n_visits, user, parameters["regularity"], rng)
    position = _grown(position, parameters["growth"], user)
    even = season.calendar(even_first[user] + position * span[user])
    at_days = hours.calendar(week.calendar(even, weekend_share[user]))
    return Visits(user, np.clip(at_days, 0.0, days - 1e-4))


def _n_visits(parameters: dict[str, Numbers], span: Numbers, rng: Generator) -> Integers:
    """Draw how often users come: a renewal count's normal limit, steadier where regular."""
    expected = parameters["visits_per_week"] * span / 7.0
    scatter = rng.standard_normal(len(span)) * np.sqrt(expected / parameters["regularity"])
    n_visits: Integers = np.clip(np.rint(expected + scatter), 2, MOST_VISITS).astype(np.int64)
    return n_visits


def _positions(n_visits: Integers, user: Integers, regularity: Numbers, rng: Generator) -> Numbers:
    """Place visits in [0, 1] per user with gamma gaps; the first at 0, the last at 1."""
    gaps = rng.standard_gamma(regularity[user])
    starts = np.cumsum(n_visits) - n_visits
    gaps[starts] = 0.0
    along = np.cumsum(gaps)
    along -= along[starts][user]
    return np.asarray(along / along[starts + n_visits - 1][user])


def _grown(position: Numbers, growth: Numbers, user: Integers) -> Numbers:
    """Bend even positions so that the visit rate changes by ``exp(growth)`` along the way."""
    g = np.where(np.abs(growth) < 1e-6, 1e-6, growth)
    return np.asarray(np.log1p(position * np.expm1(g)[user]) / g[user])


@dataclass(frozen=True)
class Season:
    """The year's course: even time against calendar time, equal at both ends."""

    days: Numbers
    even_days: Numbers

    @classmethod
    def of(cls, rhythm: Rhythm, days: int) -> Season:
        """Sum the months' levels along the log, bending smoothly from one month to the next."""
        start = END - timedelta(days=days)
        middles = np.array([_year_day(start + timedelta(days=d + 0.5)) for d in range(days)])
        centres = (np.arange(12) + 0.5) * 365.25 / 12
        levels = np.interp(middles, centres, rhythm.months, period=365.25)
        along = np.concatenate([[0.0], np.cumsum(levels)])
        return cls(np.arange(days + 1.0), along * days / along[-1])

    def even(self, at_days: Numbers) -> Numbers:
        """Turn calendar time into even time."""
        return np.interp(at_days, self.days, self.even_days)

    def calendar(self, even_days: Numbers) -> Numbers:
        """Turn even time into calendar time."""
        return np.interp(even_days, self.even_days, self.days)


def _year_day(at: datetime) -> float:
    return (at - datetime(at.year, 1, 1)) / timedelta(days=1)  # noqa: DTZ001 - as END


@dataclass(frozen=True)
class Week:
    """The week's course: even time against calendar time, equal at every Monday.

    ``weekdays`` and ``weekend`` are the cumulated levels of the two parts of the week, from 0 to
    1; how much of the week the second part takes is each user's own.
    """

    weekdays: Numbers
    weekend: Numbers

    @classmethod
    def of(cls, rhythm: Rhythm) -> Week:
        """Cumulate a rhythm's levels."""
        return cls(_along(rhythm.weekdays), _along(rhythm.weekend))

    def even(self, at_days: Numbers, weekend_share: Numbers) -> Numbers:
        """Turn calendar time into the user's even time."""
        week = np.floor(at_days / 7.0)
        day = at_days - 7.0 * week
        before = np.interp(day, np.arange(6.0), self.weekdays) * (1.0 - weekend_share)
        after = np.interp(day, np.arange(5.0, 8.0), self.weekend) * weekend_share
        return np.asarray(7.0 * (week + before + after))

    def calendar(self, even_days: Numbers, weekend_share: Numbers) -> Numbers:
        """Turn the user's even time into calendar time."""
        week = np.floor(even_days / 7.0)
        part = even_days / 7.0 - week
        weekday_share = 1.0 - weekend_share
        before = np.interp(part / weekday_share, self.weekdays, np.arange(6.0))
        after = np.interp((part - weekday_share) / weekend_share, self.weekend, np.arange(3.0))
        return np.asarray(7.0 * week + before + after)


@dataclass(frozen=True)
class Hours:
    """The day's course: even time against calendar time, equal at every midnight."""

    levels: Numbers

    @classmethod
    def of(cls, rhythm: Rhythm) -> Hours:
        """Cumulate a rhythm's levels."""
        return cls(_along(rhythm.hours))

    def even(self, at_days: Numbers) -> Numbers:
        """Turn calendar time into even time."""
        day = np.floor(at_days)
        return np.asarray(day + np.interp(24.0 * (at_days - day), np.arange(25.0), self.levels))

    def calendar(self, even_days: Numbers) -> Numbers:
        """Turn even time into calendar time."""
        day = np.floor(even_days)
        return np.asarray(day + np.interp(even_days - day, self.levels, np.arange(25.0)) / 24.0)


def _along(levels: tuple[float, ...]) -> Numbers:
    sums = np.concatenate([[0.0], np.cumsum(levels)])
    return np.asarray(sums / sums[-1])
