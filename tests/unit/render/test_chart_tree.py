"""A tree tells which segments would merge first, and every merge in a table."""

from __future__ import annotations

import pytest

from segmentry.render.chart_tree import Fork, Tree
from segmentry.render.palette import look_of

LABELS = {1: "Loyal", 2: "Gone", 3: "New", 5: "Rare"}
CHART = Tree(
    "merging",
    "If fewer were wanted",
    LABELS,
    {i: look_of(i) for i in LABELS},
    0.5,
    (Fork((2,), (5,), 0.45), Fork((1,), (3,), 0.3), Fork((1, 3), (2, 5), 0.0)),
)


def test_it_names_the_two_that_would_merge_first_and_the_price():
    assert CHART.summary().replace("\u202f", " ") == (
        "With one segment fewer, Gone and Rare would be one: 3 segments explain 45 % of all "
        "variance, 4 explain 50 %."
    )


def test_its_table_has_every_merge():
    told = [[c.text.replace("\u202f", " ") for c in row] for row in CHART.table().rows]
    assert told == [
        ["3", "Gone with Rare", "45 %", "5 %"],
        ["2", "Loyal with New", "30 %", "15 %"],
        ["1", "Loyal and New with Gone and Rare", "0 %", "30 %"],
    ]


def test_leaves_stand_so_that_no_lines_cross():
    assert CHART.leaves == (1, 3, 2, 5)
    crossing = Tree("t", "T", LABELS, CHART.looks, 0.5, (
        Fork((1,), (5,), 0.4), Fork((2,), (3,), 0.2), Fork((1, 5), (2, 3), 0.0),
    ))  # fmt: skip
    assert crossing.leaves == (1, 5, 2, 3)


def test_each_bracket_starts_where_its_groups_merged_and_ends_at_what_is_lost():
    first, second, last = CHART.brackets()
    assert (first.places, first.starts, first.lost) == ((2.0, 3.0), (0.0, 0.0), pytest.approx(0.05))
    assert second.places == (0.0, 1.0)
    assert last.places == (0.5, 2.5)
    assert last.starts == pytest.approx((0.2, 0.05))
    assert last.lost == pytest.approx(0.5)
    assert last.text.replace("\u202f", " ").endswith("1 segment left explain 0 %")
