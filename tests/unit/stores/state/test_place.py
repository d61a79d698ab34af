"""Where the state lies, and who is at work."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from segmentry.stores.state.place import (
    has_state,
    home_of,
    kept_releases,
    present_user,
    state_file,
)


def test_a_project_has_a_state_when_its_file_is_there(tmp_path: Path) -> None:
    assert not has_state(tmp_path)
    assert not has_state(None)
    state_file(tmp_path).parent.mkdir()
    state_file(tmp_path).touch()
    assert has_state(tmp_path)
    assert kept_releases(tmp_path).parent == state_file(tmp_path).parent


def test_a_run_belongs_to_the_project_in_whose_runs_it_lies(tmp_path: Path) -> None:
    run = tmp_path / "shop" / "runs" / "20260101T000000-aaaaaa"
    run.mkdir(parents=True)
    (run.parent / "latest").symlink_to(run.name)
    assert home_of(run.parent / "latest") == (tmp_path / "shop").resolve()
    assert home_of(run, tmp_path) == (tmp_path / "shop").resolve()


def test_a_run_elsewhere_belongs_to_the_project_that_is_named(tmp_path: Path) -> None:
    assert home_of(tmp_path / "out") is None
    assert home_of(tmp_path / "out", tmp_path) == tmp_path


def test_the_environment_does_not_say_who_is_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    before = present_user()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody else")
    assert present_user() == before


def test_a_user_without_a_name_is_told_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("USERNAME", raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_123)
    assert present_user() == "user 4000000123"
