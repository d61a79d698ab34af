"""The run command: data on standard output, messages on standard error."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands import Done, segmentry
from finished import Finished
from segmentry.cli.run import base_of, instant
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


@pytest.fixture(scope="module")
def elsewhere(shop: Finished, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done, Path]:
    """Run again: named by its folder, from another one, to another place, on one thread."""
    here = tmp_path_factory.mktemp("here")
    before = shop.latest.readlink()
    words = ["run", "-p", shop.folder, "--json", "--output", here / "out", "--threads", "1"]
    return here / "out", segmentry(*words, folder=here), before


def test_machines_get_one_document(elsewhere: tuple[Path, Done, Path]) -> None:
    place, done, _ = elsewhere
    assert done.status == 0, done.messages
    told = json.loads(done.output)
    assert told["run"] == str(place)
    assert told["verdict"] in {"clear", "weak", "none"}
    assert told["seconds"] > 0
    assert told["segments"] == json.loads((place / "segments.json").read_text())["segments"]


def test_another_place_and_number_of_threads_make_no_other_segmentation(
    shop: Finished, elsewhere: tuple[Path, Done, Path]
) -> None:
    summary = json.loads((shop.latest / "summary.json").read_text())
    assert json.loads(elsewhere[1].output)["fingerprint"] == summary["fingerprint"]


def test_a_run_elsewhere_leaves_the_latest_one(
    shop: Finished, elsewhere: tuple[Path, Done, Path]
) -> None:
    assert shop.latest.readlink() == elsewhere[2]
    assert sorted(p.name for p in elsewhere[0].parent.iterdir()) == ["out"]


def test_without_a_project_file_the_next_command_is_named(tmp_path: Path) -> None:
    done = segmentry("run", folder=tmp_path)
    assert done.status == 2
    assert "E1007" in done.messages
    assert "segmentry init FILE" in done.messages
    assert list(tmp_path.iterdir()) == []


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


def test_the_graver_mistakes_are_told_last_and_all_of_them_as_data(
    shop: Finished, tmp_path: Path
) -> None:
    text = (shop.folder / "segmentry.yaml").read_text()
    shutil.copytree(shop.folder, tmp_path / "shop", ignore=shutil.ignore_patterns("runs"))
    file = tmp_path / "shop" / "segmentry.yaml"
    file.write_text(re.sub(r"(?m)^  max: 8 ", "  max: 4 ", text))
    done = segmentry("run", "--json", folder=tmp_path / "shop")
    told = {m["code"]: m for m in json.loads(done.output)["mistakes"]}
    assert told["M03"]["severity"] == "warning"
    assert told["M08"]["severity"] == "info"
    plain = segmentry("run", folder=tmp_path / "shop")
    assert plain.messages.rstrip().endswith("try: segments: {min: 4, max: 8}")
    assert "mistake M03: the project asks for exactly 4 segments" in plain.messages
    assert "M08" not in plain.messages


def test_a_project_is_named_by_its_folder_or_by_its_file(tmp_path: Path) -> None:
    file = tmp_path / "segmentry.yaml"
    assert base_of(tmp_path) == base_of(file) == tmp_path
    assert base_of(Path("segmentry.yaml")) == Path()
