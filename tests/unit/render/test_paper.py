"""Papers: one content, as Markdown and as a page."""

from __future__ import annotations

import html
import re

import pytest

from segmentry.render.paper import Grid, Paper, Section, escaped, markdown, render_paper

ODD = "<script>alert('x')</script> | *a* [b](c) & `d`"


def paper(**changes):
    facts = {
        "anchor": "one",
        "heading": "One",
        "sentences": ("A sentence.",),
        "points": ("A point",),
        "grid": Grid("What is what", ("Name", "Value"), (("a", "1"), ("b", "2"))),
        "notes": ("A note.",),
    }
    return Paper("playbook", "A title", "9 rows", (Section(**{**facts, **changes}),))


def test_markdown_has_headings_sentences_points_and_tables():
    assert markdown(paper()) == (
        "# A title\n\n9 rows\n\n## One\n\nA sentence.\n\n- A point\n\n"
        "| Name | Value |\n| --- | --- |\n| a | 1 |\n| b | 2 |\n\nA note.\n"
    )


def test_the_page_says_the_same_as_the_markdown():
    page = html.unescape(
        re.sub(
            r"<style>.*?</style>|<script>.*?</script>", "", render_paper(paper()), flags=re.DOTALL
        )
    )
    for text in ("A title", "9 rows", "One", "A sentence.", "A point", "Value", "A note."):
        assert text in page


def test_the_page_is_marked_as_ours_and_loads_nothing():
    page = render_paper(paper())
    assert '<meta name="generator" content="Segmentry">' in page[:4096]
    assert not re.search(r'(src|href)="(?!#)', page)


@pytest.mark.parametrize("field", ["heading", "sentences", "points", "notes"])
def test_names_cannot_become_markup(field):
    told = paper(**{field: ODD if field == "heading" else (ODD,)})
    assert "<script>alert" not in render_paper(told)
    written = markdown(told)
    assert "<script>" not in written
    assert "\\[b\\](c)" in written


def test_a_cell_keeps_its_row():
    told = paper(grid=Grid("x", ("Name",), (("a|b\nc",),)))
    assert "| a\\|b c |" in markdown(told)


@pytest.mark.parametrize(
    ("text", "safe"), [("# a", "\\# a"), ("- a", "\\- a"), ("-0.4", "-0.4"), ("a - b", "a - b")]
)
def test_a_sentence_does_not_begin_a_list_or_heading(text, safe):
    assert escaped(text) == safe


def test_a_section_may_begin_a_new_sheet():
    assert 'class="sheet turns"' in render_paper(paper(turns=True))
    assert 'class="sheet turns"' not in render_paper(paper())
