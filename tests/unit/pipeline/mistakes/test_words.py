"""Words about mistakes; what they are is told by their examples."""

from __future__ import annotations

from segmentry.pipeline.mistakes.words import MOST_NAMED, counted, listed


def test_as_many_as_may_be_named_are_named():
    names = [f"f{i}" for i in range(MOST_NAMED)]
    assert "more" not in listed(names)
    assert listed([*names, "g"]).endswith("and 1 more")


def test_two_are_joined_and_none_is_nothing():
    assert listed(["a", "b"]) == "'a' and 'b'"
    assert listed([]) == ""
    assert counted(2, "pair") == "2 pairs"
