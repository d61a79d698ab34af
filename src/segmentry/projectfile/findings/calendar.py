"""How events lie in time: days without a time, silences, bursts, half days at the ends."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from segmentry.projectfile.findings.dates import Days, look_days, stray_range
from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding, percent, rows_do
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.sql import quote

LONG_SILENCE = 14
"""Days without any event from which on a silence is told."""

BURST = 0.2
"""Share of all events on one day that is no ordinary day."""

FEWEST = 20
"""Events on an ordinary day from which on one sees when a day begins and ends."""

_DAY = 86_400


def calendar(look: Look) -> Iterator[Finding]:
    """Find what is odd about when events happened."""
    found = look_days(look, look.kept)
    if found is None:
        return
    days = found.between(*stray_range(found))
    name = look.source.columns["time"]
    for told in (_resolution, _silences, _burst, _partial):
        yield from told(look, name, days)


def _resolution(_: Look, name: str, days: Days) -> Iterator[Finding]:
    if np.any(days.ends != 0):
        return
    n = int(days.counts.sum())
    yield Finding(
        "day_resolution",
        "info",
        f"all of {name!r} lie at midnight: it tells days, so the order of events within a day and"
        " the hours of the day are not known",
        (name,),
        n,
        n,
        (_date(days.at[0]), _date(days.at[-1])) if len(days.at) > 1 else (_date(days.at[0]),),
    )


def _silences(_: Look, name: str, days: Days) -> Iterator[Finding]:
    gaps = np.diff(days.at) - 1
    # Where events are rare anyway, a fortnight without one means nothing.
    if len(gaps) < 10 or np.median(gaps) > 2:
        return
    long = np.flatnonzero((gaps >= LONG_SILENCE) & (gaps > 5 * np.quantile(gaps, 0.95)))
    long = np.array([i for i in long if _is_busy(days, int(i))], dtype=np.int64)
    if not len(long):
        return
    longest = sorted(long, key=lambda i: -gaps[i])[:3]
    span = int(days.at[-1] - days.at[0]) + 1
    missing = int(gaps[long].sum())
    yield Finding(
        "silence",
        "warning",
        f"for {missing} of {span} days nothing happened to anybody: was the log interrupted?",
        (name,),
        missing,
        span,
        tuple(f"{_date(days.at[i] + 1)} to {_date(days.at[i + 1] - 1)}" for i in longest),
        advice="if the log was interrupted, load what is missing, or cut before it (--as-of)",
    )


def _is_busy(days: Days, gap: int) -> bool:
    """Tell whether most of the days around a gap have events: a log that begins is no silence."""
    last, first = days.at[gap], days.at[gap + 1]
    before = np.sum((days.at <= last) & (days.at > last - 21))
    after = np.sum((days.at >= first) & (days.at < first + 21))
    return bool(min(before, after) >= 10)


def _burst(look: Look, name: str, days: Days) -> Iterator[Finding]:
    n, top = int(days.counts.sum()), int(days.counts.argmax())
    if len(days.at) < 10 or n < 50 or days.counts[top] <= BURST * n:
        return
    day, most = _date(days.at[top]), int(days.counts[top])
    at = f"CAST({look.sql('time')} AS DATE)"
    mapped = quote(name) if name in look.survey.names else name
    yield Finding(
        "burst",
        "warning",
        f"{most:,} events ({percent(most, n)}) are of {day}: a bulk import, or a default date?",
        (name,),
        most,
        n,
        (day,),
        rows=f"{at} = DATE '{day}'",
        edit=Edit("where", f"coalesce(cast({mapped} as date) <> '{day}', true)"),
    )


def _partial(_: Look, name: str, days: Days) -> Iterator[Finding]:
    # Of a day with few events nobody can say when it began.
    if len(days.at) < 10 or np.all(days.ends == 0) or np.median(days.counts) < FEWEST:
        return
    told = []
    if days.ends[0, 0] > np.median(days.ends[1:, 0]) + _DAY / 12 and days.counts[0] < np.median(
        days.counts
    ):
        told.append((days.at[0], f"begins at {_clock(days.ends[0, 0])}", days.counts[0]))
    if days.ends[-1, 1] < np.median(days.ends[:-1, 1]) - _DAY / 12:
        told.append((days.at[-1], f"ends at {_clock(days.ends[-1, 1])}", days.counts[-1]))
    if not told:
        return
    count, n = int(sum(rows for _, _, rows in told)), int(days.counts.sum())
    yield Finding(
        "partial_days",
        "info",
        f"{rows_do(count, n, 'lie')} on a day that the log holds in part only: "
        + " and ".join(f"{_date(day)} {how}" for day, how, _ in told),
        (name,),
        count,
        n,
        tuple(_date(day) for day, _, _ in told),
        advice="it matters only where days are compared",
    )


def _date(day: int) -> str:
    return str(np.datetime64(int(day), "D"))


def _clock(seconds: float) -> str:
    minutes = int(seconds) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
