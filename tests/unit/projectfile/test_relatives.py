from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from segmentry.projectfile.relatives import FileKind, family, references
from segmentry.projectfile.survey import survey

CODES = [f"A-{i:03}" for i in range(40)]


def kind(name: str, **columns: Any) -> FileKind:
    rows = pa.table({n: list(v) for n, v in columns.items()})
    table = ibis.memtable(rows)
    return FileKind(name, (f"{name}.csv",), table, survey(table, rows.num_rows))


def told(*files: FileKind) -> list[str]:
    return [r.told(files) for r in references(files)]


def accounts() -> FileKind:
    return kind("accounts", account_id=CODES, seats=range(1, 41))


def test_a_column_whose_values_are_found_in_a_key_refers_to_it() -> None:
    subs = kind("subs", sub=[f"S{i}" for i in range(80)], acc=CODES * 2)
    assert told(accounts(), subs) == ["subs.acc: 100 % of 40 values found in accounts.account_id"]


def test_a_few_values_that_are_not_found_do_not_hinder() -> None:
    subs = kind("subs", sub=[f"S{i}" for i in range(80)], acc=[*CODES[:38], "A-x1", "A-x2"] * 2)
    assert told(accounts(), subs) == ["subs.acc: 95.0 % of 40 values found in accounts.account_id"]
    fewer = kind(
        "subs", sub=[f"S{i}" for i in range(80)], acc=[f"A-{i:03}" for i in range(20, 60)] * 2
    )
    assert told(accounts(), fewer) == []


def test_small_numbers_are_found_anywhere_and_need_a_name() -> None:
    people = kind("customers", id=range(1, 41), age=[20, 30] * 20)
    orders = kind("orders", order_no=range(1, 41), cust_ref=range(1, 41), pieces=range(1, 41))
    assert told(people, orders) == ["orders.cust_ref: 100 % of 40 values found in customers.id"]


def test_words_of_a_label_are_no_keys() -> None:
    plans = kind("plans", plan=["basic", "pro", "team", "max", "free", "edu"], price=range(6))
    users = kind("users", user_id=CODES, tier=(["basic", "pro", "team", "max", "free"] * 8))
    assert told(plans, users) == []


def chain() -> tuple[FileKind, ...]:
    subs = kind(
        "subscriptions", subscription_id=[f"S-{i}" for i in range(80)], account_id=CODES * 2
    )
    usage = kind("usage", sub=[f"S-{i % 80}" for i in range(200)], seconds=range(200))
    return accounts(), subs, usage


def test_the_entity_is_what_most_files_lead_to_by_whatever_way() -> None:
    files = chain()
    found = family(files, references(files))
    assert found is not None
    assert (found.entity, found.home) == ("account_id", 0)
    assert {i: len(way) for i, way in found.ways.items()} == {0: 0, 1: 1, 2: 2}
    assert dict(found.own) == {0: "account_id", 1: "account_id", 2: "sub"}
    assert found.notes[0].startswith("3 of 3 files lead to 'account_id'")


def test_an_entity_that_is_named_is_taken() -> None:
    files = chain()
    found = family(files, references(files), "Subscription_ID")
    assert found is not None
    assert (found.entity, sorted(found.ways)) == ("subscription_id", [1, 2])
    assert family(files, references(files), "seats") is None


def test_people_go_before_things_where_as_many_files_lead_to_both() -> None:
    rng = np.random.default_rng(0)
    titles = [f"t{i}x" for i in range(30)]
    files = (
        kind("titles", title_id=titles, minutes=range(30)),
        kind("users", uid=CODES, year=range(40)),
        kind("plays", viewer=rng.choice(CODES, 300), title=rng.choice(titles, 300)),
    )
    found = family(files, references(files))
    assert found is not None
    assert (found.entity, sorted(found.ways)) == ("uid", [1, 2])


def test_files_may_share_an_entity_that_has_no_file_of_its_own() -> None:
    files = (
        kind("plays", user_id=CODES * 3, song=range(120)),
        kind("ratings", user_id=CODES * 2, stars=[1, 2] * 40),
    )
    found = family(files, references(files))
    assert found is not None
    assert (found.entity, found.home, dict(found.own)) == (
        "user_id",
        None,
        {0: "user_id", 1: "user_id"},
    )


def test_files_that_share_a_name_and_no_values_are_strangers() -> None:
    other: Mapping[str, Any] = {"user_id": [f"B-{i}" for i in range(40)] * 2}
    files = (kind("plays", user_id=CODES * 3), kind("ratings", **other))
    assert family(files, references(files)) is None
