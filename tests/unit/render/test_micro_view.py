"""The tree of segments and micro-segments as a table."""

from __future__ import annotations

from factories_render import documents
from segmentry.render.micro_view import micro_view
from segmentry.render.report import render_report

PART = {"id": "1.1", "size": 30, "share": 0.3, "share_of_parent": 0.6, "traits": ["a", "b", "c"]}


def told(parts=(PART,), whole="chance"):
    base = documents(n_segments=2)
    branch = {"explained": 0.4, "by_chance": 0.2, "fidelity": 0.99, "n_columns": 2}
    whole = {**branch, "sentence": "Segment 2 stays whole.", "whole": whole}
    tree = {
        "sentence": "1 of 2 segments is divided further.",
        "segments": [
            {"id": 1, **(branch if parts else whole), "parts": list(parts)},
            {"id": 2, **whole, "parts": []},
        ],
    }
    return {**base, "evidence": {**base["evidence"], "micro": tree}}


def test_a_run_that_did_not_look_shows_nothing():
    assert micro_view(documents(n_segments=2)) is None


def test_parts_stand_beneath_their_segment():
    n_columns = len(told()["summary"]["matrix_columns"])
    table = micro_view(told())["table"]
    segment, part = ([c.text.replace("\u202f", " ") for c in row] for row in table.rows)
    assert segment[0] == told()["segments"]["segments"][0]["name"]
    assert segment[-1] == (
        f"Its parts explain 40 % of how it scatters in 2 of {n_columns} columns; by chance 20 %; "
        "99 % lie where the hierarchy had them"
    )
    assert part == ["1.1", "30", "60 %", "30 %", "a; b; c"]


def test_where_all_stay_whole_there_is_no_table():
    view = micro_view(told(parts=()))
    assert view["table"] is None
    assert len(view["whole"]) == 2


def test_where_none_were_looked_for_that_is_said_once():
    view = micro_view(told(parts=(), whole="no groups"))
    assert (view["table"], view["whole"]) == (None, [])


def test_the_report_holds_the_section():
    page = render_report(told())
    assert 'id="micro-segments"' in page
    assert "Segment 2 stays whole" not in page  # segments are named there
    assert "stays whole" in page
    assert "About one segment in twenty is divided by chance alone" in page
    assert "columns that sit on few values, such as categories, only describe them" in page
    assert 'id="micro-segments"' not in render_report(documents(n_segments=2))
