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
from segmentry.cli.assign import n_formulas, write_csv
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
    assert 0.0 <= rows[0]["confidence"] <= 1.0


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


def test_texts_that_begin_as_formulas_do_are_shown_not_computed() -> None:
    signs = ["=1+1", "+49", "-123", "@x", "\tx", "\rx", "\uff1dx", "\nx"]
    plain = ["a=1", "c-3", "'q", "", None, "7"]
    table = pa.table(
        {
            "entity_id": signs + plain,
            "segment": pa.array(signs + plain).dictionary_encode(),
            "score": [-1.5] * 14,
            "n": [-3] * 14,
        }
    )
    file = io.BytesIO()
    write_csv(table, file)
    kinds = pyarrow.csv.ConvertOptions(
        column_types={"entity_id": pa.string(), "segment": pa.string()},
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    lines = pyarrow.csv.ParseOptions(newlines_in_values=True)
    found = pyarrow.csv.read_csv(
        io.BytesIO(file.getvalue()), parse_options=lines, convert_options=kinds
    )
    for name in ("entity_id", "segment"):
        assert found[name].to_pylist() == [f"'{text}" for text in signs] + plain
    assert found["score"].to_pylist() == [-1.5] * 14
    assert found["n"].to_pylist() == [-3] * 14
    assert n_formulas(table) == len(signs)
    assert n_formulas(table.drop_columns(["entity_id", "segment"])) == 0


def test_other_ids_are_the_same_in_csv_and_parquet(shop: Finished, tmp_path: Path) -> None:
    ids = [f"+49 170 {i}" if i % 2 else f"u={i}" for i in range(40)]
    table = customers(40, seed=1)
    table = table.set_column(0, "customer_id", pa.array(ids))
    pq.write_table(table, tmp_path / "new.parquet")
    for name in ("a.csv", "a.parquet"):
        done = segmentry(
            "assign", tmp_path / "new.parquet", "--output", tmp_path / name, folder=shop.folder
        )
        assert done.status == 0, done.messages
        assert ("20 ids begin as formulas do" in done.messages) == (name == "a.csv")
    exact = pq.read_table(tmp_path / "a.parquet")["entity_id"].to_pylist()
    shown = pyarrow.csv.read_csv(tmp_path / "a.csv")["entity_id"].to_pylist()
    assert sorted(exact) == sorted(ids)
    assert [s.removeprefix("'") for s in shown] == exact
    assert {s for s in shown if s.startswith("u")} == {i for i in ids if i.startswith("u")}


def test_without_a_file_the_sources_get_the_answers_of_the_run(
    shop: Finished, tmp_path: Path
) -> None:
    output = tmp_path / "again.parquet"
    done = segmentry("assign", "--output", output, folder=shop.folder)
    assert done.status == 0, done.messages
    assert pq.read_table(output).equals(pq.read_table(shop.latest / "assignments.parquet"))


def test_files_are_no_place_to_write_back_to(shop: Finished) -> None:
    for words in (("assign",), ("assign", "customers.parquet"), ("run",)):
        done = segmentry(*words, "--write-to", "segments", folder=shop.folder)
        assert done.status == 2
        assert "these are files" in done.messages
        assert done.output == ""
