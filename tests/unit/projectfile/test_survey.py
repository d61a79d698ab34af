"""Profiles of columns, and samples of rows and of whole entities."""

from __future__ import annotations

from datetime import date

import ibis
import numpy as np
import pyarrow as pa
import pytest

from segmentry.projectfile import survey as room
from segmentry.projectfile.survey import survey, varying_share
from surveys import column, look


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2], "number"),
        ([1.5, None], "number"),
        ([True, False], "bool"),
        (["a", None], "text"),
        ([date(2024, 1, 1)], "time"),
        (pa.array(["a", "b"]).dictionary_encode(), "text"),
        ([[1, 2], [3]], "text"),
        (["1.5", " ", "2"], "number"),
        (["1.5", " ", "many"], "text"),
    ],
)
def test_a_column_has_a_kind(values: object, kind: str) -> None:
    assert column("a", values).kind == kind  # type: ignore[arg-type]


def test_a_column_is_counted() -> None:
    seen = column("a", [3, 3, None, 5])
    assert (seen.n, seen.n_distinct, seen.missing_share) == (3, 2, 0.25)
    assert seen.codes.tolist() == [0, 0, -1, 1]
    assert seen.levels == ("3", "5")
    assert seen.is_whole
    assert seen.is_binary
    assert not seen.is_unique


def test_not_a_number_is_missing() -> None:
    assert column("a", [1.0, float("nan")]).n == 1


def test_a_column_without_values_is_constant() -> None:
    seen = look({"a": pa.nulls(3, pa.float64())}).columns[0]
    assert (seen.n, seen.is_constant, seen.is_whole) == (0, True, False)


def test_one_value_and_gaps_are_two_values() -> None:
    assert column("a", ["x", None]).is_binary


@pytest.mark.parametrize(
    ("values", "share"), [([1, 1, 2, 2], 0.0), ([1, 9, 2, 2], 0.5), ([1, 9, 2, 8], 1.0)]
)
def test_what_varies_inside_an_entity_is_measured(values: list[int], share: float) -> None:
    assert varying_share(np.array([0, 0, 1, 1]), np.array(values)) == share


def test_entities_with_one_row_tell_nothing_of_variation() -> None:
    assert varying_share(np.array([0, 1]), np.array([0, 1])) == 0.0
    assert varying_share(np.array([-1]), np.array([0])) == 0.0


@pytest.fixture
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SAMPLE_ROWS", 1_000)


@pytest.mark.usefixtures("few_rows")
def test_many_rows_are_sampled_evenly_and_counted_exactly() -> None:
    n = 5_000
    table = ibis.memtable(pa.table({"who": np.arange(n) // 5, "row position": np.arange(n)}))
    seen = survey(table, n)
    assert seen.n_rows == n
    assert len(seen.columns[0].values) == 1_000
    assert seen.get("row position").numbers.tolist() == list(range(0, n, 5))
    assert seen.count_distinct("who") == (n, 1_000)


@pytest.mark.usefixtures("few_rows")
def test_whole_entities_are_looked_at_again() -> None:
    n = 5_000
    table = ibis.memtable(pa.table({"who": np.arange(n) // 5}))
    inside = survey(table, n).whole_entities("who").get("who")
    assert 200 < inside.n < 3_000
    assert set(np.bincount(inside.codes).tolist()) == {5}


def test_few_rows_are_looked_at_whole() -> None:
    seen = survey(ibis.memtable(pa.table({"a": [1, 1, None]})), 3)
    assert seen.count_distinct("a") == (2, 1)
    assert seen.whole_entities("a") is seen


@pytest.mark.usefixtures("few_rows")
def test_a_sample_with_many_rows_of_each_entity_will_do() -> None:
    n = 5_000
    seen = survey(ibis.memtable(pa.table({"who": np.arange(n) // 100})), n)
    assert seen.whole_entities("who") is seen


WORDS = ["asked", "about", "the", "parcel", "and", "its", "address"]


@pytest.mark.parametrize(
    ("texts", "is_prose"),
    [
        ([f"i {WORDS[i % 7]} for the {WORDS[i // 7 % 7]} number {i}" for i in range(90)], True),
        ([f"Item {i} Of The Red Series" for i in range(90)], False),
        ([f"{i} Long Street, Springfield, IL {i:05d}" for i in range(90)], False),
        ([f"name {i}" for i in range(90)], False),
        ([f"one of very few texts {i % 9}" for i in range(90)], False),
        ([f"a text of which there are few {i}" for i in range(20)], False),
        ([" "] * 90, False),
        (list(range(90)), False),
    ],
)
def test_sentences_are_told_from_names_and_addresses(texts: list[object], is_prose: bool) -> None:
    assert column("a", texts).is_prose is is_prose
