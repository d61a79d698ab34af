"""Numbers as people read them; the plain cases stand in the docstrings and run as doctests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.render import format as fmt

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)
WRITERS = (
    fmt.plain,
    fmt.fixed,
    fmt.signed,
    fmt.whole,
    fmt.compact,
    fmt.share,
    fmt.days,
    fmt.seconds,
)


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("nothing", [None, float("nan"), float("inf"), float("-inf")])
def test_an_absent_figure_is_a_dash(write, nothing):
    assert write(nothing) == fmt.ABSENT


@given(NUMBERS)
@pytest.mark.parametrize("write", [fmt.plain, fmt.fixed, fmt.signed, fmt.compact])
def test_no_number_is_written_with_an_exponent_or_a_hyphen(write, value):
    text = write(value)
    assert "e" not in text
    assert "-" not in text


@given(st.floats(min_value=1.0, max_value=1e14))
def test_a_compact_number_is_within_half_a_percent_of_the_number(value):
    text = fmt.compact(value)
    scales = {"k": 1e3, "m": 1e6, "n": 1e12 if text.endswith("tn") else 1e9}
    digits = text.rstrip("kmbtn").replace(",", "")
    assert float(digits) * scales.get(text[-1], 1.0) == pytest.approx(value, rel=0.005)


@given(st.floats(min_value=0.0, max_value=1.0))
def test_a_share_is_told_whole_only_where_it_is_whole(value):
    assert (fmt.share(value) == "100\u202f%") == (value == 1.0)
    assert (fmt.share(value) == "0\u202f%") == (value == 0.0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0995, "10\u202f%"),
        (0.0994, "9.9\u202f%"),
        (0.9999, "over 99.9\u202f%"),
        (-0.25, "−25\u202f%"),
    ],
)
def test_a_share_keeps_a_digit_only_where_it_is_small(value, text):
    assert fmt.share(value) == text


def test_words_keep_short_capitals():
    assert fmt.words("StreamingTV") == "streaming TV"
    assert fmt.words("paperlessBilling") == "paperless billing"


def test_a_negative_zero_has_no_sign():
    assert [fmt.fixed(-0.001), fmt.signed(-0.04), fmt.whole(-0.2)] == ["0.00", "0.0", "0"]


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("days", "3 days"),
        ("share", "300\u202f%"),
        ("money", "£3.00"),
        ("GBP", "£3.00"),
        ("items", "3"),
    ],
)
def test_a_quantity_is_written_in_its_unit(unit, text):
    assert fmt.quantity(3.0, unit, "GBP") == text


def test_a_change_keeps_its_sign():
    assert fmt.quantity(0.05, "change") == "+0.05"


def test_money_without_a_currency_is_a_plain_number():
    assert fmt.money(1234.0, None) == "1.23k"


def test_a_time_of_day_is_told_with_its_zone_only_where_it_is_known():
    assert fmt.date("2011-12-09T12:50:00") == "9 December 2011, 12:50"
    assert fmt.date("2011-12-09T12:50:00+00:00") == "9 December 2011, 12:50 UTC"


@pytest.mark.parametrize("name", ["", "<script>", "İstanbul", "1234", "x" * 200])
def test_an_entity_that_is_no_word_is_called_entity(name):
    assert fmt.entity_nouns(name) == ("entity", "entities")
