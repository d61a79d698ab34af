"""Every point is in the hexagon whose centre is nearest."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentry.maths.hexagons import centres_of, hexagons_of

WIDTH, HEIGHT = 2.0, 3.0**0.5


def all_centres(reach: int = 12) -> np.ndarray:
    grid = np.array([(c, r) for c in range(-reach, reach) for r in range(-reach, reach)])
    return centres_of(grid, width=WIDTH, height=HEIGHT)


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_no_other_centre_is_nearer(seed: int) -> None:
    points = np.random.default_rng(seed).uniform(-9, 9, size=(40, 2))
    own = centres_of(hexagons_of(points, width=WIDTH, height=HEIGHT), width=WIDTH, height=HEIGHT)
    away = np.linalg.norm(points[:, None] - all_centres()[None], axis=2).min(axis=1)
    np.testing.assert_allclose(np.linalg.norm(points - own, axis=1), away, atol=1e-9)


def test_centres_are_in_their_own_hexagons() -> None:
    grid = np.array([(c, r) for c in range(-5, 5) for r in range(-5, 5)])
    centres = centres_of(grid, width=0.3, height=7.0)
    np.testing.assert_array_equal(hexagons_of(centres, width=0.3, height=7.0), grid)
