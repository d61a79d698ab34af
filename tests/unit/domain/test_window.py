"""The cut and its spans."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from segmentry.domain.window import Window
from segmentry.errors import MathsError

CUT = datetime(2024, 6, 30, tzinfo=UTC)


def test_a_cut_without_time_zone_is_refused():
    with pytest.raises(MathsError, match="has no time zone; give it in UTC"):
        Window(datetime(2024, 6, 30))  # noqa: DTZ001 - the mistake under test


def test_a_cut_is_kept_in_utc():
    berlin = timezone(timedelta(hours=2))
    window = Window(datetime(2024, 6, 30, 2, tzinfo=berlin))
    assert window.as_of == CUT
    assert window.as_of.tzinfo is UTC


@pytest.mark.parametrize(
    ("span", "start", "end"),
    [
        ("history", None, 0),
        ("lookback", 90, 0),
        ("recent", 7, 0),
        ("prior", 14, 7),
        ("30d", 30, 0),
        ("90d", 90, 0),
    ],
)
def test_spans_end_at_the_cut_and_prior_where_recent_begins(span, start, end):
    window = Window(CUT, lookback_days=90, recent_days=7)
    assert window.start_of(span) == (None if start is None else CUT - timedelta(days=start))
    assert window.end_of(span) == CUT - timedelta(days=end)


def test_a_lookback_without_days_is_open_to_all_history():
    assert Window(CUT).start_of("lookback") is None


def test_judging_moves_the_cut_back_by_the_horizon_and_keeps_the_rest():
    window = Window(CUT, 90, 7, 20, outcome_days=14)
    assert window.judging() == Window(CUT - timedelta(days=14), 90, 7, 20, 14)


def test_without_a_horizon_there_is_nothing_to_judge_by():
    assert Window(CUT).judging() is None
