"""Time zones as plain arithmetic: the same on every engine, whatever zone data it carries.

An engine's own time zone functions differ in name, in what they return and in the age of their
tables. A zone is a step function from instants to offsets, so it compiles to one CASE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

MICROS = 1_000_000
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=5)
"""Zones never changed twice within so few days in the years covered."""


@dataclass(frozen=True, slots=True)
class Step:
    """From an instant on, local time is so many seconds ahead of UTC."""

    since: int
    """Seconds since 1970 in UTC."""
    offset: int
    before: int
    """The offset until then."""


@cache
def steps_of(zone: str) -> tuple[int, tuple[Step, ...]]:
    """Give a zone's first offset and its changes between 1900 and 2100.

    Parameters
    ----------
    zone : str
        An IANA name, such as ``Europe/Berlin``.

    Returns
    -------
    first : int
        Seconds ahead of UTC before the first change.
    steps : tuple of Step
        In order of time.
    """
    if zone == "UTC":
        return 0, ()
    from zoneinfo import ZoneInfo

    info = ZoneInfo(zone)

    def offset(seconds: int) -> int:
        delta = datetime.fromtimestamp(seconds, tz=info).utcoffset()
        return round(delta.total_seconds()) if delta else 0

    start, end = int(EARLIEST.timestamp()), int(LATEST.timestamp())
    first = previous = offset(start)
    steps = []
    for low in range(start, end, int(_STEP.total_seconds())):
        high = min(low + int(_STEP.total_seconds()), end)
        now = offset(high)
        if now != previous:
            steps.append(Step(_change(low, high, now, offset), now, previous))
            previous = now
    return first, tuple(steps)


def _change(low: int, high: int, after: int, offset: Callable[[int], int]) -> int:
    """Find the first second with the new offset by halving."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if offset(middle) == after else (middle, high)
    return high


def days_run_backwards(zone: str, *, until: int) -> bool:
    """Say whether a clock that was put back ever led from one day into the day before.

    Clocks are put back inside a day nearly everywhere; St. John's did it a minute after midnight.

    Parameters
    ----------
    zone : str
        An IANA name.
    until : int
        The last instant that counts, in microseconds since 1970 in UTC.

    Examples
    --------
    >>> until = 1_600_000_000_000_000
    >>> days_run_backwards("Europe/Berlin", until=until)
    False
    >>> days_run_backwards("America/St_Johns", until=until)
    True
    """
    _, steps = steps_of(zone)
    return any(
        s.offset < s.before and (s.since + s.before - 1) // 86_400 > (s.since + s.offset) // 86_400
        for s in steps
        if s.since * MICROS <= until
    )


def offset_at(
    micros: ir.NumericValue, zone: str, *, until: int, since: int | None = None
) -> ir.NumericValue:
    """Write the offset of a zone at an instant.

    Parameters
    ----------
    micros : ibis number
        Microseconds since 1970 in UTC.
    zone : str
        An IANA name.
    until, since : int
        Bounds of the instants in microseconds; changes outside them are left out.

    Returns
    -------
    ibis number
        Microseconds to add to UTC for local time.
    """
    return _cases(micros, zone, until, since, is_local=False)


def offset_of_local(
    micros: ir.NumericValue, zone: str, *, until: int, since: int | None = None
) -> ir.NumericValue:
    """Write the offset of a zone at a local time.

    A local time that a zone skips is read with the offset before the change, one that it repeats
    as the first of the two (``fold=0`` of PEP 495).

    Parameters
    ----------
    micros : ibis number
        Local time, as microseconds since 1970 on a clock without zone.
    zone : str
        An IANA name.
    until, since : int
        Bounds of the local times in microseconds.

    Returns
    -------
    ibis number
        Microseconds to take from local time for UTC.
    """
    return _cases(micros, zone, until, since, is_local=True)


def _cases(
    micros: ir.NumericValue, zone: str, until: int, since: int | None, *, is_local: bool
) -> ir.NumericValue:
    import ibis

    first, steps = steps_of(zone)
    # A day of margin on both sides, because bounds of local times are no instants.
    last = until // MICROS + 86_400
    earliest = None if since is None else since // MICROS - 86_400
    inside = [s for s in steps if s.since <= last and (earliest is None or s.since > earliest)]
    earlier = [s for s in steps if earliest is not None and s.since <= earliest]
    start = earlier[-1].offset if earlier else first
    if not inside:
        return ibis.literal(start * MICROS, type="int64")
    # The latest change comes first: events are recent, so few of the cases are looked at.
    branches = [
        (
            micros >= (s.since + (max(s.offset, s.before) if is_local else 0)) * MICROS,
            s.offset * MICROS,
        )
        for s in reversed(inside)
    ]
    return ibis.cases(*branches, else_=start * MICROS)
