from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reading import Opened, events, opened, table, wall, write


def column(folder: Path, values: list[str], **facts: Any) -> Opened:
    """Open a table with one column ``x`` of these texts."""
    quoted = ['"' + v.replace('"', '""') + '"' for v in values]
    text = "id,x\n" + "".join(f"{i},{v}\n" for i, v in enumerate(quoted))
    source = table(write(folder / "a.csv", text), **facts)
    return opened(source, roles={}, allow_bad_rows=True)


@pytest.mark.parametrize(
    ("values", "type_", "read"),
    [
        (["1", "2", " 3 "], "int64", [1, 2, 3]),
        (["1.0", "2", ""], "int64", [1, 2, None]),
        (["1.5", "2", "1e3", "NA"], "float64", [1.5, 2.0, 1000.0, None]),
        (["1,234.5", "2", "300"], "float64", [1234.5, 2.0, 300.0]),
        (["1.234,5", "2,5", "300"], "float64", [1234.5, 2.5, 300.0]),
        (["€ 5", "€ 6", "€ 7.50"], "float64", [5.0, 6.0, 7.5]),
        (["Yes", "no", "N/A"], "boolean", [True, False, None]),
        (["true", "FALSE"], "boolean", [True, False]),
        (["red", "green", "null"], "string", ["red", "green", None]),
        (["Yes", "No", "Maybe"], "string", ["Yes", "No", "Maybe"]),
        (["C1", "C2", "3"], "string", ["C1", "C2", "3"]),
        (["00123", "04567"], "string", ["00123", "04567"]),
        (["", "NA", " "], "float64", [None, None, None]),
        (["2011-02-03", "2011-02-04"], "timestamp", [wall("2011-02-03"), wall("2011-02-04")]),
        (["20110203", "20110204"], "int64", [20110203, 20110204]),
        (["12:30", "13:30"], "string", ["12:30", "13:30"]),
    ],
)
def test_a_column_is_what_its_values_are(
    tmp_path: Path, values: list[str], type_: str, read: list[Any]
) -> None:
    found = column(tmp_path, values)
    assert found.types["x"] == type_
    assert found.values("x") == read
    assert not found.findings("bad_value")


def test_a_few_words_in_a_number_column_are_bad(tmp_path: Path) -> None:
    found = column(tmp_path, [str(i) for i in range(96)] + ["a lot", "-", "inf", "#REF!"])
    assert found.types["x"] == "int64"
    (finding,) = found.findings("bad_value")
    assert (finding.count, finding.column, finding.total) == (3, "x", 100)
    assert finding.examples[0] == "row 97, x: 'a lot'"
    assert found.values("x")[96:] == [None] * 4


def test_many_words_make_a_column_text(tmp_path: Path) -> None:
    found = column(tmp_path, [str(i) for i in range(90)] + ["many"] * 10)
    assert found.types["x"] == "string"
    assert not found.findings("bad_value")


def test_codes_among_numbers_make_a_column_text(tmp_path: Path) -> None:
    found = column(tmp_path, [str(i) for i in range(98)] + ["C98", "C99"])
    assert found.types["x"] == "string"


def days(pattern: str) -> tuple[list[str], list[datetime]]:
    times = [wall("2011-01-01") + timedelta(days=5 * i, hours=10, minutes=7) for i in range(60)]
    return [t.strftime(pattern) for t in times], times


@pytest.mark.parametrize(
    "pattern",
    [
        "%Y-%m-%d", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%d-%m-%Y", "%d.%m.%Y %H:%M",
        "%d/%m/%Y", "%m/%d/%Y %I:%M %p", "%m/%d/%y %H:%M", "%d-%b-%Y", "%b %d, %Y", "%d %B %Y",
    ],
)  # fmt: skip
def test_dates_are_read_in_the_way_they_are_written(tmp_path: Path, pattern: str) -> None:
    texts, times = days(pattern)
    found = column(tmp_path, texts)
    has_clock = "%H" in pattern or "%I" in pattern
    wanted = times if has_clock else [t.replace(hour=0, minute=0) for t in times]
    assert found.values("x") == wanted
    assert not found.findings("ambiguous_date")


@pytest.mark.parametrize("suffix", ["Z", "+00:00", "+00", " UTC"])
def test_a_time_with_its_offset_is_an_instant(tmp_path: Path, suffix: str) -> None:
    found = column(tmp_path, [f"2011-02-03 10:00:00{suffix}"] * 3)
    assert found.values("x")[0].astimezone(UTC) == datetime(2011, 2, 3, 10, tzinfo=UTC)


def test_offsets_are_taken_off(tmp_path: Path) -> None:
    found = column(tmp_path, ["2011-02-03T10:00:00+02:00", "2011-02-03T10:00:00-05:00"])
    hours = [v.astimezone(UTC).hour for v in found.values("x")]
    assert hours == [8, 15]


def test_dates_that_fit_two_formats_are_told(tmp_path: Path) -> None:
    found = column(tmp_path, ["03/04/2011", "05/06/2011"])
    assert found.values("x")[0] == wall("2011-03-04")
    (finding,) = found.findings("ambiguous_date")
    assert finding.severity == "warning"
    assert "'types'" in finding.sentence


def test_one_date_that_fits_one_format_settles_all(tmp_path: Path) -> None:
    found = column(tmp_path, ["03/04/2011", "05/06/2011", "13/01/2011"])
    assert found.values("x")[0] == wall("2011-04-03")
    assert found.audit.facts["date_formats"] == {"table": {"x": "%d/%m/%Y"}}


def test_dates_of_another_format_than_most_are_read_and_told(tmp_path: Path) -> None:
    texts, _ = days("%Y-%m-%d")
    found = column(tmp_path, [*texts, "13/02/2011", "next week", "soon"])
    assert found.values("x")[60] == wall("2011-02-13")
    (finding,) = found.findings("bad_value")
    assert finding.count == 2
    assert finding.sentence == "x has 2 values that are no date"
    (told,) = found.findings("reading")
    assert "dates are written in 2 ways: YYYY-MM-DD (60), DD/MM/YYYY (1)" in told.sentence
    assert found.audit.facts["date_formats"]["table"]["x"] == "%Y-%m-%d | %d/%m/%Y"


@pytest.mark.parametrize(
    ("declared", "read"),
    [
        ("text", ["03/04/2011", "1.234,5"]),
        ("%d/%m/%Y", [wall("2011-04-03"), None]),
        ("%m/%d/%Y", [wall("2011-03-04"), None]),
        ("1.234,5", [None, 1234.5]),
        ("number", [None, 1234.5]),
    ],
)
def test_a_declared_type_goes_before_the_look_of_the_values(
    tmp_path: Path, declared: str, read: list[Any]
) -> None:
    found = column(tmp_path, ["03/04/2011", "1.234,5"], types={"x": declared})
    assert found.values("x") == read


def test_how_numbers_are_written_is_remembered(tmp_path: Path) -> None:
    found = column(tmp_path, ["1.234,5", "2,5"])
    assert found.audit.facts["date_formats"] == {"table": {"x": "1.234,5"}}
    assert found.findings("reading")[0].sentence == "x: numbers are written like 1.234,5"


@pytest.mark.parametrize(
    ("ids", "read"),
    [
        (["7", "12"], [7, 12]),
        (["7", "007"], ["7", "007"]),
        (["7.0", "NA"], [7, None]),
        (["A-7", "8"], ["A-7", "8"]),
        (["9007199254740993", "1"], [9007199254740993, 1]),
    ],
)
def test_ids_are_integers_only_where_nothing_is_lost(
    tmp_path: Path, ids: list[str], read: list[Any]
) -> None:
    path = write(tmp_path / "a.csv", "id,at\n" + "".join(f"{i},2011-01-01\n" for i in ids))
    assert opened(events(path)).values("entity") == read


@pytest.mark.parametrize("factor", [1, 1000])
def test_seconds_since_1970_mapped_as_time_are_instants(tmp_path: Path, factor: int) -> None:
    lines = "".join(f"1,{(1_300_000_000 + i) * factor}\n" for i in range(5))
    found = opened(events(write(tmp_path / "a.csv", "id,at\n" + lines)))
    assert [v.timestamp() for v in found.values("time")][:2] == [1_300_000_000, 1_300_000_001]
    assert "since 1970" in found.findings("reading")[0].sentence


def test_eight_digits_mapped_as_time_are_dates(tmp_path: Path) -> None:
    found = opened(events(write(tmp_path / "a.csv", "id,at\n1,20110203\n2,20110204\n")))
    assert found.values("time")[0] == wall("2011-02-03")


def test_a_value_far_down_in_a_sparse_column_still_tells(tmp_path: Path) -> None:
    values = [""] * 3000 + ["13/02/2011", "14/02/2011"]
    assert column(tmp_path, values).types["x"] == "timestamp"
