"""Fields of service and use, by the words of their columns."""

from __future__ import annotations

import pyarrow as pa
import pytest

from segmentry.projectfile.servicing import served
from segmentry.projectfile.survey import columns_of


def found(*names: str, taken: tuple[str, ...] = ()) -> dict[str, str]:
    table = pa.table({n: [1.0, 2.5, 3.0] for n in names})
    return {s.field: s.sql for s in served(columns_of(table), taken)}


@pytest.mark.parametrize(
    ("name", "field", "sql"),
    [
        ("resolution_time_hours", "resolution_seconds", "resolution_time_hours * 3600"),
        ("first_response_time_minutes", "response_seconds", "first_response_time_minutes * 60"),
        ("usage_duration_secs", "duration_seconds", "usage_duration_secs"),
        ("Resolution Days", "resolution_seconds", '"Resolution Days" * 86400'),
        ("escalation_flag", "escalated", "escalation_flag"),
        ("csat_score", "score", "csat_score"),
        ("error_count", "errors", "error_count"),
    ],
)
def test_a_column_is_known_by_its_words_and_its_unit(name: str, field: str, sql: str) -> None:
    assert found(name) == {field: sql}


@pytest.mark.parametrize("name", ["resolution", "screen_resolution", "response_code", "hours"])
def test_a_length_of_time_without_a_unit_is_none(name: str) -> None:
    assert found(name) == {}


def test_a_field_is_filled_once() -> None:
    assert found("error_count", "errors_seen") == {"errors": "error_count"}
    assert found("error_count", taken=("errors",)) == {}
