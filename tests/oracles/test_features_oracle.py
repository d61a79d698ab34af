"""Every feature against a slow statement of it in plain Python, over small and nasty event logs.

The oracle shares nothing with the compiled features but the words of their definition: it knows
zones through ``zoneinfo``, medians through ``statistics``, money through ``decimal``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from segmentry.domain.feature import FeatureSpec, ShareOf
from segmentry.domain.project import FeatureChoice, Source, Windows, frozen_mapping
from segmentry.domain.window import Window
from segmentry.features.catalogue import CATALOGUE
from segmentry.features.choose import choose
from segmentry.features.compile import compile_features
from segmentry.features.families import measured_features, share_feature

DAY = timedelta(days=1)
LABELS = ("kind", "channel", "category", "item")
FIELDS = ("at", "amount", "quantity", "order_id", "session_id", *LABELS, "measure: minutes")
UNTIMED = tuple(f for f in FIELDS if f != "at")
CHOICE = FeatureChoice(measures=("minutes",))
SHARES = (
    ShareOf("kind", ("buy",), is_rest=False, prior=0.75, strength=3.0),
    ShareOf("kind", ("buy",), is_rest=True, prior=2.25, strength=3.0),
    ShareOf("channel", ("web",), is_rest=False, prior=0.0, strength=0.0),
    ShareOf("category", ("a", "b"), is_rest=True, prior=1e-3, strength=1e3),
    ShareOf("item", ("never seen",), is_rest=False, prior=0.5, strength=7.0),
)
"""Levels that are there, that are not, and the rest; with many pseudo-events and with none."""


@dataclass(frozen=True)
class Event:
    entity_id: int
    at: datetime
    amount: Decimal | None
    order_id: str | None = None
    item: str | None = None
    quantity: int | None = None
    session_id: str | None = None
    kind: str | None = None
    channel: str | None = None
    category: str | None = None
    minutes: float | None = None


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

    def within(self, days: int) -> list[Event]:
        return [e for e in self.known if e.at >= self.window.as_of - timedelta(days=days)]

    def labels(self, field: str) -> list[str]:
        return [value for e in self.seen if (value := getattr(e, field)) is not None]

    def per(self, field: str) -> float | None:
        known = self.labels(field)
        return len(known) / len(set(known)) if known else None

    def top(self, field: str) -> float | None:
        known = self.labels(field)
        return max(map(known.count, known)) / len(known) if known else None

    def share(self, share: ShareOf) -> float | None:
        known = self.labels(share.field)
        counted = sum((value in share.levels) != share.is_rest for value in known)
        return (counted + share.prior) / (len(known) + share.strength) if known else None

    def shares(self) -> dict[str, float | None]:
        return {share_feature(s).name: self.share(s) for s in SHARES}

    def without_time(self) -> dict[str, float | None]:
        total, n_orders = self.value(self.seen), self.distinct(self.seen, "order_id")
        units = [e.quantity for e in self.seen if e.quantity is not None]
        minutes = [Decimal(str(e.minutes)) for e in self.seen if e.minutes is not None]
        none_known = bool(self.seen) and not units
        return {
            "n_events": len(self.seen),
            "n_orders": n_orders,
            "n_sessions": self.distinct(self.seen, "session_id"),
            "value_total": total,
            "value_mean": None if total is None or not n_orders else total / n_orders,
            "basket_size": None if none_known or not n_orders else sum(units) / n_orders,
            "events_per_session": self.per("session_id"),
            "n_items": self.distinct(self.seen, "item"),
            "n_categories": self.distinct(self.seen, "category"),
            "n_kinds": self.distinct(self.seen, "kind"),
            "top_category_share": self.top("category"),
            "top_item_share": self.top("item"),
            "mean_minutes": float(sum(minutes) / len(minutes)) if minutes else None,
            "total_minutes": None if self.seen and not minutes else float(sum(minutes)),
            **self.shares(),
        }

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
        weekend = sum(day.weekday() >= 5 for day in self.local_days())
        days = len(set(self.local_days()))
        timed = {
            "recency_days": (self.window.as_of - max(e.at for e in self.known)) / DAY,
            "tenure_days": (self.window.as_of - min(e.at for e in self.known)) / DAY,
            "active_days": days,
            "events_per_active_day": n / days if days else None,
            "gap_median_days": self.gap(),
            "n_events_recent": recent,
            "value_recent": self.value(self.recent),
            "trend": (recent - prior) / (recent + prior + 2),
            "decayed_activity": self.decayed(),
            "weekend_share": weekend / n if n >= 5 else None,
        }
        for back in (30, 90):
            timed[f"n_events_{back}d"] = len(self.within(back))
            timed[f"value_{back}d"] = self.value(self.within(back))
        return self.without_time() | timed


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


def specs_of(fields: Sequence[str], windows: Windows) -> tuple[FeatureSpec, ...]:
    return (*choose(fields, CHOICE, windows), *map(share_feature, SHARES))


def rows_of(log: list[Event], *, coded: bool) -> tuple[pa.Table, dict[str, dict[str, int]]]:
    """Give a log as the canonical relation: labels as words, or as numbers with their words."""
    codes = {f: {w: i for i, w in enumerate("abxy")} for f in ("category", "item")}
    codes |= {"kind": {"look": 0, "buy": 1}, "channel": {"app": 0, "web": 1, "fax": 2}}
    label = pa.int16() if coded else pa.string()
    types = {
        "entity_id": pa.int64(),
        "micros": pa.int64(),
        "amount": pa.decimal128(20, 4),
        "quantity": pa.int64(),
        "order_id": pa.string(),
        "session_id": pa.string(),
        **dict.fromkeys(LABELS, label),
        "measure: minutes": pa.float64(),
    }
    rows = []
    for event in log:
        row: dict[str, Any] = {n: getattr(event, n, None) for n in types}
        row["micros"] = (event.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        row["measure: minutes"] = event.minutes
        if coded:
            row |= {f: None if row[f] is None else codes[f][row[f]] for f in LABELS}
        rows.append(row)
    schema = pa.schema(list(types.items()))
    return pa.Table.from_pylist(rows, schema=schema), codes if coded else {}


def compiled(
    connection: Any,
    log: list[Event],
    window: Window | None,
    zone: str,
    *,
    coded: bool = False,
    recent_days: float = 30.0,
) -> dict[int, dict[str, Any]]:
    rows, codes = rows_of(log, coded=coded)
    table = connection.create_table("log", rows, overwrite=True)
    if window is None:
        table = table.drop("micros")
    back = window.lookback_days if window else None
    windows = Windows(back, window.recent_days if window else recent_days)
    specs = specs_of(FIELDS if window else UNTIMED, windows)
    found = compile_features(specs, table, window, time_zone=zone, codes=codes)
    answers = connection.con.sql(connection.compile(found)).to_arrow_table().to_pylist()
    return {row.pop("entity_id"): row for row in answers}


def as_built(log: list[Event], found: Any, zone: str) -> dict[int, dict[str, float | None]]:
    """Say what a file without units should give: the features that were built, but for shares."""
    names = [c.name for c in found.table.columns if c.share is None]
    wanted = {}
    for entity in sorted({e.entity_id for e in log}):
        said = Oracle([e for e in log if e.entity_id == entity], found.window, zone)
        features = said.features() | {"basket_size": said.per("order_id")}
        wanted[entity] = {n: features[n] for n in names}
    return wanted


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
        st.none() | st.sampled_from("abxy"),
        st.none() | st.integers(-3, 9),
        st.none() | st.sampled_from(["s1", "s2"]),
        st.none() | st.sampled_from(["look", "buy"]),
        st.none() | st.sampled_from(["app", "web", "fax"]),
        st.none() | st.sampled_from("abxy"),
        st.none() | st.integers(-40, 40).map(lambda n: n / 8),
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
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(logs, windows, st.sampled_from(ZONES), st.booleans(), st.booleans(), st.data())
def test_every_feature_is_what_the_oracle_says(
    connection: Any,
    log: list[Event],
    window: Window,
    zone: str,
    at_event: bool,
    coded: bool,
    data: st.DataObject,
) -> None:
    if at_event:
        # The cut exactly at an event, which is then outside.
        cut = data.draw(st.sampled_from(log)).at
        window = Window(cut, window.lookback_days, window.recent_days, window.decay_half_life_days)
    doubled = log + log[:2]
    found = compiled(connection, doubled, window, zone, coded=coded)
    names = next(iter(found.values()), {}).keys()
    wanted = oracle(doubled, window, zone)
    wanted = {e: {n: v for n, v in row.items() if n in names} for e, row in wanted.items()}
    assert_equal(found, wanted)


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(log=logs, coded=st.booleans())
def test_features_without_time_are_what_the_oracle_says(
    connection: Any, log: list[Event], coded: bool
) -> None:
    ever = Window(max(e.at for e in log) + DAY)
    found = compiled(connection, log, None, "UTC", coded=coded)
    wanted = {e: Oracle([x for x in log if x.entity_id == e], ever, "UTC") for e in found}
    assert found.keys() == {e.entity_id for e in log}
    said = {e: o.without_time() for e, o in wanted.items()}
    assert_equal(found, {e: {n: row[n] for n in found[e]} for e, row in said.items()})


def test_the_oracle_knows_every_feature() -> None:
    log = [Event(1, ANCHORS[0], Decimal(1), "o", "i")]
    rare = Windows(recent_days=7.0)
    names = {s.name for s in specs_of(FIELDS, rare)}
    known = set(oracle(log, Window(ANCHORS[4] + 366 * DAY), "UTC")[1])
    assert known == names | {"top_item_share"}
    everywhere = {s.name for s in CATALOGUE if s.is_core and set(s.needs) <= set(FIELDS)}
    everywhere |= {s.name for s in measured_features(CHOICE.measures)}
    assert everywhere - known == {"quantity_total"}


def test_units_and_the_top_item_speak_where_money_and_categories_are_not_known(
    connection: Any,
) -> None:
    log = [
        Event(1, ANCHORS[0], None, item=i, quantity=q) for i, q in (("a", 2), ("a", 3), ("b", 0))
    ]
    table = connection.create_table("log", rows_of(log, coded=False)[0], overwrite=True)
    specs = choose(("item", "quantity"), FeatureChoice())
    found = compile_features(specs, table, None, time_zone="UTC")
    row = connection.con.sql(connection.compile(found)).to_arrow_table().to_pylist()[0]
    assert row == {
        "entity_id": 1,
        "n_events": 3.0,
        "quantity_total": 5.0,
        "n_items": 2.0,
        "top_item_share": 2 / 3,
    }


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
    wanted = as_built(log, found, zone)
    assert len(wanted[0]) == 19
    rows = {e: {n: found.of(e)[n] for n in features} for e, features in wanted.items()}
    assert_equal(rows, wanted, rel=1e-11)


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
    wanted = {e: f for e, f in as_built(log, found, zone).items() if e % 500 == 0}
    assert len(wanted) >= 5
    assert len(next(iter(wanted.values()))) == 19
    rows = {e: {n: found.of(e)[n] for n in features} for e, features in wanted.items()}
    assert_equal(rows, wanted, rel=1e-11)
