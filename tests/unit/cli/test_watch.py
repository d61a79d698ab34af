"""``segmentry watch`` as people and machines call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import segmentry
from incidents import day, visits
from shop import write_csv


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("watched")
    write_csv(visits(182, breaks_at=174), place / "visits.csv")
    assert segmentry("init", "visits.csv", folder=place).status == 0
    assert segmentry("run", "--as-of", day(152), folder=place).status == 0
    return place


def test_an_alarm_names_its_cause_and_fails_only_where_asked(folder: Path) -> None:
    done = segmentry("watch", folder=folder)
    assert done.status == 0, done.messages
    assert "ALARM: broken pipeline. Advice: look at tracking" in done.output
    assert "'error' is new" in done.output
    assert segmentry("watch", "--fail-on-alarm", folder=folder).status == 3


def test_a_quiet_week_is_no_alarm_and_a_machine_gets_one_document(folder: Path) -> None:
    words = ("watch", "--as-of", day(170), "--json", "--fail-on-alarm")
    done = segmentry(*words, folder=folder)
    assert done.status == 0, done.messages
    told = json.loads(done.output)
    assert told["is_alarm"] is False
    assert told["cause"]["name"] == "none"
    assert {"shifts", "segments", "signs"} <= set(told)


def test_history_is_replayed_week_by_week(folder: Path) -> None:
    done = segmentry("watch", "--from", day(154), "--to", day(182), folder=folder)
    assert done.status == 0, done.messages
    assert "2024-06-17  -" in done.output
    assert "2024-06-24  broken pipeline: kind 'error' is new" in done.output


def test_half_a_range_is_refused(folder: Path) -> None:
    done = segmentry("watch", "--from", day(154), folder=folder)
    assert done.status == 2
    assert "--from and --to" in done.messages
