"""Segments made by hand are judged by what followed, where the sources still tell it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import segmentry
from segmentry.domain.project import Project, Source, frozen_mapping
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import run_project
from segmentry.stores.runfolder import find_run
from simulated import log


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Run:
    home = tmp_path_factory.mktemp("shop")
    shutil.copy(log(home, "retail", n_users=300).events, home / "orders.parquet")
    columns = {"entity": "customer_id", "time": "ordered_at", "order": "order_id"}
    source = Source(
        "log",
        "orders.parquet",
        columns=frozen_mapping({**columns, "amount": "quantity * unit_price"}),
    )
    return run_project(Project("shop", (source,), folder=home))


@pytest.fixture
def run(shop: Run, tmp_path: Path) -> Run:
    """Give the run in a project of its own."""
    shutil.copytree(shop.folder.parent.parent, tmp_path / "shop", symlinks=True)
    return segmentry.open_run(find_run(tmp_path / "shop"))


def test_a_merged_run_has_curves_and_figures_as_any_run_has(run: Run) -> None:
    before = run.documents["evidence"]["heldout"]
    merged = run.merge(1, 2)
    told = merged.documents["evidence"]["heldout"]
    # Everyone is as before; intervals of means are drawn after those of other segments.
    now, then = (h["courses"]["everyone"] for h in (told, before))
    assert now["retained"] == then["retained"]
    assert [r["mean"] for r in now["value"]] == [r["mean"] for r in then["value"]]
    assert len(told["courses"]["segments"]) == len(before["courses"]["segments"]) - 1
    assert sum(s["n"] for s in told["courses"]["segments"]) == told["courses"]["everyone"]["n"]
    assert any(s.get("business") for s in merged.segments)
    page = merged.report.read_text()
    assert 'data-chart="retention"' in page
    assert not any("outcomes held out" in w for w in merged.documents["evidence"]["warnings"])
    names = {c["name"] for c in merged.documents["evidence"]["checks"]}
    assert "time_stability" in names


def test_after_a_split_everybody_is_still_told_of_once(run: Run) -> None:
    def counts(of: Run) -> list[int]:
        return [s["n"] for s in of.documents["evidence"]["heldout"]["courses"]["segments"]]

    parted = run.split(1)
    assert len(counts(parted)) == len(counts(run)) + 1
    assert sum(counts(parted)) == sum(counts(run))


def test_other_data_tells_nothing_of_these_segments(run: Run) -> None:
    file = run.folder.parent.parent / "orders.parquet"
    rows = pq.read_table(file)
    pq.write_table(rows.slice(0, rows.num_rows // 2), file)
    merged = run.merge(1, 2)
    assert "heldout" not in merged.documents["evidence"]
    assert any("outcomes held out" in w for w in merged.documents["evidence"]["warnings"])
    file.unlink()
    assert "heldout" not in run.merge(1, 3).documents["evidence"]
