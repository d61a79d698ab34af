"""The drawing of a tree of segments, as options of ECharts.

What lives here: its leaves and lines. What does not: the layout (``chart_tree``), and the choice of
a drawing for a chart (``echarts``).
"""

from __future__ import annotations

from segmentry.render.canvas import (
    ACCENT,
    INK,
    SURFACE,
    Drawing,
    Option,
    frame,
    name_axis,
    named_rows,
    number_axis,
    safe,
    tip,
)
from segmentry.render.chart_tree import Bracket, Tree

ROW, AXIS = 34, 56
"""Pixels of a leaf, and of the axis beneath all of them."""


def tree(chart: Tree) -> tuple[Drawing, ...]:
    """Draw leaves one beneath the other, and each merge as far to the right as what it loses."""
    leaves = chart.leaves
    option = frame(
        grid={"left": 200, "right": 30, "top": 8, "bottom": AXIS - 8},
        xAxis=number_axis("lost of what they explain, in points", nameGap=28, min=0, splitNumber=5),
        # Names stand on an axis of their own; lines run between them on one of numbers.
        yAxis=[
            name_axis(
                [safe(chart.labels[i], 36) for i in leaves],
                inverse=True,
                axisLine={"show": False},
                axisLabel={"width": 188, "overflow": "truncate", "margin": 14},
            ),
            number_axis(show=False, min=-0.5, max=len(leaves) - 0.5, inverse=True),
        ],
        series=[_names(chart), *(_line(bracket) for bracket in chart.brackets())],
        media=named_rows(200, narrow_overflow="break"),
    )
    return (Drawing("Tree", AXIS + ROW * len(leaves), option),)


def _names(chart: Tree) -> Option:
    """Mark each leaf in its segment's look."""
    marks = [
        {
            "value": [0, place],
            "symbol": chart.looks[i].symbol,
            "itemStyle": {"color": chart.looks[i].colour, "opacity": 1},
            "tooltip": tip(safe(chart.labels[i])),
        }
        for place, i in enumerate(chart.leaves)
    ]
    return {"type": "scatter", "yAxisIndex": 1, "symbolSize": 11, "data": marks, "z": 3}


def _line(bracket: Bracket) -> Option:
    (one, other), (low, high) = bracket.places, bracket.starts
    corners = [(low, one), (bracket.lost, one), (bracket.lost, other), (high, other)]
    return {
        "type": "line",
        "yAxisIndex": 1,
        "data": [[round(100 * x, 2), y] for x, y in corners],
        "symbol": "none",
        "lineStyle": {"color": INK, "width": 1.5},
        "emphasis": {"lineStyle": {"width": 1.5}},
        "silent": True,
        "markPoint": {
            "symbol": "circle",
            "symbolSize": 9,
            "itemStyle": {"color": ACCENT, "borderColor": SURFACE, "borderWidth": 1},
            "label": {"show": False},
            "data": [
                {
                    "coord": [round(100 * bracket.lost, 2), (one + other) / 2],
                    "tooltip": tip("\n".join(safe(t, 120) for t in bracket.text.split("\n"))),
                }
            ],
        },
    }
