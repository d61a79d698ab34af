"""Guides: what a play says beside its action, one laid over another."""

from __future__ import annotations

import pytest

from segmentry.errors import UsageError
from segmentry.explain.guide import Guide, guide_of, only


def test_a_guide_is_read_as_it_is_written():
    told = guide_of({"owner": "Sales", "guardrails": ["Do not upsell"], "starts": "leaves"}, "here")
    assert told == Guide(owner="Sales", guardrails=("Do not upsell",), starts="leaves")


def test_a_guide_laid_over_another_shows_it_where_it_is_silent():
    lower = Guide(owner="Sales", goal="Keep them", watch=("value",))
    upper = Guide(owner="Success", watch=("health",))
    assert upper.over(lower) == Guide(owner="Success", goal="Keep them", watch=("health",))
    assert Guide().over(lower) == lower


def test_an_unknown_key_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'cadence'"):
        guide_of({"cadense": "weekly"}, "pack mine, guide care")


def test_a_play_starts_in_one_of_two_ways():
    with pytest.raises(UsageError, match="enters or leaves, not 'whenever'"):
        guide_of({"starts": "whenever"}, "pack mine, guide care")


def test_known_keys_pass():
    only({"a": 1}, {"a", "b"}, "here")
    with pytest.raises(UsageError, match="unknown key 'c'"):
        only({"c": 1}, {"a", "b"}, "here")
