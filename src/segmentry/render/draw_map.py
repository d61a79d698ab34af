"""The drawing of the map, as an option of ECharts.

What lives here: single marks where entities are few, marks of cells where they were counted. What
does not: the pieces that drawings share (``canvas``).
"""

from __future__ import annotations

from textwrap import fill
from typing import Any

from segmentry.render import format as fmt
from segmentry.render.canvas import (
    MUTED,
    RULE,
    SURFACE,
    Drawing,
    Option,
    frame,
    legend,
    media,
    number_axis,
    safe,
    tip,
    with_legend,
)
from segmentry.render.chart_map import Cloud, Lead, Map

HEIGHT = 540

ACROSS, ACROSS_NARROW, UP = 740, 235, 430
"""About the pixels of the plot itself: on a wide page, on a narrow one, and its height."""

LEAST_MARK, MOST_MARK = 3.5, 40.0
"""Pixels of the marks of cells with the fewest entities, and of the largest that there may be."""

FULL = 0.85
"""Of a cell's pixels, what its mark may take; the axes go on beyond the outermost cells."""


def map_(chart: Map) -> tuple[Drawing, ...]:
    """Draw entities, or the cells that they were counted in, in their segments' looks."""
    across, up = (safe(name, 100) for name in chart.axis_names())
    wide: Option = {"grid": {"left": 52, "bottom": 52}, "xAxis": {"name": across}}
    # A name that is longer than its axis would press the plot together.
    narrow: Option = {"grid": {"left": 44, "bottom": 76}, "xAxis": {"name": fill(across, 42)}}
    parts: dict[str, Any] = {}
    if chart.lattice is None:
        series = [_points(c) for c in chart.clouds]
    else:
        series = [_cells(c, led) for c, led in zip(chart.clouds, chart.leads(), strict=True)]
        parts["visualMap"] = wide["visualMap"] = _sizes(chart, ACROSS)
        narrow["visualMap"] = _sizes(chart, ACROSS_NARROW)
    option = frame(
        grid={"left": 52, "right": 16, "top": 48, "bottom": 52},
        legend=legend(),
        xAxis=_axis(across, nameGap=30),
        yAxis=_axis(fill(up, 68), nameGap=36),
        series=series,
        media=with_legend(media(wide, narrow), [c.label for c in chart.clouds], 24),
        **parts,
    )
    return (Drawing("Map", HEIGHT, option),)


def _axis(name: str, **more: Any) -> Option:
    rule = {"lineStyle": {"color": RULE, "type": "dotted"}}
    words = {"color": MUTED, "lineHeight": 15}
    return number_axis(name, scale=True, splitLine=rule, nameTextStyle=words, **more)


def _series(cloud: Cloud, data: list[Any], **more: Any) -> Option:
    return {
        "type": "scatter",
        "name": safe(cloud.label, 32),
        "data": data,
        "symbol": cloud.look.symbol,
        "emphasis": {"focus": "series"},
        **more,
    }


def _points(cloud: Cloud) -> Option:
    return _series(
        cloud,
        [[round(x, 2), round(y, 2)] for x, y in cloud.points],
        symbolSize=6,
        itemStyle={"color": cloud.look.colour, "opacity": 0.66},
        tooltip=tip(safe(cloud.label)),
    )


def _cells(cloud: Cloud, led: tuple[Lead, ...]) -> Option:
    style = {
        "color": cloud.look.colour,
        "opacity": 1,
        "borderColor": SURFACE,
        "borderWidth": 0.5,
    }
    # The name of a mark is its tooltip: one for each mark would be half of the page.
    return _series(cloud, [_mark(c) for c in led], itemStyle=style, tooltip=tip("{b}"))


def _mark(cell: Lead) -> Option:
    told = "\n".join(f"{safe(name)}: {fmt.whole(count)}" for name, count in cell.parts)
    mark = {"name": told, "value": [round(x, 2) for x in (*cell.place, cell.count**0.5)]}
    return mark if cell.opacity == 1 else {**mark, "itemStyle": {"opacity": cell.opacity}}


def _sizes(chart: Map, across: float) -> Option:
    """Let areas of marks grow with counts, up to about the size of a cell."""
    columns, rows = chart.extent()
    largest = min(across / columns, UP / rows * 2 / 3**0.5) * FULL
    most = max((cell.count for led in chart.leads() for cell in led), default=1)
    return {
        "type": "continuous",
        "show": False,
        "dimension": 2,
        "min": 0,
        "max": round(most**0.5, 2),
        "inRange": {"symbolSize": [LEAST_MARK, round(min(max(largest, 6.0), MOST_MARK), 1)]},
    }
