"""Assigners that contradict themselves are told in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from segmentry.domain.assigner import Assigner
from segmentry.stores.assignerparts import wrong_assigner

SOUND = Assigner(np.eye(3), np.array([0, 1, 0]), np.ones(2))
DIRECTIONS = Assigner(np.eye(4)[:2], np.array([0, 1]), np.ones(2), origin=np.zeros(3))


@pytest.mark.parametrize("sound", [SOUND, DIRECTIONS])
def test_sound_ones_are_right(sound: Assigner) -> None:
    assert wrong_assigner(sound, 2, 3) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prototypes": np.zeros((3, 4))}, "do not fit 3 columns"),
        ({"prototypes": np.full((3, 3), np.inf)}, "not finite"),
        ({"groups": np.array([0, 0, 0])}, "every prototype needs a segment"),
        ({"groups": np.array([0, 1])}, "every prototype needs a segment"),
        ({"radii": np.array([1.0, 0.0])}, "radius above zero"),
        ({"radii": np.array([1.0])}, "radius above zero"),
    ],
)
def test_what_contradicts_itself_is_told(changes: dict[str, Any], words: str) -> None:
    assert words in str(wrong_assigner(replace(SOUND, **changes), 2, 3))


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": np.zeros(2)},
        {"origin": np.array([0.0, np.nan, 0.0])},
        {"prototypes": np.eye(4)[:2, :3]},
        {"origin": None},
    ],
)
def test_directions_have_one_column_more_than_their_origin(changes: dict[str, Any]) -> None:
    assert "fit 3 columns" in str(wrong_assigner(replace(DIRECTIONS, **changes), 2, 3))


@pytest.mark.parametrize(
    "kept",
    [
        np.array([[0.5, 1.0]]),
        np.empty((2, 0)),
        np.array([[0.5, 0.5], [0.1, 0.2]]),
        np.array([[0.5, 0.6], [0.3, 0.2]]),
        np.array([[0.5, 0.6], [0.3, 1.2]]),
        np.array([[0.5, np.nan], [0.3, 0.4]]),
    ],
)
def test_a_map_of_confidence_makes_sense(kept: np.ndarray) -> None:
    assert "a map of confidence" in str(wrong_assigner(replace(SOUND, kept=kept), 2, 3))
