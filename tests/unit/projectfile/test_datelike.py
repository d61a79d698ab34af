"""Dates and parts of dates, told by their values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from segmentry.projectfile.datelike import is_date, is_time_number, names_days_or_months
from surveys import column


@pytest.mark.parametrize(
    "values",
    [
        [date(2024, 1, 1), date(2024, 2, 1)],
        ["Dec-2011", "Nov-2011"],
        ["2024-01", "2024-02"],
        ["2024-Q1", "2024-Q2"],
        ["Q1 2024", "Q3 2024"],
        ["01.02.2024", "31.12.2024"],
        ["5 Mar 2024", "17 Apr 2024"],
        ["2024-01-31 10:00:00", "2024-02-01 11:00:00"],
        [20_240_101 + i for i in range(28)],
    ],
)
def test_dates_are_told_however_they_are_written(values: Sequence[Any]) -> None:
    assert is_date(column("x", values))


@pytest.mark.parametrize(
    "values",
    [
        ["1-2 Year", "< 1 Year"],
        ["0-17", "18-25", "26-35"],
        ["10-20%", "20-30%"],
        ["One year", "Two year"],
        ["A4", "B5"],
        [20_240_132 + i for i in range(28)],
        [20_240_101, 20_240_102],
        list(range(28)),
        [1.5, 2.5],
    ],
)
def test_bands_sizes_and_amounts_are_no_dates(values: Sequence[Any]) -> None:
    assert not is_date(column("x", values))


@pytest.mark.parametrize(
    ("values", "named"),
    [
        (["Mon", "Tue", "Sun"], True),
        (["January", "February"], True),
        (["Feb", "Mar", "June"], True),
        (["Monday", "Funday"], False),
        (["Monday", "January"], False),
        (["may"], False),
        ([1, 2], False),
    ],
)
def test_names_of_days_and_of_months(values: Sequence[Any], named: bool) -> None:
    assert names_days_or_months(column("x", values)) == named


@pytest.mark.parametrize(
    ("name", "values", "is_time"),
    [
        ("last_move_at", [1_504_210_000_000 + 7919 * i for i in range(30)], True),
        ("created", [1_504_210_000 + 7919 * i for i in range(30)], True),
        ("event_date", [20_240_101 + i for i in range(28)], True),
        ("phone", [1_504_210_000 + 7919 * i for i in range(30)], False),
        ("watch_time", list(range(30)), False),
        ("created", [1.5, 2.5], False),
    ],
)
def test_numbers_that_are_moments(name: str, values: Sequence[Any], is_time: bool) -> None:
    assert is_time_number(column(name, values)) == is_time
