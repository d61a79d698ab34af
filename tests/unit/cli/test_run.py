"""The run command: data on standard output, messages on standard error."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands import segmentry
from finished import Finished
from segmentry.cli.run import instant
from segmentry.errors import UsageError


def test_a_run_prints_verdict_table_and_report_and_leaves_a_folder(shop: Finished) -> None:
    assert shop.run.status == 0, shop.run.messages
    lines = shop.run.output.splitlines()
    assert any(line.startswith("structure: ") for line in lines[:2])
    assert lines[-1] == f"report: {shop.latest.resolve() / 'report.html'}"
    for segment in json.loads((shop.latest / "segments.json").read_text())["segments"]:
        assert segment["name"] in shop.run.output


def test_the_phases_go_to_standard_error(shop: Finished) -> None:
    phases = [line.split("] ")[1].split(":")[0] for line in shop.run.messages.splitlines()
              if line.startswith("[")]  # fmt: skip
    assert phases[0] == "read"
    assert phases[-1] == "write"
    assert "[" not in shop.run.output.split("\n")[0]


def test_machines_get_one_document_and_the_place_asked_for(shop: Finished, tmp_path: Path) -> None:
    place = tmp_path / "out"
    done = segmentry("run", "--json", "--output", place, "--threads", "1", folder=shop.folder)
    told = json.loads(done.output)
    assert done.status == 0
    assert told["run"] == str(place)
    assert told["verdict"] in {"clear", "weak", "none"}
    assert told["seconds"] > 0
    assert told["segments"] == json.loads((place / "segments.json").read_text())["segments"]
    # Another place and another number of threads make no other segmentation.
    summary = json.loads((shop.latest / "summary.json").read_text())
    assert told["fingerprint"] == summary["fingerprint"]


def test_a_run_elsewhere_leaves_the_latest_one(shop: Finished, tmp_path: Path) -> None:
    before = shop.latest.readlink()
    assert segmentry("run", "--output", tmp_path / "out", folder=shop.folder).status == 0
    assert shop.latest.readlink() == before


def test_without_a_project_file_the_next_command_is_named(tmp_path: Path) -> None:
    done = segmentry("run", folder=tmp_path)
    assert done.status == 2
    assert "E1007" in done.messages
    assert "segmentry init FILE" in done.messages
    assert list(tmp_path.iterdir()) == []


def test_a_project_may_be_named_by_its_folder(shop: Finished, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(shop.folder, copy, symlinks=True)
    done = segmentry("run", "-p", copy, folder=tmp_path)
    assert done.status == 0, done.messages
    assert len(list((copy / "runs").iterdir())) == 3


def test_an_output_with_other_files_is_refused_before_any_work(
    shop: Finished, tmp_path: Path
) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    done = segmentry("run", "--output", tmp_path, folder=shop.folder)
    assert done.status == 2
    assert "other files" in done.messages
    assert "read" not in done.messages.split("error")[0]


def test_a_date_is_meant_in_the_projects_time_zone() -> None:
    assert instant("2026-03-01", "Europe/Berlin").astimezone(UTC) == datetime(
        2026, 2, 28, 23, tzinfo=UTC
    )


def test_an_instant_with_an_offset_is_meant_as_it_is() -> None:
    assert instant("2026-03-01T00:00:00Z", "Europe/Berlin") == datetime(2026, 3, 1, tzinfo=UTC)
    assert instant(None, "UTC") is None


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "", "1.3.2026"])
def test_what_is_no_date_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match=r"--as-of cannot be(.|\n)*2026-03-01"):
        instant(text, "UTC")
