"""A radar is one closed line per segment around everyone's."""

from __future__ import annotations

import pytest

from factories_render import documents
from segmentry.render import figures
from segmentry.render.draw_radar import EVERYONE, HEIGHT, radar

CHART = figures.radar(documents(n_segments=4)["segments"]["segments"])
(DRAWN,) = radar(CHART)


def test_everyone_is_a_circle_at_nothing_and_every_segment_a_line_of_its_values():
    everyone, *lines = DRAWN.option["series"]
    assert (everyone["name"], everyone["data"][0]["value"]) == (EVERYONE, [0.0] * len(CHART.axes))
    for told, line in zip(lines, CHART.lines, strict=True):
        assert told["name"] == line.label
        assert told["data"][0]["value"] == pytest.approx(line.values, abs=5e-4)
        assert told["lineStyle"]["color"] == line.look.colour


def test_all_axes_have_one_scale_with_nothing_in_the_middle_of_it():
    scales = {(a["min"], a["max"]) for a in DRAWN.option["radar"]["indicator"]}
    assert scales == {(-CHART.limit, CHART.limit)}


def test_both_forms_keep_the_circle_beneath_the_legend_and_inside_the_picture():
    for form in DRAWN.option["media"]:
        circle = form["option"]["radar"]
        # ECharts takes a share of the shorter side's half; the picture is wider than it is high.
        radius = float(circle["radius"].rstrip("%")) / 100 * HEIGHT / 2
        assert circle["center"][1] - radius > 22
        assert circle["center"][1] + radius < HEIGHT
