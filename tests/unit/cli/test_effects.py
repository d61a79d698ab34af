"""Effects that somebody gives: read from CSV, and every mistake told by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.cli.effects import read_effects
from segmentry.domain.playbook import Effect
from segmentry.errors import UsageError

NAMES = ("Big Spenders", "New Customers")


def written(folder: Path, text: str) -> Path:
    path = folder / "effects.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_effects_are_read_with_and_without_a_cost(tmp_path: Path):
    text = "segment,effect,low,high,cost\nBig Spenders,3,1,5,2\nNew Customers,0.5,-1,2,\n"
    assert read_effects(written(tmp_path, text), NAMES) == (
        Effect("Big Spenders", 3.0, 1.0, 5.0, 2.0),
        Effect("New Customers", 0.5, -1.0, 2.0, 0.0),
    )


def test_hours_of_work_are_read_where_they_are_given(tmp_path: Path):
    path = written(tmp_path, "segment,effect,low,high,hours\nBig Spenders,3,1,5,0.5\n")
    assert read_effects(path, NAMES) == (Effect("Big Spenders", 3.0, 1.0, 5.0, 0.0, 0.5),)


def test_work_of_less_than_nothing_is_refused(tmp_path: Path):
    path = written(tmp_path, "segment,effect,low,high,hours\nBig Spenders,3,1,5,-2\n")
    with pytest.raises(UsageError, match="cannot lie below 0, as -2 does"):
        read_effects(path, NAMES)


def test_a_file_of_a_spreadsheet_may_begin_with_a_mark(tmp_path: Path):
    path = written(tmp_path, "\ufeffsegment,effect,low,high\nBig Spenders,3,1,5\n")
    assert read_effects(path, NAMES)[0].cost == 0.0


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("Big Spender,3,1,5", r"(?s)no segment 'Big Spender'.*did you mean 'Big Spenders'"),
        ("Big Spenders,three,1,5", "effect is 'three', which is no number"),
        ("Big Spenders,3,,5", "low is '', which is no number"),
        ("Big Spenders,3,1,nan", "high is 'nan', which is no number"),
        ("Big Spenders,9,1,5", "the interval 1 to 5 does not hold the effect 9"),
        ("Big Spenders,3,1,5\nBig Spenders,3,1,5", "'Big Spenders' has two effects"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, rows: str, says: str):
    path = written(tmp_path, f"segment,effect,low,high\n{rows}\n")
    with pytest.raises(UsageError, match=says) as error:
        read_effects(path, NAMES)
    assert f"effects.csv:{1 + len(rows.splitlines())}" in str(error.value.where)


def test_a_missing_column_is_named(tmp_path: Path):
    with pytest.raises(UsageError, match="have no column 'low'"):
        read_effects(written(tmp_path, "segment,effect\nBig Spenders,3\n"), NAMES)


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(UsageError, match="the effects cannot be read"):
        read_effects(tmp_path / "none.csv", NAMES)
