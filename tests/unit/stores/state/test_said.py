"""A run as it is shown: what it stored, under the names that people gave."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from owning import bytes_of
from segmentry.domain.owned import Deed, Owned
from segmentry.pipeline.finished import Run
from segmentry.pipeline.owned import change
from segmentry.pipeline.run import run_project
from segmentry.stores.runfolder import RunFolder, open_run
from segmentry.stores.state.said import SaidRun, said_run
from shops import shop_project

NAME = "Our Best (May)"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_project(shop_project(tmp_path_factory.mktemp("shop")))


@pytest.fixture
def said(run: Run) -> SaidRun:
    return SaidRun(run.folder, {1: Owned(7, NAME, is_locked=True, owner="ada")})


def test_without_a_state_it_is_the_run_itself(run: Run) -> None:
    assert said_run(run.folder) == RunFolder(run.folder)


def test_what_is_said_of_the_run_is_found_and_the_run_stays(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "runs" / run.folder.name
    shutil.copytree(run.folder, folder)
    change(folder, 1, Deed.RENAME, NAME)
    found = said_run(folder)
    assert isinstance(found, SaidRun)
    assert found.said[1].name == NAME
    assert found.release().segment_names[0] == NAME
    assert bytes_of(folder) == bytes_of(run.folder)


def test_every_document_uses_the_name_and_nothing_else_changes(run: Run, said: SaidRun) -> None:
    stored = open_run(run.folder).documents()
    shown = said.documents()
    old = stored["segments"]["segments"][0]["name"]
    first, *others = shown["segments"]["segments"]
    assert (first["name"], first["owner"], first["locked"]) == (NAME, "ada", True)
    assert first["naming"]["reason"] == "named by people"
    assert others == stored["segments"]["segments"][1:]
    assert "note" not in first
    lines = list(zip(stored["summary"]["headline"], shown["summary"]["headline"], strict=True))
    assert any(old in line for line, _ in lines[1:])
    assert all(after == before.replace(old, NAME) for before, after in lines[1:])
    assert lines[0][0] == lines[0][1]
    for name in ("candidates", "evidence", "audit", "timings"):
        assert shown[name] == stored[name]


def test_assignments_carry_the_name_and_nobody_moves(run: Run, said: SaidRun) -> None:
    stored, shown = open_run(run.folder).table("assignments"), said.table("assignments")
    assert shown.schema.equals(stored.schema)
    other = [n for n in stored.column_names if n not in {"segment", "second_segment"}]
    assert shown.select(other).equals(stored.select(other))
    first = pc.equal(stored["segment_id"], 1)
    assert set(shown.filter(first)["segment"].to_pylist()) == {NAME}
    rest = pc.invert(first)
    told, kept = (t.filter(rest)["segment"].cast(pa.string()) for t in (shown, stored))
    assert told.equals(kept)
    assert NAME in shown["second_segment"].to_pylist()
    assert said.table("features").equals(open_run(run.folder).table("features"))


def test_a_name_taken_back_in_a_run_that_took_it_over_gives_the_rules(run: Run) -> None:
    said = SaidRun(run.folder, {1: Owned(7)})
    stored = open_run(run.folder).document("segments")["segments"][0]
    assert said.document("segments")["segments"][0]["name"] == stored["name"]
    from segmentry.stores.state import said as module

    carried = {"name": NAME, "naming": {"by_rule": "Loyal Regulars"}}
    assert module._name(carried, Owned(7)) == "Loyal Regulars"
    assert module._name(carried, None) == NAME


def test_names_within_names_are_not_mixed_up(run: Run) -> None:
    said = SaidRun(run.folder, {})
    object.__setattr__(said, "_renamed", {"Buyers": "B", "Big Buyers": "BB"})
    assert said._in_words("Big Buyers, Buyers, Buyersville") == "BB, B, Buyersville"
