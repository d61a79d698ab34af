"""Sessions, trends, rhythm: how events follow one another."""

from __future__ import annotations

from cmath import exp
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, pi
from statistics import fmean, linear_regression, median, pstdev

from plainly.base import DAY, MOMENT, Entity, Value, added, distinct, known, ratio, with_known

_HOURS = {
    "morning": range(6, 12),
    "afternoon": range(12, 18),
    "evening": range(18, 24),
    "night": range(6),
}
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def sessions(e: Entity) -> dict[str, Value]:
    """Sessions by id, or visits by pauses."""
    groups = e.visits()
    lengths = [(max(x.at for x in g) - min(x.at for x in g)) / timedelta(minutes=1) for g in groups]
    n = distinct(e.seen, "session_id")
    minutes = ratio(sum(lengths), len(groups))
    return {
        "n_sessions": n,
        "n_visits": len(groups),
        "events_per_session": ratio(len(with_known(e.seen, "session_id")), n),
        "events_per_visit": ratio(len(e.seen), len(groups)),
        "session_minutes": minutes,
        "visit_minutes": minutes,
        "bounce_share": ratio(sum(len(g) == 1 for g in groups), len(groups)),
        "orders_per_session": ratio(distinct(e.seen, "order_id"), n),
    }


def trend(e: Entity) -> dict[str, Value]:
    """Where behaviour is going."""
    counts = [len(e.recent(place)) for place in range(6)]
    now, before, earlier = counts[:3]
    spent, spent_before = (
        float(sum(a for a in known(e.recent(place), "amount") if a > 0)) for place in (0, 1)
    )
    half_life = e.window.decay_half_life_days
    decayed = [
        round(0.5 ** (((e.cut - x.at) / DAY) / half_life) * float(x.amount), 9)
        for x in with_known(e.seen, "amount")
    ]
    return {
        "trend": (now - before) / (now + before + 2),
        "value_trend": ratio(spent - spent_before, spent + spent_before),
        "recent_prior_ratio": (now + 1) / (before + 1),
        "slope": linear_regression(range(6), counts[::-1]).slope,
        "momentum": now / ((sum(counts) + 1) / 6),
        "acceleration": ((now - before) - (before - earlier)) / (now + 2 * before + earlier + 4),
        "trajectory": _trajectory(e, now, before),
        "decayed_value": None if e.seen and not decayed else sum(decayed),
        "share_of_life_recent": now / len(e.history),
    }


def _trajectory(e: Entity, now: int, before: int) -> str:
    if not now:
        return "dormant"
    if not before:
        return "revived" if len(e.history) > now else "new"
    change = (now - before) / (now + before + 2)
    if abs(change) <= 0.2:
        return "stable"
    return "increasing" if change > 0 else "declining"


def gaps(e: Entity) -> dict[str, Value]:
    """How long entities are away."""
    found = [g / DAY for g in e.gaps(e.seen)]
    seconds = [ceil(g / timedelta(seconds=1)) for g in e.gaps(e.seen)]
    enough = len(seconds) >= 3
    spread, mean = (pstdev(seconds), fmean(seconds)) if enough else (0.0, 1.0)
    silences = [g / DAY for g in e.gaps(e.history)] + [(e.cut - e.history[-1].at) / DAY]
    return {
        "gap_median_days": median(found) if found else None,
        "gap_mean_days": fmean(found) if found else None,
        "regularity": 1 / (1 + spread / mean) if enough else None,
        "burstiness": (spread - mean) / (spread + mean) if enough else None,
        "longest_silence_days": max(silences),
    }


def next_ones(e: Entity) -> dict[str, Value]:
    """How long it takes until something follows."""
    told: dict[str, Value] = {}
    in_order = sorted(with_known(e.seen, "kind"), key=lambda x: (x.at, x.kind))
    for meaning in ("purchase", "view", "cart", "login", "ticket", "open", "learn"):
        kinds = e.choice.kinds[meaning]
        waits = [(b.at - a.at) / DAY for a, b in pairwise(in_order) if a.kind in kinds]
        told[f"days_after_{meaning}"] = median(w) if (w := [x for x in waits if x > 0]) else None
    for meaning in ("purchase", "login", "ticket"):
        rows = e.meaning(meaning)
        whole = (rows[-1].at - rows[0].at) / DAY if rows else None
        told[f"days_between_{meaning}s"] = ratio(whole, len(rows) - 1)
    return told


def streaks(e: Entity) -> dict[str, Value]:
    """Days in a row."""
    active = sorted(set(e.dates(e.seen)))
    runs: list[list[date]] = []
    for day in active:
        if not runs or (day - runs[-1][-1]).days != 1:
            runs.append([])
        runs[-1].append(day)
    today = e.local(e.cut - MOMENT).date()
    return {
        "longest_streak_days": max(map(len, runs), default=None),
        "current_streak_days": next((len(r) for r in runs if (today - r[-1]).days < 2), 0),
    }


def clock(e: Entity) -> dict[str, Value]:
    """Hours, weekdays and seasons, where there are at least five events."""
    at = [e.local(x.at) for x in e.seen]
    enough, n = len(at) >= 5, len(at)

    def share(count: int) -> float | None:
        return count / n if enough else None

    places = [exp(2j * pi * t.hour / 24) for t in at]
    since = date(1970, 1, 1)
    years = [(t.date() - since).days / 365.2425 for t in at]
    seasons = [exp(2j * pi * int((y % 1) * 12) / 12) for y in years]
    days = [t.weekday() for t in at]
    return {
        "weekend_share": share(sum(d >= 5 for d in days)),
        "office_hours_share": share(sum(t.weekday() < 5 and 9 <= t.hour < 17 for t in at)),
        **{f"{p}_share": share(sum(t.hour in hours for t in at)) for p, hours in _HOURS.items()},
        **{f"{day}_share": share(days.count(i)) for i, day in enumerate(_WEEK)},
        "weekday_concentration": sum((days.count(i) / n) ** 2 for i in range(7))
        if enough
        else None,
        "hour_concentration": abs(sum(places)) / n if enough else None,
        "seasonality_strength": abs(sum(seasons)) / n if enough and e.tenure >= 365 else None,
    }


FAMILIES = (sessions, trend, gaps, next_ones, streaks)
CLOCK = (clock,)


def measured(e: Entity) -> dict[str, Value]:
    """Columns that a project measures: minutes add up, a rating does not."""
    return {
        "mean_minutes": ratio(added(e.seen, "minutes"), len(known(e.seen, "minutes"))),
        "total_minutes": added(e.seen, "minutes"),
        "mean_rating": ratio(added(e.seen, "rating"), len(known(e.seen, "rating"))),
    }
