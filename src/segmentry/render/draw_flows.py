"""The drawing of flows between segments, as options of ECharts.

What lives here: nodes on two sides and the bands between them. What does not: the pieces that
drawings share (``canvas``), and the choice of a drawing for a chart (``echarts``).
"""

from __future__ import annotations

from segmentry.render import format as fmt
from segmentry.render.canvas import INK, MUTED, SURFACE, Drawing, Option, frame, media, safe, tip
from segmentry.render.chart_flows import Flows

ROW = 62
"""Pixels of height for each segment."""

LEAST = 300


def flows(chart: Flows) -> tuple[Drawing, ...]:
    """Draw segments before at the left, after at the right, and who went from which to which."""
    wide = {"left": 4, "right": 170, "top": 30, "bottom": 8}
    narrow = {"left": 4, "right": 96, "top": 30, "bottom": 8}
    option = frame(
        title=[_day(chart.before, left=0), _day(chart.after, right=0)],
        series=[
            {
                "type": "sankey",
                **wide,
                "data": [*_nodes(chart, "before"), *_nodes(chart, "after")],
                "links": _links(chart),
                "nodeAlign": "justify",
                "layoutIterations": 0,  # the order of the segments is kept
                "draggable": False,
                "nodeWidth": 14,
                "nodeGap": 10,
                "lineStyle": {"opacity": 0.38, "curveness": 0.5},
                "emphasis": {"focus": "adjacency"},
                "label": {"color": INK, "fontSize": 12, "width": 150, "overflow": "truncate"},
            }
        ],
        media=media(
            {"series": [{**wide, "label": {"width": 150, "fontSize": 12}}]},
            {"series": [{**narrow, "label": {"width": 88, "fontSize": 11}}]},
        ),
    )
    return (Drawing("Flows", max(LEAST, ROW * len(chart.nodes)), option),)


def _day(text: str, **place: int) -> Option:
    return {"text": safe(text), "top": 0, "textStyle": {"color": MUTED, "fontSize": 12}, **place}


def _key(side: str, place: int) -> str:
    return f"{side} {place}"


def _nodes(chart: Flows, side: str) -> list[Option]:
    sizes = [0] * len(chart.nodes)
    for band in chart.bands:
        sizes[band.source if side == "before" else band.target] += band.n
    return [
        {
            "name": _key(side, i),
            "depth": 0 if side == "before" else 1,
            "itemStyle": {
                "color": node.look.colour,
                "borderColor": SURFACE,
                "decal": node.look.decal,
            },
            "label": {"formatter": safe(node.label, 32)},
            "tooltip": tip(f"{safe(node.label)}, {safe(_side(chart, side))}\n{fmt.whole(n)}"),
        }
        for i, (node, n) in enumerate(zip(chart.nodes, sizes, strict=True))
        if n
    ]


def _side(chart: Flows, side: str) -> str:
    return chart.before if side == "before" else chart.after


def _links(chart: Flows) -> list[Option]:
    return [
        {
            "source": _key("before", b.source),
            "target": _key("after", b.target),
            "value": b.n,
            "lineStyle": {"color": chart.nodes[b.source].look.colour},
            "tooltip": tip(
                f"{safe(chart.nodes[b.source].label)} \u2192 {safe(chart.nodes[b.target].label)}\n"
                f"{fmt.whole(b.n)}, {safe(b.share_text, 80)}"
            ),
        }
        for b in chart.bands
    ]
