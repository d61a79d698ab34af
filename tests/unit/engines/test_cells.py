from __future__ import annotations

import pytest

from segmentry.engines.cells import Look, look_of, look_of_column, typed_share


@pytest.mark.parametrize(
    ("cell", "look"),
    [
        ("", Look.NOTHING),
        (" N/A ", Look.NOTHING),
        ("?", Look.NOTHING),
        ("12", Look.NUMBER),
        ("1.234,50 €", Look.NUMBER),
        ("1e5", Look.NUMBER),
        ("2023-01-13", Look.DATE),
        ("2023-01-13T10:51:09.277Z", Look.DATE),
        ("13 Jan 2023", Look.DATE),
        ("10:51", Look.DATE),
        ("red", Look.WORDS),
        ("C536379", Look.WORDS),
        ("12 items", Look.WORDS),
    ],
)
def test_a_cell_has_a_look(cell: str, look: Look) -> None:
    assert look_of(cell) is look


@pytest.mark.parametrize(
    ("cells", "look"),
    [
        (["1", "2", ""], Look.NUMBER),
        (["1", "a"], Look.WORDS),
        ([*map(str, range(19)), "many"], Look.NUMBER),
        (["2023-01-13", "N/A"], Look.DATE),
        (["", "NA"], Look.NOTHING),
        (["1", "2023-01-13"], Look.WORDS),
    ],
)
def test_a_column_has_the_look_of_most_of_its_cells(cells: list[str], look: Look) -> None:
    assert look_of_column(cells) is look


def test_columns_that_say_nothing_do_not_count_as_typed_or_not() -> None:
    assert typed_share([["1", "a", ""], ["2", "b", ""]]) == 0.5
    assert typed_share([["", ""]]) == 0.0
