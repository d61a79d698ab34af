"""The simulate command."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from commands import segmentry


def test_it_writes_a_log_and_says_what_can_be_found_at_best(tmp_path: Path) -> None:
    done = segmentry("simulate", "saas", "--users", "80", "--output", "made", folder=tmp_path)
    assert done.status == 0
    assert "of 80 users" in done.output
    assert "fading users" in done.output
    assert "best possible classifier: accuracy 0.9" in done.output
    assert f"events: {Path('made/events.parquet')}" in done.output
    assert "next: segmentry init" in done.messages
    assert pq.read_metadata(tmp_path / "made" / "truth.parquet").num_rows == 80


def test_machines_get_one_document(tmp_path: Path) -> None:
    done = segmentry(
        "simulate", "--users", "40", "--seed", "3", "--json", "--segments", "4", folder=tmp_path
    )
    facts = json.loads(done.output)
    assert facts == json.loads((tmp_path / "simulated" / "simulation.json").read_text())
    assert (facts["scenario"], facts["seed"], facts["n_segments"]) == ("retail", 3, 4)


def test_one_population_is_told_to_hold_nothing(tmp_path: Path) -> None:
    done = segmentry("simulate", "media", "--users", "30", "--segments", "1", folder=tmp_path)
    assert "there is nothing to find" in done.output
    assert "accuracy" not in done.output


def test_dirt_is_counted_aloud(tmp_path: Path) -> None:
    done = segmentry("simulate", "--users", "200", "--dirt", "--format", "csv", folder=tmp_path)
    assert "missing entity" in done.output
    assert "text numbers" in done.output
    assert (tmp_path / "simulated" / "events.csv").is_file()


def test_an_unknown_scenario_is_wrong_usage(tmp_path: Path) -> None:
    done = segmentry("simulate", "bank", "--users", "10", folder=tmp_path)
    assert done.status == 2
    assert "E1101" in done.messages
    assert not (tmp_path / "simulated").exists()


def test_a_table_has_its_own_number_of_rows_and_its_files_are_named(tmp_path: Path) -> None:
    done = segmentry("simulate", "accounts", "--format", "csv", folder=tmp_path)
    assert done.status == 0
    assert "accounts: 500 rows of 6 columns and an id" in done.output
    assert "best possible classifier: accuracy 0.9" in done.output
    assert "next: segmentry init simulated/customer_data.csv" in done.messages
    assert len((tmp_path / "simulated" / "customer_data.csv").read_text().splitlines()) == 501


def test_contracts_lie_beside_the_customers(tmp_path: Path) -> None:
    done = segmentry("simulate", "b2b", "--users", "90", "--json", folder=tmp_path)
    facts = json.loads(done.output)
    assert (facts["table"], facts["apart"]) == ("customers.parquet", ["contracts.parquet"])
    assert pq.read_metadata(tmp_path / "simulated" / "contracts.parquet").num_rows == 90


@pytest.mark.parametrize("option", [("--dirt",), ("--days", "90")])
def test_what_is_of_logs_is_refused_of_tables(tmp_path: Path, option: tuple[str, ...]) -> None:
    done = segmentry("simulate", "marketing", *option, folder=tmp_path)
    assert done.status == 2
    assert "marketing is a table: --days and --dirt are of logs" in done.messages
