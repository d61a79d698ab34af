"""The papers of a run: what they say, and that every figure is a stored one."""

from __future__ import annotations

import re
from typing import Any

import pytest

from factories_render import documents, minimal
from segmentry.domain.playbook import Effect
from segmentry.render import format as fmt
from segmentry.render.paper import markdown, render_paper
from segmentry.render.playbook import BY_STAKE, BY_VALUE, UNSURE, explainer_paper, playbook_paper

LINES = [
    {"kind": "owner", "text": "Sales.", "reason": "43 % of everyone."},
    {"kind": "action", "text": "Call them.", "reason": "Buys twice as often."},
    {"kind": "guardrail", "text": "Do not upsell.", "reason": "9 tickets."},
    {"kind": "metric", "text": "Tickets.", "reason": "Now 9 here, 2 for everyone (median)."},
]


def told(**choices: Any) -> dict[str, Any]:
    """Make documents whose first segment has lines."""
    found = documents(n_segments=3, **choices)
    first = found["segments"]["segments"][0]
    first["playbook"] = {**first["playbook"], "lines": LINES}
    return found


def section(paper, heading):
    return next(s for s in paper.sections if s.heading == heading)


def test_each_segment_has_a_section_with_its_lines():
    run = told()
    first, second = run["segments"]["segments"][:2]
    paper = playbook_paper(run)
    assert section(paper, first["name"]).grid.rows == (
        ("Owner", "Sales.", "43\u202f% of everyone."),
        ("Do", "Call them.", "Buys twice as often."),
        ("Guardrail", "Do not upsell.", "9 tickets."),
        ("Watch", "Tickets.", "Now 9 here, 2 for everyone (median)."),
    )
    assert [row[0] for row in section(paper, second["name"]).grid.rows] == ["Do"]


def test_a_line_of_a_later_version_is_passed_over():
    run = told()
    run["segments"]["segments"][0]["playbook"]["lines"] = [*LINES, {"kind": "mood", "text": "x"}]
    assert len(section(playbook_paper(run), run["segments"]["segments"][0]["name"]).grid.rows) == 4


def test_without_effects_no_expected_value_is_told():
    order = section(playbook_paper(told()), "Order of work")
    assert order.sentences == (BY_STAKE,)
    assert "Expected value" not in order.grid.headings


def test_effects_order_segments_and_bring_their_intervals():
    run = told()
    last = run["segments"]["segments"][-1]
    effects = (Effect(last["name"], 3.0, 1.0, 5.0, 2.0),)
    order = section(playbook_paper(run, effects), "Order of work")
    assert order.sentences == (BY_VALUE,)
    assert order.grid.rows[0][0] == last["name"]
    n = last["size"]
    assert order.grid.rows[0][-1] == (
        f"{fmt.plain(n)} ({fmt.plain(-n)} to {fmt.plain(3 * n)}); {UNSURE}"
    )
    assert order.grid.rows[1][-1] == "no effect given"


@pytest.mark.parametrize("make", [playbook_paper, explainer_paper])
@pytest.mark.parametrize("verdict", ["clear", "weak", "none"])
def test_how_sure_the_segments_are_comes_first(make, verdict):
    first = make(told(verdict=verdict)).sections[0]
    assert first.anchor == "sure"
    heading = {"clear": "Clear", "weak": "Weak", "none": "No clear"}[verdict]
    assert first.sentences[0].startswith(f"{heading} segments.")


@pytest.mark.parametrize("make", [playbook_paper, explainer_paper])
def test_a_run_without_any_optional_key_has_its_papers(make):
    paper = make(minimal())
    assert render_paper(paper)
    assert markdown(paper).startswith("# ")


@pytest.mark.parametrize("make", [playbook_paper, explainer_paper])
def test_names_from_the_data_cannot_become_markup(make):
    page, written = render_paper(make(told(nasty=True))), markdown(make(told(nasty=True)))
    assert "<script>alert" not in page
    assert "<script" not in written
    assert "<img" not in written


def test_the_explainer_turns_to_its_second_sheet_once():
    assert [s.turns for s in explainer_paper(told()).sections].count(True) == 1


@pytest.mark.parametrize("make", [playbook_paper, explainer_paper])
def test_nothing_is_promised(make):
    written = markdown(make(told())).lower()
    assert not re.search(r"will (increase|grow|rise)|uplift|guarantee", written)


def test_what_a_segment_kept_stands_beneath_its_playbook():
    run = told()
    first = run["segments"]["segments"][0]
    first["business"] = [
        {"name": "value_kept", "sentence": "Value after over before.", "unit": "share",
         "value": 0.8, "low": 0.7, "high": 0.9, "everyone": 0.75, "n": 90},
    ]  # fmt: skip
    notes = section(playbook_paper(run), first["name"]).notes
    assert notes[-1] == (
        "Value kept: 80\u202f% (70\u202f% to 90\u202f%), everyone 75\u202f%. "
        "Value after over before."
    )


def test_health_is_told_of_each_segment_and_what_it_rests_on():
    run = told()
    first, second = run["segments"]["segments"][:2]
    figures = {"mean": {"value": 71.2, "low": 66.0, "high": 76.4}}
    figures["below"] = {"value": 0.25, "low": 0.17, "high": 0.35}
    segments = [{"id": first["id"], "n": 90, **figures}, {"id": second["id"], "n": 4}]
    health = {"basis": "ranks", "sentence": "By ranks.", "floor": 50.0, "segments": segments}
    run["evidence"]["health"] = health
    paper = playbook_paper(run)
    assert section(paper, "The health score").sentences == ("By ranks.",)
    assert (
        section(paper, first["name"])
        .notes[-1]
        .startswith("Health score, unchecked: 71 of 100 on average (66 to 76)")
    )
    assert section(paper, second["name"]).notes[-1].endswith("too few members to tell.")


def test_owners_stand_in_the_rules_of_engagement():
    run = told()
    run["segments"]["segments"][0]["owner"] = "Ana"
    paper = playbook_paper(run, capacity=1)
    rules = section(paper, "Rules of engagement")
    assert rules.grid.rows[0][2] == "Ana"
    assert "Ana owns" in markdown(paper)
