"""Micro-segments that contradict themselves are told in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from segmentry.domain.micro import MicroAssigner
from segmentry.stores.microparts import wrong_micro

SOUND = MicroAssigner(np.zeros((2, 3)), np.array([0, 1]), np.array([1, 1]))


def test_none_and_sound_ones_are_right() -> None:
    assert wrong_micro(None, 2, 3) is None
    assert wrong_micro(SOUND, 2, 3) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prototypes": np.zeros((2, 2))}, "do not fit 3 columns"),
        ({"prototypes": np.full((2, 3), np.nan)}, "micro-prototype is not finite"),
        ({"parents": np.array([1, 0])}, "in the order of their segments"),
        ({"parents": np.array([-1, 1])}, "a segment that is not there"),
        ({"parents": np.array([1, 2])}, "a segment that is not there"),
        ({"parents": np.zeros(0, dtype=np.int64)}, "in the order of their segments"),
        ({"groups": np.array([0, 0])}, "every micro-prototype needs a micro-segment"),
        ({"groups": np.array([0])}, "every micro-prototype needs a micro-segment"),
    ],
)
def test_what_contradicts_itself_is_told(changes: dict[str, Any], words: str) -> None:
    assert words in str(wrong_micro(replace(SOUND, **changes), 2, 3))
