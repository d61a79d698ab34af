"""Error codes explained from inside the package."""

from __future__ import annotations

from pathlib import Path

from commands import segmentry
from segmentry.cli.help_error import codes, mistakes


def test_a_code_gives_its_page(tmp_path: Path) -> None:
    done = segmentry("help-error", "e2004", folder=tmp_path)
    assert done.status == 0
    assert done.output.startswith("# E2004: too many bad rows\n")
    assert "--allow-bad-rows" in done.output


def test_without_a_code_all_are_listed(tmp_path: Path) -> None:
    done = segmentry("help-error", folder=tmp_path)
    known = codes() | mistakes()
    assert done.output.splitlines() == [f"{code}  {words}" for code, words in known.items()]


def test_a_mistake_has_a_page_too(tmp_path: Path) -> None:
    done = segmentry("help-error", "m03", folder=tmp_path)
    assert done.status == 0
    assert done.output.startswith("# M03: number of segments by gut feel\n")
    assert "segments: {min: 4, max: 8}" in done.output


def test_an_unknown_code_is_wrong_usage(tmp_path: Path) -> None:
    done = segmentry("help-error", "E2044", folder=tmp_path)
    assert done.status == 2
    assert "there is no code 'E2044'" in done.messages
    assert "did you mean 'E2004'?" in done.messages
