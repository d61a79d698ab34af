"""The why command."""

from __future__ import annotations

import json

import pyarrow.parquet as pq

from commands import segmentry
from finished import Finished


def first_id(shop: Finished) -> str:
    return str(pq.read_table(shop.latest / "assignments.parquet")["entity_id"][0].as_py())


def test_it_tells_reasons_runner_up_and_change(shop: Finished) -> None:
    done = segmentry("why", first_id(shop), folder=shop.folder)
    assert done.status == 0
    lines = done.output.splitlines()
    assert lines[0].startswith(f"{first_id(shop)} is in '")
    assert "the next is '" in lines[0]
    assert "speaks for it" in lines
    assert lines[-1].startswith(("With ", "No way out: "))


def test_machines_get_one_document(shop: Finished) -> None:
    done = segmentry("why", first_id(shop), "--json", folder=shop.folder)
    told = json.loads(done.output)
    rows = pq.read_table(shop.latest / "assignments.parquet").to_pylist()
    assert told["format"] == 1
    assert told["segment"] == rows[0]["segment"]
    assert told["reasons"][0]["weight"] > 0


def test_who_is_not_there_is_wrong_usage(shop: Finished) -> None:
    done = segmentry("why", "nobody", folder=shop.folder)
    assert done.status == 2
    assert "the run holds no entity 'nobody'" in done.messages
    other = segmentry("why", first_id(shop), "--to", "nowhere", folder=shop.folder)
    assert other.status == 2
    assert "segments are 1 (" in other.messages
