"""``segmentry sql``: the statement on the output or in a file, tried before it is given."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from commands import segmentry
from finished import Finished
from mixed import mixed_run
from segmentry.pipeline import sql as pipeline
from segmentry.pipeline.sql import Trial


def test_the_output_is_a_statement_that_runs(shop: Finished) -> None:
    done = segmentry("sql", folder=shop.folder)
    assert done.status == 0, done.messages
    assert "tried in DuckDB on 200 entities of the run: 200 get their segment" in done.messages
    with duckdb.connect() as con:
        con.register("features", pq.read_table(shop.latest / "features.parquet"))
        rows = con.sql(done.output).to_arrow_table().sort_by("entity_id")
    told = pq.read_table(shop.latest / "assignments.parquet").sort_by("entity_id")
    assert rows["segment"].to_pylist() == told["segment"].to_pylist()


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark", "bigquery", "snowflake"])
def test_a_dialect_and_a_table_are_chosen(shop: Finished, dialect: str) -> None:
    words = ("--dialect", dialect, "--table", "crm.raw_features")
    done = segmentry("sql", *words, folder=shop.folder)
    assert done.status == 0, done.messages
    assert "from crm.raw_features\n" in done.output


def test_json_tells_what_the_statement_reads_and_how_it_was_tried(shop: Finished) -> None:
    told = json.loads(segmentry("sql", "--json", folder=shop.folder).output)
    assert told["columns"]
    assert set(told["columns"]) <= {"visits", "spend", "items"}
    assert told["sql"] == segmentry("sql", folder=shop.folder).output
    assert told["tried"]["n_entities"] == 200
    assert told["tried"]["n_other"] == 0


def test_a_file_is_written_whole(shop: Finished, tmp_path: Path) -> None:
    done = segmentry("sql", "--output", tmp_path / "segments.sql", folder=shop.folder)
    assert done.output == ""
    assert (tmp_path / "segments.sql").read_text() == segmentry("sql", folder=shop.folder).output


def test_what_is_read_is_never_written_over(shop: Finished) -> None:
    for target in ("customers.parquet", "runs/latest/features.parquet"):
        done = segmentry("sql", "--output", target, folder=shop.folder)
        assert done.status == 2
        assert "E1101" in done.messages


def test_a_statement_that_answers_otherwise_is_given_with_a_warning(
    shop: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "trial", lambda *_, **__: Trial(200, 0, 0, 3))
    done = segmentry("sql", folder=shop.folder)
    assert done.messages.startswith("warning: tried in DuckDB on 200 entities of the run: 197 get")


def test_what_sql_cannot_say_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    mixed_run(tmp_path, "k-means", "impute: {columns: {age: model}}")
    done = segmentry("sql", "--output", "segments.sql", folder=tmp_path)
    assert done.status == 1
    assert "error E6004: the segments cannot be written as SQL: the feature 'age'" in done.messages
    assert not (tmp_path / "segments.sql").exists()
    shutil.rmtree(tmp_path / "runs")
    assert "E5002" in segmentry("sql", folder=tmp_path).messages


def test_rules_are_a_statement_that_says_how_often_it_is_right(shop: Finished) -> None:
    done = segmentry("sql", "--rules", folder=shop.folder)
    assert done.status == 0, done.messages
    assert done.output.startswith("-- Rules of at most 4 questions put ")
    with duckdb.connect() as con:
        con.register("features", pq.read_table(shop.latest / "features.parquet"))
        names = {segment for _, segment in con.sql(done.output).fetchall()}
    told = pq.read_table(shop.latest / "assignments.parquet")
    assert names <= set(told["segment"].to_pylist())


def test_rules_for_machines_have_figures_and_the_statement(shop: Finished) -> None:
    told = json.loads(
        segmentry("sql", "--rules", "--json", "--depth", "2", folder=shop.folder).output
    )
    assert told["depth"] == 2
    assert told["sql"] == segmentry("sql", "--rules", "--depth", "2", folder=shop.folder).output
    assert told["fidelity"]["low"] <= told["fidelity"]["estimate"] <= told["fidelity"]["high"]
    rules = [rule for segment in told["segments"] for rule in segment["rules"]]
    assert all(len(rule["conditions"]) <= 2 for rule in rules)
    assert sum(rule["n_covered"] for rule in rules) == told["n_tried"]


def test_depth_is_for_rules(shop: Finished) -> None:
    done = segmentry("sql", "--depth", "3", folder=shop.folder)
    assert done.status == 2
    assert "--depth is for rules" in done.messages
