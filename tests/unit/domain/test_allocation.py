"""What is left of a capacity."""

from __future__ import annotations

from segmentry.domain.allocation import Capacity


def test_what_is_not_used_is_left() -> None:
    assert Capacity("hours", 40.0, 32.5, 0.0).left == 7.5
