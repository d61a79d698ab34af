"""The health command."""

from __future__ import annotations

import json

import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from commands import segmentry
from finished import Finished
from leavers import N, accounts


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("accounts")
    pq.write_table(accounts(), folder / "accounts.parquet")
    init = segmentry("init", "accounts.parquet", folder=folder)
    return Finished(folder, init, segmentry("run", folder=folder))


def test_it_says_what_the_score_rests_on_and_tells_each_segment(customers: Finished) -> None:
    done = segmentry("health", folder=customers.folder)
    assert done.status == 0
    lines = done.output.splitlines()
    assert "by a model of 'churned'" in lines[0]
    names = [
        s["name"] for s in json.loads((customers.latest / "segments.json").read_text())["segments"]
    ]
    assert [line.partition(" (")[0] for line in lines[3:]] == names
    assert all("of 100 on average" in line for line in lines[3:])


def test_machines_get_one_document(customers: Finished) -> None:
    told = json.loads(
        segmentry("health", "--json", "--floor", "60", folder=customers.folder).output
    )
    assert (told["format"], told["basis"], told["floor"]) == (1, "outcome", 60.0)
    assert told["segments"][0]["name"]


def test_everybody_is_written_only_to_the_file_that_is_named(customers: Finished) -> None:
    done = segmentry("health", "--output", "health.csv", folder=customers.folder)
    assert f"{N} entities written" in done.messages
    rows = pyarrow.csv.read_csv(customers.folder / "health.csv").to_pylist()
    assert list(rows[0]) == [
        "entity_id", "segment_id", "segment", "health", "gone", "raises", "lowers",
    ]  # fmt: skip
    best = max(rows, key=lambda r: r["health"])
    assert best["raises"]
    assert not best["lowers"]
    segmentry("health", "--output", "health.parquet", folder=customers.folder)
    same = pq.read_table(customers.folder / "health.parquet").to_pylist()
    assert [r["health"] for r in same] == [r["health"] for r in rows]


def test_it_writes_over_nothing_that_is_read(customers: Finished) -> None:
    done = segmentry("health", "--output", "accounts.parquet", folder=customers.folder)
    assert done.status == 2
    assert "would write over" in done.messages
