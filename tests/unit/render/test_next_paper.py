"""The paper of next items holds the figures that were measured, and nobody's id."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa

from segmentry.domain.bounded import Bounded
from segmentry.domain.nextitem import NextItems, NextJudged, SegmentItem, Way
from segmentry.render.next_paper import NO_PROMISE, NOTHING, next_paper
from segmentry.render.paper import markdown, render_paper

JUDGED = NextJudged(
    datetime(2025, 5, 1, tzinfo=UTC),
    datetime(2025, 5, 31, tzinfo=UTC),
    30.0,
    5,
    300,
    301,
    (
        Way("popular", "what is most common overall", 0.11, 0.09, 0.14),
        Way("cosine", "what lies near by cosine", 0.18, 0.15, 0.21),
    ),
    used="cosine",
    best="cosine",
    baseline="popular",
    gain=0.07,
    low=0.04,
    high=0.1,
    betters=True,
    sentence="The first is used.",
)
FOUND = NextItems(
    "product_id",
    False,
    900,
    40,
    7,
    JUDGED,
    (
        SegmentItem(
            1, "Loyal", "tea", 140, 0.4, 0.35, 0.45, 0.2, 2.0, Bounded(1.4, 1.2, 1.7), "Green tea"
        ),
        SegmentItem(
            1, "Loyal", "<b>mugs</b>", 30, 0.09, 0.06, 0.12, 0.03, 3.0, Bounded(1.3, 1.1, 1.6)
        ),
        SegmentItem(3, "New", "soap", 50, 0.2, 0.15, 0.26, 0.1, 2.0, Bounded(1.6, 1.1, 2.2)),
    ),
    pa.table({"entity_id": ["somebody-77"], "rank": [1], "item": ["tea"], "score": [0.9]}),
)


def test_it_tells_hit_rates_and_what_segments_have_more_of() -> None:
    text = markdown(next_paper(FOUND, project="shop", entities="customers"))
    assert text.startswith("# What comes next in shop\n\n900 customers, 40 of 47 values of product")
    assert "| What lies near by cosine (used) | 18\u202f% | 15\u202f% to 21\u202f% |" in text
    assert (
        "| tea (Green tea) | 140 | 40\u202f% (35\u202f% to 45\u202f%) | 20\u202f% | 1.40 (1.20 to"
        in text
    )
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## How far to trust it",
        "## Loyal",
        "## New",
    ]
    assert NO_PROMISE in text


def test_nobody_is_in_it_and_names_are_harmless() -> None:
    page = render_paper(next_paper(FOUND, project="shop", entities="customers"))
    assert "somebody-77" not in page
    assert "<b>mugs" not in page


def test_segments_without_anything_to_tell_are_told_as_such() -> None:
    paper = next_paper(replace(FOUND, segments=()), project="shop", entities="customers")
    assert NOTHING in markdown(paper)
