"""Errors in words and in JSON."""

from __future__ import annotations

import json

import pytest

from segmentry.cli.failures import ended, in_words, printable, told
from segmentry.errors import DataError, EngineError, Place, ProjectFileError


def test_several_problems_are_told_one_by_one_with_their_lines() -> None:
    error = ProjectFileError.all_of(
        [
            ProjectFileError("odd", code="E1001", where=Place("segmentry.yaml", 3, "a")),
            ProjectFileError("bad", code="E1002", where=Place("segmentry.yaml", 7, "c")),
        ]
    )
    words = in_words(error)
    assert "segmentry.yaml:3 [a]" in words
    assert "segmentry.yaml:7 [c]" in words
    assert words.count("more: segmentry help-error") == 2


def test_machines_get_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    error = DataError("none", code="E2003", where="a.csv")
    assert told(error, as_json=True, is_debug=False) == 1
    said = capsys.readouterr()
    assert json.loads(said.err) == {"error": {"code": "E2003", "what": "none", "where": "a.csv"}}
    assert said.out == ""


def test_control_characters_of_a_name_are_shown_and_not_obeyed() -> None:
    assert printable("12\u202f% of all") == "12 % of all"
    assert printable("red \x1b[31m bell \x07 é 🛒\nnext") == "red \\x1b[31m bell \\x07 é 🛒\nnext"
    assert "\x1b" not in in_words(DataError("bad \x1b[2J", code="E2002", where="\x1b]0;x"))


@pytest.mark.parametrize(("code", "status"), [(None, 0), (0, 0), (2, 2), ("words", 1)])
def test_the_status_of_a_command_that_ends_itself_is_kept(code: object, status: int) -> None:
    assert ended(SystemExit(code)) == status


@pytest.mark.parametrize("is_wrapped", [False, True])
def test_an_interrupt_in_the_middle_of_a_query_is_an_interrupt(
    capsys: pytest.CaptureFixture[str], is_wrapped: bool
) -> None:
    error: Exception = RuntimeError("Query interrupted")
    if is_wrapped:
        error, error.__cause__ = EngineError("statement failed", code="E3001"), error
    assert told(error, as_json=False, is_debug=False) == 130
    assert capsys.readouterr().err.startswith("stopped")


def test_colour_is_for_terminals_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert in_words(DataError("x", code="E2001")).startswith("\x1b[1;31merror E2001:\x1b[0m x")
    monkeypatch.setenv("NO_COLOR", "1")
    assert in_words(DataError("x", code="E2001")).startswith("error E2001: x")
