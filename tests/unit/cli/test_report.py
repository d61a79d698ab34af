"""The report command."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

from commands import segmentry
from finished import Finished


def test_it_says_where_the_latest_report_lies(shop: Finished) -> None:
    done = segmentry("report", folder=shop.folder)
    assert done.status == 0
    assert done.output == f"{shop.latest.resolve() / 'report.html'}\n"


def test_the_report_can_be_drawn_again_from_the_figures(shop: Finished, tmp_path: Path) -> None:
    done = segmentry("report", "--output", tmp_path / "again.html", folder=shop.folder)
    assert done.output == f"{tmp_path / 'again.html'}\n"
    assert (tmp_path / "again.html").read_text() == (shop.latest / "report.html").read_text()


def test_it_can_be_opened(shop: Finished, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    assert segmentry("report", "--open", folder=shop.folder).status == 0
    assert opened == [(shop.latest.resolve() / "report.html").as_uri()]


def test_without_a_run_the_next_command_is_named(tmp_path: Path) -> None:
    done = segmentry("report", folder=tmp_path)
    assert done.status == 1
    assert "E5002" in done.messages
