"""Sums that are exact, and what is unknown."""

from __future__ import annotations

from decimal import Decimal

import ibis
import pyarrow as pa
import pytest

from segmentry.domain.formula import Aggregate, Measure, Over
from segmentry.features.reduce import reduction

CONNECTION = ibis.duckdb.connect()


def reduced(aggregate: Aggregate, **columns: list[object]) -> object:
    rows = ibis.memtable(pa.table(columns))
    return CONNECTION.to_pyarrow(rows.aggregate(x=reduction(rows, aggregate, None)))["x"][0].as_py()


def test_tenths_add_up_exactly() -> None:
    tenth = [Decimal("0.1")] * 10
    assert reduced(Aggregate(Measure.SUM, "amount"), amount=tenth) == 1.0


def test_squares_of_large_whole_numbers_are_exact() -> None:
    seconds = [3_000_000_001, 1]
    steps = Aggregate(Measure.SQUARES, "gap_seconds", over=Over.STEPS)
    assert reduced(steps, gap_seconds=seconds) == float(3_000_000_001**2 + 1)


def test_a_sum_of_nothing_known_is_not_known() -> None:
    assert reduced(Aggregate(Measure.SUM, "amount"), amount=pa.array([None], pa.int64())) is None
    assert reduced(Aggregate(Measure.SUM, "amount"), amount=pa.array([], pa.int64())) == 0.0


def test_what_cannot_be_computed_is_refused() -> None:
    with pytest.raises(ValueError, match=r"top.amount. cannot be computed"):
        reduced(Aggregate(Measure.TOP, "amount"), amount=[1])
