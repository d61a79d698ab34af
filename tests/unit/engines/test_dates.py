from __future__ import annotations

import pytest

from segmentry.engines.dates import FORMATS, likely_formats


def names(*texts: str, compact: bool = False) -> list[str]:
    return [f.name for f in likely_formats(texts, compact=compact)]


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        ("2011-02-03", "YYYY-MM-DD"),
        ("2011/2/3 10:00", "YYYY-MM-DD"),
        ("3.2.2011", "DD.MM.YYYY"),
        ("3-Feb-2011", "DD-Mon-YYYY"),
        ("Feb 3, 2011", "Mon DD, YYYY"),
        ("3 February 2011", "DD Month YYYY"),
    ],
)
def test_a_shape_tells_its_format(text: str, format_: str) -> None:
    assert names(text) == [format_]


def test_slashes_leave_two_formats_the_american_one_first() -> None:
    assert names("03/04/2011", "05/06/2011") == ["MM/DD/YYYY", "DD/MM/YYYY"]


def test_dashes_leave_two_formats_the_day_first() -> None:
    assert names("03-04-2011") == ["DD-MM-YYYY", "MM-DD-YYYY"]


def test_eight_digits_are_a_date_only_where_one_is_asked_for() -> None:
    assert names("20110203") == []
    assert names("20110203", compact=True) == ["YYYYMMDD"]


def test_a_rare_shape_is_left_to_be_bad() -> None:
    assert names(*["2011-02-03"] * 30, "03/04/2011") == ["YYYY-MM-DD"]


def test_words_and_numbers_are_no_dates() -> None:
    assert names("red", "12", "1.5", "2011", "A-12-2011") == []


def test_every_format_but_iso_has_patterns_with_a_time_of_day() -> None:
    assert all(f.pattern is None or f"{f.pattern} %H:%M:%S" in f.patterns for f in FORMATS)
