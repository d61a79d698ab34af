"""Rows in numbers: words, ids and amounts come back as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from reading import an_engine, built, events, write
from segmentry.domain.audit import Audit
from segmentry.domain.project import Project
from segmentry.domain.table import ENTITY
from segmentry.features.rows import EXACT, SHORT
from segmentry.pipeline import words as numbering
from segmentry.pipeline.words import hashed_ids, in_numbers


def numbered(columns: dict[str, pa.Array]) -> tuple[pa.Table, dict[str, pa.Array]]:
    with an_engine() as engine:
        kept, words = in_numbers(
            [engine.take_in(pa.table(columns))],
            [n for n, c in columns.items() if pa.types.is_string(c.type)],
            Project("p", ()),
            engine,
            Audit(),
        )
        assert len(kept) == 1
        return engine.to_arrow(kept[0]), words


def test_each_word_has_the_place_that_it_has_among_all() -> None:
    ids = [f"user {i * 7919 % 5000:05d}" if i % 11 else None for i in range(20_000)]
    kinds = [("view", "buy", None)[i % 3] for i in range(20_000)]
    columns = {ENTITY: pa.array(ids), "kind": pa.array(kinds), "n": pa.array(range(20_000))}
    found, words = numbered(columns)
    rows = found.sort_by("n")
    assert words[ENTITY].to_pylist() == sorted({i for i in ids if i})
    assert words["kind"].to_pylist() == ["buy", "view"]
    for name, given in ((ENTITY, ids), ("kind", kinds)):
        there = words[name].to_pylist()
        told = [None if v is None else there[v] for v in rows[name].to_pylist()]
        assert told == given
    assert [str(found.schema.field(n).type) for n in (ENTITY, "kind")] == ["int16", "int8"]


@pytest.mark.parametrize("hash_of", ["length", "null"])
def test_ids_whose_hashes_are_alike_are_joined_as_texts(
    hash_of: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def alike(value: Any) -> Any:
        # Of all ids alike, or of one of them that of an id that is missing.
        found = value.length() if hash_of == "length" else value.right(1).cast("int64")
        return found.fill_null(7).cast("int64")

    monkeypatch.setattr(numbering, "_hash", alike)
    ids = [f"u{i % 9}" if i % 5 else None for i in range(200)]
    rows, words = numbered({ENTITY: pa.array(ids), "n": pa.array(range(200))})
    there = words[ENTITY].to_pylist()
    told = [None if v is None else there[v] for v in rows.sort_by("n")[ENTITY].to_pylist()]
    assert told == ids


def test_one_large_amount_keeps_the_amounts_of_every_source_wide() -> None:
    with an_engine() as engine:
        parts = []
        for amount in (1.5, 3e9):
            given = engine.take_in(pa.table({"amount": pa.array([amount])}))
            parts.append(given.mutate(amount=given["amount"].cast(EXACT)))
        kept, _ = in_numbers(parts, [], Project("p", ()), engine, Audit())
        assert [str(k["amount"].type()) for k in kept] == [EXACT, EXACT]


@pytest.mark.parametrize(("largest", "wanted"), [(999_999_999, SHORT), (1_000_000_000, EXACT)])
def test_amounts_are_kept_half_as_wide_where_all_fit(largest: int, wanted: str) -> None:
    with an_engine() as engine:
        given = engine.take_in(pa.table({"amount": pa.array([0.1, -largest, None, 2.5])}))
        wide = given.mutate(amount=given["amount"].cast(EXACT))
        (kept,), _ = in_numbers([wide], [], Project("p", ()), engine, Audit())
        assert str(kept["amount"].type()) == wanted
        values = engine.to_arrow(kept)["amount"].to_pylist()
    assert [None if v is None else float(v) for v in values] == [0.1, -largest, None, 2.5]


def test_totals_of_large_amounts_are_as_exact_as_those_of_small_ones(tmp_path: Path) -> None:
    rows = "".join(f"{u},2024-01-0{d},{a}\n" for u in (1, 2) for d, a in ((1, 3e9), (2, 0.25)))
    path = write(tmp_path / "a.csv", "id,at,x\n" + rows)
    found = built(events(path, amount="x"))
    assert found.of(1)["value_total"] == 3_000_000_000.25


def test_ids_of_sessions_and_orders_become_numbers_that_are_alike_where_they_were() -> None:
    sessions = [f"session {i * 7919 % 50_000:07d}" if i % 13 else None for i in range(100_000)]
    columns = {"session_id": sessions, "order_id": [i % 7 for i in range(100_000)]}
    with an_engine() as engine:
        found = engine.to_arrow(hashed_ids(engine.take_in(pa.table(columns))))
    numbers = found["session_id"].to_pylist()
    assert str(found.schema.field("session_id").type) == "uint64"
    assert [n is None for n in numbers] == [s is None for s in sessions]
    assert len({*zip(sessions, numbers, strict=True)}) == len({*numbers}) == len({*sessions})
    assert found["order_id"].to_pylist() == columns["order_id"]
