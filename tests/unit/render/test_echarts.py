"""Every chart becomes plain data whose colours exist in both themes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from factories_render import NASTY, documents
from moved import moved
from segmentry.render import echarts, figures, figures_course, figures_evidence
from segmentry.render.figures_movement import went

TOKENS = files("segmentry.render").joinpath("static/tokens.css").read_text(encoding="utf-8")


def charts(**choices: Any) -> dict[str, Any]:
    told = documents(**choices)
    segments, evidence, summary = told["segments"]["segments"], told["evidence"], told["summary"]
    found = [
        figures.size_and_value(segments, summary, "customers"),
        figures.heatmap(segments, summary),
        figures.snake(segments),
        figures.radar(segments),
        figures.map_of(summary, segments),
        *figures_evidence.outcomes(segments),
        *figures_evidence.heldout(evidence, segments, summary),
        *figures_evidence.choice(told["candidates"]),
        figures_evidence.structure(evidence),
        figures_evidence.silhouettes(evidence, segments),
        figures_evidence.stability(evidence, segments),
        figures_evidence.merging(evidence, segments),
        figures_course.retention(evidence, segments),
        figures_course.value(evidence, segments, summary),
        went(moved()),
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


def options(chart: Any) -> list[dict[str, Any]]:
    return [d.option for d in echarts.drawings(chart)]


def test_every_kind_of_chart_has_a_drawing():
    assert {type(c) for c in EVERY.values()} == set(echarts.DRAWN_BY)


@pytest.mark.parametrize("key", EVERY)
def test_an_option_is_plain_data(key):
    for drawn in options(EVERY[key]):
        assert json.loads(json.dumps(drawn, allow_nan=False)) == drawn


@pytest.mark.parametrize("key", EVERY)
def test_every_colour_is_a_token_that_exists(key):
    told = leaves(options(EVERY[key]))
    colours = {v for k, v in told if re.search("color$", k, re.IGNORECASE)}
    unknown = {
        c for c in colours - {"transparent"} if f"  {str(c)[4:-1]}: light-dark" not in TOKENS
    }
    assert colours
    assert unknown == set()


@pytest.mark.parametrize("key", NASTY_ONES)
def test_no_text_of_a_nasty_name_is_read_as_a_template(key):
    ours = {"{value}\u202f%"}
    texts = {v for _, v in leaves(options(NASTY_ONES[key])) if isinstance(v, str)} - ours
    assert [t for t in texts if "{" in t or "}" in t or "\r" in t] == []
    assert not any(name in texts for name in NASTY[3:6])


@pytest.mark.parametrize("key", EVERY)
def test_every_chart_has_room(key):
    assert all(60 <= d.height <= 2000 for d in echarts.drawings(EVERY[key]))


def test_pictures_of_one_chart_have_names_of_their_own():
    named = {key: [d.name for d in echarts.drawings(c)] for key, c in EVERY.items()}
    assert named["sizes"] == ["Share of customers", "Share of value", "Bars"]
    assert named["heatmap"] == ["Standardised", "In their own units", "Percentile"]
    assert all(len(names) == len(set(names)) for names in named.values())


def test_what_is_no_chart_has_no_drawing():
    with pytest.raises(TypeError, match="no drawing for str"):
        echarts.drawings("a chart")
