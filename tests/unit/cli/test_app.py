"""The list of commands, global options, and how every command ends."""

from __future__ import annotations

from pathlib import Path

import pytest

import segmentry as package
from commands import segmentry
from segmentry.cli import app
from segmentry.errors import DataError


@pytest.mark.parametrize("name", list(app.COMMANDS))
def test_the_list_says_what_the_command_says_of_itself(name: str) -> None:
    entry = app.COMMANDS[name]
    told = app.loaded(name).help
    assert told.splitlines()[0] == entry.summary


@pytest.mark.parametrize("name", list(app.COMMANDS))
def test_every_command_has_help(name: str, tmp_path: Path) -> None:
    done = segmentry(name, "--help", folder=tmp_path)
    assert done.status == 0
    assert done.output.startswith(f"Usage: segmentry {name} [OPTIONS]")
    assert done.messages == ""


def test_help_lists_every_command_with_its_sentence(tmp_path: Path) -> None:
    done = segmentry("--help", folder=tmp_path)
    flat = " ".join(done.output.split())
    assert done.status == 0
    for name, entry in app.COMMANDS.items():
        assert f"{name} {entry.summary}" in flat


def test_without_a_command_the_help_is_shown_as_wrong_usage(tmp_path: Path) -> None:
    done = segmentry(folder=tmp_path)
    assert done.status == 2
    assert "Commands:" in done.output + done.messages


def test_the_version_is_the_packages(tmp_path: Path) -> None:
    done = segmentry("--version", folder=tmp_path)
    assert (done.status, done.output) == (0, f"segmentry {package.__version__}\n")


@pytest.mark.parametrize(
    "words", [["nonsense"], ["run", "--nonsense"], ["run", "--threads", "0"], ["assign", "a", "b"]]
)
def test_wrong_usage_ends_with_two_and_a_way_on(tmp_path: Path, words: list[str]) -> None:
    done = segmentry(*words, folder=tmp_path)
    assert done.status == 2
    assert "--help" in done.messages
    assert "Traceback" not in done.messages
    assert done.output == ""


def broken(error: BaseException) -> type:
    """Make a list of commands in which ``doctor`` fails."""

    def doctor() -> None:
        raise error

    return type("module", (), {"doctor": staticmethod(doctor)})


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch):
    def install(error: BaseException) -> None:
        monkeypatch.setattr(app, "import_module", lambda name: broken(error))

    return install


def test_an_error_of_ours_ends_with_its_status_and_words(failing, tmp_path: Path) -> None:
    failing(DataError("no such file", code="E2001", where="a.csv", hint="did you mean 'b.csv'?"))
    done = segmentry("doctor", folder=tmp_path)
    assert done.status == 1
    assert done.messages.splitlines() == [
        "error E2001: no such file",
        "  where: a.csv",
        "  try: did you mean 'b.csv'?",
        "  more: segmentry help-error E2001",
    ]


def test_an_unexpected_error_is_one_sentence_and_the_way_to_the_traceback(
    failing, tmp_path: Path
) -> None:
    failing(ZeroDivisionError("by zero"))
    done = segmentry("doctor", folder=tmp_path)
    assert done.status == 1
    assert "unexpected happened: ZeroDivisionError: by zero" in done.messages
    assert "segmentry --debug" in done.messages
    assert "Traceback" not in done.messages


def test_debug_shows_the_traceback(failing, tmp_path: Path) -> None:
    failing(ZeroDivisionError("by zero"))
    assert "Traceback" in segmentry("--debug", "doctor", folder=tmp_path).messages


def test_debug_may_come_from_the_environment(
    failing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(DataError("no such file", code="E2001"))
    monkeypatch.setenv("SEGMENTRY_DEBUG", "1")
    assert "Traceback" in segmentry("doctor", folder=tmp_path).messages


def test_an_interrupt_ends_with_130_and_a_sentence(failing, tmp_path: Path) -> None:
    failing(KeyboardInterrupt())
    done = segmentry("doctor", folder=tmp_path)
    assert done.status == 130
    assert "stopped" in done.messages


def test_a_reader_that_hangs_up_is_no_error(failing, tmp_path: Path) -> None:
    failing(BrokenPipeError(32, "Broken pipe"))
    done = segmentry("doctor", folder=tmp_path)
    assert done.status == 1
    assert done.messages == ""
