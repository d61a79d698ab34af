"""Pieces of a drawing hold no markup, whatever a name holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from segmentry.render.canvas import (
    MOST_FOLDED,
    WIDE,
    frame,
    legend,
    legend_height,
    media,
    name_axis,
    named_rows,
    safe,
    tip,
    with_legend,
)


@given(st.text(), st.integers(2, 60))
def test_a_safe_text_is_one_short_line_without_the_marks_of_echarts(text, limit):
    told = safe(text, limit)
    assert len(told) <= limit
    assert not set(told) & set("{}|\n\r\t\x00\u2028\u2029")


def test_a_narrow_no_break_space_stays():
    assert safe("23\u202f% of\n all") == "23\u202f% of all"


def test_names_at_the_left_take_less_room_on_a_narrow_page():
    narrow, wide = (form["option"]["grid"]["left"] for form in named_rows(200))
    assert narrow < wide == 200


def test_a_tooltip_is_drawn_into_the_canvas_and_never_html():
    assert frame()["tooltip"]["renderMode"] == "richText"
    assert frame()["animation"] is False


def test_patterns_are_drawn_only_where_asked_for():
    assert frame()["aria"]["decal"] == {"show": False}
    assert frame(has_decals=True)["aria"]["decal"] == {"show": True}


def test_a_chart_that_was_narrow_becomes_wide_again():
    narrow, wide = media({"grid": {"left": 9}}, {"grid": {"left": 4}})
    assert "query" in narrow
    assert "query" not in wide
    assert wide["option"] == {"grid": {"left": 9}}


def test_an_axis_of_names_shows_every_name():
    axis = name_axis(["a", "b"], axisLabel={"width": 9})
    assert axis["axisLabel"]["interval"] == 0
    assert axis["axisLabel"]["width"] == 9


def test_a_legend_grows_with_its_names():
    assert legend()["type"] == "scroll"
    assert legend(scrolls=False)["type"] == "plain"
    assert legend_height(["short"]) < legend_height(["x" * (WIDE // 5)])


def test_names_take_lines_above_a_wide_chart_and_pages_above_a_narrow_one():
    forms = media({"grid": {"left": 9}}, {"grid": {"left": 4}})
    narrow, wide = (f["option"] for f in with_legend(forms, ["x" * WIDE] * 2, 20))
    assert (narrow["legend"]["type"], wide["legend"]["type"]) == ("scroll", "plain")
    assert narrow["grid"] == {"left": 4, "top": 44}
    assert wide["grid"]["left"] == 9
    assert wide["grid"]["top"] > 80


def test_a_tip_is_final_text():
    assert tip("a") == {"formatter": "a"}


def test_a_few_names_fold_into_two_columns_where_the_page_is_narrow():
    forms = media({"grid": {}}, {"grid": {}})
    narrow, _ = (f["option"] for f in with_legend(forms, ["a" * 30] * 5, 20, folds=True))
    assert narrow["legend"]["type"] == "plain"
    assert narrow["legend"]["textStyle"]["overflow"] == "truncate"
    assert narrow["grid"]["top"] == 20 + 2 + 3 * 22
    paged, _ = (f["option"] for f in with_legend(forms, ["a"] * (MOST_FOLDED + 1), 20, folds=True))
    assert paged["legend"]["type"] == "scroll"
