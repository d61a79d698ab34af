"""What entities did goes along with them."""

from __future__ import annotations

import numpy as np

from segmentry.domain.course import Course


def test_taking_entities_takes_what_they_did() -> None:
    course = Course(7.0, np.eye(3), 2.0 * np.eye(3))
    some = course.take(np.array([2, 0]))
    assert some.active.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert some.value is not None
    assert some.value.tolist() == [[0, 0, 2], [2, 0, 0]]
    assert Course(7.0, np.eye(3)).take(np.array([1])).value is None
