from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from lakes import SCHEMA, lake_events
from segmentry.errors import StoreError
from segmentry.stores.lakemanifest import (
    MANIFEST,
    arrow_type,
    new_manifest,
    read_manifest,
    write_manifest,
)
from segmentry.stores.lakewriting import append, create_lake


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_lake(tmp_path / "lake", SCHEMA, n_partitions=2)
    append(tmp_path / "lake", [lake_events(50)], batch="one")
    return tmp_path / "lake"


def edited(folder: Path, **changes: Any) -> None:
    document = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**document, **changes}))


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    told = new_manifest(SCHEMA, 4, "remove")
    write_manifest(tmp_path, told)
    assert read_manifest(tmp_path) == told
    assert read_manifest(tmp_path).schema == SCHEMA


def test_a_manifest_says_how_much_there_is_and_when(folder: Path) -> None:
    told, table = read_manifest(folder), lake_events(50)
    assert told.n_rows == 50
    assert (told.first, told.last) == (
        min(table["micros"].to_pylist()),
        max(table["micros"].to_pylist()),
    )
    assert json.loads((folder / MANIFEST).read_text())["summary"]["rows"] == 50


def test_an_empty_lake_has_no_bounds(tmp_path: Path) -> None:
    told = create_lake(tmp_path / "lake", SCHEMA)
    assert (told.n_rows, told.first, told.last) == (0, None, None)


def test_a_folder_without_a_manifest_is_no_lake(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not a lake") as caught:
        read_manifest(tmp_path)
    assert caught.value.code == "E5010"


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"n_partitions": 0},
        {"n_partitions": "2"},
        {"partition_rule": "another"},
        {"duplicates": "sometimes"},
        {"fields": []},
        {"fields": [{"name": "entity_id", "type": "string"}, {"name": "micros", "type": "map"}]},
        {"more": 1},
    ],
    ids=str,
)
def test_a_manifest_that_was_not_written_so_is_refused(
    folder: Path, changes: dict[str, Any]
) -> None:
    edited(folder, **changes)
    with pytest.raises(StoreError, match=r"is not|outside") as caught:
        read_manifest(folder)
    assert caught.value.code == "E5012"


@pytest.mark.parametrize("name", ["../other.parquet", "/etc/passwd", "partition=0000/../../x"])
def test_no_manifest_leads_out_of_its_folder(folder: Path, name: str) -> None:
    file = json.loads((folder / MANIFEST).read_text())["files"][0]
    edited(folder, files=[{**file, "name": name}])
    with pytest.raises(StoreError, match=r"is not|outside") as caught:
        read_manifest(folder)
    assert caught.value.code == "E5012"


def test_a_file_that_is_missing_is_told(folder: Path) -> None:
    (folder / read_manifest(folder).files[0].name).unlink()
    with pytest.raises(StoreError, match="missing"):
        read_manifest(folder)


def test_text_that_is_no_json_is_refused(folder: Path) -> None:
    (folder / MANIFEST).write_text("{")
    with pytest.raises(StoreError, match=r"is not|outside") as caught:
        read_manifest(folder)
    assert caught.value.code == "E5012"


@pytest.mark.parametrize("type_", [pa.int64(), pa.string(), pa.decimal128(38, 9), pa.bool_()])
def test_a_type_is_read_as_arrow_writes_it(type_: pa.DataType) -> None:
    assert arrow_type(str(type_)) == type_
