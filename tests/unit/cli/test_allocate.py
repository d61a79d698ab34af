"""The allocate command."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.csv
import pytest

from commands import segmentry
from finished import Finished


@pytest.fixture
def effects(shop: Finished, tmp_path: Path) -> Path:
    names = [s["name"] for s in json.loads((shop.latest / "segments.json").read_text())["segments"]]
    path = tmp_path / "effects.csv"
    lines = ["segment,effect,low,high,cost,hours", f"{names[0]},9,4,14,2,0.5"]
    path.write_text("\n".join([*lines, f"{names[1]},3,-1,7,1,0.1"]) + "\n", encoding="utf-8")
    return path


def test_it_tells_who_gets_how_much_and_why(shop: Finished, effects: Path) -> None:
    asked = ("allocate", "--effects", str(effects), "--budget", "60", "--hours", "10")
    done = segmentry(*asked, folder=shop.folder)
    assert done.status == 0
    assert "Acting on 20 members of 1 segment makes" in done.output
    assert "one more hour alone would bring 14" in done.output
    assert "choose them by lot" in done.output


def test_machines_get_one_document(shop: Finished, effects: Path) -> None:
    asked = ("allocate", "--effects", str(effects), "--hours", "10", "--json")
    told = json.loads(segmentry(*asked, folder=shop.folder).output)
    first, second = told["shares"][:2]
    assert (told["format"], first["treated"], second["treated"]) == (1, 20, 0)
    assert "includes 0" in second["reason"]
    explored = json.loads(segmentry(*asked, "--explore", folder=shop.folder).output)
    assert {s["segment"]: s["treated"] for s in explored["shares"]}[second["segment"]] > 0


def test_the_table_is_written_where_asked(shop: Finished, effects: Path, tmp_path: Path) -> None:
    asked = ("allocate", "--effects", str(effects), "--budget", "60", "--output")
    done = segmentry(*asked, str(tmp_path / "plan.csv"), folder=shop.folder)
    assert "segments written" in done.messages
    rows = pyarrow.csv.read_csv(tmp_path / "plan.csv").to_pylist()
    assert rows[0]["treated"] == 30
    assert rows[0]["money"] == 60.0
    over = segmentry(*asked, str(effects.with_suffix(".csv")), folder=shop.folder)
    assert over.status == 2
    assert "would write over" in over.messages


def test_nothing_to_share_out_is_wrong_usage(shop: Finished, effects: Path) -> None:
    done = segmentry("allocate", "--effects", str(effects), folder=shop.folder)
    assert done.status == 2
    assert "give a budget, hours, or both" in done.messages
