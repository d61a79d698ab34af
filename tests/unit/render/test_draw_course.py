"""Curves are drawn as they are told: a gap where a figure is withheld, a band for an interval."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories_render import documents
from segmentry.render import figures_course
from segmentry.render.chart_course import Step
from segmentry.render.draw_course import DASHES, course

TOLD = documents(n_segments=4)
CHART = figures_course.retention(TOLD["evidence"], TOLD["segments"]["segments"])
assert CHART is not None
(DRAWN,) = course(CHART)
SERIES = DRAWN.option["series"]


def test_lines_are_in_percent_and_have_gaps():
    lines = [s for s in SERIES if "stack" not in s]
    assert [n["name"] for n in lines] == [n.label for n in CHART.lines]
    for drawn, line in zip(lines, CHART.lines, strict=True):
        values = [d["value"] for d in drawn["data"]]
        told = [
            None if s.mean is None else pytest.approx(100 * s.mean, abs=1e-3) for s in line.steps
        ]
        assert values == told
    assert None in [d["value"] for d in lines[3]["data"]]
    assert lines[-1]["lineStyle"]["type"] == "dashed"


def test_the_legend_marks_a_segment_as_its_line_does():
    for line in CHART.lines:
        first = next(s for s in SERIES if s["name"] == line.label)
        assert "stack" not in first
        assert first["symbol"] == ("none" if line.look is None else line.look.symbol)


def test_everyone_is_dashed_in_the_legend_too():
    entries = DRAWN.option["legend"]["data"]
    assert [e["name"] for e in entries] == [n.label for n in CHART.lines]
    assert [e.get("icon") for e in entries] == [*[None] * (len(entries) - 1), DASHES]
    # A legend of another type forgets what the first one held.
    assert all(form["option"]["legend"]["data"] == entries for form in DRAWN.option["media"])


def test_the_axis_reaches_below_nothing_only_where_figures_do():
    assert DRAWN.option["yAxis"]["min"] == 0
    line = replace(CHART.lines[0], steps=(Step(-1.0, -2.0, 0.5, "-1", "-2 to 0.5"),))
    (drawn,) = course(replace(CHART, lines=(line,), as_share=False))
    assert "min" not in drawn.option["yAxis"]


def test_bands_reach_from_low_to_high_and_go_with_their_line():
    for line in CHART.lines[:-1]:
        low, width = (s for s in SERIES if s["name"] == line.label and "stack" in s)
        for a, b, step in zip(low["data"], width["data"], line.steps, strict=True):
            if step.mean is None:
                assert (a, b) == (None, None)
            else:
                assert a + b == pytest.approx(100 * step.high, abs=2e-3)
    assert not [s for s in SERIES if s["name"] == "Everyone" and "stack" in s]
