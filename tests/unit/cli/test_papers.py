"""The playbook as files: all of them or none, and never over what is not ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commands import segmentry
from finished import Finished
from segmentry import api
from segmentry.domain.playbook import Effect
from segmentry.render import format as fmt
from segmentry.stores.runfolder import open_run

NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?")
FILES = {"playbook.md", "playbook.html", "explainer.md", "explainer.html"}


def test_the_papers_are_written_and_named(shop: Finished, tmp_path: Path):
    done = segmentry("report", "--playbook", "--output", tmp_path / "out", folder=shop.folder)
    assert done.status == 0
    assert [Path(line).name for line in done.output.splitlines()] == [
        "playbook.md", "playbook.html", "explainer.md", "explainer.html",
    ]  # fmt: skip
    assert {p.name for p in (tmp_path / "out").iterdir()} == FILES


def test_they_are_the_same_each_time_and_may_be_written_again(shop: Finished, tmp_path: Path):
    for _ in range(2):
        done = segmentry("report", "--playbook", "--output", tmp_path, folder=shop.folder)
        assert done.status == 0
        text = (tmp_path / "playbook.md").read_text()
    assert text == (tmp_path / "playbook.md").read_text()
    assert "## Order of work" in text


def test_in_python_it_is_the_same_text(shop: Finished, tmp_path: Path):
    segmentry("report", "--playbook", "--output", tmp_path, folder=shop.folder)
    run = api.open_run(shop.latest)
    assert run.playbook() == (tmp_path / "playbook.md").read_text()
    first = run.segments[-1]["name"]
    ordered = run.playbook([Effect(first, 9.0, 8.0, 10.0)])
    assert ordered.index(f"| {first} |") < ordered.index(f"| {run.segments[0]['name']} |")


def test_effects_order_the_segments(shop: Finished, tmp_path: Path):
    segmentry("report", "--playbook", "--output", tmp_path, folder=shop.folder)
    text = (tmp_path / "playbook.md").read_text().partition("## Order of work")[2]
    last = [r for r in text.partition("##")[0].splitlines() if r.startswith("| ")][-1]
    name = last.split("|")[1].strip()
    effects = tmp_path / "effects.csv"
    effects.write_text(f"segment,effect,low,high\n{name},5,4,6\n")
    done = segmentry(
        "report", "--playbook", "--output", tmp_path, "--effects", effects, folder=shop.folder
    )
    assert done.status == 0
    text = (tmp_path / "playbook.md").read_text().partition("## Order of work")[2]
    rows = [r for r in text.partition("##")[0].splitlines() if r.startswith("| ")]
    assert rows[2].startswith(f"| {name} |")
    assert "no effect given" in rows[3]


def test_nothing_is_written_where_a_file_is_not_ours(shop: Finished, tmp_path: Path):
    (tmp_path / "explainer.md").write_text("mine")
    done = segmentry("report", "--playbook", "--output", tmp_path, folder=shop.folder)
    assert done.status == 2
    assert "explainer.md" in done.messages
    assert {p.name for p in tmp_path.iterdir()} == {"explainer.md"}
    assert (tmp_path / "explainer.md").read_text() == "mine"


def test_without_a_browser_no_file_is_changed(
    shop: Finished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    done = segmentry(
        "report", "--playbook", "--pdf", "--output", tmp_path / "out", folder=shop.folder
    )
    assert done.status == 1
    assert "E5030" in done.messages
    assert not (tmp_path / "out").exists()


def test_effects_are_for_the_playbook(shop: Finished):
    done = segmentry("report", "--effects", "x.csv", folder=shop.folder)
    assert done.status == 2
    assert "add --playbook" in done.messages


def test_a_folder_is_needed(shop: Finished, tmp_path: Path):
    (tmp_path / "file").write_text("mine")
    done = segmentry("report", "--playbook", "--output", tmp_path / "file", folder=shop.folder)
    assert done.status == 2
    assert "needs a folder" in done.messages


def stored(value: Any) -> Iterator[str]:
    """Give every number of a document as text: figures of its sentences, and its numbers."""
    if isinstance(value, dict):
        for part in value.values():
            yield from stored(part)
    elif isinstance(value, list):
        for part in value:
            yield from stored(part)
    elif isinstance(value, str):
        yield from NUMBER.findall(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        for text in (fmt.plain(value), fmt.share(value), fmt.whole(value)):
            yield from NUMBER.findall(text)


@pytest.mark.parametrize("paper", ["playbook.md", "explainer.md"])
def test_every_number_of_both_papers_is_stored_in_the_run(
    shop: Finished, tmp_path: Path, paper: str
):
    segmentry("report", "--playbook", "--output", tmp_path, folder=shop.folder)
    run = open_run(shop.latest.resolve()).documents()
    known = {n for key in ("segments", "evidence") for n in stored(run[key])}
    assert "73,421.7" not in known
    # The day, the size of the crowd and the five sentences stand in the summary.
    kept = {k: run["summary"][k] for k in ("headline", "n_entities")}
    known |= {*stored(kept), *NUMBER.findall(fmt.date(run["summary"].get("as_of")))}
    assert all(s["playbook"]["lines"] for s in run["segments"]["segments"])
    numbers = NUMBER.findall((tmp_path / paper).read_text())
    assert len(numbers) >= 10
    assert [n for n in numbers if n not in known] == []


def test_a_capacity_without_the_playbook_is_wrong_usage(shop: Finished):
    done = segmentry("report", "--capacity", "10", folder=shop.folder)
    assert done.status == 2
    assert "--capacity is for the playbook" in done.messages
