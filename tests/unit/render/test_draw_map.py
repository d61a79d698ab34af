"""The map draws every entity, or every cell that may be told, in its segment's look."""

from __future__ import annotations

import pytest

from factories_render import counted, documents
from segmentry.render import draw_map, figures

TOLD = documents(n_segments=4, n_points=300)
SEGMENTS = TOLD["segments"]["segments"]
POINTS = figures.map_of(TOLD["summary"], SEGMENTS)
CELLS = figures.map_of(counted(TOLD)["summary"], SEGMENTS)


def option(chart):
    (drawing,) = draw_map.map_(chart)
    return drawing.option


def test_points_are_one_cloud_per_segment_in_the_segments_look():
    series = option(POINTS)["series"]
    assert sum(len(s["data"]) for s in series) == 300
    assert [s["itemStyle"]["color"] for s in series] == [
        f"var(--segment-{i})" for i in (1, 2, 3, 4)
    ]
    assert len({s["symbol"] for s in series}) == 4
    assert "visualMap" not in option(POINTS)


def test_each_cell_is_drawn_once_by_its_leading_segment():
    series = option(CELLS)["series"]
    drawn = [item for s in series for item in s["data"]]
    assert len(drawn) == len({tuple(item["value"][:2]) for item in drawn}) == 80
    led = [cell for cells in CELLS.leads() for cell in cells]
    styles = [{**s["itemStyle"], **i.get("itemStyle", {})} for s in series for i in s["data"]]
    for item, style, cell in zip(drawn, styles, led, strict=True):
        assert item["value"][2] ** 2 == pytest.approx(cell.count, rel=0.01)
        assert style["opacity"] == cell.opacity


def test_a_mark_tells_who_is_there():
    first = option(CELLS)["series"][0]
    (name, count), *_ = CELLS.leads()[0][0].parts
    assert first["data"][0]["name"].startswith(f"{name}: {count}")
    assert first["tooltip"] == {"formatter": "{b}"}


def test_marks_keep_within_their_cells_on_a_narrow_page():
    narrow, wide = (form["option"] for form in option(CELLS)["media"])
    small, large = (form["visualMap"]["inRange"]["symbolSize"] for form in (narrow, wide))
    assert small[0] == large[0] < small[1] < large[1] <= draw_map.MOST_MARK
    columns, _ = CELLS.extent()
    assert small[1] <= max(draw_map.ACROSS_NARROW / columns, 6.0)


def test_long_names_of_axes_are_broken_on_a_narrow_page():
    narrow, wide = (form["option"] for form in option(CELLS)["media"])
    assert "\n" in narrow["xAxis"]["name"]
    assert narrow["xAxis"]["name"].replace("\n", " ") == wide["xAxis"]["name"]
