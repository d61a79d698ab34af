"""A run is recognised, and damage to it is noticed."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from segmentry.errors import StoreError
from segmentry.stores.runfolder import DOCUMENTS, RunFolder, find_run, open_run
from segmentry.stores.runs import RunWriter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with RunWriter(tmp_path, None, "20260301T101500-3f9a1c") as writer:
        for name in DOCUMENTS:
            writer.write_json(f"{name}.json", {"format": 1, "name": name})
        writer.write_parquet("features.parquet", pa.table({"entity_id": ["a"]}))
        writer.write_text("report.html", "<p>")
        return writer.commit()


def test_a_whole_run_gives_its_documents_tables_and_report(folder: Path) -> None:
    run = open_run(folder)
    assert set(run.documents()) == set(DOCUMENTS)
    assert run.document("audit") == {"format": 1, "name": "audit"}
    assert run.table("features").to_pydict() == {"entity_id": ["a"]}
    assert run.report.read_text() == "<p>"


def test_the_latest_run_that_was_opened_stays_the_same_after_the_next(
    folder: Path, tmp_path: Path
) -> None:
    opened = open_run(tmp_path / "runs" / "latest")
    with RunWriter(tmp_path, None, "20260302T101500-aaaaaa") as writer:
        writer.write_parquet("features.parquet", pa.table({"entity_id": ["b"]}))
        writer.commit()
    assert opened.folder == folder.resolve()
    assert opened.table("features").to_pydict() == {"entity_id": ["a"]}


def test_without_a_run_the_next_command_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no run yet(.|\n)*segmentry run") as caught:
        find_run(tmp_path)
    assert caught.value.code == "E5002"


def test_a_named_folder_that_is_missing_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such folder"):
        find_run(tmp_path, tmp_path / "gone")


def test_a_named_folder_is_taken_before_the_latest_run(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    assert find_run(tmp_path, tmp_path / "mine") == tmp_path / "mine"


def test_a_folder_of_something_else_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text("{}")
    with pytest.raises(StoreError, match="not a run") as caught:
        open_run(tmp_path)
    assert caught.value.code == "E5002"


@pytest.mark.parametrize("harm", ["removed", "shortened", "changed"])
@pytest.mark.parametrize("name", ["segments.json", "features.parquet", "report.html"])
def test_harm_to_any_file_is_noticed(folder: Path, name: str, harm: str) -> None:
    path, content = folder / name, (folder / name).read_bytes()
    path.unlink()
    if harm == "shortened":
        path.write_bytes(content[:-1])
    if harm == "changed":
        path.write_bytes(content[:-1] + b"?")
    with pytest.raises(StoreError, match=name) as caught:
        open_run(folder)
    assert caught.value.code == "E5003"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        '{"format": 2, "files": {}}',
        '{"format": 1, "files": []}',
        '{"format": 1, "files": {"report.html": 3}}',
        '{"format": NaN, "files": {}}',
        '{"format": 1, "files": {"": {}}}',
    ],
)
def test_a_damaged_inventory_is_noticed(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text)
    with pytest.raises(StoreError, match=r"manifest\.json") as caught:
        open_run(folder)
    assert caught.value.code == "E5003"


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/../../b", "..\\b", "x\x00y"])
def test_an_inventory_cannot_name_files_outside_the_run(folder: Path, name: str) -> None:
    document = {"format": 1, "files": {name: {"bytes": 1, "sha256": "0"}}}
    (folder / "manifest.json").write_text(json.dumps(document))
    with pytest.raises(StoreError, match=r"outside the run|differs") as caught:
        open_run(folder)
    assert caught.value.code == "E5003"


def test_a_table_that_is_no_parquet_is_damage(folder: Path) -> None:
    (folder / "features.parquet").write_text("nonsense")
    run = RunFolder(folder)
    with pytest.raises(StoreError, match="Parquet"):
        run.table("features")
