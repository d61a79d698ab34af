from __future__ import annotations

import pytest

from segmentry.engines.numerals import (
    COMMA,
    POINT,
    currencies,
    decimal_sign,
    is_plain,
    is_threes,
    look_like_phones,
    looks_like_number,
    reads,
)


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("12", True, True),
        ("1,234", True, True),
        ("1.234", True, True),
        ("1,234.5", True, False),
        ("1.234,5", False, True),
        ("1,23,456", True, False),
        ("1 234,5", False, True),
        ("0,123", False, True),
        ("(12)", True, True),
        ("(12", False, False),
        ("US$ 5", True, True),
        ("5 EUR", True, True),
        ("5 kg", False, False),
        ("TRY001", False, False),
        ("1,2,3", False, False),
        ("12 34", False, False),
        ("", False, False),
    ],
)
def test_a_text_is_a_number_in_one_way_in_both_or_in_none(
    text: str, point: bool, comma: bool
) -> None:
    assert reads(text, POINT) is point
    assert reads(text, COMMA) is comma
    assert looks_like_number(text) is (point or comma)


@pytest.mark.parametrize("text", ["1", "-1.5", "+.5", "1e-3", "5."])
def test_what_programs_write_is_plain(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize("text", ["1,5", "1 000", "$1", "e5", ""])
def test_what_people_write_is_not(text: str) -> None:
    assert not is_plain(text)


def test_decimals_are_told_by_what_can_be_read_in_one_way_only() -> None:
    assert decimal_sign(["1,5", "12"]) == ","
    assert decimal_sign(["1.5", "1,234"]) == "."
    assert decimal_sign(["1.5", "1,5"]) == ""
    assert decimal_sign(["12", "1,234", "red"]) == ""


def test_points_before_three_digits_each_may_be_groups() -> None:
    assert is_threes(["1.234", "1.234.567", "12"])
    assert not is_threes(["0.234"])
    assert not is_threes(["1.5"])


def test_long_rows_of_digits_with_blanks_are_telephone_numbers() -> None:
    assert look_like_phones(["555 123 456", "+49 170 555 123"])
    assert not look_like_phones(["45 000", "1 250 000"])


def test_currencies_are_counted_by_code() -> None:
    assert currencies(["€5", "5 EUR", "$3", "kr 4", "5", "red"]) == {"EUR": 2, "USD": 1, "KR": 1}
