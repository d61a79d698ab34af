"""A role with its reason."""

from __future__ import annotations

from segmentry.domain.role import Role
from segmentry.projectfile.told import MOST_ARMS, MOST_CATEGORIES, MOST_CODES, Told


def test_two_that_say_the_same_are_equal() -> None:
    assert Told(Role.ID, "a date") == Told(Role.ID, "a date")
    assert Told(Role.ID, "a date") != Told(Role.OVERLAY, "a date")


def test_arms_are_fewer_than_categories_and_categories_than_codes() -> None:
    assert MOST_ARMS < MOST_CATEGORIES < MOST_CODES
