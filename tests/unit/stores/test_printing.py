"""Printing by a browser: found, called with a file, and its failures in words."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from segmentry.errors import StoreError
from segmentry.stores import printing
from segmentry.stores.printing import MARK, find_browser, is_print, printed


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put a program called chromium on an otherwise empty path."""

    def made(script: str) -> Path:
        place = tmp_path / "chromium"
        place.write_text(f"#!/bin/sh\n{script}\n")
        place.chmod(place.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(tmp_path))
        return place

    return made


PRINTS = """for word in "$@"; do
  case "$word" in
    --print-to-pdf=*) target="${word#--print-to-pdf=}" ;;
    file://*) source="${word#file://}" ;;
  esac
done
IFS= read -r line < "$source"
printf 'PDF of %s' "$line" > "$target"
"""
"""Reads one line, and writes it where Chromium would write the PDF."""


def test_the_browser_gets_the_page_as_a_file_and_its_pdf_is_given_back(browser):
    assert find_browser() != (ours := str(browser(PRINTS)))
    assert find_browser() == ours
    assert printed(b"<p>a page\n") == b"PDF of <p>a page" + MARK


def test_a_print_of_ours_is_known_by_its_end(browser, tmp_path: Path):
    browser(PRINTS)
    ours, other, short = (tmp_path / name for name in ("ours.pdf", "other.pdf", "short.pdf"))
    ours.write_bytes(printed(b"a\n"))
    other.write_bytes(b"%PDF-1.4 and more of it")
    short.write_bytes(b"%PDF")
    assert [is_print(p) for p in (ours, other, short, tmp_path)] == [True, False, False, False]


def test_without_a_browser_the_error_says_what_to_do(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_browser() is None
    with pytest.raises(StoreError, match="no Chromium on this machine") as error:
        printed(b"")
    assert error.value.code == "E5030"
    assert "--pdf" in str(error.value.hint)


def test_a_browser_that_prints_nothing_is_told_with_its_last_words(browser):
    browser("echo first >&2; echo 'cannot open display' >&2; exit 1")
    with pytest.raises(StoreError, match="chromium printed nothing: cannot open display"):
        printed(b"")


def test_a_browser_that_hangs_is_given_up(browser, monkeypatch):
    browser("while :; do :; done")
    monkeypatch.setattr(printing, "SECONDS", 0.2)
    with pytest.raises(StoreError, match="chromium did not print"):
        printed(b"")
