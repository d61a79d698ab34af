"""``segmentry releases`` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import segmentry
from finished import Finished
from owning import copied


@pytest.fixture
def folder(shop: Finished, tmp_path: Path) -> Path:
    home = copied(shop, tmp_path / "shop")
    assert segmentry("segments", "merge", "1", "2", "--name", "Both", folder=home).status == 0
    return home


def test_releases_are_listed_promoted_and_taken_back(folder: Path) -> None:
    told = json.loads(segmentry("releases", "list", "--json", folder=folder).output)
    assert [(r["number"], r["stage"]) for r in told] == [(1, "champion"), (2, "candidate")]
    assert "champion" in segmentry("releases", "list", folder=folder).output
    done = segmentry("releases", "promote", "2", "--reason", "fewer", folder=folder)
    assert done.output == "release 2 is in use\n"
    shown = segmentry("releases", "show", folder=folder).output
    assert "release 2 (champion)" in shown
    assert "promote: fewer" in shown
    assert "is made of segments 1 and 2 (Both)" in shown
    assert "in use again" in segmentry("releases", "rollback", folder=folder).output
    refused = segmentry("releases", "rollback", folder=folder)
    assert refused.status == 1
    assert "E5113" in refused.messages


def test_a_difference_names_nobody_unless_asked(folder: Path) -> None:
    plain = json.loads(segmentry("releases", "diff", "--json", folder=folder).output)
    assert "movers" not in plain["moved"]
    named = json.loads(segmentry("releases", "diff", "--movers", "--json", folder=folder).output)
    assert "movers" in named["moved"]
    words = segmentry("releases", "diff", folder=folder).output
    assert "'Both': segment" in words


def test_a_review_is_asked_for_by_the_project_file(folder: Path) -> None:
    path = folder / "segmentry.yaml"
    path.write_text(path.read_text() + "\nreview: {approvals: 1, roles: [analyst]}\n")
    refused = segmentry("releases", "promote", "2", folder=folder)
    assert "segmentry releases approve 2 --role analyst" in refused.messages
    assert segmentry("releases", "approve", "2", "--role", "analyst", folder=folder).status == 0
    promoted = segmentry("releases", "promote", "2", "--json", folder=folder)
    assert json.loads(promoted.output)["what"] == "promote"


def test_a_record_is_written_and_repeats(folder: Path) -> None:
    assert segmentry("releases", "record", "2", "--output", "r.md", folder=folder).status == 0
    segmentry("releases", "promote", "2", folder=folder)
    again = segmentry("releases", "record", "2", folder=folder)
    assert again.output == (folder / "r.md").read_text()
    assert again.output.startswith("# Release 2 of ")


def test_a_project_without_a_run_says_what_makes_one(shop: Finished, tmp_path: Path) -> None:
    home = copied(shop, tmp_path / "bare")
    for path in sorted((home / ".segmentry").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    assert "segmentry run" in segmentry("releases", "list", folder=home).output
