from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from reading import built, events, log, without_time, write
from segmentry.errors import DataError
from segmentry.pipeline.span import at_micros


def test_microseconds_are_instants_in_utc() -> None:
    assert at_micros(-1) == datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert at_micros(1_600_000_000_000_001) == datetime(2020, 9, 13, 12, 26, 40, 1, tzinfo=UTC)


def test_a_microsecond_decides_who_is_before_the_cut(tmp_path: Path) -> None:
    text = "id,at\n1,2020-01-01 00:00:00\n2,2020-01-01 00:00:00.000001\n"
    path = write(tmp_path / "a.csv", text)
    cut = datetime(2020, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
    found = built(events(path), as_of=cut)
    assert found.table.data["entity_id"].to_pylist() == [1]
    assert found.findings("after_cut")[0].count == 1


def test_a_log_without_time_has_no_cut_and_no_span(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,track\n1,a\n1,b\n2,a\n,c\n")
    found = built(without_time(path, item="track"))
    assert (found.window, found.table.as_of, found.judging) == (None, None, None)
    assert found.audit.facts["rows_used"] == 3
    assert "as_of" not in found.audit.facts
    assert found.findings("no_entity")[0].count == 1


def test_a_cut_through_a_log_without_time_is_told_to_change_nothing(tmp_path: Path) -> None:
    source = without_time(write(tmp_path / "a.csv", "id,track\n1,a\n2,b\n"), item="track")
    found = built(source, as_of=datetime(2020, 1, 1, tzinfo=UTC))
    assert found.table.n_entities == 2
    assert len(found.findings("no_time_to_cut")) == 1


def test_a_log_without_time_and_without_entities_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,track\n,a\n,b\n")
    with pytest.raises(DataError, match="no event has an entity") as caught:
        built(without_time(path))
    assert caught.value.code == "E2009"


def test_strays_at_both_ends_are_shown_with_their_entities(tmp_path: Path) -> None:
    text = log() + "x9,2099-12-31 00:00:00,3\n"
    found = built(events(write(tmp_path / "a.csv", text)))
    assert found.findings("stray_date")[0].examples == ("2099-12-31 00:00:00, entity x9",)
