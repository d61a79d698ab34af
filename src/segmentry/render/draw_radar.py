"""The drawing of a radar, as options of ECharts.

What lives here: its axes, rings and lines. What does not: the pieces that drawings share
(``canvas``), and the choice of a drawing for a chart (``echarts``).
"""

from __future__ import annotations

from textwrap import fill

from segmentry.render import format as fmt
from segmentry.render.canvas import (
    INK,
    MUTED,
    RULE,
    SURFACE,
    Drawing,
    Option,
    frame,
    legend,
    legend_height,
    media,
    safe,
    tip,
)
from segmentry.render.chart_radar import Radar
from segmentry.render.chart_segments import Series

EVERYONE = "Everyone"
HEIGHT = 440

NAME_WIDTH = 12
"""Letters of a name on one line, so that it fits beside the circle of a narrow page."""

LINE = "path://M0,4H14V6H0Z"


def radar(chart: Radar) -> tuple[Drawing, ...]:
    """Draw one closed line per segment, and everyone as a dashed one at 0."""
    labels = [EVERYONE, *(s.label for s in chart.lines)]
    top = legend_height(labels)
    icons = [LINE, *(s.look.symbol for s in chart.lines)]
    names = [{"name": safe(n, 32), "icon": i} for n, i in zip(labels, icons, strict=True)]
    option = frame(
        legend=legend(data=names),
        radar={
            "indicator": [_axis(chart, i) for i in range(len(chart.axes))],
            "splitNumber": 4,
            "axisName": {"color": INK, "fontSize": 12.5},
            "axisNameGap": 8,
            "axisLine": {"lineStyle": {"color": RULE}},
            "splitLine": {"lineStyle": {"color": RULE}},
            "splitArea": {"show": False},
        },
        series=[_everyone(chart), *(_line(chart, s) for s in chart.lines)],
        media=media(
            {
                "legend": legend(scrolls=False, data=names),
                "radar": _round((HEIGHT + top) // 2, "68%", 12.5),
                "series": [{"symbolSize": 8}] * len(names),
            },
            {
                "legend": legend(data=names),
                "radar": _round(180, "44%", 10),
                "series": [{"symbolSize": 5}] * len(names),
            },
        ),
    )
    return (Drawing("Radar", HEIGHT, option),)


def _axis(chart: Radar, i: int) -> Option:
    """Give an axis; the first one tells the scale, which all of them share."""
    scale = {"show": i == 0, "color": MUTED, "fontSize": 10, "showMinLabel": False}
    name = fill(safe(chart.axes[i], 44), NAME_WIDTH)
    return {"name": name, "min": -chart.limit, "max": chart.limit, "axisLabel": scale}


def _round(middle: int, radius: str, size: float) -> Option:
    """Place the circle beneath its legend, with room for names at its sides."""
    name = {"fontSize": size, "lineHeight": size + 2.5}
    return {"center": ["50%", middle], "radius": radius, "axisName": name}


def _everyone(chart: Radar) -> Option:
    return {
        **_series(EVERYONE, [0.0] * len(chart.axes), EVERYONE),
        "symbol": "none",
        "itemStyle": {"color": MUTED},
        "lineStyle": {"color": MUTED, "width": 1.5, "type": "dashed"},
    }


def _line(chart: Radar, line: Series) -> Option:
    values = [round(v or 0.0, 3) for v in line.values]
    told = zip(chart.axes, line.values, strict=True)
    text = "\n".join([safe(line.label), *(f"{safe(a, 60)}: {fmt.signed(v, 2)}" for a, v in told)])
    return {
        **_series(line.label, values, text),
        "symbol": line.look.symbol,
        "symbolSize": 8,
        "itemStyle": {"color": line.look.colour, "borderColor": SURFACE, "borderWidth": 1},
        "lineStyle": {"color": line.look.colour, "width": 2.5},
        "emphasis": {"focus": "series"},
    }


def _series(label: str, values: list[float], text: str) -> Option:
    name = safe(label, 32)
    return {
        "type": "radar",
        "name": name,
        "data": [{"name": name, "value": values, "tooltip": tip(text)}],
    }
