"""Every feature against a slow statement of it in plain Python, over small and nasty event logs.

The oracle shares nothing with the compiled features but the words of their definition: it knows
zones through ``zoneinfo``, medians through ``statistics``, money through ``decimal``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reading import built, events
from segmentry.domain.project import FeatureChoice, Source, frozen_mapping
from segmentry.domain.window import Window
from segmentry.features.catalogue import choose
from segmentry.features.compile import compile_features

DAY = timedelta(days=1)
FIELDS = ("amount", "order_id", "item")


@dataclass(frozen=True)
class Event:
    entity_id: int
    at: datetime
    amount: Decimal | None
    order_id: str | None
    item: str | None


class Oracle:
    """The features of one entity, said as slowly and plainly as possible."""

    def __init__(self, log: list[Event], window: Window, zone: str) -> None:
        self.window, self.zone = window, ZoneInfo(zone)
        self.known = [e for e in log if e.at < window.as_of]
        recent = timedelta(days=window.recent_days)
        self.recent = [e for e in self.known if e.at >= window.as_of - recent]
        self.prior = [
            e for e in self.known if window.as_of - 2 * recent <= e.at < window.as_of - recent
        ]
        back = window.lookback_days
        self.seen = [
            e for e in self.known if back is None or e.at >= window.as_of - timedelta(days=back)
        ]

    def local_days(self) -> list[Any]:
        return [e.at.astimezone(self.zone).date() for e in self.seen]

    @staticmethod
    def value(log: list[Event]) -> float | None:
        amounts = [e.amount for e in log if e.amount is not None]
        return None if log and not amounts else float(sum(amounts, Decimal(0)))

    @staticmethod
    def distinct(log: list[Event], field: str) -> int:
        return len({getattr(e, field) for e in log} - {None})

    def gap(self) -> float | None:
        instants = sorted({e.at for e in self.seen})
        gaps = [(b - a) / DAY for a, b in pairwise(instants)]
        return median(gaps) if gaps else None

    def decayed(self) -> float:
        half_life = self.window.decay_half_life_days
        ages = [(self.window.as_of - e.at) / DAY for e in self.seen]
        return sum(round(0.5 ** (age / half_life), 9) for age in ages)

    def features(self) -> dict[str, float | None]:
        n, recent, prior = len(self.seen), len(self.recent), len(self.prior)
        total, n_orders = self.value(self.seen), self.distinct(self.seen, "order_id")
        weekend = sum(day.weekday() >= 5 for day in self.local_days())
        return {
            "recency_days": (self.window.as_of - max(e.at for e in self.known)) / DAY,
            "tenure_days": (self.window.as_of - min(e.at for e in self.known)) / DAY,
            "n_events": n,
            "n_orders": n_orders,
            "value_total": total,
            "value_mean": None if total is None or not n_orders else total / n_orders,
            "active_days": len(set(self.local_days())),
            "gap_median_days": self.gap(),
            "n_events_recent": recent,
            "value_recent": self.value(self.recent),
            "trend": (recent - prior) / (recent + prior) if recent + prior else 0.0,
            "decayed_activity": self.decayed(),
            "n_items": self.distinct(self.seen, "item"),
            "weekend_share": weekend / n if n else None,
        }


def oracle(log: list[Event], window: Window, zone: str) -> dict[int, dict[str, float | None]]:
    entities = {e.entity_id for e in log if e.at < window.as_of}
    return {
        i: Oracle([e for e in log if e.entity_id == i], window, zone).features() for i in entities
    }


@pytest.fixture(scope="module")
def connection() -> Iterator[Any]:
    connection = ibis.duckdb.connect(threads=1)
    yield connection
    connection.disconnect()


def compiled(
    connection: Any, log: list[Event], window: Window, zone: str
) -> dict[int, dict[str, Any]]:
    schema = pa.schema(
        [
            ("entity_id", pa.int64()),
            ("at", pa.timestamp("us")),
            ("amount", pa.decimal128(20, 4)),
            ("order_id", pa.string()),
            ("item", pa.string()),
        ]
    )
    rows = [{**vars(e), "at": e.at.replace(tzinfo=None)} for e in log]
    table = connection.create_table(
        "log", pa.Table.from_pylist(rows, schema=schema), overwrite=True
    )
    specs = choose(FIELDS, FeatureChoice())
    found = compile_features(specs, table, window, time_zone=zone)
    answers = connection.con.sql(connection.compile(found)).to_arrow_table().to_pylist()
    return {row.pop("entity_id"): row for row in answers}


def assert_equal(
    found: dict[int, dict[str, Any]], wanted: dict[int, dict[str, Any]], *, rel: float = 1e-12
) -> None:
    assert found.keys() == wanted.keys()
    for entity, features in wanted.items():
        for name, value in features.items():
            shown = f"{name} of {entity}"
            if value is None:
                assert found[entity][name] is None, shown
            else:
                assert found[entity][name] == pytest.approx(value, rel=rel, abs=1e-7), shown


ANCHORS = [
    datetime(2020, 2, 29, 12, tzinfo=UTC),
    datetime(2020, 3, 29, 1, tzinfo=UTC),  # clocks in Europe go forward
    datetime(2020, 10, 25, 1, tzinfo=UTC),  # and back
    datetime(2020, 3, 8, 10, tzinfo=UTC),  # clocks in Los Angeles go forward
    datetime(2020, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]
STEPS = [timedelta(), timedelta(microseconds=1), timedelta(hours=1), DAY, 29 * DAY, 30 * DAY]
ZONES = ["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia"]

instants = st.builds(
    lambda anchor, step, sign: anchor + sign * step,
    st.sampled_from(ANCHORS),
    st.sampled_from(STEPS) | st.timedeltas(-60 * DAY, 60 * DAY),
    st.sampled_from([-1, 1]),
)
logs = st.lists(
    st.builds(
        Event,
        st.integers(1, 3),
        instants,
        st.none() | st.decimals(-1000, 1000, places=2),
        st.none() | st.sampled_from(["o1", "o2", "o3"]),
        st.none() | st.sampled_from(["a", "b"]),
    ),
    min_size=1,
    max_size=14,
)
windows = st.builds(
    Window,
    instants,
    st.none() | st.sampled_from([1.0, 45.5, 400.0]),
    st.sampled_from([1.0, 30.0]),
    st.sampled_from([0.5, 60.0]),
)


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(logs, windows, st.sampled_from(ZONES), st.booleans(), st.data())
def test_every_feature_is_what_the_oracle_says(
    connection: Any,
    log: list[Event],
    window: Window,
    zone: str,
    at_event: bool,
    data: st.DataObject,
) -> None:
    if at_event:
        # The cut exactly at an event, which is then outside.
        cut = data.draw(st.sampled_from(log)).at
        window = Window(cut, window.lookback_days, window.recent_days, window.decay_half_life_days)
    doubled = log + log[:2]
    assert_equal(compiled(connection, doubled, window, zone), oracle(doubled, window, zone))


def test_the_oracle_knows_every_feature() -> None:
    log = [Event(1, ANCHORS[0], Decimal(1), "o", "i")]
    names = {s.name for s in choose(FIELDS, FeatureChoice())}
    assert set(oracle(log, Window(ANCHORS[4] + 366 * DAY), "UTC")[1]) == names


def test_features_of_a_file_are_those_of_the_oracle(tmp_path: Any) -> None:
    """Local times in a CSV, through the whole of reading, cutting and computing."""
    zone = "Europe/Berlin"
    local = [
        "2020-02-29 23:30:00",
        "2020-03-01 00:30:00",
        "2020-03-29 02:30:00",
        "2020-03-29 03:30:00",
        "2020-10-25 02:30:00",
        "2020-10-25 03:30:00",
        "2020-10-24 23:59:59.999999",
        "2020-10-25 00:00:00",
    ]
    lines = [f"{i % 2},{at},{i}.25,o{i // 3},p{i % 3}" for i, at in enumerate(local)]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["id,at,paid,order,item", *lines]) + "\n")
    source = events(path, amount="paid", order="order", item="item")
    found = built(source, time_zone=zone)
    log = [
        Event(
            i % 2,
            datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC),
            Decimal(f"{i}.25"),
            f"o{i // 3}",
            f"p{i % 3}",
        )
        for i, at in enumerate(local)
    ]
    assert found.window is not None
    rows = {row.pop("entity_id"): row for row in found.table.data.to_pylist()}
    assert_equal(rows, oracle(log, found.window, zone), rel=1e-11)


def test_value_is_per_event_where_orders_are_not_known(tmp_path: Any) -> None:
    path = tmp_path / "log.csv"
    path.write_text("id,at,paid\n1,2020-01-01,4\n1,2020-01-02,\n1,2020-01-03,8\n")
    assert built(events(path, amount="paid")).of(1)["value_mean"] == 6.0


def online_retail(folder: Any) -> Source:
    mapped = {
        "entity": "CustomerID",
        "time": "InvoiceDate",
        "amount": "Quantity * UnitPrice",
        "item": "StockCode",
        "order": "InvoiceNo",
    }
    where = "CustomerID is not null and not starts_with(InvoiceNo, 'C')"
    path = folder / "online_retail" / "online_retail.parquet"
    return Source("orders", str(path), columns=frozen_mapping(mapped), where=where)


@pytest.mark.data
def test_one_thread_and_two_give_the_same_bits_on_real_orders(data_folder: Any) -> None:
    source = online_retail(data_folder)
    one, two = (built(source, time_zone="Europe/London", threads=n) for n in (1, 2))
    assert one.table.data.equals(two.table.data)
    assert one.table.n_entities == 4339


@pytest.mark.data
def test_real_orders_are_what_the_oracle_says(data_folder: Any) -> None:
    import duckdb

    source, zone = online_retail(data_folder), "Europe/London"
    found = built(source, time_zone=zone)
    assert found.window is not None
    sample = duckdb.sql(
        "SELECT CustomerID, InvoiceDate, Quantity * UnitPrice, InvoiceNo, StockCode "
        f"FROM '{source.path}' WHERE CustomerID % 500 = 0 AND InvoiceNo NOT LIKE 'C%'"
    ).fetchall()
    log = [
        Event(e, at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), Decimal(repr(v)), o, i)
        for e, at, v, o, i in sample
    ]
    wanted = oracle(log, found.window, zone)
    assert len(wanted) >= 5
    rows = {e: {n: v for n, v in found.of(e).items() if n != "entity_id"} for e in wanted}
    assert_equal(rows, wanted, rel=1e-11)
