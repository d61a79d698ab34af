"""Aggregates that the catalogue does not ask for, or asks for in one way only."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.domain.formula import Aggregate, Measure, Over
from segmentry.features.arrays.column import Column
from segmentry.features.arrays.reduce import Reducer
from segmentry.features.arrays.rows import Rows

EVENTS = Rows(
    np.array([0, 3, 3, 4]),
    {
        "amount": Column(np.array([5, 0, 0, 7]), np.array([True, False, True, False])),
        "score": Column(np.array([0.0, -0.0, 2.0, 3.0])),
    },
)


def told(measure: Measure, of: str | None) -> list[float | None]:
    found = Reducer(EVENTS).of(Aggregate(measure, of, "history"))
    return [None if np.isnan(v) else float(v) for v in found]


def test_a_sum_is_null_where_nothing_is_known_and_zero_where_nothing_happened() -> None:
    assert told(Measure.SUM, "amount") == [5.0, 0.0, None]
    assert told(Measure.COUNT, "amount") == [2.0, 0.0, 0.0]
    assert told(Measure.MOST, "amount") == [5.0, None, None]
    assert told(Measure.MEDIAN, "amount") == [2.5, None, None]


def test_zero_has_one_value() -> None:
    assert told(Measure.DISTINCT, "score") == [2.0, 0.0, 1.0]
    assert told(Measure.TOP, "score") == [2.0, None, 1.0]
    assert told(Measure.PAIRS, "score") == [5.0, 0.0, 1.0]
    assert told(Measure.SURPRISE, "score") == pytest.approx([2 * np.log(2), 0.0, 0.0])


def test_what_has_no_meaning_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be computed"):
        told(Measure.MEDIAN, None)
    with pytest.raises(ValueError, match="with others"):
        Reducer(EVENTS).of(Aggregate(Measure.COUNT, over=Over.ORDERS))
