from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from commands import segmentry
from shop import orders, write_csv

RANGE = ("--from", "2011-06-01", "--to", "2011-09-15")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("shop")
    write_csv(orders(60), place / "orders.csv")
    assert segmentry("init", "orders.csv", folder=place).status == 0
    assert segmentry("run", folder=place).status == 0
    return place


def test_movements_are_told_and_written(folder: Path) -> None:
    done = segmentry(
        "movements", *RANGE, "--output", "moves.parquet", "--report", "m.html", folder=folder
    )
    assert done.status == 0, done.messages
    assert "2011-06-01 to 2011-09-01" in done.output
    assert "moves by behaviour" in done.output
    assert "cause" in pq.read_table(folder / "moves.parquet").column_names
    assert "Where the members of each segment went" in (folder / "m.html").read_text()


def test_a_machine_gets_one_document_of_given_snapshots(folder: Path) -> None:
    told = ("--run", "runs/latest", "--output", "snaps")
    assert segmentry("backfill", *RANGE, *told, folder=folder).status == 0
    done = segmentry("movements", "--snapshots", "snaps", "--json", folder=folder)
    assert done.status == 0, done.messages
    assert len(json.loads(done.output)["days"]) == 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "2011-06-01"), "go together"),
        (("--snapshots", "snaps", *RANGE), "its own days"),
        (("--output", "moves.xlsx"), "cannot end in"),
        (("--output", "orders.csv"), "would write over"),
    ],
)
def test_a_wrong_wish_is_told_before_any_work(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    done = segmentry("movements", *words, folder=folder)
    assert done.status == 2
    assert said in done.messages
