from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
import pytest

from segmentry.features.zones import (
    MICROS,
    days_run_backwards,
    offset_at,
    offset_of_local,
    steps_of,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
]


def micros(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def around_changes(zone: str) -> list[datetime]:
    """Give instants at, just before and well after changes of a zone."""
    _, steps = steps_of(zone)
    seconds = [s.since + d for s in steps[::9] for d in (-3601, -1, 0, 1, 3599, 3600, 86_400)]
    return [EPOCH + timedelta(seconds=s) for s in [*seconds, 0, 1_600_000_000]]


def computed(write, values: list[int], zone: str, **bounds: int) -> list[int]:
    connection = ibis.duckdb.connect(threads=1)
    table = connection.create_table("t", pa.table({"row": range(len(values)), "at": values}))
    bounds = {"until": max(values), **bounds}
    offsets = table.select("row", offset=write(table["at"], zone, **bounds)).order_by("row")
    found = connection.con.sql(connection.compile(offsets)).fetchall()
    connection.disconnect()
    return [row[1] for row in found]


@pytest.mark.parametrize("zone", ZONES)
def test_offsets_of_instants_are_those_of_the_zone(zone: str) -> None:
    times = around_changes(zone)
    wanted = [t.astimezone(ZoneInfo(zone)).utcoffset() // timedelta(microseconds=1) for t in times]
    assert computed(offset_at, [micros(t) for t in times], zone) == wanted


@pytest.mark.parametrize("zone", ZONES)
def test_local_times_are_read_as_their_first_meaning(zone: str) -> None:
    times = [t.replace(tzinfo=None) for t in around_changes(zone)]
    values = [micros(t.replace(tzinfo=UTC)) for t in times]
    wanted = [
        t.replace(tzinfo=ZoneInfo(zone)).utcoffset() // timedelta(microseconds=1) for t in times
    ]
    assert computed(offset_of_local, values, zone) == wanted
    assert computed(offset_of_local, values, zone, since=min(values)) == wanted


def test_bounds_leave_out_changes_that_cannot_matter() -> None:
    times = [datetime(2020, 1, d, tzinfo=UTC) for d in (1, 2)]
    values = [micros(t) for t in times]
    found = computed(offset_at, values, "Europe/Berlin", since=values[0])
    assert found == [3600 * MICROS] * 2


def test_a_zone_without_changes_has_none() -> None:
    assert steps_of("UTC") == (0, ())
    assert steps_of("Etc/GMT-3") == (3 * 3600, ())


def test_changes_are_found_to_the_second() -> None:
    _, steps = steps_of("Europe/Berlin")
    spring = int(datetime(2020, 3, 29, 1, tzinfo=UTC).timestamp())
    assert next(s for s in steps if s.since == spring).offset == 7200


@pytest.mark.parametrize("zone", [*ZONES, "America/St_Johns", "Pacific/Guam", "Asia/Tehran"])
def test_days_run_backwards_where_the_date_did(zone: str) -> None:
    """The date of every local minute around every change, in order of time."""
    info = ZoneInfo(zone)
    _, steps = steps_of(zone)
    around = [s.since + 60 * m + 59 for s in steps for m in range(-1, 1)]
    dates = [datetime.fromtimestamp(t, tz=info).date() for t in sorted(around)]
    runs_back = any(b < a for a, b in pairwise(dates))
    assert days_run_backwards(zone, until=4_000_000_000 * MICROS) is runs_back
    assert not days_run_backwards(zone, until=-4_000_000_000 * MICROS)
