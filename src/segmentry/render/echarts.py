"""Chart specs as options of ECharts: plain data, so no function and no HTML comes from a name.

Colours are names of tokens (``var(--ink)``), which the page replaces by the theme's. The pieces
that drawings share are in ``canvas``.
"""

from __future__ import annotations

from functools import singledispatch

from segmentry.render import format as fmt
from segmentry.render.canvas import (
    ACCENT,
    INK,
    MUTED,
    QUIET,
    RULE,
    SURFACE,
    Option,
    frame,
    legend,
    legend_height,
    media,
    name_axis,
    number_axis,
    safe,
    tip,
)
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


def _named_rows(left: int, *, narrow_overflow: str = "truncate") -> list[Option]:
    """Give the names at a chart's left so much room, or half of it where the page is narrow."""
    wide = {"width": left - 12, "fontSize": 12, "overflow": "truncate"}
    narrow = {"width": 108, "fontSize": 11, "lineHeight": 13, "overflow": narrow_overflow}
    return media(
        {"grid": {"left": left}, "yAxis": {"axisLabel": wide}},
        {"grid": {"left": 118}, "yAxis": {"axisLabel": narrow}},
    )


def _with_legend(forms: list[Option], labels: list[str], top: int) -> list[Option]:
    """Give both forms a legend: all names where there is room, paged where there is not."""
    narrow, wide = (form["option"] for form in forms)
    tall = legend_height(labels)
    return media(
        {**wide, "legend": legend(scrolls=False), "grid": {**wide["grid"], "top": top + tall}},
        {**narrow, "legend": legend(), "grid": {**narrow["grid"], "top": top + 24}},
    )


@option.register
def _(chart: Heatmap) -> Option:
    rows = [safe(r, 44) for r in chart.rows[: chart.shown_rows]]
    columns = [safe(c.label, 28) for c in chart.columns]
    cells = [
        _heat_cell(chart, i, j, column.values[i])
        for j, column in enumerate(chart.columns)
        for i in range(len(rows))
    ]
    wide = {
        "grid": {"left": 220},
        "yAxis": {"axisLabel": {"width": 208, "fontSize": 12}},
        "xAxis": {"axisLabel": {"rotate": 32, "width": 150, "fontSize": 12}},
        "series": [{"label": {"fontSize": 11}}],
    }
    narrow = {
        "grid": {"left": 112},
        "yAxis": {"axisLabel": {"width": 104, "fontSize": 11}},
        "xAxis": {"axisLabel": {"rotate": 90, "width": 112, "fontSize": 11}},
        "series": [{"label": {"fontSize": 9}}],
    }
    return frame(
        grid={"left": 220, "right": 12, "top": 126, "bottom": 12},
        xAxis=name_axis(
            columns,
            position="top",
            axisLine={"show": False},
            axisLabel={"rotate": 32, "width": 150, "overflow": "truncate"},
        ),
        yAxis=name_axis(
            rows,
            inverse=True,
            axisLine={"show": False},
            axisLabel={"width": 208, "overflow": "truncate"},
        ),
        series=[{"type": "heatmap", "data": cells, "label": {"show": True, "fontSize": 11}}],
        media=media(wide, narrow),
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
        "tooltip": tip(f"{where}\n{shown} standard deviations from everyone"),
    }


@option.register
def _(chart: Snake) -> Option:
    features = [safe(f, 44) for f in chart.features]
    return frame(
        grid={"left": 220, "right": 24, "top": 44, "bottom": 44},
        legend=legend(),
        xAxis=number_axis("standard deviations from everyone", nameGap=26),
        yAxis=name_axis(
            features,
            inverse=True,
            splitLine={"show": True, "lineStyle": {"color": RULE, "type": "dotted"}},
            axisLabel={"width": 208, "overflow": "truncate"},
            axisLine={"onZero": True, "lineStyle": {"color": MUTED}},
            boundaryGap=True,
        ),
        series=[_snake_line(s, chart.features) for s in chart.lines],
        media=_with_legend(_named_rows(220), [s.label for s in chart.lines], 20),
    )


def _snake_line(line: Series, features: tuple[str, ...]) -> Option:
    data = [
        {
            "value": [None if v is None else round(v, 3), i],
            "tooltip": tip(f"{safe(line.label)}\n{safe(f, 60)}: {fmt.signed(v, 2)}"),
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
            "tooltip": tip(safe(c.label)),
        }
        for c in chart.clouds
    ]
    quiet = {"lineStyle": {"color": RULE, "type": "dotted"}}
    return frame(
        grid={"left": 52, "right": 16, "top": 48, "bottom": 52},
        legend=legend(),
        xAxis=number_axis(names[0], nameGap=30, scale=True, splitLine=quiet),
        yAxis=number_axis(names[1], nameGap=36, scale=True, splitLine=quiet),
        series=series,
        media=_with_legend(
            media({"grid": {"left": 52}}, {"grid": {"left": 44}}),
            [c.label for c in chart.clouds],
            24,
        ),
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
                "tooltip": tip(f"{safe(name)}\n{safe(label)}: {fmt.share(v)}"),
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
    return frame(
        has_decals=True,
        grid={"left": 200, "right": 44, "top": 40, "bottom": 8},
        legend=legend(selectedMode=False),
        xAxis=number_axis(show=False),
        yAxis=name_axis(
            names,
            inverse=True,
            axisLine={"show": False},
            axisLabel={"width": 190, "overflow": "truncate"},
        ),
        series=series,
        media=_named_rows(200, narrow_overflow="break"),
    )


@option.register
def _(chart: LineWithBand) -> Option:
    series: list[Option] = []
    for number, band in enumerate(chart.bands):
        if band.low:
            series += _band_area(chart, band, number)
        series.append(_band_line(chart, band, number))
    label = {"formatter": f"{{value}}{fmt.PERCENT}"} if chart.as_share else {}
    return frame(
        grid={"left": 8, "right": 12, "top": 14, "bottom": 8, "containLabel": True},
        xAxis=name_axis([str(x) for x in chart.xs], axisLabel={"color": MUTED}, boundaryGap=False),
        yAxis=number_axis(
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
                "tooltip": tip(f"{x} segments{' (chosen)' if chosen else ''}\n{shown}"),
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
        {"value": [round(d, 5), i % 3], "tooltip": tip(f"A structureless draw: {fmt.fixed(d, 3)}")}
        for i, d in enumerate(draws)
    ]
    observed = {
        "value": [round(chart.observed, 5), 1],
        "tooltip": tip(f"Your data: {fmt.fixed(chart.observed, 3)}"),
    }
    return frame(
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


@option.register
def _(chart: Intervals) -> Option:
    scale = 100 if chart.as_share else 1
    names = [safe(e.label, 36) for e in chart.estimates]
    lines, dots = [], []
    for i, e in enumerate(chart.estimates):
        told = f"{safe(e.label)}\n{safe(e.text)} (95 % interval {safe(e.interval_text)})"
        style = {"color": e.look.colour}
        from_, to = ({"coord": [scale * end, i]} for end in (e.low, e.high))
        lines.append([{**from_, "lineStyle": style}, to])
        dots.append(
            {
                "value": [round(scale * e.mean, 6), i],
                "symbol": e.look.symbol,
                "itemStyle": style,
                "tooltip": tip(told),
            }
        )
    marks = {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "lineStyle": {"width": 4, "type": "solid", "opacity": 0.55, "cap": "round"},
        "data": lines,
    }
    everyone = {
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
    low = min([chart.overall, *(e.low for e in chart.estimates)])
    high = max([chart.overall, *(e.high for e in chart.estimates)])
    room = (high - low or abs(high) or 1.0) * 0.06
    floor = 0.0 if low >= 0 and low - room < 0 else low - room
    label = {"formatter": f"{{value}}{fmt.PERCENT}"} if chart.as_share else {}
    return frame(
        grid={"left": 200, "right": 32, "top": 28, "bottom": 32},
        xAxis=number_axis(
            min=float(f"{scale * floor:.3g}"),
            max=float(f"{scale * (high + room):.3g}"),
            axisLabel={
                "color": MUTED,
                "hideOverlap": True,
                "showMinLabel": False,
                "showMaxLabel": False,
                **label,
            },
        ),
        yAxis=name_axis(
            names,
            inverse=True,
            axisLine={"show": False},
            axisLabel={"width": 190, "overflow": "truncate"},
        ),
        series=[
            {"type": "scatter", "data": dots, "symbolSize": 11, "markLine": marks},
            {"type": "scatter", "data": [], "markLine": everyone},
        ],
        media=_named_rows(200, narrow_overflow="break"),
    )
