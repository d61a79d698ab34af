"""What people say of a segment."""

from __future__ import annotations

import pytest

from segmentry.domain.owned import Deed, Owned


def test_a_segment_of_which_nothing_is_said_has_no_name_of_its_own() -> None:
    owned = Owned(3)
    assert (owned.name, owned.is_locked, owned.owner, owned.note) == (None, False, None, None)


def test_a_segment_is_bare_when_nothing_is_said_of_it() -> None:
    assert Owned(1).is_bare
    said = (Owned(1, "VIPs"), Owned(1, is_locked=True), Owned(1, owner="a"), Owned(1, note="x"))
    assert not any(owned.is_bare for owned in said)


@pytest.mark.parametrize(("overlap", "told"), [(1.0, "named by people"), (0.6, "overlap of 60")])
def test_where_a_name_comes_from_is_said_with_the_overlap(overlap: float, told: str) -> None:
    assert told in Owned(1, "VIPs", overlap=overlap).why


def test_deeds_are_stored_as_words() -> None:
    assert [str(d) for d in Deed][:3] == ["rename", "lock", "unlock"]


def test_deeds_are_spoken_of_as_things() -> None:
    assert [d.noun for d in Deed][:4] == ["new name", "lock", "unlocking", "owner"]
