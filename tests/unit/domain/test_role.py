"""Roles, facets and kinds are words that a project file can hold."""

from __future__ import annotations

import pytest

from segmentry.domain.role import Facet, Kind, Role


@pytest.mark.parametrize("kind", [Role, Facet, Kind])
def test_a_word_and_its_meaning_turn_into_each_other(kind):
    for member in kind:
        assert kind(str(member)) is member
        assert str(member) == member.name.lower()


def test_an_unknown_role_is_refused():
    with pytest.raises(ValueError, match="'target' is not a valid Role"):
        Role("target")
