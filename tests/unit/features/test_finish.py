"""Arithmetic with what is not known."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa
import pytest

from segmentry.domain.formula import (
    Aggregate,
    Constant,
    Function,
    Larger,
    Measure,
    Reached,
    Where,
    Words,
)
from segmentry.features.finish import finished

A, B = Aggregate(Measure.SUM, "a"), Aggregate(Measure.SUM, "b")
N = Aggregate(Measure.COUNT)


def value(
    formula: Any, a: float | None = None, b: float | None = None, n: int | None = None
) -> Any:
    row = pa.table({"a": pa.array([a], "double"), "b": pa.array([b], "double"), "n": [n or 0]})
    table = ibis.memtable(row)
    if n is None:
        table = table.mutate(n=ibis.null("int64"))
    written = finished(formula, table, {A: "a", B: "b", N: "n"}, None)
    return ibis.duckdb.connect().to_pyarrow(table.select(x=written))["x"][0].as_py()


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [(A / B, None), (A + B, 4.0), (2.0 - A, -2.0), (Larger(A, B), 4.0), (Constant(3.0) * A, 12.0)],
)
def test_a_number_is_not_divided_by_zero(formula: Any, wanted: float | None) -> None:
    assert value(formula, 4.0, 0.0) == wanted


def test_what_is_not_known_stays_unknown_but_for_counts() -> None:
    assert value(A + B, None, 1.0) is None
    assert value(Larger(A, B), None, 1.0) == 1.0
    assert value(Function("or zero", A)) == 0.0
    assert value(N + 1.0) == 1.0


def test_functions_have_their_domain() -> None:
    assert value(Function("sqrt", A), 9.0) == 3.0
    assert value(Function("ln", A), -1.0) is None
    assert value(Function("positive", A), -1.0) == 0.0


def test_a_formula_may_ask_for_enough() -> None:
    assert value(Where(A, B, 5.0), 1.0, 5.0) == 1.0
    assert value(Where(A, B, 5.0), 1.0, 4.9) is None


def test_steps_count_in_their_order() -> None:
    assert [value(Reached((A, B)), a, b) for a, b in ((1, 2), (2, 1), (None, 1), (1, 1))] == [
        *(2.0, 1.0),
        *(0.0, 2.0),
    ]


def test_the_first_word_that_fits_is_given() -> None:
    words = Words((((((A), True, 1.0), (B, False, 0.0)), "high"), (((A, True, 0.0),), "low")), "no")
    assert [value(words, a, b) for a, b in ((2, 0), (2, 1), (0, 0))] == ["high", "low", "no"]
