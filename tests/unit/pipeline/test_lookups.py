from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from reading import Built, built, write
from segmentry.domain.project import KeyMap, Shape, Source, frozen_mapping
from segmentry.errors import DataError, ProjectFileError

HOP = KeyMap("sub", "account", source="subs")


def log(*hops: KeyMap, entity: str = "sub", **columns: str) -> Source:
    mapped = {"entity": entity, "time": "at", **columns}
    return Source("log", "log.csv", Shape.EVENTS, frozen_mapping(mapped), key=hops)


def subs() -> Source:
    return Source(
        "subs", "subs.csv", Shape.TABLE, frozen_mapping({"entity": "account"}), deduplicate="last"
    )


def files(folder: Path, rows: Sequence[str], pairs: Sequence[str]) -> Path:
    write(folder / "log.csv", "\n".join(["sub,at", *rows]) + "\n")
    write(folder / "subs.csv", "\n".join(["sub,account,size", *pairs]) + "\n")
    return folder


def found(folder: Path, *sources: Source, **facts: Any) -> Built:
    return built(*(sources or (log(HOP), subs())), folder=folder, **facts)


def counts(one: Built) -> dict[str, float]:
    return {r["entity_id"]: r["n_events"] for r in one.table.data.to_pylist()}


def test_events_count_for_what_their_key_leads_to(tmp_path: Path) -> None:
    rows = ["s1,2020-01-01", "s2,2020-01-02", "s2,2020-01-03", "s3,2020-01-04"]
    files(tmp_path, rows, ["s1,a,1", "s2,a,2", "s3,b,3"])
    assert counts(found(tmp_path)) == {"a": 3, "b": 1}


def test_keys_without_a_match_and_with_several_are_counted_and_left_out(tmp_path: Path) -> None:
    rows = ["s1,2020-01-01", "s2,2020-01-02", "s2,2020-01-03", "sX,2020-01-04", ",2020-01-05"]
    files(tmp_path, rows, ["s1,a,1", "s1,a,2", "s2,a,2", "s2,b,3"])
    one = found(tmp_path)
    assert counts(one) == {"a": 1}
    missing, several = one.findings("no_match")[0], one.findings("ambiguous_key")[0]
    assert (missing.count, missing.total, missing.examples) == (1, 4, ("sX",))
    assert (several.count, several.total, several.examples) == (2, 4, ("s2",))
    assert missing.sentence == "1 of 4 rows have no match in subs.sub (1 key)"
    assert (
        several.sentence
        == "2 of 4 rows have a key that leads to several values of subs.account (1 key)"
    )
    assert one.findings("no_entity")[0].count == 1


def test_two_lookups_follow_each_other(tmp_path: Path) -> None:
    files(tmp_path, ["s1,2020-01-01", "s2,2020-01-02"], ["s1,a,1", "s2,b,2"])
    write(tmp_path / "owners.csv", "acc,owner\na,7\nb,8\n")
    second = KeyMap("acc", "owner", path="owners.csv")
    assert counts(found(tmp_path, log(HOP, second), subs())) == {"7": 1, "8": 1}


def test_the_where_of_the_other_source_holds_for_the_lookup_too(tmp_path: Path) -> None:
    files(tmp_path, ["s1,2020-01-01", "s2,2020-01-02"], ["s1,a,1", "s2,b,2"])
    few = Source(
        "subs", "subs.csv", Shape.TABLE, frozen_mapping({"entity": "account"}), where="size > 1"
    )
    one = found(tmp_path, log(HOP), few)
    assert counts(one) == {"b": 1}
    assert one.findings("no_match")[0].examples == ("s1",)


def test_a_time_may_be_taken_from_the_row_that_was_found(tmp_path: Path) -> None:
    write(tmp_path / "items.csv", "order,sku\no1,x\no1,y\no2,x\n")
    write(tmp_path / "orders.csv", "no,customer,day\no1,5,2020-01-01\no2,6,2020-02-01\n")
    hop = KeyMap("no", "customer", path="orders.csv", take=frozen_mapping({"time": "day"}))
    items = Source(
        "items",
        "items.csv",
        Shape.EVENTS,
        frozen_mapping({"entity": "order", "order": "order", "item": "sku"}),
        key=(hop,),
    )
    one = built(items, folder=tmp_path)
    assert counts(one) == {"5": 2, "6": 1}
    assert one.of("5")["recency_days"] == pytest.approx(31, abs=1e-6)
    assert one.of("5")["n_orders"] == 1


def test_a_table_may_be_joined_by_another_key(tmp_path: Path) -> None:
    files(tmp_path, ["s1,2020-01-01", "s2,2020-01-02"], ["s1,a,1", "s2,b,2"])
    write(tmp_path / "facts.csv", "sub,height\ns1,10\ns2,20\n")
    facts = Source("facts", "facts.csv", Shape.TABLE, frozen_mapping({"entity": "sub"}), key=(HOP,))
    one = found(tmp_path, log(HOP), facts, subs())
    assert one.of("b")["height"] == 20


def test_missing_columns_of_all_lookups_are_told_at_once_with_their_keys(tmp_path: Path) -> None:
    files(tmp_path, ["s1,2020-01-01"], ["s1,a,1"])
    wrong = (KeyMap("subb", "account", source="subs"), KeyMap("sub", "acount", source="subs"))
    with pytest.raises(ProjectFileError, match=r".+") as caught:
        found(tmp_path, log(*wrong), subs())
    assert [p.key for p in caught.value.problems] == [
        "sources[0].key[0].from",
        "sources[0].key[1].to",
    ]
    assert caught.value.problems[0].hint == "did you mean 'sub'?"


def test_a_lookup_that_finds_nothing_at_all_stops(tmp_path: Path) -> None:
    files(tmp_path, ["x1,2020-01-01"], ["s1,a,1"])
    with pytest.raises(DataError, match=r"no key of source 'log' is found in subs\.sub"):
        found(tmp_path)


def test_numbers_and_texts_of_one_key_are_the_same(tmp_path: Path) -> None:
    files(tmp_path, ["1,2020-01-01", "2,2020-01-02"], ["1,a,1", "2,b,2", "z,c,3"])
    assert counts(found(tmp_path)) == {"a": 1, "b": 1}
