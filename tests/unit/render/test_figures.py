"""Documents become charts; what a run does not hold is not drawn."""

from __future__ import annotations

import pytest

from factories_render import documents, minimal
from segmentry.render import figures

TOLD = documents(n_segments=4, n_points=120)
SEGMENTS = TOLD["segments"]["segments"]
BARE = minimal(n_segments=4)


def test_features_are_ordered_by_their_strongest_difference():
    chart = figures.heatmap(SEGMENTS)
    strongest = [
        max(abs(c.values[i] or 0.0) for c in chart.columns) for i in range(len(chart.rows))
    ]
    assert strongest == sorted(strongest, reverse=True)


def test_a_heatmap_shows_the_contrasts_of_the_documents():
    chart = figures.heatmap(SEGMENTS)
    told = {c["feature"]: c["difference"] for c in SEGMENTS[2]["contrasts"]}
    shown = dict(zip(chart.rows, chart.columns[2].values, strict=True))
    assert shown["Recency days"] == told["recency_days"]


def test_a_snake_leaves_out_levels_of_categories():
    chart = figures.snake(SEGMENTS)
    assert len(chart.features) == figures.SNAKE_FEATURES
    assert "First channel: paid search" not in chart.features
    assert "First channel: paid search" in figures.heatmap(SEGMENTS).rows


def test_thousands_of_features_leave_a_heatmap_that_can_be_read():
    wide = documents(n_segments=3, n_features=400)["segments"]["segments"]
    chart = figures.heatmap(wide)
    assert (len(chart.rows), chart.n_rows) == (figures.HEATMAP_ROWS, 401)


def test_points_of_the_map_go_to_their_segments():
    chart = figures.map_of(TOLD["summary"], SEGMENTS)
    counts = [sum(1 for p in TOLD["summary"]["map"]["points"] if p[2] == i) for i in range(4)]
    assert [len(c.points) for c in chart.clouds] == counts
    assert chart.n_points == 120


def test_a_map_of_one_feature_has_an_empty_second_axis():
    summary = {"map": {"kept": [1.0], "points": [[0.5, 0.0, 0]], "axes": ["n_orders"]}}
    chart = figures.map_of(summary, SEGMENTS)
    assert (chart.axes, chart.kept) == (("orders", ""), (1.0, 0.0))


@pytest.mark.parametrize("draw", [figures.heatmap, figures.snake])
def test_without_contrasts_there_is_no_chart_of_them(draw):
    assert draw(BARE["segments"]["segments"]) is None


def test_without_a_map_or_a_structure_test_there_is_no_chart_of_them():
    assert figures.map_of(BARE["summary"], BARE["segments"]["segments"]) is None
    assert figures.structure({}) is None
    assert figures.choice({}) == ()
    assert figures.outcomes(BARE["segments"]["segments"]) == ()


def test_value_is_drawn_only_where_it_is_known():
    assert len(figures.size_and_value(SEGMENTS, "users").measures) == 2
    bare = figures.size_and_value(BARE["segments"]["segments"], "users")
    assert [label for label, _ in bare.measures] == ["Share of users"]


def test_every_score_that_a_candidate_has_gets_a_panel_with_the_chosen_number_marked():
    panels = figures.choice(TOLD["candidates"])
    assert [p.key for p in panels] == [
        f"choice-{k.replace('_', '-')}" for k, _, _ in figures.SCORES
    ]
    assert {p.marked for p in panels} == {4}
    assert panels[0].bands[0].low


def test_an_absent_score_is_a_gap_and_a_score_of_nobody_no_panel():
    found = [
        {"n_segments": 4, "method": "k-means", "scores": {"silhouette": 0.2}, "kept": True},
        {"n_segments": 5, "method": "k-means", "scores": {}},
    ]
    (panel,) = figures.choice({"candidates": found})
    assert panel.bands[0].values == (0.2, None)


def test_an_outcome_is_a_share_only_where_all_its_means_are():
    churned, tickets = figures.outcomes(SEGMENTS)
    assert (churned.as_share, tickets.as_share) == (True, False)
    assert churned.estimates[1].mean == SEGMENTS[1]["outcomes"][0]["mean"]
