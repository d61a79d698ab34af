from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.engines.duckdb.amounts import as_grouped, as_number, as_truth, plain_number
from segmentry.engines.numerals import COMMA, POINT, Decimal
from textcolumns import text_column, values_of


def test_plain_numbers_need_no_guard_where_all_can_be_read(tmp_path: Path) -> None:
    with text_column(tmp_path, ["1", "2"]) as text:
        reading = plain_number(text)
        assert (reading.kind, reading.n_bad) == ("integer", 0)
        assert "try_cast" not in reading.sql


def test_a_way_that_reads_more_is_taken_even_where_most_are_plain(tmp_path: Path) -> None:
    with text_column(tmp_path, [*(f"{i}.123" for i in range(100, 199)), "1.234.567"]) as text:
        reading = as_number(text)
        assert reading.way == COMMA
        assert values_of(text, reading)[-1] == 1234567.0


def test_words_among_plain_numbers_stay_bad(tmp_path: Path) -> None:
    with text_column(tmp_path, ["1.5", "2.5", "many"]) as text:
        reading = as_number(text)
        assert (reading.n_bad, reading.way) == (1, None)


@pytest.mark.parametrize(("decimal", "way"), [("", POINT), (".", POINT), (",", COMMA)])
def test_a_tie_is_settled_by_the_rest_of_the_file_and_told(
    tmp_path: Path, decimal: Decimal, way: str
) -> None:
    with text_column(tmp_path, ["1,234", "2,500"], decimal=decimal) as text:
        reading = as_number(text)
        assert (reading.way, reading.doubt) == (way, "ambiguous_number")


def test_ways_that_give_the_same_numbers_are_no_tie(tmp_path: Path) -> None:
    with text_column(tmp_path, ["$5", "$6"]) as text:
        assert not as_number(text).doubt


def test_several_currencies_are_a_doubt(tmp_path: Path) -> None:
    with text_column(tmp_path, ["$5", "€6"]) as text:
        reading = as_grouped(text, POINT)
        assert reading.doubt == "several_currencies"
        assert "USD (1), EUR (1)" in reading.note


def test_truths_are_pairs_of_words(tmp_path: Path) -> None:
    with text_column(tmp_path, ["Yes", "no", None]) as text:
        truth = as_truth(text)
        assert truth is not None
        assert values_of(text, truth) == [True, False, None]
    with text_column(tmp_path, ["yes", "false"]) as text:
        assert as_truth(text) is None
