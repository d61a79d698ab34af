"""The doctor finds what is missing and says what to do."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

import pytest

from commands import segmentry
from segmentry.cli import doctor


def test_where_all_is_well_it_ends_with_zero(tmp_path: Path) -> None:
    done = segmentry("doctor", folder=tmp_path)
    assert done.status == 0
    for name in ("python", "duckdb", "engine", "memory", "disk", "folder"):
        assert f" {name} " in done.output
    assert "missing" not in done.output
    assert list(tmp_path.iterdir()) == []


def test_every_requirement_of_the_package_is_looked_at() -> None:
    # What only an extra needs may be absent.
    needed = [n for n in metadata.requires("segmentry") or [] if "extra ==" not in n]
    names = {n.split(";")[0].split("[")[0].split(">")[0].split("<")[0].strip() for n in needed}
    assert names == set(doctor.PACKAGES)


def test_machines_get_one_document(tmp_path: Path) -> None:
    told = json.loads(segmentry("doctor", "--json", folder=tmp_path).output)
    assert told["is_well"] is True
    assert {f["state"] for f in told["findings"]} <= {"ok", "warning"}


def test_something_missing_ends_with_one_and_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("a-package-that-nobody-has",))
    done = segmentry("doctor", folder=tmp_path)
    assert done.status == 1
    assert "missing  a-package-that-nobody-has" in done.output
    assert "try: install segmentry again" in done.output


def test_a_folder_that_cannot_be_written_is_found(tmp_path: Path) -> None:
    finding = doctor._writing(tmp_path / "gone")
    assert (finding.state, finding.hint) == ("missing", "work in a folder that you may write to")


def test_little_space_is_a_warning_only() -> None:
    assert doctor._enough("disk", 10, "free some").state == "warning"
    assert doctor._enough("disk", 10_000, "free some").hint == ""


def test_an_old_python_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (99, 0))
    assert doctor._python().state == "missing"
