"""The drawing of curves over periods, as options of ECharts.

What lives here: lines, their intervals, their axes. What does not: the pieces that drawings share
(``canvas``), and the choice of a drawing for a chart (``echarts``).
"""

from __future__ import annotations

from segmentry.domain.percent import SIGN
from segmentry.render.canvas import (
    MUTED,
    SURFACE,
    Drawing,
    Option,
    frame,
    legend,
    media,
    name_axis,
    number_axis,
    safe,
    tip,
    with_legend,
)
from segmentry.render.chart_course import Course, Line

HEIGHT = 340


def course(chart: Course) -> tuple[Drawing, ...]:
    """Draw one line per segment with its intervals, and everyone as a dashed one."""
    label = {"formatter": f"{{value}}{SIGN}"} if chart.as_share else {}
    series: list[Option] = []
    entries = [_entry(line) for line in chart.lines]
    for number, line in enumerate(chart.lines):
        # The legend takes its mark from the first of one name.
        series += [_line(chart, line), *_band(chart, line, number)]
    option = frame(
        grid={"left": 8, "right": 18, "top": 44, "bottom": 8, "containLabel": True},
        legend=legend(data=entries),
        xAxis=name_axis(
            [safe(p) for p in chart.periods],
            # Days have an order of their own, so not every one has to be named.
            axisLabel={"color": MUTED, **({"interval": "auto"} if chart.labels else {})},
        ),
        yAxis=number_axis(
            **_floor(chart),
            **_ceiling(chart),
            splitNumber=4,
            axisLabel={"color": MUTED, "hideOverlap": True, **label},
        ),
        series=series,
        media=with_legend(
            media({"grid": {"left": 8}}, {"grid": {"left": 4}}),
            [n.label for n in chart.lines],
            20,
            folds=True,
            entries=entries,
        ),
    )
    return (Drawing("Curves", HEIGHT, option),)


DASHES = "path://M0,4L5,4L5,6L0,6ZM9,4L14,4L14,6L9,6Z"
"""A dashed line: ECharts marks a line without symbols by a dot, which no line here has."""


def _entry(line: Line) -> Option:
    """Mark a line in the legend as it is drawn."""
    entry: Option = {"name": safe(line.label, 32)}
    if line.look is not None:
        return entry
    return {**entry, "icon": DASHES, "itemStyle": {"color": MUTED, "borderWidth": 0}}


def _floor(chart: Course) -> Option:
    """Start at 0, unless money that was sent back takes a figure below it."""
    lows = [s.low for line in chart.lines for s in line.steps if s.low is not None]
    return {} if any(low < 0.0 for low in lows) else {"min": 0}


def _ceiling(chart: Course) -> Option:
    """Let no axis of shares go beyond the whole."""
    highs = [s.high for line in chart.lines for s in line.steps if s.high is not None]
    return {"max": 100} if chart.as_share and any(high > 0.75 for high in highs) else {}


def _scaled(chart: Course, value: float | None) -> float | None:
    if value is None:
        return None
    return round(100 * value, 3) if chart.as_share else float(f"{value:.6g}")


def _colour(line: Line) -> str:
    return MUTED if line.look is None else line.look.colour


def _band(chart: Course, line: Line, number: int) -> list[Option]:
    """Draw the interval of a segment; that of everyone is narrow, and stands in the table."""
    if line.look is None:
        return []
    low = [_scaled(chart, s.low) for s in line.steps]
    high = [_scaled(chart, s.high) for s in line.steps]
    width = [
        None if a is None or b is None else round(b - a, 9) for a, b in zip(low, high, strict=True)
    ]
    shared = {
        "type": "line",
        # Named as its line is, so that both are switched together.
        "name": safe(line.label, 32),
        "stack": f"band {number}",
        "stackStrategy": "all",
        "symbol": "none",
        "lineStyle": {"opacity": 0},
        "silent": True,
        "tooltip": {"show": False},
    }
    area = {"color": _colour(line), "opacity": 0.14}
    return [{**shared, "data": low}, {**shared, "data": width, "areaStyle": area}]


def _line(chart: Course, line: Line) -> Option:
    data = [
        {
            "value": _scaled(chart, s.mean),
            "tooltip": tip(f"{safe(line.label)}, {period}\n{safe(s.told, 80)}"),
        }
        for period, s in zip(chart.periods, line.steps, strict=True)
    ]
    return {
        "type": "line",
        "name": safe(line.label, 32),
        "data": data,
        "symbol": "none" if line.look is None else line.look.symbol,
        "symbolSize": 9,
        "connectNulls": False,
        "lineStyle": {
            "width": 2.5,
            "color": _colour(line),
            "type": "dashed" if line.look is None else "solid",
        },
        "itemStyle": {"color": _colour(line), "borderColor": SURFACE, "borderWidth": 1},
        "emphasis": {"focus": "series"},
        "z": 4,
    }
