"""Dates that cannot be when something happened: in the future, long ago, far from all others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from segmentry.projectfile.findings.edit import Edit
from segmentry.projectfile.findings.finding import Finding, rows_do
from segmentry.projectfile.findings.look import Look, says
from segmentry.projectfile.findings.rows import Answer, Ask
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column

MOST_STRAY = 0.05
"""Share of the dates up to which those outside are mistakes."""

FEWEST = 20
"""With fewer events than this there is no bulk to be far from."""

FAR_AHEAD = timedelta(days=366)
"""No clock goes wrong by more; dates beyond it are told however many there are."""

FIRST = "1990-01-01"
"""Hardly any log of behaviour is older; 1900 and 1970 are the zeros of programs."""

AHEAD = ("due", "expiry", "expire", "expiration", "renewal", "end", "delivery", "planned", "next",
         "deadline", "until", "valid", "contract", "scheduled", "estimated", "departure", "arrival",
         "checkin", "checkout", "booking", "reservation", "appointment")  # fmt: skip
"""Dates of these may well lie ahead."""

_BEHIND = ("birth", "born", "founded", "dob", "established")


@dataclass(frozen=True, slots=True)
class Days:
    """The days with events, in order: since 1970, how many events, and when they begin and end.

    ``ends`` has shape (n_days, 2): the first and the last second of the day with an event.
    """

    at: NDArray[np.int64]
    counts: NDArray[np.int64]
    ends: NDArray[np.float64]

    def between(self, first: int, last: int) -> Days:
        """Give the days from one position to another."""
        inside = slice(first, last + 1)
        return Days(self.at[inside], self.counts[inside], self.ends[inside])


def impossible_dates(look: Look) -> Iterator[Finding]:
    """Find dates in the future and before 1990, in every column of dates."""
    dates: list[tuple[str, str, Column | None]] = [
        (c.name, quote(c.name), c) for c in look.survey.columns if c.kind == "time"
    ]
    time = look.sql("time")
    if time is not None and look.field("time") is None:
        dates.append((look.source.columns["time"], time, None))
    asks, meant = [], []
    for name, sql, column in dates:
        at = f"CAST({sql} AS TIMESTAMP)"
        if column is None or not says(column, *AHEAD):
            asks.append(Ask(f"{at} > TIMESTAMP '{look.today:%Y-%m-%d %H:%M:%S}'", at))
            meant.append(("future_dates", name, column, f"after today, {look.today:%Y-%m-%d}"))
        if column is None or not says(column, *_BEHIND):
            asks.append(Ask(f"{at} < TIMESTAMP '{FIRST}'", at))
            meant.append(("early_dates", name, column, f"before {FIRST[:4]}"))
    for told, ask, answer in zip(meant, asks, look.rows.measure(asks), strict=True):
        if 0 < answer.count <= MOST_STRAY * look.n_rows:
            yield _finding(told, ask, answer, look)
        elif answer.count and told[0] == "future_dates":
            yield from _far_ahead(told, ask, look)


def _far_ahead(
    told: tuple[str, str, Column | None, str], ask: Ask, look: Look
) -> Iterator[Finding]:
    """Tell dates that lie more than a year ahead, though they are no exception in their column."""
    limit = look.today + FAR_AHEAD
    far = Ask(f"{ask.value} > TIMESTAMP '{limit:%Y-%m-%d %H:%M:%S}'", ask.value)
    answer = look.rows.measure([far])[0]
    if answer.count:
        kind, name, column, _ = told
        words = f"more than a year after today, {look.today:%Y-%m-%d}"
        found = _finding((kind, name, column, words), far, answer, look)
        # Leaving them out would leave nothing: what they stand for has to be found out.
        advice = f"look what writes {name!r}: a stand-in such as 9999-12-31, or another calendar"
        yield replace(found, edit=None, advice=advice)


def _finding(
    told: tuple[str, str, Column | None, str], ask: Ask, answer: Answer, look: Look
) -> Finding:
    kind, name, column, words = told
    is_time = look.source.columns.get("time") == name
    kept = f"coalesce({quote(name) if column else name} {{}}, true)"
    bound = f"<= '{look.today:%Y-%m-%d %H:%M:%S}'" if kind == "future_dates" else f">= '{FIRST}'"
    return Finding(
        kind,
        "warning",
        f"{rows_do(answer.count, look.n_rows, 'have')} a {name!r} {words}",
        (name,),
        answer.count,
        look.n_rows,
        answer.examples,
        rows=ask.condition,
        edit=Edit("where", kept.format(bound)) if is_time else None,
        advice="" if is_time else f"correct {name!r} in the source, or write such dates as empty",
    )


def stray_dates(look: Look) -> Iterator[Finding]:
    """Find events so far from all others that a run leaves them out of its cut.

    A silence longer than a year, and longer than the middle nine tenths of the events took, lies
    between them and the rest.
    """
    days = look_days(look, "true")
    if days is None:
        return
    at, counts = days.at, days.counts
    first, last = stray_range(days)
    early, late = int(counts[:first].sum()), int(counts[last + 1 :].sum())
    count = early + late
    if not count or count > MOST_STRAY * counts.sum():
        return
    time, name = look.sql("time"), look.source.columns["time"]
    low, high = (str(np.datetime64(int(d), "D")) for d in (at[first], at[last] + 1))
    value = f"CAST({time} AS TIMESTAMP)"
    far = f"({value} < '{low}' OR {value} >= '{high}')"
    possible = f"{value} >= '{FIRST}' AND {value} <= '{look.today:%Y-%m-%d %H:%M:%S}'"
    if not look.rows.count([f"{far} AND {possible}"])[0]:
        # All of them are told as dates in the future or long ago.
        return
    mapped = quote(name) if name in look.survey.names else name
    yield Finding(
        "stray_dates",
        "warning",
        f"{rows_do(count, look.n_rows, 'have')} a {name!r} far from all others, which lie between"
        f" {low} and {np.datetime64(int(at[last]), 'D')}; a run leaves later ones out of its cut",
        (name,),
        count,
        look.n_rows,
        look.rows.most_frequent(value, far),
        rows=far,
        edit=Edit("where", f"coalesce({mapped} >= '{low}' and {mapped} < '{high}', true)"),
    )


def stray_range(found: Days) -> tuple[int, int]:
    """Give the positions of the first and the last day that is not stray."""
    days, counts = found.at, found.counts
    if counts.sum() < FEWEST:
        return 0, len(days) - 1
    upto, n = np.cumsum(counts), counts.sum()
    low = int(np.searchsorted(upto, np.ceil(0.05 * (n - 1)), side="right"))
    high = int(np.searchsorted(upto, np.floor(0.95 * (n - 1)), side="right"))
    silence = max(366, int(days[high] - days[low]))
    far = np.flatnonzero(np.diff(days) > silence)
    before, after = far[far < low], far[far >= high]
    start = int(before[-1]) + 1 if len(before) else 0
    return start, int(after[0]) if len(after) else len(days) - 1


def look_days(look: Look, condition: str) -> Days | None:
    """Give the days with events that meet a condition; None where nothing tells when they were."""
    time = look.sql("time")
    if not look.is_events or time is None:
        return None
    at = f"CAST({time} AS TIMESTAMP)"
    seconds = f"epoch({at})"
    found = look.rows.ask(
        "d, count(*), min(s) - d * 86400, max(s) - d * 86400",
        "GROUP BY d ORDER BY d",
        table=f"(SELECT CAST(floor({seconds} / 86400) AS BIGINT) AS d, {seconds} AS s FROM t"
        f" WHERE {time} IS NOT NULL AND ({condition}))",
    )
    if not found:
        return None
    days, counts, firsts, lasts = (np.array(v) for v in zip(*found, strict=True))
    return Days(days.astype(np.int64), counts.astype(np.int64), np.column_stack([firsts, lasts]))
