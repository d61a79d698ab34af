from __future__ import annotations

import pytest

from segmentry.engines.dates import FORMATS, ISO, formats_of, likely_formats, possible_formats


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
        ("2011年02月03日", "YYYY年MM月DD日"),
        ("2011年2月3日", "YYYY年MM月DD日"),
        ("2011년 2월 3일", "YYYY년 MM월 DD일"),
        ("2011년02월03일", "YYYY년MM월DD일"),
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


def test_every_format_of_a_day_may_have_a_time_of_day_behind_it() -> None:
    days = [f for f in FORMATS if f.pattern is not None and not f.is_whole]
    assert all(f"{f.pattern} %H:%M:%S" in f.patterns for f in days)
    assert all(f"{f.pattern} %H:%M:%S %z" in f.zoned_patterns for f in days)
    assert all(f.patterns == (f.pattern,) for f in FORMATS if f.is_whole)


def test_any_value_may_show_a_format_that_stands_beside_others() -> None:
    texts = [*["2011-02-03"] * 30, "13/04/2011"]
    found = [f.name for f in possible_formats(texts, compact=False)]
    assert found == ["YYYY-MM-DD", "MM/DD/YYYY", "DD/MM/YYYY"]


def test_a_way_of_a_project_file_names_formats() -> None:
    assert formats_of("%d/%m/%Y | %Y-%m-%d")[1] is ISO
    (given,) = formats_of("%Y-%m-%d")
    assert given.pattern == "%Y-%m-%d"
    (own,) = formats_of("%Y~%m~%d")
    assert own.patterns[0] == "%Y~%m~%d"


def test_formats_have_ways_of_their_own() -> None:
    assert len({f.way for f in FORMATS}) == len(FORMATS)
