"""Functions of dates and times that give the same on every engine.

A time with zone is taken apart in UTC, as DuckDB does in a session whose zone is UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from segmentry.engines.typed.values import TIMES, Kind, Refused, kind_of

if TYPE_CHECKING:
    from sqlglot import exp

    from segmentry.engines.typed.writer import Rule, Writer

DAY_SECONDS = 86_400

PARTS: dict[str, Callable[[Any], Any]] = {
    "year": lambda t: t.year(),
    "quarter": lambda t: t.quarter(),
    "month": lambda t: t.month(),
    "day": lambda t: t.day(),
    "hour": lambda t: t.hour(),
    "minute": lambda t: t.minute(),
    "second": lambda t: t.second(),
    "week": lambda t: t.week_of_year(),
    "doy": lambda t: t.day_of_year(),
    "dow": lambda t: (t.day_of_week.index() + 1) % 7,
    "isodow": lambda t: t.day_of_week.index() + 1,
}
"""Parts of a time; the day of the week from Sunday (0), or from Monday (1) by ISO."""

_OTHER_NAMES = {"dayofmonth": "day", "dayofweek": "dow", "weekday": "dow", "dayofyear": "doy",
                "weekofyear": "week"}  # fmt: skip

UNITS = {
    "year": "Y",
    "quarter": "Q",
    "month": "M",
    "week": "W",
    "day": "D",
    "hour": "h",
    "minute": "m",
    "second": "s",
}
_SECONDS = {"day": DAY_SECONDS, "hour": 3600, "minute": 60, "second": 1}
_INTERVALS = {"year": "years", "month": "months", "week": "weeks", "day": "days", "hour": "hours",
              "minute": "minutes", "second": "seconds"}  # fmt: skip


def as_naive(value: Any) -> Any:
    """Give a date or time as a time without zone, in UTC."""
    return value if kind_of(value) is Kind.TIME else value.cast("timestamp")


def _time(writer: Writer, node: exp.Expression, what: str) -> Any:
    return writer.of_kind(node, TIMES, what)


def part(value: Any, name: str) -> Any:
    """Write a part of a time as a whole number."""
    known = _OTHER_NAMES.get(name, name)
    if known not in PARTS:
        raise Refused(f"{name!r} of a time is not known to give the same")
    return PARTS[known](as_naive(value)).cast("int64")


def _part_of(name: str) -> Rule:
    def rule(writer: Writer, node: Any) -> Any:
        return part(_time(writer, node.this, name), name)

    return rule


def _extract(writer: Writer, node: Any) -> Any:
    return part(_time(writer, node.expression, "extract"), str(node.this.name).lower())


def _date_part(writer: Writer, node: Any) -> Any:
    from segmentry.engines.typed.values import literal_text

    if len(node.expressions) != 2:
        raise Refused("date_part takes the name of a part and a time")
    name, time = node.expressions
    return part(_time(writer, time, "date_part"), literal_text(name, "the part's name").lower())


def _weekday(writer: Writer, node: Any) -> Any:
    return part(_time(writer, node.expressions[0], "weekday"), "dow")


def _date(writer: Writer, node: Any) -> Any:
    return as_naive(_time(writer, node.this, "date")).cast("date")


def _unit(node: Any) -> str:
    return str(node.name).lower().removesuffix("s")


def _truncated(writer: Writer, node: Any) -> Any:
    unit = _unit(node.args["unit"])
    if unit not in UNITS:
        raise Refused(f"date_trunc to {unit!r} is not known to give the same")
    value = _time(writer, node.this, "date_trunc")
    found = as_naive(value).truncate(UNITS[unit])
    return found.cast("timestamp('UTC')") if kind_of(value) is Kind.INSTANT else found


def _difference(writer: Writer, node: Any) -> Any:
    """Count the boundaries between two times, as DuckDB's ``date_diff`` does."""
    unit = _unit(node.args["unit"]) if node.args.get("unit") is not None else ""
    later, earlier = (as_naive(v) for v in _pair(writer, node.this, node.expression))
    if unit in _SECONDS:
        seconds = [t.truncate(UNITS[unit]).epoch_seconds().cast("int64") for t in (later, earlier)]
        return writer.functions["quotient"](seconds[0] - seconds[1], _SECONDS[unit])
    years = part(later, "year") - part(earlier, "year")
    if unit == "year":
        return years
    if unit == "month":
        return years * 12 + part(later, "month") - part(earlier, "month")
    raise Refused(f"date_diff in {unit!r} is not known to give the same")


def _pair(writer: Writer, *nodes: Any) -> list[Any]:
    values = writer.together(*nodes)
    if not all(kind_of(v) in TIMES for v in values):
        raise Refused("date_diff takes two times")
    return values


def moved(writer: Writer, node: Any) -> Any:
    """Write a time plus or minus an interval; None where the sum is another one."""
    import ibis
    from sqlglot import exp

    sign = 1 if isinstance(node, exp.Add) else -1 if isinstance(node, exp.Sub) else 0
    if not sign or not isinstance(node.expression.unnest(), exp.Interval):
        return None
    interval = node.expression.unnest()
    count, unit = str(interval.this.name), _unit(interval.args["unit"])
    if not count.isdigit() or unit not in _INTERVALS:
        raise Refused(f"{interval.sql('duckdb')} is not known to give the same")
    value = _time(writer, node.this, "an interval")
    step = ibis.interval(**{_INTERVALS[unit]: int(count)})
    found = as_naive(value) + step if sign > 0 else as_naive(value) - step
    return found.cast("timestamp('UTC')") if kind_of(value) is Kind.INSTANT else found


TIME_FUNCTIONS: dict[str, Rule] = {
    "Year": _part_of("year"),
    "Quarter": _part_of("quarter"),
    "Month": _part_of("month"),
    "Day": _part_of("day"),
    "DayOfMonth": _part_of("day"),
    "Hour": _part_of("hour"),
    "Minute": _part_of("minute"),
    "Second": _part_of("second"),
    "Week": _part_of("week"),
    "WeekOfYear": _part_of("week"),
    "DayOfYear": _part_of("doy"),
    "DayOfWeek": _part_of("dow"),
    "DayOfWeekIso": _part_of("isodow"),
    "Date": _date,
    "TsOrDsToDate": _date,
    "Extract": _extract,
    "Anonymous:date_part": _date_part,
    "Anonymous:datepart": _date_part,
    "Anonymous:weekday": _weekday,
    "TimestampTrunc": _truncated,
    "DateTrunc": _truncated,
    "DateDiff": _difference,
}
