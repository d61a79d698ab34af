"""Events over time against their own history: gaps, drops, spikes, and what they are of.

What lives here: robust bounds by weekday, and shares of kinds by week. What does not: reading the
events (``pipeline.watching``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.drift import Sign
from segmentry.domain.percent import percent

WEEK = 7
WEEKS_BACK = 8
"""Weeks before that tell what is usual."""

FEWEST_WEEKS = 4
"""Weeks without which nothing is usual yet."""

SURE = 5.0
"""Robust standard deviations beyond which a day or a week is told."""

LEAST_SPREAD = 0.15
"""Scatter of logarithms of daily numbers that is taken for granted, beside that of counting."""

GAP_OF = 20.0
"""A day without any event is a gap where so many are usual."""

MATERIAL_FACTOR = 1.5
"""A level's share of a week, or a volume, that changed by less does not matter."""

MAD_TO_DEVIATION = 1.4826022185056018
NEW_LEVEL_EVENTS = 3
"""Events of a level that was never there before, in one week, from which on it matters."""

RARE_ENOUGH = 0.01
"""Chance that a level which was always there, as rare as that, shows in the last week alone."""


@dataclass(frozen=True, eq=False)
class Daily:
    """Events of each day: of all, and of each level of each label.

    ``first_day`` counts days since 1970; ``levels`` has, for each label and level, counts as long
    as ``totals``.
    """

    first_day: int
    totals: NDArray[np.int64]
    levels: Mapping[tuple[str, str], NDArray[np.int64]]

    def until(self, n_days: int) -> Daily:
        """Give its first days alone."""
        levels = {k: v[:n_days] for k, v in self.levels.items()}
        return Daily(self.first_day, self.totals[:n_days], levels)


def volume_signs(daily: Daily, n_recent: int) -> list[Sign]:
    """Tell of days that have far fewer or far more events than their weekday had.

    Parameters
    ----------
    daily : Daily
        Whole days, the last of them the day before the cut.
    n_recent : int
        How many of the last days are looked at.

    Returns
    -------
    list of Sign
        At most one each of gaps, drops and spikes, with the day that is farthest off.
    """
    counts = daily.totals.astype(np.float64)
    gaps, drops, spikes = [], [], []
    for day in range(max(len(counts) - n_recent, 0), len(counts)):
        usual = counts[list(range(day - WEEK, -1, -WEEK))[:WEEKS_BACK]]
        # Days of a gap before would make a gap usual.
        usual = usual[usual > 0]
        if len(usual) < FEWEST_WEEKS:
            continue
        z, expected = _far_off(counts[day], usual)
        factor = (counts[day] + 1.0) / (expected + 1.0)
        if counts[day] == 0 and expected >= GAP_OF:
            gaps.append((z, day, expected))
        elif z < -SURE and factor < 1.0 / MATERIAL_FACTOR:
            drops.append((z, day, expected))
        elif z > SURE and factor > MATERIAL_FACTOR:
            spikes.append((z, day, expected))
    told = []
    for about, found in (("gap", gaps), ("drop", drops), ("spike", spikes)):
        if found:
            z, day, expected = max(found, key=lambda f: abs(f[0]))
            name = np.datetime64(daily.first_day + day, "D")
            sentence = (
                f"{len(found)} day{'s' if len(found) > 1 else ''} with a {about} of events; on "
                f"{name} there were {counts[day]:.0f}, after {expected:.0f} on that weekday"
            )
            told.append(Sign("volume", about, sentence, _tail(z)))
    return told


def _far_off(count: float, usual: NDArray[np.float64]) -> tuple[float, float]:
    """Give how far a count lies from what is usual, in robust deviations, and what is usual."""
    logs = np.log(usual + 1.0)
    middle = float(np.median(logs))
    scatter = MAD_TO_DEVIATION * float(np.median(np.abs(logs - middle)))
    expected = float(np.exp(middle)) - 1.0
    counting = 1.0 / max(expected, 1.0)
    # The median of few weeks is not certain itself.
    spread = np.sqrt((max(scatter, LEAST_SPREAD) ** 2) * (1.0 + 1.57 / len(usual)) + counting)
    return float((np.log(count + 1.0) - middle) / spread), expected


def mix_signs(daily: Daily, n_recent: int = WEEK) -> list[Sign]:
    """Tell of levels whose share of the last week's events is far from that of the weeks before.

    Parameters
    ----------
    daily : Daily
        The last seven days are the week in question.
    n_recent : int
        Last days in which a level may be new; a week at least.

    Returns
    -------
    list of Sign
        Also of levels that are new, and of those that are gone.
    """
    n_weeks = min(len(daily.totals) // WEEK, WEEKS_BACK + 1)
    if n_weeks < FEWEST_WEEKS + 1:
        return []
    totals = _by_week(daily.totals, n_weeks)
    since = max(n_recent, WEEK)
    n, n_before = (int(part.sum()) for part in (daily.totals[-since:], daily.totals[:-since]))
    told = []
    for (label, level), counts in sorted(daily.levels.items()):
        own = _by_week(counts, n_weeks)
        if counts[:-since].sum() == 0:
            sign = _new_level(label, level, int(counts[-since:].sum()), n, n_before)
        else:
            sign = _mix_sign(label, level, own, totals)
        if sign is not None:
            told.append(sign)
    return told


def _mix_sign(
    label: str, level: str, own: NDArray[np.float64], totals: NDArray[np.float64]
) -> Sign | None:
    now, before = own[-1], own[:-1]
    n, ns = totals[-1], totals[:-1]
    if n < 1 or (ns < 1).any():
        return None
    expected = float(before.sum() / ns.sum())
    # Events of one entity come together: scatter between weeks tells how much more than chance.
    residuals = (before - expected * ns) / np.sqrt(np.maximum(expected * ns, 1e-9))
    heavier = max(float((residuals**2).sum()) / max(len(before) - 1, 1), 1.0)
    z = (now - expected * n) / np.sqrt(max(heavier * expected * n * (1.0 + n / ns.sum()), 1e-9))
    factor = (now + 1.0) / (expected * n + 1.0)
    if not (factor > MATERIAL_FACTOR or factor < 1.0 / MATERIAL_FACTOR):
        return None
    words = (
        f"{label} {level!r} is {percent(now / n)} of the last week's events, after "
        f"{percent(expected)}"
    )
    return Sign("mix", f"{label} {level}", words, _student_tail(z, len(before) - 1))


def _new_level(label: str, level: str, now: int, n: int, n_before: int) -> Sign | None:
    """Tell of a level that is there for the first time; that it is new needs no test."""
    if now < NEW_LEVEL_EVENTS:
        return None
    # Were all its events drawn from all of history, so often would they fall into the last days.
    chance = (n / max(n + n_before, 1)) ** now
    words = f"{label} {level!r} is new: {now:,} events, none before"
    return Sign("levels", f"{label} {level}", words, 0.0, chance <= RARE_ENOUGH)


def _by_week(counts: NDArray[np.int64], n_weeks: int) -> NDArray[np.float64]:
    """Add up whole weeks, the last of them ending with the last day."""
    last = counts[len(counts) - n_weeks * WEEK :]
    weeks: NDArray[np.float64] = last.reshape(n_weeks, WEEK).sum(axis=1).astype(np.float64)
    return weeks


def _tail(z: float) -> float:
    from scipy.special import ndtr

    return 2.0 * float(ndtr(-abs(z)))


def _student_tail(z: float, degrees: int) -> float:
    from scipy.special import stdtr

    return 2.0 * float(stdtr(max(degrees, 1), -abs(z)))
