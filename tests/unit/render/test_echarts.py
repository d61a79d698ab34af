"""Every chart becomes plain data whose colours exist in both themes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from factories_render import NASTY, documents
from segmentry.render import echarts, figures
from segmentry.render.chart import Band, LineWithBand

TOKENS = files("segmentry.render").joinpath("static/tokens.css").read_text(encoding="utf-8")


def charts(**choices: Any) -> dict[str, Any]:
    told = documents(**choices)
    segments = told["segments"]["segments"]
    found = [
        figures.size_and_value(segments, "customers"),
        figures.heatmap(segments),
        figures.snake(segments),
        figures.map_of(told["summary"], segments),
        *figures.outcomes(segments),
        *figures.choice(told["candidates"]),
        figures.structure(told["evidence"]),
    ]
    return {c.key: c for c in found if c is not None}


EVERY = charts(n_segments=4, n_points=300)
NASTY_ONES = charts(n_segments=8, nasty=True, n_points=80)


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, key)
    else:
        yield key, value


@pytest.mark.parametrize("key", EVERY)
def test_an_option_is_plain_data(key):
    drawn = echarts.option(EVERY[key])
    assert json.loads(json.dumps(drawn, allow_nan=False)) == drawn


@pytest.mark.parametrize("key", EVERY)
def test_every_colour_is_a_token_that_exists(key):
    colours = {
        v for k, v in leaves(echarts.option(EVERY[key])) if re.search("color$", k, re.IGNORECASE)
    }
    unknown = {
        c for c in colours - {"transparent"} if f"  {str(c)[4:-1]}: light-dark" not in TOKENS
    }
    assert colours
    assert unknown == set()


@pytest.mark.parametrize("key", NASTY_ONES)
def test_no_text_of_a_nasty_name_is_read_as_a_template(key):
    ours = {"{value}\u00a0%"}
    texts = {v for _, v in leaves(echarts.option(NASTY_ONES[key])) if isinstance(v, str)} - ours
    assert [t for t in texts if "{" in t or "}" in t or "\r" in t] == []
    assert not any(name in texts for name in NASTY[3:6])


@pytest.mark.parametrize("key", EVERY)
def test_every_chart_has_room(key):
    assert 120 <= echarts.height(EVERY[key]) <= 2000


def test_a_heatmap_draws_a_cell_for_every_shown_feature_and_segment():
    chart = EVERY["heatmap"]
    cells = echarts.option(chart)["series"][0]["data"]
    assert len(cells) == len(chart.rows) * 4
    assert cells[0]["value"][2] == pytest.approx(chart.columns[0].values[0], abs=5e-4)


def test_a_heatmap_of_many_features_draws_the_strongest_and_tells_the_rest_in_its_table():
    chart = charts(n_segments=3, n_features=60)["heatmap"]
    assert len(echarts.option(chart)["yAxis"]["data"]) == 30
    assert len(chart.table().rows) == 61


def test_a_map_is_one_cloud_per_segment_in_the_segments_look():
    series = echarts.option(EVERY["map"])["series"]
    assert sum(len(s["data"]) for s in series) == 300
    assert [s["itemStyle"]["color"] for s in series] == [
        f"var(--segment-{i})" for i in (1, 2, 3, 4)
    ]


def test_a_band_is_its_low_end_and_its_width():
    band = Band("k-means", (0.2, 0.3), (0.1, 0.25), (0.3, 0.35))
    series = echarts.option(LineWithBand("s", "S", (4, 5), (band,), 5, "higher"))["series"]
    low, width, line = series
    assert low["data"] == [0.1, 0.25]
    assert width["data"] == pytest.approx([0.2, 0.1])
    assert [p["symbol"] for p in line["data"]] == ["circle", "diamond"]
    assert line["markLine"]["data"] == [{"xAxis": "5"}]


def test_an_outcome_that_is_a_share_is_drawn_in_percent():
    drawn = echarts.option(EVERY["outcome-0"])
    dot = drawn["series"][0]["data"][0]["value"][0]
    assert dot == pytest.approx(100 * EVERY["outcome-0"].estimates[0].mean)
    assert drawn["xAxis"]["axisLabel"]["formatter"] == "{value}\u00a0%"


def test_what_is_no_chart_has_no_drawing():
    with pytest.raises(TypeError, match="no drawing for str"):
        echarts.option("a chart")
