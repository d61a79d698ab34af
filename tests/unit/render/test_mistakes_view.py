"""Mistakes as pages tell them."""

from __future__ import annotations

import re

from factories_render import documents
from segmentry.domain.mistake import MISTAKES, absent, as_data
from segmentry.render.mistakes_view import made_in_short, mistakes_view, n_grave
from segmentry.render.report import render_report

TOLD = documents()["evidence"]["mistakes"]


def test_what_is_made_is_told_in_full_the_graver_first():
    view = mistakes_view(TOLD)
    assert [m.code for m in view.made] == ["M03", "M05"]
    assert [m.severity for m in view.made] == ["warning", "info"]
    assert view.made[0].sentence == "The project asks for exactly 5 segments."
    assert view.made[0].why.startswith("A number that was fixed beforehand")
    assert view.made[0].fix == "segments: {min: 4}"
    assert "13 mistakes" in view.summary
    assert view.summary.endswith("2 of them are made.")


def test_everything_else_that_was_looked_for_is_in_a_table():
    rows = mistakes_view(TOLD).others.rows
    assert {row[0].note for row in rows} == set(MISTAKES) - {"M03", "M05"}
    states = {row[0].note: row[1].text for row in rows}
    assert (states["M06"], states["M04"], states["M01"]) == (
        "Taken care of",
        "Not known",
        "Not made",
    )


def test_a_graver_mistake_comes_first_whatever_its_code():
    turned = [{**m, "severity": {"M03": "info", "M05": "warning"}.get(m["code"])} for m in TOLD]
    assert [m.code for m in mistakes_view(turned).made] == ["M05", "M03"]


def test_a_run_without_any_mistake_says_so():
    clean = [as_data(absent(code, "nothing was seen")) for code in MISTAKES]
    assert mistakes_view(clean).summary.endswith("none is made.")
    assert mistakes_view(clean).made == ()
    assert made_in_short(clean) == "None that was looked for."
    assert n_grave(clean) == 0


def test_where_nobody_looked_nothing_is_said():
    assert mistakes_view(()) is None


def test_only_warnings_are_grave():
    assert n_grave(TOLD) == 1
    assert made_in_short(TOLD) == ("Number of segments by gut feel, segments without consequence.")


def test_the_report_has_a_section_with_what_is_not_made_folded_away():
    page = render_report(documents())
    section = re.search(r'<section id="mistakes".*?</section>', page, re.DOTALL)[0]
    assert 'href="#mistakes"' in page
    before, folded = section.split("<details", 1)
    assert "M03" in before
    assert "M06" not in before
    assert "9 features with a long tail are bent." in folded


def test_a_report_of_an_older_run_has_no_such_section():
    told = documents()
    del told["evidence"]["mistakes"]
    assert 'id="mistakes"' not in render_report(told)


def test_names_of_segments_cannot_become_markup():
    section = re.search(
        r'<section id="mistakes".*?</section>', render_report(documents(nasty=True)), re.DOTALL
    )[0]
    assert "<script>" not in section
    assert "&lt;script&gt;" in section
