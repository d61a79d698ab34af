from __future__ import annotations

import pytest

from segmentry.engines.blanks import Blanks, blanks_of, fit

ROWS = [(7, "2023-01-13", "1.50", "Bonn"), (12, "2023-01-14", "12.25", "Oslofjord"),
        (3, "2023-01-15", "7.00", "Ulm")]  # fmt: skip
NAMES = ("id", "at", "amount", "city")


def lines(form: str, last: str = "") -> list[str]:
    rows = [(a, b, c, f"{d}{last}") for a, b, c, d in ROWS]
    return [form.format(*row) for row in [NAMES, *rows]]


def test_runs_of_blanks_part_columns() -> None:
    found = blanks_of(lines(" {:>3}  {:<10} {:>6}  {}"))
    assert found == Blanks(1)
    assert found.cut("   7  2023-01-13   1.50  Bonn") == ["7", "2023-01-13", "1.50", "Bonn"]


def test_tabs_and_quotes_among_blanks_are_understood() -> None:
    assert Blanks(1).cut('1 \t"New  York, ""NY""" 2') == ["1", 'New  York, "NY"', "2"]


def test_names_of_rows_without_a_name_of_their_own_are_a_column() -> None:
    found = blanks_of(['"mpg" "cyl"', '"Mazda RX4" 21 6', '"Datsun 710" 22.8 4', '"Hornet" 21.4 6'])
    assert found == Blanks(1)


def test_words_of_two_keep_together_between_wide_gaps() -> None:
    found = blanks_of(lines("{:<4}  {:<12}  {:>8}   {}", last=" am See"))
    assert found is not None
    assert found.cut("7     2023-01-13        1.50   Bonn am See")[3] == "Bonn am See"


def test_places_part_columns_where_blanks_do_not() -> None:
    found = blanks_of([*lines("{:<4}{:<11}{:>7} {}", last=" am See"), "9   2023-01-16         Rom"])
    assert found is not None
    assert found.cut("9   2023-01-16         Rom") == ["9", "2023-01-16", "", "Rom"]
    assert "places" in found.name


@pytest.mark.parametrize(
    "texts",
    [
        ["name", "Ann Lee", "Bob Ray", "Cleo Fox"],
        ["at", "2023-01-13 10:00", "2023-01-14 11:00"],
        ["some words here", "and a few more of them", "the end"],
        ["id"],
    ],
)
def test_sentences_names_and_times_are_no_columns(texts: list[str]) -> None:
    assert blanks_of(texts) is None


def test_a_fit_tells_how_even_and_how_typed_records_are() -> None:
    found = fit([["id", "x"], ["1", "a"], ["2", "b"], ["3"], []])
    assert (found.even, found.typed, found.width) == (0.75, 0.5, 2)
    assert fit([[]]).width == 0
