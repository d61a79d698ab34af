from __future__ import annotations

from pathlib import Path

from segmentry.engines.duckdb.texts import joined
from textcolumns import text_column, values_of


def test_values_are_counted_by_what_they_can_be_read_as(tmp_path: Path) -> None:
    with text_column(tmp_path, ["1", "2.0", "2.5", "C7", "007", "?", None]) as text:
        counts = text.counts
        assert (counts.n, counts.n_numbers, counts.n_whole) == (6, 4, 3)
        assert (counts.n_canonical, counts.n_codes, counts.n_marks) == (1, 2, 1)
        assert counts.n_said == 5


def test_the_sample_is_only_looked_at_when_it_is_asked_for(tmp_path: Path) -> None:
    with text_column(tmp_path, ["a", "b", "a", None]) as text:
        assert text.sample == ["a", "b"]
        assert text.number_of("x = 'a'", "x IS NULL") == (2, 1)


def test_a_reading_counts_what_it_fails_on_but_not_marks(tmp_path: Path) -> None:
    with text_column(tmp_path, ["1", "many", "-", None]) as text:
        reading = text.reading("try_cast(x AS DOUBLE)", "number")
        assert reading.n_bad == 1
        assert values_of(text, reading) == [1.0, None, None, None]
        assert text.connection.rows(f"SELECT x FROM raw WHERE {reading.bad}") == [("many",)]
        assert "1 value such as '?' or '-' counts as missing" in reading.note


def test_notes_are_joined() -> None:
    assert joined("a", "", "b") == "a; b"
