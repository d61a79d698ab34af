"""The report command."""

from __future__ import annotations

import stat
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


COPIES = """for word in "$@"; do
  case "$word" in
    --print-to-pdf=*) target="${word#--print-to-pdf=}" ;;
    file://*) source="${word#file://}" ;;
  esac
done
{
  echo %PDF-1.4
  while IFS= read -r line; do printf '%s\\n' "$line"; done < "$source"
} > "$target"
"""
"""Stands for a browser: its print is the page behind a PDF's first line."""


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "bin" / "chromium"
    place.parent.mkdir()
    place.write_text(f"#!/bin/sh\n{COPIES}")
    place.chmod(place.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(place.parent))


@pytest.mark.usefixtures("browser")
def test_the_report_is_printed_beside_its_page_and_the_run_stays_whole(shop: Finished) -> None:
    place = shop.latest.resolve() / "report.pdf"
    try:
        for _ in range(2):
            done = segmentry("report", "--pdf", folder=shop.folder)
            assert done.output == f"{place}\n"
        drawn = place.read_text().removeprefix("%PDF-1.4\n")
        page = (shop.latest / "report.html").read_text()
        assert drawn.startswith(page[: page.rindex("\n")])  # `read` keeps whole lines alone
        assert segmentry("report", folder=shop.folder).status == 0
    finally:
        place.unlink(missing_ok=True)


@pytest.mark.usefixtures("browser")
def test_a_print_goes_where_it_is_asked_for_and_only_over_prints(
    shop: Finished, tmp_path: Path
) -> None:
    place = tmp_path / "shown.pdf"
    for _ in range(2):
        done = segmentry("report", "--pdf", "--output", place, folder=shop.folder)
        assert done.output == f"{place}\n"
    place.write_bytes(b"%PDF-1.4 of another")
    done = segmentry("report", "--pdf", "--output", place, folder=shop.folder)
    assert done.status == 2
    assert "no print of ours" in done.messages
    assert place.read_bytes() == b"%PDF-1.4 of another"


def test_without_a_browser_nothing_is_printed(
    shop: Finished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    done = segmentry("report", "--pdf", folder=shop.folder)
    assert done.status == 1
    assert "E5030" in done.messages
    assert not (shop.latest / "report.pdf").exists()


def test_without_a_run_the_next_command_is_named(tmp_path: Path) -> None:
    done = segmentry("report", folder=tmp_path)
    assert done.status == 1
    assert "E5002" in done.messages
