"""Effort and money shared out over segments by effects that somebody measured.

What lives here: which segments may get anything, the programme, and what is said of its answer.
What does not: solving it (``maths.allocation``), and any effect of our own. Read on in
``docs/methods/allocate.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.allocation import Allocation, Capacity, Share
from segmentry.domain.playbook import Effect, Priority
from segmentry.errors import UsageError
from segmentry.explain.priority import priorities
from segmentry.explain.word import figure
from segmentry.maths.allocation import best_counts, shadow_prices, sum_interval

MONEY, HOURS = "money", "hours"

UNKNOWN = "no effect given"
UNSHOWN = "the interval of its effect includes 0: a test would tell more than a campaign"
LOSING = "costs more than it brings"
MAY_LOSE = "may cost more than it brings"
ALL = "all of its members"
AS_FAR = "limited by the {}"
NOTHING_LEFT = "others bring more for the {} that they need"


def allocated(
    segments: Sequence[Mapping[str, Any]],
    effects: Sequence[Effect],
    *,
    budget: float | None = None,
    hours: float | None = None,
    explore: bool = False,
    robust: bool = False,
) -> Allocation:
    """Share out money and hours so that the expected value is largest.

    Parameters
    ----------
    segments : sequence of mapping
        As ``segments.json`` has them: ``name``, ``size`` and ``share``.
    effects : sequence of Effect
        At most one per segment; a segment without one gets nothing.
    budget, hours : float, optional
        What there is; at least one.
    explore : bool
        Whether a segment may get something though the interval of its effect includes 0.
    robust : bool
        Whether the value at the lower ends of the intervals is made largest instead.

    Returns
    -------
    Allocation

    Raises
    ------
    UsageError
        For an effect on a segment that there is not; where there is neither money nor hours; where
        no effect says what a member needs of them; or for a number below 0.
    """
    capacities = _capacities(budget, hours, effects)
    ordered = priorities(segments, effects)
    reasons = [_barred(p, explore=explore, robust=robust) for p in ordered]
    gains = np.array(
        [_gain(p, bar, robust=robust) for p, bar in zip(ordered, reasons, strict=True)]
    )
    most = np.array([p.size for p in ordered], dtype=np.int64)
    needs = np.array([[_need(p.effect, name) for p in ordered] for name in capacities])
    there = np.array(list(capacities.values()))
    counts = best_counts(gains, most, needs, there)
    prices = shadow_prices(gains, most, needs, there)
    found = tuple(
        Capacity(name, given, float(needs[i] @ counts), float(prices[i]))
        for i, (name, given) in enumerate(capacities.items())
    )
    short = _listed([c.name for c in found if c.price > 0]) or _listed(list(capacities))
    shares = tuple(
        _share(p, int(n), bar, short) for p, n, bar in zip(ordered, counts, reasons, strict=True)
    )
    return _told(shares, found, robust=robust)


def _capacities(
    budget: float | None, hours: float | None, effects: Sequence[Effect]
) -> dict[str, float]:
    given = {name: n for name, n in ((MONEY, budget), (HOURS, hours)) if n is not None}
    if not given:
        msg = "there is nothing to share out"
        raise UsageError(msg, hint="give a budget, hours, or both")
    columns = {MONEY: "cost", HOURS: "hours"}
    for name, n in given.items():
        if not (np.isfinite(n) and n >= 0):
            msg = f"there cannot be {n:g} of {name}"
            raise UsageError(msg, hint="give a number of 0 or more")
        if not any(_need(e, name) > 0 for e in effects):
            msg = f"no effect says what a member needs of the {name}"
            raise UsageError(msg, hint=f"fill the column {columns[name]!r} of the effects")
    return given


def _need(effect: Effect | None, name: str) -> float:
    if effect is None:
        return 0.0
    return effect.cost if name == MONEY else effect.hours


def _barred(priority: Priority, *, explore: bool, robust: bool) -> str:
    """Say why a segment gets nothing whatever there is; nothing where it may get something."""
    effect = priority.effect
    if effect is None:
        return UNKNOWN
    if effect.low <= 0.0 <= effect.high and not explore:
        return UNSHOWN
    if effect.effect <= effect.cost:
        return LOSING
    return MAY_LOSE if robust and effect.low <= effect.cost else ""


def _gain(priority: Priority, barred: str, *, robust: bool) -> float:
    if barred or priority.effect is None:
        return 0.0
    effect = priority.effect
    return (effect.low if robust else effect.effect) - effect.cost


def _share(priority: Priority, treated: int, barred: str, short: str) -> Share:
    effect, size = priority.effect, priority.size
    if effect is None:
        return Share(priority.segment, size, 0, None, None, None, 0.0, 0.0, barred)
    value, low, high = (
        # Nobody brings 0, and never -0.
        treated * (e - effect.cost) + 0.0
        for e in (effect.effect, effect.low, effect.high)
    )
    if barred:
        reason = barred
    elif treated == size:
        reason = ALL
    else:
        reason = (AS_FAR if treated else NOTHING_LEFT).format(short)
    return Share(
        priority.segment,
        size,
        treated,
        value,
        low,
        high,
        treated * effect.cost,
        treated * effect.hours,
        reason,
        treated > 0 and low <= 0.0,
    )


def _told(
    shares: tuple[Share, ...], capacities: tuple[Capacity, ...], *, robust: bool
) -> Allocation:
    funded = [s for s in shares if s.treated]
    value, low, high = (_column(funded, name) for name in ("value", "low", "high"))
    ends = sum_interval(value, low, high)
    ordered = sorted(shares, key=lambda s: (-(s.value or 0.0), s.value is None))
    whole, worst = float(value.sum()), float(low.sum())
    sentences = tuple(_sentences(funded, capacities, (whole, *ends, worst), robust=robust))
    return Allocation(tuple(ordered), capacities, whole, *ends, worst, robust, sentences)


def _column(shares: Sequence[Share], name: str) -> NDArray[np.float64]:
    return np.array([getattr(s, name) for s in shares], dtype=np.float64)


def _sentences(
    funded: Sequence[Share],
    capacities: tuple[Capacity, ...],
    ends: tuple[float, float, float, float],
    *,
    robust: bool,
) -> Iterator[str]:
    if not funded:
        yield "No segment gets anything: none has an effect that is shown to be worth its cost."
        return
    value, low, high, worst = map(figure, ends)
    what = "the value at the lower ends of the effects" if robust else "the expected value"
    n, of = sum(s.treated for s in funded), f"{len(funded)} segment{'s' * (len(funded) > 1)}"
    start = f"Acting on {n:,} members of {of} makes {what} largest. By the effect"
    if len(funded) == 1:
        yield f"{start} that was given it brings {value} after its cost ({low} to {high})."
    else:
        yield (
            f"{start}s that were given it brings {value} after its cost ({low} to {high}, where "
            f"they were measured independently; {worst} if all stand at their lower ends)."
        )
    by = "at the lower ends" if robust else "by expectation"
    for c in capacities:
        unit = "hour" if c.name == HOURS else "unit of money"
        more = (
            f"one more {unit} alone would bring {figure(c.price)} {by}, members counted in parts"
            if c.price > 0
            else f"more of it alone would bring nothing, {figure(c.left)} is left"
            if c.left > 1e-6 * c.given
            else "more of it alone would bring nothing"
        )
        yield f"{c.name.capitalize()}: {figure(c.used)} of {figure(c.given)} used; {more}."
    losing = [s.segment for s in funded if s.may_lose]
    if losing:
        yield f"{_listed([repr(s) for s in losing])} {MAY_LOSE}, at the lower end of the effect."
    if any(s.treated < s.size for s in funded):
        yield (
            "Where only some members are acted on, choose them by lot: the effect is that of the "
            "average member, and the others show what came of it."
        )


def _listed(words: Sequence[str]) -> str:
    return (
        words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
    )
