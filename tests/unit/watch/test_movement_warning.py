"""Who comes nearer is warned of, and warnings are held against what came after."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.watch.movement_warning import HORIZON, warn
from segmentry.watch.movements import Moment

CENTRES = np.array([0.0, 10.0])


def moments(*rows: list[float]) -> list[Moment]:
    """Put entities on a line; the border is at 5."""
    found = []
    for row in rows:
        distances = np.abs(np.array(row)[:, None] - CENTRES)
        found.append(Moment(np.arange(len(row)), distances.argmin(axis=1), distances))
    return found


def test_who_came_nearer_twice_is_warned_of_the_nearest_first() -> None:
    found = warn(moments([1, 1, 1, 4, 9], [2, 3, 2, 3, 9], [3, 4, 1, 2, 9]), 5, 1, least=0.1, id_=7)
    assert found.entities.tolist() == [1, 0]
    assert (found.toward, found.n_past, found.precision) == (7, 0, None)


def test_noise_in_all_is_no_approach() -> None:
    seen = moments([3.0, 1.0], [3.01, 2.0], [3.02, 3.0])
    assert warn(seen, 2, 1, least=0.1, id_=1).entities.tolist() == [1]


def test_warnings_are_held_against_what_came_after() -> None:
    # The first two are warned of at the third snapshot, and one of them arrives.
    rows = [[1, 1, 3, 3], [2, 2, 3, 3], [3, 3, 3, 3], [6, 3, 3, 6], [6, 3, 3, 6]]
    found = warn(moments(*rows), 4, 1, least=0.0, id_=1)
    assert HORIZON == 2
    assert found.n_past == 2
    assert found.precision is not None
    assert found.base is not None
    assert found.as_near is not None
    assert found.found is not None
    assert (found.precision.value, found.base.value, found.found.value) == (0.5, 0.5, 0.5)
    # As near, without coming nearer, are the other two, of whom one arrives.
    assert found.as_near.value == 0.5


def test_who_is_in_the_segment_or_was_is_not_on_the_way_to_it() -> None:
    found = warn(moments([9, 6], [9, 4], [9, 4.5], [9, 4.9]), 2, 1, least=0.0, id_=1)
    assert found.entities.tolist() == [1]
    assert warn(moments([9, 6], [9, 4], [9, 4.5]), 2, 1, least=0.0, id_=1).entities.tolist() == []


def test_intervals_count_entities_and_not_snapshots() -> None:
    # The same two entities, over and over: ten rows of one say no more than one.
    rows = [[1 + 0.3 * t, 1 + 0.3 * t] for t in range(12)]
    found = warn(moments(*rows), 2, 1, least=0.0, id_=1)
    assert found.n_past == 16
    assert found.precision is not None
    assert found.precision.value == 0.0
    assert found.precision.high == pytest.approx(0.658, abs=1e-3)
