"""Any formula said again in plain Python: what its text promises, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from math import ceil, log, sqrt
from statistics import median
from typing import Any

from plainly.base import DAY, MOMENT, Entity, Event, Value
from segmentry.domain.formula import (
    Aggregate,
    Condition,
    Constant,
    Days,
    Formula,
    Function,
    Larger,
    Measure,
    Operation,
    Over,
    Reached,
    Where,
    Words,
)

Row = Mapping[str, Any]
"""A row by its fields; ``at`` is its instant, ``events`` are those of a group."""


def told(formula: Formula | Words, e: Entity) -> Value:
    """Say a formula of one entity."""
    if isinstance(formula, Words):
        return _word(formula, e)
    if isinstance(formula, Constant):
        return formula.value
    if isinstance(formula, Aggregate):
        found = _aggregate(formula, e)
        return None if found is None else float(found)
    if isinstance(formula, Days):
        until = e.cut if formula.until is None else _aggregate(formula.until, e)
        since = _aggregate(formula.since, e)
        return None if since is None or until is None else (until - since) / DAY
    if isinstance(formula, Reached):
        return _reached([_aggregate(step, e) for step in formula.steps])
    return _combined(formula, e)


def _word(formula: Words, e: Entity) -> str:
    for tests, word in formula.cases:
        values = [(told(f, e), is_above, bound) for f, is_above, bound in tests]
        if all(v is not None and (v > bound) is is_above for v, is_above, bound in values):
            return word
    return formula.otherwise


def _combined(formula: Operation | Function | Larger | Where, e: Entity) -> float | None:
    a: Any = told(formula.a, e)
    if isinstance(formula, Function):
        return _function(formula.name, a)
    if isinstance(formula, Where):
        given: Any = told(formula.given, e)
        return a if given is not None and given >= formula.at_least else None
    b: Any = told(formula.b, e)
    if isinstance(formula, Larger):
        return max((x for x in (a, b) if x is not None), default=None)
    if a is None or b is None or (formula.sign == "/" and b == 0):
        return None
    ways: dict[str, Callable[[], float]] = {
        "+": lambda: a + b,
        "-": lambda: a - b,
        "*": lambda: a * b,
        "/": lambda: a / b,
    }
    return ways[formula.sign]()


def _function(name: str, a: float | None) -> float | None:
    if a is None:
        return 0.0 if name == "or zero" else None
    if name == "positive":
        return max(a, 0.0)
    if name == "sqrt":
        return sqrt(a) if a >= 0 else None
    if name == "ln":
        return log(a) if a > 0 else None
    return a


def _reached(instants: Sequence[datetime | None]) -> float:
    for i, at in enumerate(instants):
        before = instants[i - 1] if i else None
        if at is None or (before is not None and at < before):
            return float(i)
    return float(len(instants))


def _aggregate(a: Aggregate, e: Entity) -> Any:
    rows = [r for r in _rows(a, e) if all(_holds(t, r, a.by, e) for t in a.where)]
    return _measure(a, rows, e)


def _measure(a: Aggregate, rows: Sequence[Row], e: Entity) -> Any:
    if a.of is None:
        instants = [r["at"] for r in rows] if a.measure is not Measure.COUNT else []
        if a.measure is Measure.FIRST:
            return min(instants, default=None)
        return max(instants, default=None) if a.measure is Measure.LAST else len(rows)
    if a.measure in {Measure.LATEST, Measure.EARLIEST}:
        return _known_at(a, rows, e)
    values = [v for r in rows if (v := _value(a.of, r, e)) is not None]
    if a.measure is Measure.SUM:
        if a.over is Over.EVENTS and not rows:
            return 0.0
        return sum(map(_exact, values), Decimal(0)) if values else None
    counts = Counter(values).values()
    ways: dict[Measure, Callable[[], Any]] = {
        Measure.COUNT: lambda: len(values),
        Measure.SQUARES: lambda: sum(v * v for v in values) if values else None,
        Measure.LEAST: lambda: min(values, default=None),
        Measure.MOST: lambda: max(values, default=None),
        Measure.MEDIAN: lambda: median(map(float, values)) if values else None,
        Measure.DISTINCT: lambda: len(counts),
        Measure.TOP: lambda: max(counts, default=None),
        Measure.PAIRS: lambda: sum(n * n for n in counts),
        Measure.SURPRISE: lambda: sum(n * log(n) for n in counts),
    }
    return ways[a.measure]()


def _exact(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def _known_at(a: Aggregate, rows: Iterable[Row], e: Entity) -> Any:
    known = [(r["at"], v) for r in rows if (v := _value(a.of, r, e)) is not None]
    if not known:
        return None
    place = max if a.measure is Measure.LATEST else min
    when = place(at for at, _ in known)
    return max(v for at, v in known if at == when)


def _value(of: Any, row: Row, e: Entity) -> Any:
    if isinstance(of, Aggregate):
        inside = [r for r in row["events"] if all(_holds(t, r, None, e) for t in of.where)]
        return _measure(of, inside, e)
    return row[of]


def _holds(test: Condition, row: Row, by: str | None, e: Entity) -> bool:
    value = _value(test.of, row, e)
    if value is None:
        return False
    match test.operator:
        case "above":
            return bool(value > test.bound)
        case "below":
            return bool(value < test.bound)
        case "at least":
            return bool(value >= test.bound)
        case "at most":
            return bool(value <= test.bound)
        case "repeats":
            return bool(value == row["before"])
        case "means":
            return value in {w for m in test.values for w in e.choice.kinds.get(str(m), ())}
    return (value in test.values) is (test.operator == "in")


def _rows(a: Aggregate, e: Entity) -> list[Row]:
    inside = _inside(a.span, e)
    events = [_row(x, e) for x in e.history if inside(x.at)]
    if a.over is Over.EVENTS:
        return events
    if a.over is Over.STEPS:
        return [s for s in _steps(a.by, e) if inside(s["at"]) and inside(s["at_before"])]
    if a.over in {Over.DAYS, Over.RUNS}:
        days = sorted({e.local(r["at"]).date() for r in events})
        return [{} for _ in days] if a.over is Over.DAYS else _runs(days, e)
    return [
        {"events": g, "seconds": (g[-1]["at"] - g[0]["at"]) / timedelta(seconds=1)}
        for g in _groups(a.over, events, e)
    ]


def _inside(span: str, e: Entity) -> Callable[[datetime], bool]:
    w = e.window
    recent = timedelta(days=w.recent_days)
    back = {"recent": (1, 0), "prior": (2, 1), "earlier": (3, 2), "trend": (6, 0)}
    if span in back:
        start, end = back[span]
        return lambda at: e.cut - start * recent <= at < e.cut - end * recent
    days = w.lookback_days if span == "lookback" else None
    if span not in {"lookback", "history"}:
        days = float(span.removesuffix("d"))
    return lambda at: days is None or at >= e.cut - timedelta(days=days)


def _row(x: Event, e: Entity) -> Row:
    here, today = e.local(x.at), e.local(e.cut - MOMENT).date()
    age = e.cut - x.at - MOMENT
    # The fields of a class with slots or without: all that an event may tell.
    fields = {n: getattr(x, n) for n in x.__dataclass_fields__}
    return fields | {
        "measure: minutes": x.minutes,
        "weekday": here.isoweekday(),
        "hour": here.hour,
        "day": age // DAY,
        "week": age // (7 * DAY),
        "period": age // timedelta(days=e.window.recent_days),
        "day_age": (today - here.date()).days,
        "is_later_day": int(here.date() > min(e.dates(e.history))),
    }


def _steps(by: str | None, e: Entity) -> list[Row]:
    rows = e.history
    if by is not None:
        rows = [x for x in rows if getattr(x, by) is not None]
        rows = sorted(rows, key=lambda x: (x.at, getattr(x, by)))
    return [
        {
            "at": b.at,
            "at_before": a.at,
            "gap": (b.at - a.at) / DAY,
            "gap_seconds": ceil((b.at - a.at) / timedelta(seconds=1)),
            **({by: getattr(b, by), "before": getattr(a, by)} if by else {}),
        }
        for a, b in pairwise(rows)
    ]


def _runs(days: Sequence[Any], e: Entity) -> list[Row]:
    today, runs = e.local(e.cut - MOMENT).date(), []
    for day in days:
        if not runs or (day - runs[-1][-1]).days > 1:
            runs.append([day])
        else:
            runs[-1].append(day)
    return [{"days": len(run), "age": (today - run[-1]).days} for run in runs]


def _groups(over: Over, events: Sequence[Row], e: Entity) -> list[list[Row]]:
    if over is not Over.VISITS:
        named: dict[str, list[Row]] = {}
        for r in events:
            holder = r["order_id" if over is Over.ORDERS else "session_id"]
            if holder is not None:
                named.setdefault(holder, []).append(r)
        return list(named.values())
    pause = timedelta(minutes=e.window.pause_minutes)
    found: list[list[Row]] = []
    for r in events:
        if not found or r["at"] - found[-1][-1]["at"] > pause:
            found.append([])
        found[-1].append(r)
    return found
