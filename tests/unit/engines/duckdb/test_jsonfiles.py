from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from reading import read_through, write
from segmentry.domain.audit import Audit
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.jsonfiles import load_json
from segmentry.errors import DataError

read = partial(read_through, load_json)


def write_lines(path: Path, lines: list[Any]) -> Path:
    return write(path, "\n".join(map(json.dumps, lines)))


def test_json_lines_give_the_union_of_their_keys(connection: Connection, tmp_path: Path) -> None:
    lines = [
        {"id": 1, "x": "a"},
        {"id": 2, "y": {"z": [1]}, "x": None},
        {"ID": 3, "odd/~key": True},
    ]
    raw, rows = read(connection, write_lines(tmp_path / "a.jsonl", lines))
    assert list(raw.columns) == ["id", "x", "y.z", "ID_1", "odd/~key"]
    assert rows == [
        ("1", "a", None, None, None),
        ("2", None, "[1]", None, None),
        (None, None, None, "3", "true"),
    ]


def test_lists_are_kept_as_text_and_told(connection: Connection, tmp_path: Path) -> None:
    audit = Audit()
    read(connection, write_lines(tmp_path / "a.jsonl", [{"a": {"b": [1]}}, {"a": 1}]), audit)
    assert [(f.code, f.column) for f in audit.findings] == [("nested_values", "a.b")]


def test_a_value_beside_objects_is_kept(connection: Connection, tmp_path: Path) -> None:
    lines = [{"a": {"b": 1}}, {"a": 2}, {"a": None}]
    raw, rows = read(connection, write_lines(tmp_path / "a.jsonl", lines))
    assert list(raw.columns) == ["a", "a.b"]
    assert rows == [(None, "1"), ("2", None), (None, None)]


def test_an_object_of_many_keys_stays_one_column(connection: Connection, tmp_path: Path) -> None:
    lines = [{"id": i, "seen": {f"page {i} {j}": 1 for j in range(20)}} for i in range(40)]
    raw, rows = read(connection, write_lines(tmp_path / "a.jsonl", lines))
    assert list(raw.columns) == ["id", "seen"]
    assert json.loads(rows[3][1]) == lines[3]["seen"]


def test_lines_that_are_no_objects_are_counted(connection: Connection, tmp_path: Path) -> None:
    raw, rows = read(connection, write(tmp_path / "a.jsonl", '{"id":1}\n{"id":\n[1]\n{"id":2}\n'))
    assert rows == [("1",), ("2",)]
    assert raw.n_rejected == 2
    assert raw.rejected == ("line 2: not JSON", "line 3: '[1]'")


@pytest.mark.parametrize(
    "whole",
    [
        [{"id": 1, "x": "a"}, {"id": 2, "x": "b"}],
        {"n": 2, "data": {"rows": [{"id": 1, "x": "a"}, {"id": 2, "x": "b"}]}},
        {"id": [1, 2], "x": ["a", "b"]},
        {"id": {"0": 1, "1": 2}, "x": {"0": "a", "1": "b"}},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_one_document_of_rows_is_read(
    connection: Connection, tmp_path: Path, whole: Any, indent: int | None
) -> None:
    path = write(tmp_path / "a.json", json.dumps(whole, indent=indent))
    raw, rows = read(connection, path)
    assert list(raw.columns) == ["id", "x"]
    assert rows == [("1", "a"), ("2", "b")]


def test_of_two_lists_the_longer_is_taken_and_the_other_told(
    connection: Connection, tmp_path: Path
) -> None:
    whole = {"errors": [{"id": 9}], "rows": [{"id": 1}, {"id": 2}]}
    audit = Audit()
    _, rows = read(connection, write(tmp_path / "a.json", json.dumps(whole)), audit)
    assert rows == [("1",), ("2",)]
    (finding,) = audit.findings
    assert finding.severity == "warning"
    assert "$.errors" in finding.sentence


def test_one_line_of_json_lines_is_one_row_whatever_it_holds(
    connection: Connection, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.jsonl", '{"id": 1, "items": [{"x": 1}, {"x": 2}]}\n')
    raw, rows = read(connection, path)
    assert list(raw.columns) == ["id", "items"]
    assert len(rows) == 1


def test_one_object_alone_is_one_row(connection: Connection, tmp_path: Path) -> None:
    _, rows = read(connection, write(tmp_path / "a.jsonl", '{"id": 1, "x": {"y": 2}}\n'))
    assert rows == [("1", "2")]


def test_an_array_cut_short_is_refused(connection: Connection, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'a\.json' is no whole JSON") as caught:
        read(connection, write(tmp_path / "a.json", '[{"id": 1}, {"id":'))
    assert caught.value.code == "E2002"


@pytest.mark.parametrize("key", ['my "list"', "a'b", "a/b~c", "a.b", "", "$", "*", "0"])
def test_rows_are_found_under_any_key(connection: Connection, tmp_path: Path, key: str) -> None:
    rows = [{"id": 1}, {"id": 2}]
    deep = write(tmp_path / "a.json", json.dumps({"meta": {"n": 2}, "in": {key: rows}}))
    assert read(connection, deep)[1] == [("1",), ("2",)]
    connection.run("DROP TABLE raw")
    columns = write(tmp_path / "b.json", json.dumps({key: [1, 2], "y": [3, 4]}))
    assert sorted(read(connection, columns)[1]) in (
        [("1", "3"), ("2", "4")],
        [("3", "1"), ("4", "2")],
    )


DEEP = '{"a":' * 20_000 + "1" + "}" * 20_000


def test_one_object_that_is_nested_too_deep_is_refused(
    connection: Connection, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="too deep to be rows") as caught:
        read(connection, write(tmp_path / "a.json", DEEP))
    assert caught.value.code == "E2002"


def test_rows_that_are_nested_deep_keep_the_depth_as_text(
    connection: Connection, tmp_path: Path
) -> None:
    raw, rows = read(connection, write(tmp_path / "a.jsonl", f"{DEEP}\n" * 3))
    assert list(raw.columns) == ["a.a.a.a.a.a"]
    assert len(rows) == 3
