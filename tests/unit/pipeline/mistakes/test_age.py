"""Whether the latest run is still true of the sources."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mistaken import clean, columns_of, project_of, purchases
from segmentry.domain.audit import Audit
from segmentry.domain.mistake import Mistake, State
from segmentry.domain.progress import Silent
from segmentry.domain.project import (
    Privacy,
    Project,
    SegmentChoice,
    Source,
    Windows,
    frozen_mapping,
)
from segmentry.pipeline.mistakes.age import of_latest_run
from segmentry.pipeline.ready import make_ready
from segmentry.pipeline.run import run_project

BAND = SegmentChoice(2, 3, methods=("k-means",))


def looked(project: Project) -> list[Mistake]:
    return list(of_latest_run(project, make_ready(project, audit=Audit(), steps=Silent())))


@pytest.fixture(scope="module")
def aged(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give a project of events whose latest run looks at what was before the 5th of August."""
    folder = tmp_path_factory.mktemp("aged")
    path = purchases(folder, n=120)
    columns = {"entity": "customer_id", "time": "at", "amount": "amount"}
    source = Source("orders", path.name, columns=frozen_mapping(columns))
    project = Project("shop", (source,), segments=BAND, folder=folder)
    run_project(project, as_of=datetime(2024, 8, 5, tzinfo=UTC))
    return project


def test_without_a_run_its_age_is_not_known(tmp_path):
    (mistake,) = looked(clean(tmp_path))
    assert (mistake.code, mistake.state) == ("M04", State.UNKNOWN)
    assert mistake.sentence.endswith("there is no run yet")


def test_a_run_is_old_once_a_whole_recent_window_lies_after_it(aged):
    mistake = next(m for m in looked(aged) if m.code == "M04")
    end = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=300)
    assert mistake.is_found
    assert mistake.fix == "segmentry run"
    days = (end - datetime(2024, 8, 5, tzinfo=UTC)).days
    assert mistake.figures["days"] == pytest.approx(days, abs=1.5)
    assert "before 2024-08-05" in mistake.sentence


def test_a_run_within_a_longer_recent_window_is_not_old(aged):
    slow = replace(aged, windows=Windows(recent_days=120.0))
    assert next(m for m in looked(slow) if m.code == "M04").state is State.ABSENT


def test_what_the_latest_run_found_of_its_segments_is_passed_on(aged):
    told = {m.code: m for m in looked(aged)}
    assert told["M10"].is_found
    assert told["M10"].sentence.startswith("the latest run, of 20")
    assert told["M10"].is_of_segments
    # What it was asked is looked at anew, in the project file as it is now.
    assert {"M05", "M08"} & {m.code for m in looked(aged) if not m.is_of_segments} == set()


def test_a_run_of_a_table_is_old_once_a_tenth_of_the_entities_are_new(tmp_path):
    project = replace(project_of(tmp_path, columns_of(200, 0)), segments=BAND)
    run_project(project)
    assert looked(project)[0].state is State.ABSENT
    project_of(tmp_path, columns_of(215, 0))
    assert looked(project)[0].state is State.ABSENT
    project_of(tmp_path, columns_of(240, 0))
    mistake = looked(project)[0]
    assert mistake.is_found
    assert mistake.figures["share_of_new"] == pytest.approx(40 / 240)


def test_under_pseudonyms_the_age_of_a_table_is_not_known(tmp_path):
    project = replace(project_of(tmp_path, columns_of(200, 0)), segments=BAND)
    run_project(project)
    hidden = replace(project, privacy=Privacy("pseudonym"))
    assert looked(hidden)[0].state is State.UNKNOWN


def test_a_run_of_an_older_version_passes_nothing_on(aged, tmp_path: Path):
    import hashlib
    import json

    shutil.copytree(aged.folder, tmp_path / "copy", symlinks=True)
    folder = (tmp_path / "copy" / "runs" / "latest").resolve()
    paper = json.loads((folder / "evidence.json").read_text())
    del paper["mistakes"]
    text = json.dumps(paper).encode()
    (folder / "evidence.json").write_bytes(text)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["evidence.json"] |= {
        "sha256": hashlib.sha256(text).hexdigest(),
        "bytes": len(text),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    told = looked(replace(aged, folder=tmp_path / "copy"))
    assert [m.code for m in told] == ["M04"]


def test_a_damaged_run_tells_nothing(aged, tmp_path: Path):
    shutil.copytree(aged.folder, tmp_path / "copy", symlinks=True)
    (tmp_path / "copy" / "runs" / "latest" / "evidence.json").write_text("{}")
    told = looked(replace(aged, folder=tmp_path / "copy"))
    assert [m.state for m in told] == [State.UNKNOWN]
    assert "differs from what the run wrote" in told[0].sentence
