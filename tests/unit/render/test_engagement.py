"""Rules of engagement: owners, what is open, and who has too much."""

from __future__ import annotations

from typing import Any

from factories_render import documents
from segmentry.render.engagement import NOBODY, engagement, lines_of

LINES = [
    {"kind": "owner", "text": "Sales.", "reason": "r"},
    {"kind": "cadence", "text": "Once a month.", "reason": "r"},
    {"kind": "guardrail", "text": "Do not upsell.", "reason": "r"},
    {"kind": "guardrail", "text": "Do not discount.", "reason": "r"},
]


def told(*owners: str | None) -> dict[str, Any]:
    found = documents(n_segments=len(owners))
    for segment, owner in zip(found["segments"]["segments"], owners, strict=True):
        segment["playbook"] = {**segment["playbook"], "lines": LINES}
        if owner is not None:
            segment["owner"] = owner
    return found


def test_each_segment_has_a_row_with_what_is_proposed() -> None:
    section = engagement(told("Ana", "Ben", None))
    assert section.grid is not None
    first, _, last = section.grid.rows
    assert first[2:] == ("Ana", "Sales.", "Once a month.", "Do not upsell. Do not discount.")
    assert last[2] == NOBODY


def test_segments_without_an_owner_are_named() -> None:
    run = told("Ana", None, None)
    names = [s["name"] for s in run["segments"]["segments"][1:]]
    (note,) = engagement(run).notes
    assert note.startswith(f"Without an owner: {', '.join(names)}.")
    assert engagement(told("Ana", "Ben", "Ana")).notes == ()


def test_who_owns_more_than_one_can_look_after_is_named() -> None:
    run = told("Ana", "Ben", "Ana")
    sizes = [s["size"] for s in run["segments"]["segments"]]
    held = sizes[0] + sizes[2]
    (note,) = engagement(run, held - 1).notes
    assert note.startswith(f"Ana owns {held:,} members")
    (fine,) = engagement(run, max(held, sizes[1])).notes
    assert fine.startswith("No owner has more than")


def test_a_run_of_an_earlier_version_has_an_action_alone() -> None:
    run = documents(n_segments=3)
    segment = run["segments"]["segments"][0]
    assert [kind for kind, _, _ in lines_of(segment, {"owner", "action"})] == ["action"]
    section = engagement(run)
    assert section.grid is not None
    assert section.grid.rows[0][3:] == ("–", "–", "–")
