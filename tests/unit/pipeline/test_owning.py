"""The methods of a run by which people own its segments."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentry import open_run
from segmentry.domain.owned import Deed
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import run_project
from shops import shop_project


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return run_project(shop_project(tmp_path))


def test_each_method_gives_the_run_as_it_is_then(run: Run) -> None:
    before = run.assignments()
    shown = run.rename(1, "VIPs").own("VIPs", "ada").note("VIPs", "ask in May").lock("VIPs")
    first = shown.segments[0]
    assert [first[k] for k in ("name", "owner", "note", "locked")] == [
        "VIPs",
        "ada",
        "ask in May",
        True,
    ]
    assert shown.fingerprint == run.fingerprint
    same = ["entity_id", "segment_id", "confidence", "anomaly_score"]
    assert shown.assignments().select(same).equals(before.select(same))
    assert "VIPs" in shown.sql()
    assert "ask in May" in shown.report.read_text()
    assert shown.unlock("VIPs").undo().segments[0]["locked"] is True
    name = run.segments[0]["name"]
    assert shown.forget("vips").segments[0]["name"] == name
    deeds = [Deed.RENAME, Deed.OWN, Deed.NOTE, Deed.LOCK, Deed.UNLOCK, Deed.UNDO, Deed.FORGET]
    assert [e.what for e in run.history()] == deeds


def test_a_run_elsewhere_is_told_its_project(tmp_path: Path) -> None:
    project = shop_project(tmp_path)
    run = run_project(project, output=tmp_path / "out")
    run.rename(1, "VIPs", project_folder=tmp_path)
    assert open_run(run.folder).segments[0]["name"] != "VIPs"
    shown = open_run(run.folder, project_folder=tmp_path)
    assert shown.segments[0]["name"] == "VIPs"
    assert len(shown.history(project_folder=tmp_path)) == 1
