"""What there was already, beside the new segments: an answer in words, tables without people."""

from __future__ import annotations

import pytest

from factories_render import documents
from segmentry.render.existing_view import answer, existing_view
from segmentry.render.report import render_report


def gain(name, low, high):
    middle = (low + high) / 2
    return {
        "name": name,
        "n": 90,
        "chosen": 0.4,
        "existing": 0.1,
        "gain": middle,
        "low": low,
        "high": high,
    }


def existing(**changes):
    differences = [
        {"feature": "plan=pro", "effect": 2.0, "highest": 2, "lowest": 1},
        {"feature": "plan=free", "effect": 1.9, "highest": 1, "lowest": 2},
        {"feature": "n_orders", "effect": 0.75, "highest": 2, "lowest": 1},
    ]
    parts = [{"segment": 1, "share": 0.6}, {"segment": 2}]
    split = {"whole": "gold", "parts": parts, "differences": differences}
    return {
        "column": "tier",
        "worth": "more",
        "features": gain("features", 0.28, 0.32),
        "outcomes": [gain("left", 0.01, 0.03), gain("paid", -0.03, -0.01)],
        "silhouette": 0.1,
        "silhouette_low": 0.08,
        "silhouette_high": 0.12,
        "chosen_silhouette": 0.4,
        "chosen_silhouette_low": 0.38,
        "chosen_silhouette_high": 0.42,
        "n_compared": 100,
        "n_without": 7,
        "rows": [
            {"name": "gold", "n": 100, "cells": [{"id": 1, "n": 95, "share": 0.95}, {"id": 2}]},
        ],
        "splits": [split],
        "hidden": [],
        "sentence": "Beside the 1 existing segment of tier.",
        **changes,
    }


def view(**changes):
    told = documents(n_segments=2)
    evidence = {**told["evidence"], "existing": existing(**changes)}
    return existing_view({**told, "evidence": evidence})


def words(table):
    return [[c.text.replace("\u202f", " ") for c in row] for row in table.rows]


def test_a_run_without_a_comparison_shows_none():
    assert existing_view(documents(n_segments=2)) is None
    assert answer({}) is None


@pytest.mark.parametrize(
    ("worth", "start", "tone"),
    [
        ("more", "yes", "good"),
        ("in part", "in part", "warn"),
        ("less", "no", "bad"),
        ("nothing", "no difference was shown", "warn"),
    ],
)
def test_the_answer_follows_the_verdict(worth, start, tone):
    text, found = answer({"existing": existing(worth=worth)})
    assert (text.startswith(start), found) == (True, tone)
    assert text.endswith("of 2 outcomes more in 1, less in 1")


def test_without_outcomes_the_answer_is_perhaps():
    text, tone = answer({"existing": existing(outcomes=[])})
    assert (text.startswith("perhaps: "), tone) == (True, "warn")
    assert text.endswith("no outcome was measured")


def test_a_cell_that_is_withheld_is_told_as_such():
    assert words(view()["crossed"])[0] == ["gold", "100", "95 %", "withheld"]
    assert words(view()["splits"])[0][1].endswith(
        "60 %; " + words(view()["splits"])[0][1].split("; ")[1]
    )


def test_the_simple_grouping_stands_beside_both():
    rows = words(view()["explained"])
    assert [row[0] for row in rows[:2]] == ["These segments", "tier"]
    assert rows[0][2] == "0.40"  # of those who are compared, not of everyone
    assert rows[-2][0] == "Difference to tier"
    assert rows[-2][3:] == ["+30 points", "+2.0 points", "−2.0 points"]
    assert rows[-1] == ["Entities compared", "–", "100", "90", "90", "90"]
    assert len(rows) == 5


def test_rows_of_other_entities_say_so_and_outcomes_hold_together():
    notes = [row[0].note for row in view()["explained"].rows]
    assert notes[2:4] == [
        "of everyone",
        "corrected for the numbers of segments; intervals of all 2 outcomes hold at 95 % together",
    ]
    alone = view(n_without=0, outcomes=[gain("left", 0.01, 0.03)])["explained"]
    notes = [row[0].note for row in alone.rows]
    assert notes[2:4] == ["", "corrected for the numbers of segments"]


def test_levels_of_one_category_are_told_once():
    (row,) = words(view()["splits"])
    assert row[2].count("Plan: pro") == 1
    assert "free" not in row[2]
    assert "orders (0.8 sd" in row[2]


def test_nothing_hidden_shows_no_table():
    assert view()["hidden"] is None


def test_the_report_holds_the_section():
    told = documents(n_segments=2)
    evidence = {**told["evidence"], "existing": existing()}
    page = render_report({**told, "evidence": evidence})
    assert 'id="existing"' in page
    assert 'href="#existing"' in page
    assert "on all data up to the end, that in which outcomes happened included" in page
    assert 'id="existing"' not in render_report(told)
