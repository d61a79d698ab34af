"""Charts of the segments tell their finding in a sentence, and every figure in a table."""

from __future__ import annotations

import pytest

from segmentry.render.chart import Cell
from segmentry.render.chart_segments import Heatmap, Measure, Series, Sizes, Snake
from segmentry.render.palette import look_of

LOYAL = Series("Loyal", (1.6, -0.2), look_of(1))
GONE = Series("Gone", (-0.4, None), look_of(2))


def texts(chart) -> list[list[str]]:
    table = chart.table()
    told = [[c.text for c in row] for row in (table.head, *table.rows)]
    return [[text.replace("\u202f", " ") for text in row] for row in told]


def heatmap(**more) -> Heatmap:
    return Heatmap("heat", "Differences", ("orders", "recency"), (LOYAL, GONE), 2, **more)


def sizes(*measures) -> Sizes:
    made = tuple(Measure(label, shares, ("", "")) for label, shares in measures)
    return Sizes("sizes", "Sizes", ("A", "B"), (look_of(1), look_of(2)), made)


def test_a_heatmap_names_its_strongest_difference():
    assert heatmap().summary() == (
        "The strongest difference: in “orders”, Loyal lies 1.6 standard deviations above everyone."
    )


def test_a_heatmap_table_is_tinted_like_the_picture():
    first, second = heatmap(limit=1.5).table().rows
    assert [c.tint for c in first[1:]] == [4, -1]
    assert second[2] == Cell("–", is_number=True)


def test_a_heatmap_table_tells_figures_in_their_own_units_too():
    table = heatmap(raw=(("9", "3 days"), ("2", "–"))).table()
    assert [[c.note for c in row] for row in table.rows] == [["", "9", "2"], ["", "3 days", "–"]]


def test_a_heatmap_of_nothing_says_so():
    empty = Heatmap("heat", "Differences", ("orders",), (Series("A", (None,), look_of(1)),), 1)
    assert empty.summary() == "There are no differences to show."


def test_a_snake_names_the_feature_that_spreads_most():
    chart = Snake("snake", "Profiles", ("orders", "recency"), (LOYAL, GONE))
    assert chart.summary().startswith("“orders” sets the segments apart most: 2.0 standard")
    assert texts(chart) == [
        ["Feature", "Loyal", "Gone"],
        ["orders", "+1.6", "−0.4"],
        ["recency", "−0.2", "–"],
    ]


def test_sizes_name_the_largest_of_each_measure():
    chart = sizes(("Share of users", (0.7, 0.3)), ("Share of value", (0.4, 0.6)))
    assert chart.summary().replace("\u202f", " ") == (
        "A: the largest share of users (70 %); B: the largest share of value (60 %)."
    )


def test_sizes_do_not_repeat_a_name_that_leads_twice():
    chart = sizes(("Share of users", (0.7, 0.3)), ("Share of value", (0.6, None)))
    assert chart.summary().replace("\u202f", " ") == (
        "A: the largest share of users (70 %) and share of value (60 %)."
    )
    assert texts(chart)[2] == ["B", "30 %", "–"]


def test_sizes_tell_absolute_figures_where_they_are_known():
    measure = Measure("Share of users", (0.7, 0.3), ("70", "30"))
    chart = Sizes("sizes", "Sizes", ("A", "B"), (look_of(1), look_of(2)), (measure,))
    assert texts(chart)[:2] == [["Segment", "Share of users", "In figures"], ["A", "70 %", "70"]]


@pytest.mark.parametrize(
    ("shares", "has_areas"),
    [((0.5, 0.5), True), ((1.2, -0.2), False), ((0.5, None), False), ((0.0, 0.0), False)],
)
def test_only_shares_of_a_whole_have_areas(shares, has_areas):
    assert Measure("Share", shares, ("", "")).has_areas is has_areas
