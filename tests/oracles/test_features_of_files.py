"""Features of files, through the whole of reading, cutting and computing, against the oracle."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from logs import computed
from plainly.base import Entity, Event
from plainly.oracle import CHOICE, said
from reading import built, events
from segmentry.domain.project import Source, frozen_mapping


def as_built(log: list[Event], found: Any, zone: str) -> dict[int, dict[str, Any]]:
    """Say what a file without units should give: the features that were built, but for shares."""
    names = [c.name for c in found.table.columns if c.share is None]
    fields = frozenset({"at", "amount", "order_id", "item"})
    wanted = {}
    for entity in sorted({e.entity_id for e in log}):
        own = [e for e in log if e.entity_id == entity]
        features = said(Entity(own, found.window, zone, fields, CHOICE))
        wanted[entity] = {n: features[n] for n in names}
    return wanted


def assert_equal(found: dict[int, dict[str, Any]], wanted: dict[int, dict[str, Any]]) -> None:
    assert found.keys() == wanted.keys()
    for entity, features in wanted.items():
        for name, value in features.items():
            shown = f"{name} of {entity}"
            if value is None:
                assert found[entity][name] is None, shown
            else:
                assert found[entity][name] == pytest.approx(value, rel=1e-11, abs=1e-7), shown


def test_units_and_the_top_item_speak_where_money_and_categories_are_not_known() -> None:
    at = "2024-06-01"
    log = [{"at": at, "item": i, "quantity": q} for i, q in (("a", 2), ("a", 3), ("b", 0))]
    assert computed(log, "quantity_total", "n_items", "top_item_share") == [5.0, 2.0, 2 / 3]


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
    assert_equal(rows, wanted)


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
    assert_equal(rows, wanted)
