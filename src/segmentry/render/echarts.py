"""Chart specs as options of ECharts: plain data, so no function and no HTML comes from a name.

Colours are names of tokens (``var(--ink)``), which the page replaces by the theme's. Texts come
in through ``safe``: ECharts reads braces and newlines in texts as markup, so neither gets there.
Tooltips are drawn into the canvas (``richText``) and never become HTML.
"""

from __future__ import annotations

import re
from functools import singledispatch
from typing import Any

from segmentry.render import format as fmt
from segmentry.render.chart import (
    AnyChart,
    Band,
    Bars,
    Heatmap,
    Intervals,
    LineWithBand,
    Map,
    Series,
    Snake,
    Strip,
)
from segmentry.render.palette import decal, diverging_step, diverging_token

Option = dict[str, Any]

INK, MUTED, RULE = "var(--ink)", "var(--ink-2)", "var(--rule)"
SURFACE, ACCENT, QUIET = "var(--surface)", "var(--accent)", "var(--quiet)"
NARROW = 560
"""Width in pixels below which a chart takes its narrow form."""


def safe(text: str, limit: int = 40) -> str:
    r"""Make a text harmless inside a canvas: one line, no markup, not too long.

    Examples
    --------
    >>> safe("a{b|c}\nd"), safe("x" * 50, 5)
    ('a(b/c) d', 'xxxx…')
    """
    flat = " ".join(re.sub(r"[\x00-\x1f\x7f\u2028\u2029]", " ", text).split())
    # Curly braces and bars are ECharts' own template and rich-text marks.
    flat = flat.translate(str.maketrans("{}|", "()/"))
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"


def _base(**parts: Any) -> Option:
    return {
        "animation": False,
        "backgroundColor": "transparent",
        "textStyle": {"fontFamily": "var(--font)", "fontSize": 12, "color": INK},
        "aria": {"enabled": True, "label": {"enabled": False}, "decal": {"show": True}},
        "tooltip": {
            "renderMode": "richText",
            "confine": True,
            "backgroundColor": SURFACE,
            "borderColor": RULE,
            "borderWidth": 1,
            "padding": [8, 10],
            "textStyle": {"color": INK, "fontSize": 12, "fontFamily": "var(--font)"},
        },
        **parts,
    }


def _number_axis(name: str | None = None, **more: Any) -> Option:
    named = (
        {"name": name, "nameLocation": "middle", "nameTextStyle": {"color": MUTED}} if name else {}
    )
    return {
        "type": "value",
        "axisLabel": {"color": MUTED, "hideOverlap": True},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": RULE}},
        **named,
        **more,
    }


def _name_axis(names: list[str], **more: Any) -> Option:
    label = {"color": INK, "interval": 0, **more.pop("axisLabel", {})}
    return {
        "type": "category",
        "data": names,
        "axisLabel": label,
        "axisLine": {"lineStyle": {"color": RULE}},
        "axisTick": {"show": False},
        **more,
    }


def _legend(**more: Any) -> Option:
    return {
        "type": "scroll",
        "textStyle": {"color": INK},
        "pageTextStyle": {"color": MUTED},
        "pageIconColor": INK,
        "pageIconInactiveColor": RULE,
        "itemWidth": 14,
        "itemHeight": 10,
        "inactiveColor": QUIET,
        **more,
    }


def _tip(text: str) -> Option:
    """Fix the tooltip of one mark: the text is final, so no formatter function is needed."""
    return {"formatter": text}


def height(chart: AnyChart) -> int:
    """Give the pixels that a chart needs from top to bottom."""
    match chart:
        case Heatmap():
            pixels = 140 + 26 * min(len(chart.rows), chart.shown_rows)
        case Snake():
            pixels = 96 + 34 * len(chart.features)
        case Bars():
            pixels = 52 + (14 + 15 * len(chart.measures)) * len(chart.segments)
        case Intervals():
            pixels = 84 + 36 * len(chart.estimates)
        case Map():
            pixels = 520
        case LineWithBand():
            pixels = 190
        case Strip():
            pixels = 150
    return pixels


@singledispatch
def option(chart: AnyChart) -> Option:
    """Turn a chart spec into an ECharts option of plain data.

    Raises
    ------
    TypeError
        If the chart is of a kind that has no drawing.
    """
    msg = f"no drawing for {type(chart).__name__}"
    raise TypeError(msg)


@option.register
def _(chart: Heatmap) -> Option:
    rows = [safe(r, 44) for r in chart.rows[: chart.shown_rows]]
    columns = [safe(c.label, 28) for c in chart.columns]
    cells = [
        _heat_cell(chart, i, j, column.values[i])
        for j, column in enumerate(chart.columns)
        for i in range(len(rows))
    ]
    narrow = {
        "grid": {"left": 112},
        "yAxis": {"axisLabel": {"width": 104, "fontSize": 11}},
        "xAxis": {"axisLabel": {"rotate": 90, "width": 110, "fontSize": 11}},
        "series": [{"label": {"fontSize": 9}}],
    }
    return _base(
        grid={"left": 220, "right": 12, "top": 126, "bottom": 12},
        xAxis=_name_axis(
            columns,
            position="top",
            axisLine={"show": False},
            axisLabel={"rotate": 32, "width": 150, "overflow": "truncate"},
        ),
        yAxis=_name_axis(
            rows,
            inverse=True,
            axisLine={"show": False},
            axisLabel={"width": 208, "overflow": "truncate"},
        ),
        series=[{"type": "heatmap", "data": cells, "label": {"show": True, "fontSize": 11}}],
        media=[{"query": {"maxWidth": NARROW}, "option": narrow}],
    )


def _heat_cell(chart: Heatmap, i: int, j: int, value: float | None) -> Option:
    shown = fmt.signed(value)
    step = 0 if value is None else diverging_step(value, chart.limit)
    where = f"{safe(chart.columns[j].label)}\n{safe(chart.rows[i], 60)}"
    return {
        "value": [j, i, 0 if value is None else round(value, 3)],
        "itemStyle": {
            "color": diverging_token(step),
            "borderColor": SURFACE,
            "borderWidth": 2,
            "borderRadius": 3,
        },
        "label": {
            "formatter": shown,
            "color": "var(--on-deep)" if abs(step) >= 3 else INK,
        },
        "tooltip": _tip(f"{where}\n{shown} standard deviations from everyone"),
    }


@option.register
def _(chart: Snake) -> Option:
    features = [safe(f, 44) for f in chart.features]
    return _base(
        grid={"left": 220, "right": 24, "top": 44, "bottom": 44},
        legend=_legend(top=0, left=0),
        xAxis=_number_axis("standard deviations from everyone", nameGap=26),
        yAxis=_name_axis(
            features,
            inverse=True,
            splitLine={"show": True, "lineStyle": {"color": RULE, "type": "dotted"}},
            axisLabel={"width": 208, "overflow": "truncate"},
            axisLine={"onZero": True, "lineStyle": {"color": MUTED}},
            boundaryGap=True,
        ),
        series=[_snake_line(s, chart.features) for s in chart.lines],
        media=[
            {
                "query": {"maxWidth": NARROW},
                "option": {
                    "grid": {"left": 116, "right": 12},
                    "yAxis": {"axisLabel": {"width": 106, "fontSize": 11}},
                },
            }
        ],
    )


def _snake_line(line: Series, features: tuple[str, ...]) -> Option:
    data = [
        {
            "value": [None if v is None else round(v, 3), i],
            "tooltip": _tip(f"{safe(line.label)}\n{safe(f, 60)}: {fmt.signed(v, 2)}"),
        }
        for i, (v, f) in enumerate(zip(line.values, features, strict=True))
    ]
    return {
        "type": "line",
        "name": safe(line.label, 32),
        "data": data,
        "symbol": line.look.symbol,
        "symbolSize": 8,
        "lineStyle": {"width": 2, "color": line.look.colour},
        "itemStyle": {"color": line.look.colour, "borderColor": SURFACE, "borderWidth": 1},
        "emphasis": {"focus": "series"},
    }


@option.register
def _(chart: Map) -> Option:
    names = [
        f"{safe(axis, 60)} ({fmt.share(kept)} of variance)"
        for axis, kept in zip(chart.axes, chart.kept, strict=True)
    ]
    series = [
        {
            "type": "scatter",
            "name": safe(c.label, 32),
            "data": [[round(x, 3), round(y, 3)] for x, y in c.points],
            "symbol": c.look.symbol,
            "symbolSize": 6,
            "itemStyle": {"color": c.look.colour, "opacity": 0.72},
            "emphasis": {"focus": "series"},
            "tooltip": _tip(safe(c.label)),
        }
        for c in chart.clouds
    ]
    quiet = {"lineStyle": {"color": RULE, "type": "dotted"}}
    return _base(
        grid={"left": 52, "right": 16, "top": 48, "bottom": 52},
        legend=_legend(top=0, left=0),
        xAxis=_number_axis(names[0], nameGap=30, scale=True, splitLine=quiet),
        yAxis=_number_axis(names[1], nameGap=36, scale=True, splitLine=quiet),
        series=series,
    )


@option.register
def _(chart: Bars) -> Option:
    names = [safe(s, 36) for s in chart.segments]
    series = []
    for number, (label, values) in enumerate(chart.measures):
        pattern = decal(number)
        data = [
            {
                "value": None if v is None else round(100 * v, 2),
                "itemStyle": {"color": look.colour, "decal": pattern},
                "label": {"formatter": fmt.share(v)},
                "tooltip": _tip(f"{safe(name)}\n{safe(label)}: {fmt.share(v)}"),
            }
            for v, look, name in zip(values, chart.looks, chart.segments, strict=True)
        ]
        series.append(
            {
                "type": "bar",
                "name": safe(label),
                "data": data,
                "barWidth": 12,
                "barGap": "20%",
                "itemStyle": {"color": MUTED, "decal": pattern, "borderRadius": [0, 3, 3, 0]},
                "label": {"show": True, "position": "right", "color": MUTED, "fontSize": 11},
            }
        )
    return _base(
        grid={"left": 200, "right": 44, "top": 40, "bottom": 8},
        legend=_legend(top=0, left=0, selectedMode=False),
        xAxis=_number_axis(show=False),
        yAxis=_name_axis(
            names,
            inverse=True,
            axisLine={"show": False},
            axisLabel={"width": 190, "overflow": "truncate"},
        ),
        series=series,
        media=[
            {
                "query": {"maxWidth": NARROW},
                "option": {
                    "grid": {"left": 118},
                    "yAxis": {"axisLabel": {"width": 110, "fontSize": 11, "overflow": "break"}},
                },
            }
        ],
    )


@option.register
def _(chart: LineWithBand) -> Option:
    series: list[Option] = []
    for number, band in enumerate(chart.bands):
        if band.low:
            series += _band_area(chart, band, number)
        series.append(_band_line(chart, band, number))
    label = {"formatter": "{value}%"} if chart.as_share else {}
    return _base(
        grid={"left": 8, "right": 12, "top": 14, "bottom": 8, "containLabel": True},
        xAxis=_name_axis([str(x) for x in chart.xs], axisLabel={"color": MUTED}, boundaryGap=False),
        yAxis=_number_axis(
            scale=True, splitNumber=3, axisLabel={"color": MUTED, "hideOverlap": True, **label}
        ),
        series=series,
    )


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
    return [
        {**shared, "data": low},
        {**shared, "data": width, "areaStyle": {"color": ACCENT, "opacity": 0.16}},
    ]


def _band_line(chart: LineWithBand, band: Band, number: int) -> Option:
    data = []
    for x, value in zip(chart.xs, band.values, strict=True):
        chosen = x == chart.marked
        shown = fmt.share(value) if chart.as_share else fmt.plain(value)
        data.append(
            {
                "value": _scaled(chart, value),
                "symbol": "diamond" if chosen else "circle",
                "symbolSize": 13 if chosen else 6,
                "tooltip": _tip(f"{x} segments{' (chosen)' if chosen else ''}\n{shown}"),
            }
        )
    dash = ("solid", "dashed", "dotted")[number % 3]
    line: Option = {
        "type": "line",
        "name": safe(band.label),
        "data": data,
        "lineStyle": {"width": 2, "color": ACCENT, "type": dash},
        "itemStyle": {"color": ACCENT, "borderColor": SURFACE, "borderWidth": 1.5},
        "z": 3,
    }
    if number == 0 and chart.marked in chart.xs:
        line["markLine"] = {
            "silent": True,
            "symbol": "none",
            "label": {"show": False},
            "lineStyle": {"color": MUTED, "type": "dashed"},
            "data": [{"xAxis": str(chart.marked)}],
        }
    return line


@option.register
def _(chart: Strip) -> Option:
    # Ticks are spread over three rows in order of value, so that equal draws stay countable.
    draws = sorted(chart.draws)
    dots = [
        {"value": [round(d, 5), i % 3], "tooltip": _tip(f"A structureless draw: {fmt.fixed(d, 3)}")}
        for i, d in enumerate(draws)
    ]
    observed = {
        "value": [round(chart.observed, 5), 1],
        "tooltip": _tip(f"Your data: {fmt.fixed(chart.observed, 3)}"),
    }
    return _base(
        grid={"left": 16, "right": 24, "top": 40, "bottom": 44},
        legend=_legend(top=0, left=0, selectedMode=False),
        xAxis=_number_axis(safe(chart.axis, 60), nameGap=26, scale=True),
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


@option.register
def _(chart: Intervals) -> Option:
    scale = 100 if chart.as_share else 1
    names = [safe(e.label, 36) for e in chart.estimates]
    lines, dots = [], []
    for i, e in enumerate(chart.estimates):
        tip = _tip(f"{safe(e.label)}\n{safe(e.text)} (95 % interval {safe(e.interval_text)})")
        style = {"color": e.look.colour}
        ends = [[{"coord": [scale * e.low, i]}, {"coord": [scale * e.high, i]}]]
        lines += [[{**a, "lineStyle": style}, b] for a, b in ends]
        dots.append(
            {
                "value": [round(scale * e.mean, 6), i],
                "symbol": e.look.symbol,
                "itemStyle": style,
                "tooltip": tip,
            }
        )
    marks = {
        "silent": True,
        "symbol": ["rect", "rect"],
        "symbolSize": [2, 9],
        "label": {"show": False},
        "lineStyle": {"width": 3, "type": "solid", "opacity": 0.75},
        "data": lines,
    }
    everyone = {
        "silent": True,
        "symbol": "none",
        "label": {"formatter": f"everyone {safe(chart.overall_text)}", "color": MUTED},
        "lineStyle": {"color": MUTED, "type": "dashed"},
        "data": [{"xAxis": scale * chart.overall}],
    }
    low = min([chart.overall, *(e.low for e in chart.estimates)])
    high = max([chart.overall, *(e.high for e in chart.estimates)])
    room = (high - low or abs(high) or 1.0) * 0.06
    floor = 0.0 if low >= 0 and low - room < 0 else low - room
    label = {"formatter": "{value}%"} if chart.as_share else {}
    return _base(
        grid={"left": 200, "right": 32, "top": 28, "bottom": 32},
        xAxis=_number_axis(
            min=float(f"{scale * floor:.3g}"),
            max=float(f"{scale * (high + room):.3g}"),
            axisLabel={"color": MUTED, "hideOverlap": True, "showMaxLabel": False, **label},
        ),
        yAxis=_name_axis(
            names,
            inverse=True,
            axisLine={"show": False},
            axisLabel={"width": 190, "overflow": "truncate"},
        ),
        series=[
            {"type": "scatter", "data": dots, "symbolSize": 11, "markLine": marks},
            {"type": "scatter", "data": [], "markLine": everyone},
        ],
        media=[
            {
                "query": {"maxWidth": NARROW},
                "option": {
                    "grid": {"left": 118},
                    "yAxis": {"axisLabel": {"width": 110, "fontSize": 11}},
                },
            }
        ],
    )
