"""Doors order parts and segments; none is lost, and figures decide."""

from __future__ import annotations

import re
from typing import Any

import pytest

from factories_render import documents, minimal
from segmentry.render.doors import Door, doors
from segmentry.render.report import render_report

TOLD = documents(n_segments=5, outcomes=False)


def by_key(told: dict[str, Any]) -> dict[str, Door]:
    return {d.key: d for d in doors(told)}


def with_segments(*changes: dict[str, Any]) -> dict[str, Any]:
    """Give the documents with these keys in the first segments, and nothing that tells of risk."""
    kept = [
        {**s, "contrasts": [c for c in s["contrasts"] if c["feature"] != "recency_days"]}
        for s in TOLD["segments"]["segments"]
    ]
    for i, change in enumerate(changes):
        kept[i] = {**kept[i], **change}
    return {**TOLD, "segments": {"format": 1, "segments": kept}}


def outcome(name: str, low: float, overall: float = 0.2) -> dict[str, Any]:
    return {"name": name, "mean": low + 0.02, "low": low, "high": low + 0.04, "overall": overall}


@pytest.mark.parametrize("told", [TOLD, documents(n_segments=8), minimal(n_segments=4)])
def test_no_door_loses_a_segment(told: dict[str, Any]):
    anchors = {f"segment-{s['id']}" for s in told["segments"]["segments"]}
    for door in doors(told):
        assert not door.segments or sorted(door.segments) == sorted(anchors)


def test_the_first_door_changes_nothing():
    first = doors(TOLD)[0]
    assert (first.sections, first.segments) == ((), ())


def test_every_section_that_leads_is_one_of_the_report():
    page = render_report(documents())
    ids = set(re.findall(r'<section id="([a-z-]+)"', page))
    assert {name for door in doors(TOLD) for name in door.sections} <= ids


def test_marketing_sees_the_most_valuable_first_and_without_value_the_largest():
    segments = TOLD["segments"]["segments"]
    best = max(segments, key=lambda s: s["value_share"])
    assert by_key(TOLD)["marketing"].segments[0] == f"segment-{best['id']}"
    bare = minimal(n_segments=4)
    largest = max(bare["segments"]["segments"], key=lambda s: s["share"])
    door = by_key(bare)["marketing"]
    assert door.segments[0] == f"segment-{largest['id']}"
    assert "largest" in door.note


def test_a_bad_outcome_beyond_chance_comes_first_for_customer_success():
    told = with_segments(
        {"outcomes": [outcome("churned", 0.1)]},
        {"outcomes": [outcome("churned", 0.3), outcome("bought", 0.9)]},
        {"outcomes": [outcome("churned", 0.5)]},
    )
    door = by_key(told)["customer-success"]
    ids = [s["id"] for s in told["segments"]["segments"]]
    assert door.segments[:2] == (f"segment-{ids[2]}", f"segment-{ids[1]}")
    assert door.segments[-1] == f"segment-{ids[0]}"
    assert "most churned foremost" in door.note


def test_without_such_an_outcome_those_who_stay_away_come_first_by_their_number():
    def away(low: float, share: float) -> dict[str, Any]:
        contrast = {"feature": "recency_days", "difference": low + 0.1, "low": low}
        return {"contrasts": [contrast], "share": share}

    told = with_segments(away(1.0, 0.1), away(0.9, 0.3), away(-1.0, 0.6))
    ids = [s["id"] for s in told["segments"]["segments"]]
    door = by_key(told)["customer-success"]
    assert door.segments == tuple(f"segment-{ids[i]}" for i in (1, 0, 2, 3, 4))
    assert "stay away longest" in door.note


def test_where_nothing_tells_of_risk_the_order_stays_and_the_page_says_so():
    told = with_segments({"outcomes": [outcome("bought", 0.9)]})
    door = by_key(told)["customer-success"]
    assert door.segments == tuple(f"segment-{s['id']}" for s in told["segments"]["segments"])
    assert "nothing measured tells who is at risk" in door.note
