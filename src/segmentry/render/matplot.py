"""Chart specs as pictures for paper and slides, drawn by matplotlib in the light theme's colours.

What lives here: one drawing for each kind of chart. What does not: drawings for browsers
(``echarts``); the specs are the same, and so are their findings and tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from segmentry.errors import EngineError
from segmentry.render.chart import Chart
from segmentry.render.chart_course import Course
from segmentry.render.chart_evidence import Intervals, LineWithBand, Silhouettes, Strip
from segmentry.render.chart_flows import Flows
from segmentry.render.chart_map import Map
from segmentry.render.chart_radar import Radar
from segmentry.render.chart_segments import Heatmap, Sizes, Snake
from segmentry.render.chart_tree import Tree
from segmentry.render.page import asset
from segmentry.render.palette import N_COLOURS, Look, diverging_step, diverging_token, method_look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKERS = ("o", "^", "s", "D", "P", "v", "X", "*")
"""In the order of the looks, as near to their symbols as matplotlib has them."""

WIDTH, DPI = 9.0, 160
MAP_POINTS_ACROSS, MAP_POINTS_UP, LEAST_AREA = 420.0, 260.0, 4.0
"""About the size of a map's plot in typographic points, and the area of its smallest mark."""

FINDING_WIDTH, LINE, GAP = 105, 11.0, 8.0
"""Letters in a line of a finding; typographic points of such a line, and beneath the title."""

DASHES = ("-", "--", ":", "-.", (0, (4, 3)))


def save(charts: Sequence[Chart], path: Path) -> None:
    """Draw charts beneath each other into a file, of the kind that its ending says.

    Raises
    ------
    EngineError
        E3007 if matplotlib is missing.
    TypeError
        If a chart is of a kind that has no drawing.
    """
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        what = "pictures are drawn by matplotlib, which is not installed"
        hint = "pip install 'segmentry[plots]', or save the figure as .html"
        raise EngineError(what, code="E3007", hint=hint) from error

    heights = [_height(c) for c in charts]
    sheet = Figure(figsize=(WIDTH, sum(heights)), dpi=DPI, layout="constrained", facecolor="white")
    places = sheet.subplots(len(charts), squeeze=False, height_ratios=heights)[:, 0]
    for chart, axes in zip(charts, places, strict=True):
        finding = fill(chart.summary(), FINDING_WIDTH)
        above = LINE * (finding.count("\n") + 1) + GAP
        axes.set_title(chart.title, loc="left", fontsize=12, fontweight="bold", pad=above)
        axes.text(
            0, 1.01, finding, transform=axes.transAxes, fontsize=8.5, va="bottom",
            color=_colour("--ink-2"),
        )  # fmt: skip
        _drawing(chart)(axes, chart)
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=8.5, length=0)
    # Without a date or a version: the same charts are the same file.
    nothing: dict[str, Any] = {".png": {"Software": None}, ".svg": {"Date": None}}.get(
        path.suffix, {"CreationDate": None, "Producer": None, "Creator": None}
    )
    sheet.savefig(path, metadata=nothing)


def _wrapped(text: str, width: int) -> str:
    return fill(text, width, max_lines=2, placeholder=" …")


def _height(chart: Chart) -> float:
    rows = 10
    if isinstance(chart, Sizes):
        rows = len(chart.segments)
    elif isinstance(chart, Heatmap):
        rows = min(len(chart.rows), chart.shown_rows)
    elif isinstance(chart, Snake):
        rows = len(chart.features)
    elif isinstance(chart, Radar):
        rows = 13
    elif isinstance(chart, Intervals):
        rows = len(chart.estimates)
    elif isinstance(chart, Strip):
        rows = 2
    return 1.6 + 0.3 * rows


def _drawing(chart: Chart) -> Callable[[Axes, Any], None]:
    try:
        return _DRAWN_BY[type(chart)]
    except KeyError:
        msg = f"no drawing for {type(chart).__name__}"
        raise TypeError(msg) from None


def _colour(token: str) -> str:
    """Read a colour of the light theme: what is on paper is on white."""
    found = re.search(rf"{re.escape(token)}: light-dark\(([^,]+), ", asset("static/tokens.css"))
    if found is None:
        msg = f"no colour {token}"
        raise KeyError(msg)
    return found[1]


def _fill(look: Look) -> str:
    return _colour(f"--segment-{look.slot}")


def _marker(look: Look) -> str:
    return MARKERS[(look.slot - 1) % N_COLOURS]


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Name the rows, the first one on top."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)


def _sizes(axes: Axes, chart: Sizes) -> None:
    places, thick = np.arange(len(chart.segments)), 0.8 / max(len(chart.measures), 1)
    for m, measure in enumerate(chart.measures):
        offset = (m - (len(chart.measures) - 1) / 2) * thick
        shares = [100 * s if s is not None else 0.0 for s in measure.shares]
        axes.barh(
            places + offset, shares, 0.9 * thick, color=[_fill(look) for look in chart.looks],
            alpha=1.0 if m == 0 else 0.55, hatch=None if m == 0 else "///", edgecolor="white",
            label=measure.label,
        )  # fmt: skip
        for y, share, text in zip(places + offset, shares, measure.texts, strict=True):
            axes.annotate(text, (share, y), (3, 0), textcoords="offset points", va="center", size=7)
    _name_rows(axes, chart.segments)
    axes.set_xlabel("% of all", fontsize=8.5)
    if len(chart.measures) > 1:
        axes.legend(fontsize=8, frameon=False)


def _heatmap(axes: Axes, chart: Heatmap) -> None:
    rows = chart.rows[: chart.shown_rows]
    for j, column in enumerate(chart.columns):
        for i in range(len(rows)):
            value = column.values[i]
            step = 0 if value is None else diverging_step(value, chart.limit)
            token = diverging_token(step).removeprefix("var(").removesuffix(")")
            axes.add_patch(_rectangle(j, i, _colour(token)))
            ink = _colour("--on-deep") if abs(step) > 2 else _colour("--ink")
            told = "" if value is None else f"{value:+.1f}"
            axes.text(j, i, told, ha="center", va="center", fontsize=7.5, color=ink)
    _name_rows(axes, rows)
    axes.set_xlim(-0.5, len(chart.columns) - 0.5)
    labels = [_wrapped(c.label, 16) for c in chart.columns]
    axes.set_xticks(range(len(labels)), labels)
    axes.spines[:].set_visible(False)


def _rectangle(x: float, y: float, colour: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=colour)


def _snake(axes: Axes, chart: Snake) -> None:
    for line in chart.lines:
        known = [(v, i) for i, v in enumerate(line.values) if v is not None]
        xs, ys = zip(*known, strict=True) if known else ((), ())
        axes.plot(
            xs, ys, color=_fill(line.look), marker=_marker(line.look), ms=5, lw=1.6,
            label=line.label,
        )  # fmt: skip
    axes.axvline(0, color=_colour("--quiet"), lw=1, zorder=0)
    _name_rows(axes, chart.features)
    axes.set_xlabel("standard deviations from everyone", fontsize=8.5)
    axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _radar(axes: Axes, chart: Radar) -> None:
    angles = np.pi / 2 - 2 * np.pi * np.arange(len(chart.axes) + 1) / len(chart.axes)
    corners = np.array([np.cos(angles), np.sin(angles)])
    rings = [part * chart.limit for part in (-0.5, 0.0, 0.5, 1.0)]
    for value in rings:
        look = ("--quiet", "--") if value == 0 else ("--rule", "-")
        axes.plot(
            *(_from_centre(value, chart) * corners), color=_colour(look[0]), ls=look[1], lw=1,
            zorder=0,
        )  # fmt: skip
    for line in chart.lines:
        values = np.array([v or 0.0 for v in (*line.values, line.values[0])])
        axes.plot(
            *(_from_centre(values, chart) * corners), color=_fill(line.look),
            marker=_marker(line.look), ms=5, lw=1.6, label=line.label,
        )  # fmt: skip
    for name, x, y in zip(chart.axes, *corners[:, :-1], strict=True):
        side = "center" if abs(x) < 0.1 else "left" if x > 0 else "right"
        axes.text(1.06 * x, 1.06 * y, _wrapped(name, 16), ha=side, va="center", fontsize=8.5)
    for value in rings:
        axes.text(
            -0.02, _from_centre(value, chart), f"{value:g}", ha="right", va="center", fontsize=6.5,
            color=_colour("--ink-2"),
        )  # fmt: skip
    axes.set_aspect("equal")
    axes.set_xlim(-1.8, 1.8)
    axes.set_ylim(-1.1, 1.2)
    axes.set_axis_off()
    axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _from_centre(value: Any, chart: Radar) -> Any:
    return (value + chart.limit) / (2 * chart.limit)


def _map(axes: Axes, chart: Map) -> None:
    draw = _map_points if chart.lattice is None else _map_cells
    draw(axes, chart)
    across, up = chart.axis_names()
    axes.set_xlabel(across, fontsize=8.5)
    axes.set_ylabel(up, fontsize=8.5)
    shown = axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    looks = {c.label: c.look for c in chart.clouds}
    for handle, text in zip(shown.legend_handles, shown.get_texts(), strict=True):
        if handle is not None:
            handle.set(sizes=[36], facecolor=_fill(looks[text.get_text()]), alpha=1)


def _map_points(axes: Axes, chart: Map) -> None:
    for cloud in chart.clouds:
        if cloud.points:
            xs, ys = np.array(cloud.points).T
            axes.scatter(
                xs, ys, s=9, color=_fill(cloud.look), marker=_marker(cloud.look), alpha=0.5,
                linewidths=0, label=cloud.label, rasterized=True,
            )  # fmt: skip


def _map_cells(axes: Axes, chart: Map) -> None:
    """Draw a mark for each cell, its area by its count, in its leading segment's look."""
    from matplotlib.colors import to_rgba

    columns, rows = chart.extent()
    largest = min(MAP_POINTS_ACROSS / columns, MAP_POINTS_UP / rows) ** 2
    leads = chart.leads()
    most = max((cell.count for led in leads for cell in led), default=1)
    for cloud, led in zip(chart.clouds, leads, strict=True):
        if led:
            xs, ys = np.array([cell.place for cell in led]).T
            colours = [to_rgba(_fill(cloud.look), cell.opacity) for cell in led]
            areas = [max(LEAST_AREA, largest * cell.count / most) for cell in led]
            axes.scatter(
                xs, ys, s=areas, color=colours, marker=_marker(cloud.look),
                linewidths=0, label=cloud.label,
            )  # fmt: skip


def _line_with_band(axes: Axes, chart: LineWithBand) -> None:
    def known(values: Sequence[float | None]) -> Any:
        return np.array([np.nan if v is None else v for v in values])

    for number, band in enumerate(chart.bands):
        token = method_look(number)[0].removeprefix("var(").removesuffix(")")
        colour = _colour(token)
        axes.plot(
            chart.xs, known(band.values), color=colour, ls=DASHES[number % len(DASHES)],
            marker=MARKERS[number % len(MARKERS)], ms=4, label=band.label,
        )  # fmt: skip
        if band.low:
            axes.fill_between(
                chart.xs, known(band.low), known(band.high), color=colour, alpha=0.15, lw=0
            )
    if chart.marked is not None:
        axes.axvline(chart.marked, color=_colour("--quiet"), lw=1, zorder=0)
    axes.set_xticks(chart.xs)
    axes.set_xlabel(f"segments ({chart.reading})", fontsize=8.5)
    if len(chart.bands) > 1:
        axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _strip(axes: Axes, chart: Strip) -> None:
    axes.plot(chart.draws, np.zeros(len(chart.draws)), "|", ms=26, color=_colour("--ink-2"))
    axes.plot([chart.observed], [0], "D", ms=9, color=_colour("--accent"))
    axes.annotate(
        "your data", (chart.observed, 0), (0, 16), textcoords="offset points", ha="center", size=8.5
    )
    axes.set_yticks([])
    axes.set_xlabel(chart.axis, fontsize=8.5)


def _intervals(axes: Axes, chart: Intervals) -> None:
    for i, told in enumerate(chart.estimates):
        axes.plot([told.low, told.high], [i, i], color=_fill(told.look), lw=2.2)
        axes.plot([told.mean], [i], _marker(told.look), ms=8, color=_fill(told.look))
        axes.annotate(
            f"{told.text} ({told.interval_text})", (told.high, i), (6, 0), size=7.5, va="center",
            textcoords="offset points", annotation_clip=False,
        )  # fmt: skip
    if chart.overall is not None:
        axes.axvline(chart.overall, color=_colour("--quiet"), lw=1, ls="--", zorder=0)
    _name_rows(axes, [e.label for e in chart.estimates])
    if chart.limits is not None:
        axes.set_xlim(*chart.limits)
    if chart.as_share:
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")


def _silhouettes(axes: Axes, chart: Silhouettes) -> None:
    start, middles = 0.0, []
    for shape in chart.shapes:
        ys = start + np.linspace(0, shape.share, len(shape.values)) if shape.values else np.empty(0)
        axes.fill_betweenx(ys, 0, shape.values, color=_fill(shape.look), lw=0)
        middles.append(start + shape.share / 2)
        start += shape.share + 0.02
    axes.axvline(0, color=_colour("--quiet"), lw=1)
    axes.set_yticks(middles, [s.label for s in chart.shapes])
    axes.set_ylim(max(start, 0.02), 0)
    axes.set_xlabel("silhouette", fontsize=8.5)


def _tree(axes: Axes, chart: Tree) -> None:
    leaves = chart.leaves
    for bracket in chart.brackets():
        (one, other), (low, high) = bracket.places, bracket.starts
        xs = np.array([low, bracket.lost, bracket.lost, high])
        axes.plot(100 * xs, [one, one, other, other], color=_colour("--ink"), lw=1.4)
    for place, i in enumerate(leaves):
        look = chart.looks[i]
        axes.plot(0, place, color=_fill(look), marker=_marker(look), ms=7, clip_on=False)
    _name_rows(axes, [chart.labels[i] for i in leaves])
    axes.spines["left"].set_visible(False)
    axes.tick_params("y", length=0, pad=8)
    axes.set_xlim(left=0)
    axes.set_xlabel("lost of what they explain, in points", fontsize=8.5)


def _course(axes: Axes, chart: Course) -> None:
    for line in chart.lines:
        told = [[np.nan if v is None else v for v in (s.mean, s.low, s.high)] for s in line.steps]
        mean, low, high = np.array(told).T
        places = np.arange(len(told))
        if line.look is None:
            axes.plot(places, mean, color=_colour("--ink-2"), ls="--", lw=1.6, label=line.label)
            continue
        colour = _fill(line.look)
        axes.plot(
            places, mean, color=colour, marker=_marker(line.look), ms=5, lw=1.6, label=line.label
        )
        axes.fill_between(places, low, high, color=colour, alpha=0.15, lw=0)
    axes.set_xticks(range(len(chart.periods)), chart.periods)
    axes.set_ylim(bottom=0)
    if chart.as_share:
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def _flows(axes: Axes, chart: Flows) -> None:
    left = np.zeros(len(chart.nodes))
    labels = [n.label for n in chart.nodes]
    for j, node in enumerate(chart.nodes):
        into = {b.source: b.n for b in chart.bands if b.target == j}
        widths = np.array([into.get(i, 0) for i in range(len(labels))], dtype=float)
        axes.barh(labels, widths, left=left, color=_fill(node.look), label=node.label)
        left += widths
    axes.invert_yaxis()
    axes.set_xlabel(f"{chart.before}, by the segment of {chart.after}", fontsize=8.5)
    axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


_DRAWN_BY: dict[type, Callable[[Any, Any], None]] = {
    Sizes: _sizes,
    Heatmap: _heatmap,
    Snake: _snake,
    Radar: _radar,
    Map: _map,
    LineWithBand: _line_with_band,
    Strip: _strip,
    Intervals: _intervals,
    Silhouettes: _silhouettes,
    Tree: _tree,
    Course: _course,
    Flows: _flows,
}
