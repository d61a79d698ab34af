"""Charts of the evidence tell their finding in a sentence, and every figure in a table."""

from __future__ import annotations

import pytest

from segmentry.render.chart_evidence import (
    Band,
    Estimate,
    Intervals,
    LineWithBand,
    Shape,
    Silhouettes,
    Strip,
)
from segmentry.render.palette import look_of


def texts(chart) -> list[list[str]]:
    table = chart.table()
    told = [[c.text for c in row] for row in (table.head, *table.rows)]
    return [[text.replace("\u202f", " ") for text in row] for row in told]


def scores(better: str, values, marked=5) -> LineWithBand:
    band = Band("k-means", values, (0.1, None), (0.3, 0.4))
    return LineWithBand("s", "Silhouette", (4, 5), (band,), marked, better)


@pytest.mark.parametrize(
    ("better", "values", "told"),
    [
        ("higher", (0.2, 0.3), "0.30 at 5, the best of all."),
        ("higher", (0.4, 0.3), "0.30 at 5; the best is 0.40 at 4."),
        ("lower", (0.4, 0.3), "0.30 at 5, the best of all."),
        ("bend", (0.4, 0.3), "0.30 at 5. It always falls: look for a bend."),
        ("higher", (0.4, None), "Not known; the best is 0.40 at 4."),
        ("higher", (None, None), "Not known for any candidate."),
    ],
)
def test_a_score_is_told_at_the_chosen_number_and_against_the_best(better, values, told):
    assert scores(better, values).summary() == told


def test_the_chosen_candidate_is_the_one_of_the_chosen_method():
    bands = (Band("k-means", (0.2, 0.3)), Band("ward", (0.1, 0.4)))
    chart = LineWithBand("s", "S", (4, 5), bands, 5, "higher", marked_band="k-means")
    assert chart.summary() == "0.30 at 5; the best is 0.40 at 5 (ward)."


@pytest.mark.parametrize(
    ("better", "reading"),
    [("higher", "higher is better"), ("lower", "lower is better"), ("bend", "a bend is a hint")],
)
def test_a_panel_says_how_its_score_is_read(better, reading):
    assert scores(better, (0.1, 0.2)).reading == reading


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
        (0.5, "none reach as much."),
        (0.25, "1 reaches as much."),
        (0.2, "2 reach as much."),
    ],
)
def test_a_strip_counts_the_draws_that_reach_the_observed(observed, told):
    chart = Strip("s", "Null", "silhouette", (0.1, 0.3, 0.2), observed)
    assert chart.summary().startswith(f"Your data reaches {observed:.3f}. Of 3 data sets")
    assert chart.summary().endswith(f"(highest 0.300), {told}")


def test_a_strip_tells_where_its_draws_lie_and_not_each_of_them():
    chart = Strip("s", "Null", "silhouette", tuple(i / 100 for i in range(101)), 0.5)
    assert texts(chart)[1:] == [
        ["Your data", "0.5000"],
        ["Without groups, highest of 101", "1.0000"],
        ["Without groups, one in twenty higher", "0.9500"],
        ["Without groups, in the middle", "0.5000"],
        ["Without groups, lowest", "0.0000"],
    ]


def test_a_strip_without_draws_says_so():
    chart = Strip("s", "Null", "silhouette", (), 0.2)
    assert "no draws" in chart.summary()
    assert texts(chart)[1:] == [["Your data", "0.2000"]]


ESTIMATES = (
    Estimate("A", look_of(1), 0.1, 0.05, 0.15, 90, "10 %", "5 % to 15 %"),
    Estimate("B", look_of(2), 0.4, 0.3, 0.5, None, "40 %", "30 % to 50 %"),
)


def test_intervals_name_the_ends_of_the_range():
    chart = Intervals("o", "Churned", ESTIMATES, 0.2, "20 %", as_share=True)
    assert chart.summary() == "From 10 % (A) to 40 % (B); everyone: 20 %."
    assert texts(chart) == [
        ["Segment", "Churned", "95 % interval", "Known for"],
        ["A", "10 %", "5 % to 15 %", "90"],
        ["B", "40 %", "30 % to 50 %", "–"],
        ["Everyone", "20 %", "", ""],
    ]


def test_intervals_without_everyone_tell_verdicts():
    one = Estimate("A", look_of(1), 0.9, 0.8, 1.0, None, "0.90", "0.80 to 1.00", "stable", "good")
    chart = Intervals("s", "Overlap", (one,), None, "", as_share=False)
    assert chart.summary() == "0.90 (A)."
    assert texts(chart) == [
        ["Segment", "Overlap", "95 % interval", "Verdict"],
        ["A", "0.90", "0.80 to 1.00", "stable"],
    ]
    assert chart.table().rows[0][-1].tone == "good"


def shape(label: str, values, below_zero) -> Shape:
    mean = sum(values) / len(values) if values else None
    return Shape(label, look_of(1), 0.5, values, mean, None, None, below_zero)


def test_silhouettes_name_the_sharpest_segment_and_the_one_with_most_misplaced():
    told = Silhouettes("s", "Outlines", (shape("A", (0.5, 0.3), 0.0), shape("B", (0.4, -0.2), 0.5)))
    assert told.summary().replace("\u202f", " ") == (
        "The sharpest outline: A (0.40 on average); in B, 50 % lie nearer to another segment "
        "than to their own."
    )
    assert texts(told)[1] == ["A", "0.40", "–", "0 %", "0.30", "0.30"]


def test_silhouettes_where_nobody_is_misplaced_say_so():
    told = Silhouettes("s", "Outlines", (shape("A", (0.5, 0.3), 0.0),))
    assert told.summary().endswith("; nobody lies nearer to another segment.")


def test_silhouettes_of_nothing_say_so():
    assert "no silhouettes" in Silhouettes("s", "Outlines", (shape("A", (), None),)).summary()
