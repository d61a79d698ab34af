from __future__ import annotations

from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest

from segmentry.domain.project import Shape
from segmentry.domain.role import Role
from segmentry.projectfile.parts import as_events, as_table, leaves, put_group, time_of
from segmentry.projectfile.relatives import FileKind
from segmentry.projectfile.survey import survey

N = 120
DAYS = np.datetime64("2020-01-01") + np.arange(N) * np.timedelta64(1, "D")


def kind(name: str, **columns: Any) -> FileKind:
    rows = pa.table(columns)
    table = ibis.memtable(rows)
    return FileKind(name, (f"{name}.csv",), table, survey(table, rows.num_rows))


def log(name: str = "tickets", **columns: Any) -> FileKind:
    who = [f"a{i % 30}" for i in range(N)]
    return kind(name, account_id=who, created_at=pa.array(DAYS), **columns)


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("support_tickets", "ticket"),
        ("feature_usage", "usage"),
        ("web_visits", "visit"),
        ("event_log", "event"),
        ("plays", "play"),
    ],
)
def test_events_are_called_by_the_name_of_their_file(name: str, event: str) -> None:
    file = log(name)
    part = as_events(file, "account_id", time_of(file.survey))
    assert (part.event, part.shape, part.use) == (event, Shape.EVENTS, "features")
    assert part.columns == {"entity": "account_id", "time": "created_at"}


@pytest.mark.parametrize("name", ["churn_events", "Churned", "cancellations"])
def test_who_left_is_counted_and_told_nothing_of(name: str) -> None:
    file = log(name, refund=np.random.default_rng(0).random(N))
    part = as_events(file, "account_id", time_of(file.survey))
    assert leaves(file)
    assert part.use == "outcomes"
    assert (part.measures, part.roles) == ((), {})
    assert not leaves(log("tickets", churn_flag=[True, False] * (N // 2)))


def test_rows_of_nobody_do_not_shape_what_is_guessed_of_events() -> None:
    who = [None if i % 4 == 0 else f"a{i % 30}" for i in range(N)]
    file = kind("visits", user_id=who, at=pa.array(DAYS))
    part = as_events(file, "user_id", time_of(file.survey))
    assert part.columns["entity"] == "user_id"


def test_a_table_beside_events_is_described_by_who_they_are() -> None:
    file = kind(
        "accounts",
        account_id=[f"a{i}" for i in range(N)],
        country=["DE", "FR"] * (N // 2),
        source=["ads", "web", "event"] * (N // 3),
        plan=["basic", "pro", "max"] * (N // 3),
        seats=np.arange(N) % 17,
    )
    roles = {n: r for n, (r, _) in as_table(file, "account_id").roles.items()}
    assert roles["country"] is roles["source"] is Role.OVERLAY
    assert roles["plan"] is roles["seats"] is Role.CLUSTER


def test_rows_of_an_order_are_told_as_one() -> None:
    file = log("lines", order_number=[f"o{i // 3}" for i in range(N)])
    part = as_events(file, "account_id", time_of(file.survey))
    part.columns.pop("order", None)
    put_group(part, file.survey.get("order_number"), "orders")
    assert part.columns["order"] == "order_number"
    put_group(part, file.survey.get("created_at"), "orders")
    assert part.columns["order"] == "order_number"
