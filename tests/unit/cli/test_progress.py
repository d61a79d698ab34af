"""Progress on a terminal and in a log."""

from __future__ import annotations

import re
import sys

import pytest

from segmentry.cli.progress import Lines, Moving, listener


def test_a_log_gets_a_line_per_phase_with_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    with listener() as progress:
        progress.phase("read", "orders.csv")
        progress.advance(1, 2)
        progress.phase("prepare")
    lines = capsys.readouterr().err.splitlines()
    assert [re.sub(r"^\[ +[\d.]+ s\] ", "", line) for line in lines] == [
        "read: orders.csv",
        "prepare",
    ]
    assert all(line.startswith("[") for line in lines)


def test_a_name_cannot_break_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    Lines().phase("read", "a\nb\x1b[2J")
    assert capsys.readouterr().err.endswith("read: a b\\x1b[2J\n")


def test_a_terminal_gets_a_bar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with listener() as progress:
        assert isinstance(progress, Moving)
        progress.phase("search [bold]", "four to eight")
        progress.advance(3, 10)
    said = capsys.readouterr()
    assert "search [bold]: four to eight" in said.err
    assert said.out == ""
