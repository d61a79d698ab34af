"""What guessing is told."""

from __future__ import annotations

import pytest

from segmentry.domain.role import Role
from segmentry.projectfile.guessed import Flags


def test_what_the_user_told_stays_as_it_was_told() -> None:
    flags = Flags(roles={"age": Role.OVERLAY})
    assert Flags().roles == {}
    with pytest.raises(AttributeError, match="entity"):
        flags.entity = "user"  # type: ignore[misc]
