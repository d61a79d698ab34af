"""Chart specs as options of ECharts: plain data, so no function and no HTML comes from a name.

Colours are names of tokens (``var(--ink)``), which the page replaces by the theme's. What lives
here: which drawing a chart gets. What does not: the drawings (``draw_segments``, ``draw_radar``,
``draw_map``, ``draw_course``, ``draw_evidence``, ``draw_flows``, ``draw_tree``) and the pieces
that they share (``canvas``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from segmentry.render import (
    draw_course,
    draw_evidence,
    draw_flows,
    draw_map,
    draw_radar,
    draw_segments,
    draw_tree,
)
from segmentry.render.canvas import Drawing
from segmentry.render.chart import Chart
from segmentry.render.chart_course import Course
from segmentry.render.chart_evidence import Intervals, LineWithBand, Silhouettes, Strip
from segmentry.render.chart_flows import Flows
from segmentry.render.chart_map import Map
from segmentry.render.chart_radar import Radar
from segmentry.render.chart_segments import Heatmap, Sizes, Snake
from segmentry.render.chart_tree import Tree

DRAWN_BY: dict[type, Callable[[Any], tuple[Drawing, ...]]] = {
    Sizes: draw_segments.sizes,
    Heatmap: draw_segments.heatmap,
    Snake: draw_segments.snake,
    Radar: draw_radar.radar,
    Map: draw_map.map_,
    LineWithBand: draw_evidence.line_with_band,
    Strip: draw_evidence.strip,
    Intervals: draw_evidence.intervals,
    Silhouettes: draw_evidence.silhouettes,
    Tree: draw_tree.tree,
    Course: draw_course.course,
    Flows: draw_flows.flows,
}


def drawings(chart: Chart) -> tuple[Drawing, ...]:
    """Turn a chart spec into its pictures; where there are several, readers switch.

    Raises
    ------
    TypeError
        If the chart is of a kind that has no drawing.
    """
    try:
        draw = DRAWN_BY[type(chart)]
    except KeyError:
        msg = f"no drawing for {type(chart).__name__}"
        raise TypeError(msg) from None
    return draw(chart)
