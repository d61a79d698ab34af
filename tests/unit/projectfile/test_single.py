"""Guesses on files with the same columns; the many shapes are in ``test_guess``."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.domain.project import Shape
from segmentry.errors import UsageError
from segmentry.projectfile.guessed import Flags
from segmentry.projectfile.single import guess_alone
from surveys import write_csv

ROWS = 300


def visits(folder: Path) -> Path:
    days = [f"2024-0{1 + i % 9}-1{i % 9}" for i in range(ROWS)]
    columns = {"Customer": [f"c{i % 60}" for i in range(ROWS)], "visited": days}
    return write_csv(folder / "visits.csv", columns)


def test_flags_are_spelled_as_the_data_does(tmp_path: Path) -> None:
    found = guess_alone([visits(tmp_path)], Flags(entity="customer"), tmp_path, search=False)
    assert found.project.sources[0].columns["entity"] == "Customer"
    assert found.project.sources[0].shape is Shape.EVENTS
    assert found.findings == ()


def test_a_flag_names_a_column_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no column 'custmer'"):
        guess_alone([visits(tmp_path)], Flags(entity="custmer"), tmp_path, search=False)
