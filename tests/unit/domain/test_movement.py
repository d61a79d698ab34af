"""Transitions become a table; growth says its course; noise its chance."""

from __future__ import annotations

from datetime import date

from moved import moved
from segmentry.domain.bounded import Bounded
from segmentry.domain.movement import Flow, Growth


def test_the_table_names_both_sides_and_the_cause() -> None:
    rows = moved().to_arrow().to_pylist()
    assert rows[0] == {
        "entity_id": "a",
        "day": date(2024, 2, 1),
        "from_segment_id": 1,
        "from_segment": "Loyal",
        "to_segment_id": 3,
        "to_segment": "Gone",
        "cause": "behaviour",
        "decided": date(2024, 3, 1),
        "margin": 0.5,
    }
    assert (rows[1]["from_segment"], rows[1]["from_segment_id"], rows[1]["margin"]) == (None,) * 3
    assert rows[1]["cause"] == "new"


def test_changes_are_what_lies_beside_the_diagonal() -> None:
    found = moved()
    assert found.n_changes == 3
    assert found.matrix() == {(1, 1): 4, (1, 3): 2, (3, 1): 0, (3, 3): 3}
    assert found.matrix(0)[1, 3] == 2
    assert found.name_of(3) == "Gone"
    assert [f.target for f in found.flows_by_size()] == [3, 1]


def test_a_course_needs_an_interval_without_nothing() -> None:
    courses = [
        Growth(1, (), (), 0, 0, Bounded(v, v - 0.1, v + 0.1)).course for v in (0.2, 0.0, -0.2)
    ]
    assert courses == ["growing", "steady", "shrinking"]


def test_a_flow_is_above_noise_where_few_such_are_false() -> None:
    share = Bounded(0.1, 0.0, 0.2)
    told = [Flow(1, 2, 9, 4, share, 2.0, rate).is_above_noise for rate in (None, 0.01, 0.2)]
    assert told == [False, True, False]
