"""Pictures of the segments show the figures of their charts."""

from __future__ import annotations

import pytest

from factories_render import documents
from segmentry.render import draw_segments, figures
from segmentry.render.chart_segments import Measure, Sizes
from segmentry.render.palette import look_of

TOLD = documents(n_segments=4, n_points=300)
SEGMENTS = TOLD["segments"]["segments"]
SUMMARY = TOLD["summary"]
HEAT = figures.heatmap(SEGMENTS, SUMMARY)


def sizes(*shares) -> Sizes:
    measures = tuple(Measure(f"Share {i}", s, ("1", "2")) for i, s in enumerate(shares))
    return Sizes("sizes", "Sizes", ("A", "B"), (look_of(1), look_of(5)), measures)


def test_a_treemap_has_a_tile_for_each_segment_as_large_as_its_share():
    area, bars = draw_segments.sizes(sizes((0.7, 0.3)))
    tiles = area.option["series"][0]["data"]
    assert [t["value"] for t in tiles] == [0.7, 0.3]
    assert tiles[1]["itemStyle"]["color"] == "var(--segment-5)"
    assert tiles[1]["label"]["color"] == "var(--on-segment-5)"
    assert tiles[0]["label"]["formatter"] == "A\n70\u202f%  1"
    assert bars.name == "Bars"


def test_shares_below_zero_have_bars_and_no_areas():
    assert [d.name for d in draw_segments.sizes(sizes((0.7, 0.3), (1.2, -0.2)))] == [
        "Share 0",
        "Bars",
    ]


def test_a_tile_too_small_for_its_name_shows_none():
    area, _ = draw_segments.sizes(sizes((0.99, 0.01)))
    assert [t["label"]["show"] for t in area.option["series"][0]["data"]] == [True, False]


def test_measures_side_by_side_are_told_apart_by_pattern():
    bars = draw_segments.sizes(sizes((0.7, 0.3), (0.4, 0.6)))[-1].option
    first, second = (s["data"][0]["itemStyle"]["decal"] for s in bars["series"])
    assert first != second
    assert bars["aria"]["decal"]["show"] is True


def test_a_heatmap_draws_a_cell_for_every_shown_feature_and_segment():
    cells = draw_segments.heatmap(HEAT)[0].option["series"][0]["data"]
    assert len(cells) == len(HEAT.rows) * 4
    assert cells[0]["label"]["formatter"] == HEAT.table().rows[0][1].text


def test_a_heatmap_in_own_units_keeps_the_tints():
    standard, own, percentile = (d.option["series"][0]["data"] for d in draw_segments.heatmap(HEAT))
    assert own[0]["label"]["formatter"] == HEAT.raw[0][0]
    assert [c["itemStyle"] for c in own] == [c["itemStyle"] for c in standard]
    assert percentile[0]["label"]["formatter"] == f"{100 * HEAT.percentiles[0][0]:.0f}"


def test_a_heatmap_of_many_features_draws_the_strongest_and_tells_the_rest_in_its_table():
    told = documents(n_segments=3, n_features=60)
    chart = figures.heatmap(told["segments"]["segments"], told["summary"])
    assert len(draw_segments.heatmap(chart)[0].option["yAxis"]["data"]) == 30
    assert len(chart.table().rows) == 61


def test_a_snake_is_one_line_per_segment_with_a_point_per_feature():
    chart = figures.snake(SEGMENTS)
    series = draw_segments.snake(chart)[0].option["series"]
    assert [len(s["data"]) for s in series] == [len(chart.features)] * 4
    assert series[2]["data"][0]["value"][0] == pytest.approx(chart.lines[2].values[0], abs=5e-4)


@pytest.mark.parametrize(("n_segments", "upright"), [(4, False), (8, True)])
def test_names_over_a_heatmap_stand_upright_where_a_word_would_be_broken(n_segments, upright):
    told = documents(n_segments=n_segments, n_features=6)
    chart = figures.heatmap(told["segments"]["segments"], told["summary"])
    forms = draw_segments.heatmap(chart)[0].option["media"]
    tablet = next(f for f in forms if f.get("query") == {"maxWidth": draw_segments.MIDDLE})
    assert (tablet["option"]["xAxis"]["axisLabel"]["rotate"] == 90) is upright
