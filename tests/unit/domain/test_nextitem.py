"""What is told of next items, as values."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from segmentry.domain.bounded import Bounded
from segmentry.domain.nextitem import SegmentItem, Way


def test_what_was_measured_cannot_be_changed() -> None:
    way = Way("popular", "what is most common overall", 0.2, 0.1, 0.3)
    with pytest.raises(FrozenInstanceError, match="hit_rate"):
        way.hit_rate = 1.0  # type: ignore[misc]
    item = SegmentItem(1, "Loyal", "tea", 40, 0.4, 0.3, 0.5, 0.2, 2.0, Bounded(1.5, 1.2, 1.8))
    with pytest.raises(FrozenInstanceError, match="lift"):
        item.lift = 9.0  # type: ignore[misc]
