from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from segmentry.projectfile.states import span_of
from segmentry.projectfile.survey import Survey, columns_of

DAY = np.timedelta64(1, "D")


def seen(lengths: list[float | None], start: str = "start_date", end: str = "end_date") -> Survey:
    begin = np.datetime64("2020-01-01", "us") + np.arange(len(lengths)) * DAY
    closes = [
        None if n is None else b + np.timedelta64(int(n * 86_400), "s")
        for b, n in zip(begin, lengths, strict=True)
    ]
    table = pa.table(
        {start: begin, end: pa.array(closes, pa.timestamp("us")), "seats": np.arange(len(lengths))}
    )
    return Survey(columns_of(table), len(lengths), None)


def test_rows_without_an_end_are_states() -> None:
    found = span_of(seen([2, None, 3, None, 1]))
    assert found is not None
    assert (found.start, found.end, found.told) == (
        "start_date",
        "end_date",
        "40 % of the rows have none yet",
    )


def test_rows_that_last_for_weeks_are_states() -> None:
    found = span_of(seen([30, 40, 50], "valid_from", "valid_to"))
    assert found is not None
    assert found.told == "rows last 40 days, in the middle"


@pytest.mark.parametrize("lengths", [[0.01, 0.02, 0.1], [1, 2, 3]])
def test_plays_and_tickets_are_over_too_soon_to_be_states(lengths: list[float | None]) -> None:
    assert span_of(seen(lengths, "started_at", "ended_at")) is None


def test_two_dates_of_other_names_are_no_span() -> None:
    assert span_of(seen([None, None], "ordered_on", "shipped_on")) is None
    assert span_of(seen([None, None], "start_date", "shipped_on")) is None


def test_rows_overlap_where_one_begins_before_an_earlier_one_of_the_same_entity_ends() -> None:
    found = span_of(seen([100, 100, None, 100]))
    assert found is not None
    assert found.overlap(np.array([0, 0, 1, 1])) == 0.5
    assert found.overlap(np.array([0, 1, 2, 3])) == 0.0
    assert found.overlap(np.array([-1, -1, -1, -1])) == 0.0
