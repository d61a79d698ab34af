"""Drawings of how far the segments may be trusted, as options of ECharts.

What lives here: scores over the number of segments, null draws, forest plots, silhouettes. What
does not: the pieces that drawings share (``canvas``), and the choice of a drawing for a chart
(``echarts``).
"""

from __future__ import annotations

from segmentry.domain.percent import SIGN
from segmentry.render import format as fmt
from segmentry.render.canvas import (
    ACCENT,
    MUTED,
    QUIET,
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
)
from segmentry.render.chart_evidence import (
    Band,
    Intervals,
    LineWithBand,
    Shape,
    Silhouettes,
    Strip,
)
from segmentry.render.palette import method_look

NARROW_NAMES = {"width": 106, "fontSize": 11, "lineHeight": 13, "overflow": "break"}

POSITIONS = 220
"""Rows of a silhouette plot: enough that the outline looks smooth, few enough to stay small."""

FEWEST_ROWS = 10
"""A segment gets at least so many rows, so that its outline can be seen."""

BREAK = 5
"""Empty rows between two segments."""


def line_with_band(chart: LineWithBand) -> tuple[Drawing, ...]:
    """Draw a small panel: one line per method, the chosen number marked."""
    series: list[Option] = []
    for number, band in enumerate(chart.bands):
        if band.low:
            series += _band_area(chart, band, number)
        series.append(_band_line(chart, band, number))
    label = {"formatter": f"{{value}}{SIGN}"} if chart.as_share else {}
    option = frame(
        grid={"left": 4, "right": 14, "top": 14, "bottom": 4, "containLabel": True},
        xAxis=name_axis([str(x) for x in chart.xs], axisLabel={"color": MUTED}, boundaryGap=False),
        yAxis=number_axis(
            scale=True, splitNumber=3, axisLabel={"color": MUTED, "hideOverlap": True, **label}
        ),
        series=series,
    )
    return (Drawing("Score", 190, option),)


def _scaled(chart: LineWithBand, value: float | None) -> float | None:
    if value is None:
        return None
    return round(value * 100, 3) if chart.as_share else float(f"{value:.6g}")


def _band_area(chart: LineWithBand, band: Band, number: int) -> list[Option]:
    low = [_scaled(chart, v) for v in band.low]
    high = [_scaled(chart, v) for v in band.high]
    width = [
        None if a is None or b is None else round(b - a, 9) for a, b in zip(low, high, strict=True)
    ]
    shared = {
        "type": "line",
        "stack": f"band {number}",
        "stackStrategy": "all",
        "symbol": "none",
        "lineStyle": {"opacity": 0},
        "silent": True,
        "tooltip": {"show": False},
    }
    area = {"color": method_look(number)[0], "opacity": 0.16}
    return [{**shared, "data": low}, {**shared, "data": width, "areaStyle": area}]


def _band_line(chart: LineWithBand, band: Band, number: int) -> Option:
    colour, dash, symbol = method_look(number)
    is_chosen_band = band.label == chart.marked_band or (not chart.marked_band and number == 0)
    data = []
    for x, value in zip(chart.xs, band.values, strict=True):
        chosen = is_chosen_band and x == chart.marked
        shown = fmt.share(value) if chart.as_share else fmt.plain(value)
        told = f"{safe(band.label)}, {x} segments{' (chosen)' if chosen else ''}\n{shown}"
        data.append(
            {
                "value": _scaled(chart, value),
                "symbol": "diamond" if chosen else symbol,
                "symbolSize": 14 if chosen else 6,
                "tooltip": tip(told),
            }
        )
    line: Option = {
        "type": "line",
        "name": safe(band.label),
        "data": data,
        "lineStyle": {"width": 2, "color": colour, "type": dash},
        "itemStyle": {"color": colour, "borderColor": SURFACE, "borderWidth": 1.5},
        "z": 4 if is_chosen_band else 3,
    }
    if is_chosen_band and chart.marked in chart.xs:
        line["markLine"] = {
            "silent": True,
            "symbol": "none",
            "label": {"show": False},
            "lineStyle": {"color": MUTED, "type": "dashed"},
            "data": [{"xAxis": str(chart.marked)}],
        }
    return line


def strip(chart: Strip) -> tuple[Drawing, ...]:
    """Draw each made-up data set as a dot and the data at hand as a diamond."""
    # Dots are spread over three rows in order of value, so that equal draws stay countable.
    draws = sorted(chart.draws)
    dots = [
        {"value": [round(d, 5), i % 3], "tooltip": tip(f"Without groups: {fmt.fixed(d, 3)}")}
        for i, d in enumerate(draws)
    ]
    observed = {
        "value": [round(chart.observed, 5), 1],
        "tooltip": tip(f"Your data: {fmt.fixed(chart.observed, 3)}"),
    }
    option = frame(
        grid={"left": 16, "right": 24, "top": 40, "bottom": 44},
        legend=legend(selectedMode=False),
        xAxis=number_axis(safe(chart.axis, 60), nameGap=26, scale=True),
        yAxis={"type": "value", "min": -1, "max": 3, "show": False},
        series=[
            {
                "type": "scatter",
                "name": "Data without groups",
                "data": dots,
                "symbolSize": 9,
                "itemStyle": {"color": QUIET, "borderColor": MUTED, "borderWidth": 1},
            },
            {
                "type": "scatter",
                "name": "Your data",
                "data": [observed],
                "symbol": "diamond",
                "symbolSize": 18,
                "itemStyle": {"color": ACCENT},
            },
        ],
    )
    return (Drawing("Draws", 160, option),)


def intervals(chart: Intervals) -> tuple[Drawing, ...]:
    """Draw a forest plot: names at the left, estimates with intervals, figures at the right."""
    scale = 100 if chart.as_share else 1
    names = [safe(e.label, 36) for e in chart.estimates]
    low, high = _ends(chart)
    label = {"formatter": f"{{value}}{SIGN}"} if chart.as_share else {}
    rows = {"inverse": True, "axisLine": {"show": False}}
    # Estimates stand in the segments' own rows at the right, as in a table beside the plot.
    told = [
        safe(f"{e.text} ({e.interval_text}){f', {e.verdict}' if e.verdict else ''}", 60)
        for e in chart.estimates
    ]
    right = 168 if not any(e.verdict for e in chart.estimates) else 214
    option = frame(
        grid={"left": 200, "right": right, "top": 26, "bottom": 30},
        xAxis=number_axis(
            min=float(f"{scale * low:.3g}"),
            max=float(f"{scale * high:.3g}"),
            axisLabel={
                "color": MUTED,
                "hideOverlap": True,
                "showMinLabel": chart.limits is not None,
                "showMaxLabel": chart.limits is not None,
                **label,
            },
        ),
        yAxis=[
            name_axis(names, **rows, axisLabel={"width": 190, "overflow": "truncate"}),
            name_axis(told, **rows, position="right", axisLabel={"color": MUTED}),
        ],
        series=[_estimates(chart, scale), *_everyone(chart, scale)],
        media=media(
            {
                "grid": {"left": 200, "right": right},
                "yAxis": [
                    {"axisLabel": {"width": 188, "fontSize": 12.5, "overflow": "truncate"}},
                    {"axisLabel": {"show": True, "fontSize": 12}},
                ],
            },
            {
                "grid": {"left": 118, "right": 14},
                "yAxis": [
                    {"axisLabel": {**NARROW_NAMES}},
                    {"axisLabel": {"show": False}},
                ],
            },
        ),
    )
    return (Drawing("Intervals", 72 + 38 * len(chart.estimates), option),)


def _ends(chart: Intervals) -> tuple[float, float]:
    if chart.limits is not None:
        return chart.limits
    known = [] if chart.overall is None else [chart.overall]
    low = min([*known, *(e.low for e in chart.estimates)])
    high = max([*known, *(e.high for e in chart.estimates)])
    room = (high - low or abs(high) or 1.0) * 0.06
    return (0.0 if low >= 0 and low - room < 0 else low - room), high + room


def _estimates(chart: Intervals, scale: int) -> Option:
    lines, dots = [], []
    for i, e in enumerate(chart.estimates):
        told = f"{safe(e.label)}\n{safe(e.text)} (95\u202f% interval {safe(e.interval_text)})"
        style = {"color": e.look.colour}
        from_, to = ({"coord": [scale * end, i]} for end in (e.low, e.high))
        lines.append([{**from_, "lineStyle": style}, to])
        dots.append(
            {
                "value": [round(scale * e.mean, 6), i],
                "symbol": e.look.symbol,
                "itemStyle": {"color": e.look.colour, "opacity": 1},
                "tooltip": tip(told),
            }
        )
    marks = {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "lineStyle": {"width": 3, "type": "solid", "cap": "round"},
        "data": lines,
    }
    return {"type": "scatter", "data": dots, "symbolSize": 11, "markLine": marks}


def _everyone(chart: Intervals, scale: int) -> list[Option]:
    if chart.overall is None:
        return []
    line = {
        "silent": True,
        "symbol": "none",
        "label": {
            "formatter": f"everyone {safe(chart.overall_text)}",
            "position": "start",
            "color": MUTED,
        },
        "lineStyle": {"color": MUTED, "type": "dashed"},
        "data": [{"xAxis": scale * chart.overall}],
    }
    return [{"type": "scatter", "data": [], "markLine": line}]


def silhouettes(chart: Silhouettes) -> tuple[Drawing, ...]:
    """Draw the shapes beneath each other, each as tall as its segment is large."""
    heights = [max(FEWEST_ROWS, round(POSITIONS * s.share)) for s in chart.shapes]
    total = sum(heights) + BREAK * (len(heights) - 1)
    labels, series, start = [""] * total, [], 0
    for shape, n in zip(chart.shapes, heights, strict=True):
        labels[start + n // 2] = safe(shape.label, 36)
        series.append(_shape(shape, start, n))
        start += n + BREAK
    option = frame(
        grid={"left": 200, "right": 24, "top": 8, "bottom": 44},
        xAxis=number_axis("silhouette", nameGap=26),
        yAxis=name_axis(
            labels,
            inverse=True,
            boundaryGap=False,
            axisLine={"onZero": True, "lineStyle": {"color": MUTED}},
            axisLabel={"width": 190, "overflow": "truncate", "showMinLabel": True},
        ),
        series=series,
        media=_silhouette_forms(),
    )
    return (Drawing("Silhouettes", 92 + round(1.7 * total), option),)


def _silhouette_forms() -> list[Option]:
    # The axis of names stands at the left edge whatever the sign of the values.
    wide = {"width": 188, "fontSize": 12.5, "overflow": "truncate"}
    narrow = {**NARROW_NAMES}
    return media(
        {"grid": {"left": 200}, "yAxis": {"axisLabel": wide}},
        {"grid": {"left": 116}, "yAxis": {"axisLabel": narrow}},
    )


def _shape(shape: Shape, start: int, n: int) -> Option:
    told = (
        f"{safe(shape.label)}\nmean {fmt.fixed(shape.mean)}, "
        f"{fmt.share(shape.below_zero)} below zero"
    )
    values = resampled(shape.values, n)
    return {
        "type": "line",
        "name": safe(shape.label),
        "data": [[round(v, 3), start + i] for i, v in enumerate(values)],
        "showSymbol": False,
        "symbolSize": 1,
        "lineStyle": {"width": 1, "color": shape.look.colour},
        "itemStyle": {"color": shape.look.colour},
        "areaStyle": {"color": shape.look.colour, "opacity": 0.85, "origin": 0},
        "triggerLineEvent": True,
        "tooltip": tip(told),
        "emphasis": {"disabled": True},
    }


def resampled(values: tuple[float, ...], n: int) -> list[float]:
    """Spread sorted values over so many rows, straight between neighbours.

    Parameters
    ----------
    values : tuple of float
        Sorted quantiles; none gives zeros.
    n : int, at least 1
        Rows.

    Returns
    -------
    list of float, of length n

    Examples
    --------
    >>> resampled((1.0, 0.0), 5), resampled((0.5,), 2), resampled((), 2)
    ([1.0, 0.75, 0.5, 0.25, 0.0], [0.5, 0.5], [0.0, 0.0])
    """
    if not values:
        return [0.0] * n
    last = len(values) - 1
    found = []
    for i in range(n):
        place = last * i / max(n - 1, 1)
        below = min(int(place), max(last - 1, 0))
        above = min(below + 1, last)
        found.append(values[below] + (place - below) * (values[above] - values[below]))
    return found
