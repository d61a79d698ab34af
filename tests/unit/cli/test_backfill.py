from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import segmentry
from shop import orders, write_csv

RANGE = ("--from", "2011-06-01", "--to", "2011-07-15")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("shop")
    write_csv(orders(60), place / "orders.csv")
    assert segmentry("init", "orders.csv", folder=place).status == 0
    return place


def test_snapshots_go_beside_the_project_file(folder: Path) -> None:
    done = segmentry("backfill", *RANGE, folder=folder)
    assert done.status == 0, done.messages
    assert "2011-06-01" in done.output
    assert "2 days, 0 kept" in done.output
    assert (folder / "snapshots" / "as_of=2011-07-01" / "features.parquet").is_file()
    assert "2 days, 2 kept" in segmentry("backfill", *RANGE, folder=folder).output


def test_a_machine_gets_one_document(folder: Path) -> None:
    done = segmentry("backfill", *RANGE, "--output", "out", "--json", folder=folder)
    told = json.loads(done.output)
    assert [s["day"] for s in told["snapshots"]] == ["2011-06-01", "2011-07-01"]
    assert told["kept"] == 0


def test_segments_of_a_run_are_assigned(folder: Path) -> None:
    assert segmentry("run", folder=folder).status == 0
    done = segmentry("backfill", *RANGE, "--run", "runs/latest", "--output", "a", folder=folder)
    assert done.status == 0, done.messages
    assert (folder / "a" / "as_of=2011-06-01" / "assignments.parquet").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "June", "--to", "2011-07-01"), "--from cannot be 'June'"),
        (("--from", "2011-07-02", "--to", "2011-07-01"), "lies before"),
        (("--from", "2011-07-01", "--to", "2011-07-01", "--output", "."), "other files"),
    ],
)
def test_a_wrong_wish_is_told_before_any_work(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    done = segmentry("backfill", *words, folder=folder)
    assert done.status == 2
    assert said in done.messages
    assert "Traceback" not in done.messages
