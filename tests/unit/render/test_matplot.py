"""Every kind of chart becomes a picture whose marks are the chart's figures."""

from __future__ import annotations

import sys

import matplotlib.figure
import numpy as np
import pytest

from factories_render import counted, documents
from moved import moved
from segmentry.errors import EngineError
from segmentry.render import matplot
from segmentry.render.chart import Chart, Table
from segmentry.render.chart_course import Course
from segmentry.render.chart_evidence import Intervals, Silhouettes, Strip
from segmentry.render.chart_map import Map
from segmentry.render.chart_radar import Radar
from segmentry.render.chart_segments import Heatmap, Sizes, Snake
from segmentry.render.echarts import DRAWN_BY
from segmentry.render.figures_movement import went
from segmentry.render.report import charts_of


def of(kind: type) -> Chart:
    every = [c for charts in charts_of(documents()).values() for c in charts]
    return next(c for c in every if isinstance(c, kind))


def drawn(chart: Chart) -> matplotlib.figure.Axes:
    axes = matplotlib.figure.Figure().subplots()
    matplot._drawing(chart)(axes, chart)
    return axes


def test_every_chart_that_browsers_draw_is_drawn_on_paper_too() -> None:
    assert set(matplot._DRAWN_BY) == set(DRAWN_BY)


def test_bars_are_as_long_as_shares() -> None:
    chart = of(Sizes)
    axes = drawn(chart)
    widths = [bar.get_width() for bar in axes.patches[: len(chart.segments)]]
    np.testing.assert_allclose(widths, [100 * s for s in chart.measures[0].shares])


def test_lines_go_through_the_values() -> None:
    chart = of(Snake)
    lines = {line.get_label(): line.get_xdata() for line in drawn(chart).lines}
    for line in chart.lines:
        np.testing.assert_allclose(lines[line.label], [v for v in line.values if v is not None])


def test_corners_of_a_radar_lie_as_far_out_as_their_values() -> None:
    chart = of(Radar)
    axes = drawn(chart)
    lines = {line.get_label(): line for line in axes.lines}
    for line in chart.lines:
        xs, ys = lines[line.label].get_data()
        out = np.hypot(xs, ys)[:-1] * 2 * chart.limit - chart.limit
        np.testing.assert_allclose(out, line.values)
    names = [t.get_text().replace("\n", " ") for t in axes.texts[: len(chart.axes)]]
    assert names == list(chart.axes)


def test_curves_go_through_their_shares_and_break_where_one_is_withheld() -> None:
    chart = of(Course)
    shown = {line.get_label(): line.get_ydata() for line in drawn(chart).lines}
    for line in chart.lines:
        told = [np.nan if s.mean is None else s.mean for s in line.steps]
        np.testing.assert_array_equal(shown[line.label], told)


def test_tiles_carry_the_differences() -> None:
    chart = of(Heatmap)
    shown = [text.get_text() for text in drawn(chart).texts]
    rows = range(min(len(chart.rows), chart.shown_rows))
    told = [c.values[i] for c in chart.columns for i in rows]
    assert shown == ["" if v is None else f"{v:+.1f}" for v in told]


def test_intervals_span_from_low_to_high() -> None:
    chart = of(Intervals)
    spans = [tuple(line.get_xdata()) for line in drawn(chart).lines if len(line.get_xdata()) == 2]
    assert set(spans) >= {(e.low, e.high) for e in chart.estimates}


def test_points_of_a_map_stay_in_their_segment() -> None:
    chart = of(Map)
    for cloud, points in zip(chart.clouds, drawn(chart).collections, strict=True):
        assert {tuple(p) for p in points.get_offsets().tolist()} <= set(cloud.points)


def test_marks_of_cells_are_as_large_as_their_counts() -> None:
    (chart,) = (c for c in charts_of(counted(documents()))["single"] if isinstance(c, Map))
    led = [cell for cells in chart.leads() for cell in cells]
    shown = [m for marks in drawn(chart).collections for m in marks.get_offsets().tolist()]
    assert sorted(map(tuple, shown)) == sorted(cell.place for cell in led)
    areas = np.concatenate([marks.get_sizes() for marks in drawn(chart).collections])
    counts = np.array([cell.count for cell in led])
    # The smallest marks are drawn a little larger, so that they are seen.
    large = areas > matplot.LEAST_AREA
    np.testing.assert_allclose(areas[large] / areas.max(), counts[large] / counts.max())


def test_draws_and_data_are_where_they_are() -> None:
    chart = of(Strip)
    draws, observed = drawn(chart).lines
    np.testing.assert_allclose(draws.get_xdata(), chart.draws)
    assert observed.get_xdata() == [chart.observed]


def test_outlines_reach_the_highest_silhouette() -> None:
    chart = of(Silhouettes)
    highest = max(v for shape in chart.shapes for v in shape.values)
    reached = max(area.get_paths()[0].vertices[:, 0].max() for area in drawn(chart).collections)
    assert reached == pytest.approx(highest)


def test_the_same_charts_are_the_same_file(tmp_path) -> None:
    chart = of(Snake)
    for name in ("a.png", "b.png"):
        matplot.save((chart,), tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_chart_of_no_kind_has_no_drawing() -> None:
    class Other:
        key, title = "other", "Other"

        def summary(self) -> str:
            return ""

        def table(self) -> Table:
            return Table("", (), ())

    with pytest.raises(TypeError, match="no drawing for Other"):
        matplot._drawing(Other())


def test_without_the_library_it_says_what_to_install(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(EngineError, match="matplotlib, which is not installed") as told:
        matplot.save((of(Snake),), tmp_path / "a.png")
    assert "segmentry[plots]" in str(told.value.hint)


def test_bars_of_flows_are_as_long_as_the_entities_that_went() -> None:
    widths = [bar.get_width() for bar in drawn(went(moved())).patches]
    assert widths == [4, 0, 2, 3]
