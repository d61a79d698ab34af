"""The assign command: the segments of a run for the entities of a file."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from commands import segmentry
from finished import Finished
from shop import customers


def test_the_training_data_gets_the_answers_of_the_run(shop: Finished, tmp_path: Path) -> None:
    output = tmp_path / "again.parquet"
    done = segmentry("assign", "customers.parquet", "--output", output, folder=shop.folder)
    assert done.status == 0, done.messages
    assert pq.read_table(output).equals(pq.read_table(shop.latest / "assignments.parquet"))
    assert done.output == ""
    assert "200 entities written" in done.messages


def test_csv_goes_to_standard_output(shop: Finished, tmp_path: Path) -> None:
    pq.write_table(customers(40, seed=1), tmp_path / "new.parquet")
    done = segmentry("assign", tmp_path / "new.parquet", folder=shop.folder)
    table = pyarrow.csv.read_csv(io.BytesIO(done.output.encode()))
    assert table.num_rows == 40
    assert table.column_names[:4] == ["entity_id", "segment_id", "segment", "confidence"]


def test_csv_in_pieces_has_one_header(shop: Finished, monkeypatch: pytest.MonkeyPatch) -> None:
    from segmentry.cli import assign

    whole = segmentry("assign", "customers.parquet", folder=shop.folder).output
    monkeypatch.setattr(assign, "PIECE_ROWS", 7)
    assert segmentry("assign", "customers.parquet", folder=shop.folder).output == whole
    assert whole.count("entity_id") == 1


def test_json_lines_leave_out_what_is_missing(shop: Finished, tmp_path: Path) -> None:
    output = tmp_path / "again.jsonl"
    segmentry("assign", "customers.parquet", "--output", output, folder=shop.folder)
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert len(rows) == 200
    assert "as_of" not in rows[0]
    assert 0.5 <= rows[0]["confidence"] <= 1.0


def test_another_ending_is_refused_before_any_work(shop: Finished, tmp_path: Path) -> None:
    done = segmentry("assign", "gone.csv", "--output", tmp_path / "a.xlsx", folder=shop.folder)
    assert done.status == 2
    assert "'.xlsx'" in done.messages
    assert ".csv, .jsonl, .parquet" in done.messages


def test_without_a_run_the_next_command_is_named(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    done = segmentry("assign", "a.parquet", folder=tmp_path)
    assert done.status == 1
    assert "segmentry run" in done.messages


def test_a_run_may_be_named(shop: Finished, tmp_path: Path) -> None:
    data, run = shop.folder / "customers.parquet", shop.latest.resolve()
    done = segmentry("assign", data, "--run", run, folder=tmp_path)
    assert done.status == 0, done.messages
    assert done.output.count("\n") == 201


def test_a_missing_file_leaves_no_output(shop: Finished, tmp_path: Path) -> None:
    output = tmp_path / "a.csv"
    done = segmentry("assign", "gone.csv", "--output", output, folder=shop.folder)
    assert done.status == 1
    assert "E2001" in done.messages
    assert not output.exists()
