"""Drawings of what the segments are like, as options of ECharts.

What lives here: treemap, bars, heatmap, snake plot. What does not: the map (``draw_map``), the
pieces that drawings share (``canvas``), and the choice of a drawing for a chart (``echarts``).
"""

from __future__ import annotations

from collections.abc import Callable

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
    media,
    name_axis,
    named_rows,
    number_axis,
    safe,
    tip,
    with_legend,
)
from segmentry.render.chart_segments import Heatmap, Measure, Series, Sizes, Snake
from segmentry.render.palette import Look, decal, diverging_step, diverging_token

HEAD, NARROW_HEAD = 60, 120
"""Pixels above a heatmap: names of segments lie flat on a wide page, upright on a narrow one."""

UPRIGHT = {"rotate": 90, "width": 112, "fontSize": 11, "overflow": "truncate"}

WIDEST_WORD = 66
"""Pixels of a long word in a head: into less it would be broken."""

WIDE_CELLS, MIDDLE_CELLS = 640, 370
"""About the width of all cells of a heatmap, on a wide page and on a tablet's."""

MIDDLE = 800
"""Pixels of a chart below which its page is a tablet's."""

WIDE_TILE = {"fontSize": 14, "lineHeight": 20, "padding": [8, 10]}
NARROW_TILE = {"fontSize": 11.5, "lineHeight": 15, "padding": [6, 6]}

NARROW_AREA = 0.12
"""Tiles of a smaller share take the small letters of a narrow page."""

SMALL_AREA = 0.03
"""A smaller share of the treemap has no room for its figures, only for a tooltip."""


def sizes(chart: Sizes) -> tuple[Drawing, ...]:
    """Draw a treemap for each measure that has areas, and bars of them all."""
    areas = [
        Drawing(m.label, 340, _treemap(chart, m))
        for m in chart.measures
        if m.has_areas and len(chart.segments) > 1
    ]
    height = (20 if len(chart.measures) == 1 else 46) + len(chart.segments) * (
        14 + 17 * len(chart.measures)
    )
    return (*areas, Drawing("Bars", height, _bars(chart)))


def _treemap(chart: Sizes, measure: Measure) -> Option:
    tiles = zip(chart.segments, chart.looks, measure.shares, measure.texts, strict=True)
    return frame(
        series=[
            {
                "type": "treemap",
                # Its labels fade in even where the frame forbids it, too late for paper.
                "animation": False,
                "data": [_tile(s, look, share, text, measure) for s, look, share, text in tiles],
                "left": 0,
                "right": 0,
                "top": 0,
                "bottom": 0,
                "roam": False,
                "nodeClick": False,
                "breadcrumb": {"show": False},
                "itemStyle": {"gapWidth": 4, "borderWidth": 0, "borderColor": SURFACE},
                "squareRatio": 0.9,
                "label": {
                    "position": "insideTopLeft",
                    "align": "left",
                    "distance": 0,
                    "fontWeight": 600,
                    "overflow": "break",
                    **WIDE_TILE,
                },
                "emphasis": {"itemStyle": {"opacity": 0.92}},
            }
        ],
        media=media({"series": [{"label": WIDE_TILE}]}, {"series": [{"label": NARROW_TILE}]}),
    )


def _tile(segment: str, look: Look, share: float | None, text: str, measure: Measure) -> Option:
    figures = f"{fmt.share(share)}{f'  {safe(text)}' if text else ''}"
    return {
        "name": safe(segment, 48),
        "value": round(share or 0.0, 6),
        "itemStyle": {"color": look.colour, "borderRadius": 6},
        "label": {
            "show": (share or 0.0) >= SMALL_AREA,
            "color": look.ink,
            "formatter": f"{safe(segment, 48)}\n{figures}",
            **(NARROW_TILE if (share or 0.0) < NARROW_AREA else {}),
        },
        "tooltip": tip(f"{safe(segment)}\n{safe(measure.label)}: {figures}"),
    }


def _bars(chart: Sizes) -> Option:
    names = [safe(s, 36) for s in chart.segments]
    many = len(chart.measures) > 1
    return frame(
        has_decals=True,
        grid={"left": 200, "right": 56, "top": 34 if many else 8, "bottom": 4},
        **({"legend": legend(selectedMode=False)} if many else {}),
        xAxis=number_axis(show=False),
        yAxis=name_axis(
            names,
            inverse=True,
            axisLine={"show": False},
            axisLabel={"width": 190, "overflow": "truncate"},
        ),
        series=[_bar_series(chart, m, number) for number, m in enumerate(chart.measures)],
        media=named_rows(200, narrow_overflow="break"),
    )


def _bar_series(chart: Sizes, measure: Measure, number: int) -> Option:
    pattern = decal(number)
    data = [
        {
            "value": None if v is None else round(100 * v, 2),
            "itemStyle": {"color": look.colour, "decal": pattern},
            "label": {"formatter": fmt.share(v)},
            "tooltip": tip(f"{safe(name)}\n{safe(measure.label)}: {fmt.share(v)}"),
        }
        for v, look, name in zip(measure.shares, chart.looks, chart.segments, strict=True)
    ]
    return {
        "type": "bar",
        "name": safe(measure.label),
        "data": data,
        "barWidth": 13,
        "barGap": "20%",
        "itemStyle": {"color": MUTED, "decal": pattern, "borderRadius": [0, 3, 3, 0]},
        "label": {"show": True, "position": "right", "color": MUTED, "fontSize": 12},
    }


def heatmap(chart: Heatmap) -> tuple[Drawing, ...]:
    """Draw the leading rows: standardised, in their own units, and as percentiles if known."""
    height = NARROW_HEAD + 28 * min(len(chart.rows), chart.shown_rows)
    found = [("Standardised", _heat_cells(chart, _standardised))]
    if chart.raw:
        found.append(("In their own units", _heat_cells(chart, _own_units)))
    if chart.percentiles:
        found.append(("Percentile", _heat_cells(chart, _percentile)))
    return tuple(Drawing(name, height, _heat_frame(chart, cells)) for name, cells in found)


def _heat_frame(chart: Heatmap, cells: list[Option]) -> Option:
    rows = [safe(r, 44) for r in chart.rows[: chart.shown_rows]]
    wide, middle = (
        {
            "grid": {"left": 226, "top": top},
            "yAxis": {"axisLabel": {"width": 214, "fontSize": 12.5}},
            "xAxis": {"axisLabel": label},
            "series": [{"label": {"fontSize": 12}}],
        }
        for top, label in (_head(chart, WIDE_CELLS), _head(chart, MIDDLE_CELLS))
    )
    narrow = {
        "grid": {"left": 112, "top": NARROW_HEAD},
        "yAxis": {"axisLabel": {"width": 104, "fontSize": 11}},
        "xAxis": {"axisLabel": UPRIGHT},
        "series": [{"label": {"fontSize": 9}}],
    }
    return frame(
        grid={"left": 226, "right": 4, "top": HEAD, "bottom": 4},
        xAxis=name_axis(
            [safe(c.label, 28) for c in chart.columns],
            position="top",
            axisLine={"show": False},
            axisLabel=_head(chart, WIDE_CELLS)[1],
        ),
        yAxis=name_axis(
            rows,
            inverse=True,
            axisLine={"show": False},
            axisLabel={"width": 214, "overflow": "truncate"},
        ),
        series=[
            {
                "type": "heatmap",
                "data": cells,
                "label": {"show": True, "fontSize": 12, "color": INK},
                "itemStyle": {"borderColor": SURFACE, "borderWidth": 2, "borderRadius": 3},
            }
        ],
        # Where several forms fit, the last one wins.
        media=[{"query": {"maxWidth": MIDDLE}, "option": middle}, *media(wide, narrow)],
    )


def _head(chart: Heatmap, cells_width: int) -> tuple[int, Option]:
    """Set names of segments level where a word fits into a column, else upright."""
    width = cells_width // len(chart.columns) - 8
    if width < WIDEST_WORD:
        return NARROW_HEAD, UPRIGHT
    size = 12.5 if width > 75 else 11
    flat = {"rotate": 0, "width": width, "overflow": "break", "fontSize": size, "lineHeight": 15}
    return HEAD, flat


HeatText = tuple[str, str, int]
"""What a cell shows, what its tooltip says, and its tint."""


def _standardised(chart: Heatmap, i: int, j: int) -> HeatText:
    value = chart.columns[j].values[i]
    shown = fmt.signed(value)
    step = 0 if value is None else diverging_step(value, chart.limit)
    return shown, f"{shown} standard deviations from everyone", step


def _own_units(chart: Heatmap, i: int, j: int) -> HeatText:
    _, told, step = _standardised(chart, i, j)
    return chart.raw[j][i], f"{chart.raw[j][i]} ({told})", step


def _percentile(chart: Heatmap, i: int, j: int) -> HeatText:
    value = chart.percentiles[j][i]
    if value is None:
        return fmt.ABSENT, "no percentile: a category has no order", 0
    shown = fmt.whole(100 * value)
    return shown, f"above {shown} of 100 of everyone", diverging_step(value - 0.5, 0.4)


def _heat_cells(chart: Heatmap, write: Callable[[Heatmap, int, int], HeatText]) -> list[Option]:
    return [
        _heat_cell(chart, i, j, write(chart, i, j))
        for j in range(len(chart.columns))
        for i in range(min(len(chart.rows), chart.shown_rows))
    ]


def _heat_cell(chart: Heatmap, i: int, j: int, text: HeatText) -> Option:
    shown, told, step = text
    deep = {"color": "var(--on-deep)"} if abs(step) >= 3 else {}
    return {
        "value": [j, i, step],
        "itemStyle": {"color": diverging_token(step)},
        "label": {"formatter": safe(shown), **deep},
        "tooltip": tip(f"{safe(chart.columns[j].label)}\n{safe(chart.rows[i], 60)}\n{safe(told)}"),
    }


def snake(chart: Snake) -> tuple[Drawing, ...]:
    """Draw one line per segment, features downwards."""
    option = frame(
        grid={"left": 226, "right": 24, "top": 44, "bottom": 44},
        legend=legend(),
        xAxis=number_axis("standard deviations from everyone", nameGap=28),
        yAxis=name_axis(
            [safe(f, 44) for f in chart.features],
            inverse=True,
            splitLine={"show": True, "lineStyle": {"color": RULE, "type": "dotted"}},
            axisLabel={"width": 214, "overflow": "truncate"},
            axisLine={"onZero": True, "lineStyle": {"color": MUTED}},
            boundaryGap=True,
        ),
        series=[_snake_line(s, chart.features) for s in chart.lines],
        media=with_legend(named_rows(226), [s.label for s in chart.lines], 20),
    )
    return (Drawing("Profile", 96 + 34 * len(chart.features), option),)


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
        "symbolSize": 9,
        "lineStyle": {"width": 2.5, "color": line.look.colour},
        "itemStyle": {"color": line.look.colour, "borderColor": SURFACE, "borderWidth": 1},
        "emphasis": {"focus": "series"},
    }
