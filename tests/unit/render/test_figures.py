"""Documents become charts of the segments; what a run does not hold is not drawn."""

from __future__ import annotations

import pytest

from factories_render import counted, documents, minimal
from segmentry.render import figures

TOLD = documents(n_segments=4, n_points=120)
SEGMENTS = TOLD["segments"]["segments"]
SUMMARY = TOLD["summary"]
BARE = minimal(n_segments=4)
BARE_SEGMENTS = BARE["segments"]["segments"]


def test_features_are_ordered_by_their_strongest_difference():
    chart = figures.heatmap(SEGMENTS, SUMMARY)
    strongest = [
        max(abs(c.values[i] or 0.0) for c in chart.columns) for i in range(len(chart.rows))
    ]
    assert strongest == sorted(strongest, reverse=True)


def test_a_heatmap_shows_the_contrasts_of_the_documents_in_all_its_forms():
    chart = figures.heatmap(SEGMENTS, SUMMARY)
    told = {c["feature"]: c for c in SEGMENTS[2]["contrasts"]}["recency_days"]
    row = chart.rows.index("Days since last seen")
    assert chart.columns[2].values[row] == told["difference"]
    assert chart.percentiles[2][row] == told["percentile"]
    assert chart.raw[2][row] == f"{round(told['median'])} days"


def test_without_measured_percentiles_there_are_none():
    segments = [
        {**s, "contrasts": [{**c, "percentile": None} for c in s["contrasts"]]} for s in SEGMENTS
    ]
    assert figures.heatmap(segments, SUMMARY).percentiles == ()


def test_a_snake_leaves_out_levels_of_categories():
    chart = figures.snake(SEGMENTS)
    assert len(chart.features) == figures.SNAKE_FEATURES
    assert "First channel: paid search" not in chart.features
    assert "First channel: paid search" in figures.heatmap(SEGMENTS, SUMMARY).rows


def test_a_radar_takes_the_leading_numbers_that_every_segment_knows():
    chart = figures.radar(SEGMENTS)
    assert chart.axes == figures.snake(SEGMENTS).features[: figures.MOST_AXES]
    lead = _lead(SEGMENTS)
    without = [{**SEGMENTS[0], "contrasts": _without(SEGMENTS[0], lead)}, *SEGMENTS[1:]]
    assert chart.axes[0] not in figures.radar(without).axes


def test_a_radar_needs_three_number_features():
    def only(n: int) -> list:
        kept = documents(n_segments=3, n_features=n)["segments"]["segments"]
        return figures.radar(kept)

    assert only(2) is None
    assert len(only(3).axes) == 3


def _lead(segments) -> str:
    numbers = [c for s in segments for c in s["contrasts"] if c.get("level") is None]
    return max(numbers, key=lambda c: abs(c["difference"]))["feature"]


def _without(segment, feature) -> list:
    return [c for c in segment["contrasts"] if c["feature"] != feature]


def test_thousands_of_features_leave_a_heatmap_that_can_be_read():
    wide = documents(n_segments=3, n_features=400)
    chart = figures.heatmap(wide["segments"]["segments"], wide["summary"])
    assert (len(chart.rows), chart.n_rows) == (figures.HEATMAP_ROWS, 401)


def test_points_of_the_map_go_to_their_segments():
    chart = figures.map_of(SUMMARY, SEGMENTS)
    counts = [sum(1 for p in SUMMARY["map"]["points"] if p[2] == i) for i in range(4)]
    assert [len(c.points) for c in chart.clouds] == counts
    assert chart.n_points == 120


def test_counts_of_the_map_go_to_their_segments_with_its_quality():
    chart = figures.map_of(counted(TOLD)["summary"], SEGMENTS, "customers")
    told = counted(TOLD)["summary"]["map"]
    for i, cloud in enumerate(chart.clouds):
        assert sum(cloud.counts) == sum(n for *_, place, n in told["cells"] if place == i)
    assert (chart.lattice.fewest, chart.entities, chart.n_entities) == (
        10,
        "customers",
        told["n_entities"],
    )
    assert chart.quality.trustworthiness.value == told["quality"]["trustworthiness"]["value"]
    assert [c.continuity for c in chart.clouds] == [0.97, 0.97, 0.97, None]


def test_a_map_of_an_earlier_version_says_nothing_of_its_quality():
    chart = figures.map_of(SUMMARY, SEGMENTS)
    assert (chart.quality, chart.lattice) == (None, None)
    assert "trustworthiness" not in chart.summary()


def test_a_map_of_one_feature_has_an_empty_second_axis():
    summary = {"map": {"kept": [1.0], "points": [[0.5, 0.0, 0]], "axes": ["n_orders"]}}
    chart = figures.map_of(summary, SEGMENTS)
    assert (chart.axes, chart.kept) == (("orders", ""), (1.0, 0.0))


def test_without_contrasts_there_is_no_chart_of_them():
    assert figures.heatmap(BARE_SEGMENTS, BARE["summary"]) is None
    assert figures.snake(BARE_SEGMENTS) is None
    assert figures.radar(BARE_SEGMENTS) is None
    assert figures.map_of(BARE["summary"], BARE_SEGMENTS) is None


def test_value_is_drawn_only_where_it_is_known():
    chart = figures.size_and_value(SEGMENTS, SUMMARY, "users")
    assert [m.label for m in chart.measures] == ["Share of users", "Share of value"]
    assert sum(chart.measures[1].shares) == pytest.approx(1.0)
    assert chart.measures[1].texts[0].startswith("£")
    bare = figures.size_and_value(BARE_SEGMENTS, BARE["summary"], "users")
    assert [m.label for m in bare.measures] == ["Share of users"]
