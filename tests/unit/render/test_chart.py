"""A chart tells its finding in a sentence, and every figure in a table."""

from __future__ import annotations

import pytest

from segmentry.render.chart import (
    Band,
    Bars,
    Cell,
    Cloud,
    Estimate,
    Heatmap,
    Intervals,
    LineWithBand,
    Map,
    Series,
    Snake,
    Strip,
)
from segmentry.render.palette import look_of

LOYAL = Series("Loyal", (1.6, -0.2), look_of(0))
GONE = Series("Gone", (-0.4, None), look_of(1))


def texts(chart) -> list[list[str]]:
    table = chart.table()
    return [[c.text for c in row] for row in (table.head, *table.rows)]


def heatmap(**more) -> Heatmap:
    return Heatmap("heat", "Differences", ("orders", "recency"), (LOYAL, GONE), 2, **more)


def test_a_heatmap_names_its_strongest_difference():
    assert heatmap().summary() == (
        "The strongest difference: Loyal is 1.6 standard deviations above everyone in “orders”."
    )


def test_a_heatmap_table_is_tinted_like_the_picture():
    first, second = heatmap(limit=1.5).table().rows
    assert [c.tint for c in first[1:]] == [4, -1]
    assert second[2] == Cell("–", is_number=True)
    assert "tint-p4" in first[1].classes
    assert "tint-m1" in first[2].classes


def test_a_heatmap_of_nothing_says_so():
    empty = Heatmap("heat", "Differences", ("orders",), (Series("A", (None,), look_of(0)),), 1)
    assert empty.summary() == "There are no differences to show."


def test_a_snake_names_the_feature_that_spreads_most():
    chart = Snake("snake", "Profiles", ("orders", "recency"), (LOYAL, GONE))
    assert chart.summary().startswith("“orders” sets the segments apart most: 2.0 standard")
    assert texts(chart) == [
        ["Segment", "orders", "recency"],
        ["Loyal", "+1.6", "−0.2"],
        ["Gone", "−0.4", "–"],
    ]


def test_a_map_tells_how_much_it_leaves_out():
    clouds = (Cloud("A", ((0.0, 0.0), (2.0, 0.0)), look_of(0)), Cloud("B", (), look_of(1)))
    chart = Map("map", "Map", ("x", "y"), (0.5, 0.2), clouds)
    assert chart.summary() == (
        "2 sampled points; the two axes keep 70\u00a0% of the variance, "
        "so the picture leaves out 30\u00a0%."
    )
    assert texts(chart)[1:] == [
        ["A", "2", "1.00", "0.00", "1.00", "0.00"],
        ["B", "0", "–", "–", "–", "–"],
    ]


def bars(*measures) -> Bars:
    return Bars("bars", "Sizes", ("A", "B"), (look_of(0), look_of(1)), measures)


def test_bars_name_the_largest_of_each_measure():
    chart = bars(("Share of users", (0.7, 0.3)), ("Share of value", (0.4, 0.6)))
    assert chart.summary() == (
        "A has the largest share of users (70\u00a0%); "
        "B has the largest share of value (60\u00a0%)."
    )


def test_bars_do_not_repeat_a_name_that_leads_twice():
    chart = bars(("Share of users", (0.7, 0.3)), ("Share of value", (0.6, None)))
    assert (
        chart.summary()
        == "A has the largest share of users (70\u00a0%) and share of value (60\u00a0%)."
    )
    assert texts(chart)[2] == ["B", "30\u00a0%", "–"]


def scores(better: str, values, marked=5) -> LineWithBand:
    band = Band("k-means", values, (0.1, None), (0.3, 0.4))
    return LineWithBand("s", "Silhouette", (4, 5), (band,), marked, better)


@pytest.mark.parametrize(
    ("better", "values", "told"),
    [
        ("higher", (0.2, 0.3), "0.30 at 5 segments, the best of all (higher is better)."),
        ("higher", (0.4, 0.3), "0.30 at 5 segments; best 0.40 at 4 (higher is better)."),
        ("lower", (0.4, 0.3), "0.30 at 5 segments, the best of all (lower is better)."),
        (
            "bend",
            (0.4, 0.3),
            "0.30 at 5 segments. It falls with every further segment: look for a bend.",
        ),
        ("higher", (0.4, None), "Not known; best 0.40 at 4 (higher is better)."),
        ("higher", (None, None), "Not known for any candidate."),
    ],
)
def test_a_score_is_told_at_the_chosen_number_and_against_the_best(better, values, told):
    assert scores(better, values).summary() == told


def test_a_score_table_marks_the_chosen_number_and_gives_intervals():
    assert texts(scores("higher", (0.2, 0.3))) == [
        ["Segments", "Silhouette", "95 % interval"],
        ["4", "0.20", "0.10 to 0.30"],
        ["5 (chosen)", "0.30", "–"],
    ]


def test_methods_side_by_side_are_told_apart_in_the_table():
    bands = (Band("k-means", (0.2, 0.3)), Band("mixture", (0.1, None)))
    chart = LineWithBand("s", "Silhouette", (4, 5), bands, None, "higher")
    assert texts(chart)[0] == ["Segments", "k-means", "mixture"]


@pytest.mark.parametrize(
    ("observed", "told"),
    [
        (0.5, "Observed: 0.500. Of 3 structureless draws (highest 0.300), none reached it."),
        (0.2, "Observed: 0.200. Of 3 structureless draws (highest 0.300), 2 reached it."),
    ],
)
def test_a_strip_counts_the_draws_that_reach_the_observed(observed, told):
    chart = Strip("s", "Null", "silhouette", (0.1, 0.3, 0.2), observed)
    assert chart.summary() == told
    assert texts(chart)[1:3] == [["Observed", f"{observed:.4f}"], ["Draw 1", "0.3000"]]


def test_a_strip_without_draws_says_so():
    assert "no draws" in Strip("s", "Null", "silhouette", (), 0.2).summary()


def test_intervals_name_the_ends_of_the_range():
    estimates = (
        Estimate("A", look_of(0), 0.1, 0.05, 0.15, 90, "10\u00a0%", "5.0\u00a0% to 15\u00a0%"),
        Estimate("B", look_of(1), 0.4, 0.3, 0.5, None, "40\u00a0%", "30\u00a0% to 50\u00a0%"),
    )
    chart = Intervals("o", "Churned", estimates, 0.2, "20\u00a0%", as_share=True)
    assert chart.summary() == "From 10\u00a0% (A) to 40\u00a0% (B); everyone: 20\u00a0%."
    assert texts(chart)[1:] == [
        ["A", "10\u00a0%", "5.0\u00a0% to 15\u00a0%", "90"],
        ["B", "40\u00a0%", "30\u00a0% to 50\u00a0%", "–"],
        ["Everyone", "20\u00a0%", "", ""],
    ]
