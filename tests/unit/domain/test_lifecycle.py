"""Releases over time, as values."""

from __future__ import annotations

from datetime import UTC, datetime

from segmentry.domain.lifecycle import Descent, Kinship, Registered, Stage
from segmentry.stores.documents import plain


def test_a_release_is_a_candidate_until_it_is_said_to_be_in_use() -> None:
    made = Registered(1, "ab", "run", datetime(2026, 3, 1, tzinfo=UTC), None, 10, 2)
    assert made.stage is Stage.CANDIDATE
    assert (made.parent, dict(made.facts)) == (None, {})


def test_lines_of_descent_are_told_in_words_of_their_own() -> None:
    assert plain(Kinship(4, Descent.MERGED, (2, 1), 0.6)) == {
        "segment_id": 4,
        "descent": "merged",
        "from_ids": [2, 1],
        "overlap": 0.6,
    }
