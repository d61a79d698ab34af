"""Formulas over aggregates, with NaN as the unknown, as the statements have null."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.domain.formula import (
    Aggregate,
    Constant,
    Days,
    Formula,
    Function,
    Larger,
    Measure,
    Reached,
    Where,
    Words,
)
from segmentry.features.arrays.finish import number, words

A, B = Aggregate(Measure.MOST, "a"), Aggregate(Measure.MOST, "b")
N = Aggregate(Measure.COUNT)
NO = np.nan
FOUND = {A: np.array([1.0, -4.0, NO]), B: np.array([2.0, 0.0, 5.0]), N: np.array([1.0, NO, 3.0])}


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        (A, [1.0, -4.0, NO]),
        (N, [1.0, 0.0, 3.0]),
        (A / B, [0.5, NO, NO]),
        (A + 1.0, [2.0, -3.0, NO]),
        (2.0 - B, [0.0, 2.0, -3.0]),
        (A * B, [2.0, 0.0, NO]),
        (Larger(A, B), [2.0, 0.0, 5.0]),
        (Larger(B, A), [2.0, 0.0, 5.0]),
        (Function("positive", A), [1.0, 0.0, NO]),
        (Function("ln", A), [0.0, NO, NO]),
        (Function("or zero", A), [1.0, -4.0, 0.0]),
        (Function("sqrt", Function("positive", A)), [1.0, 0.0, NO]),
        (Where(B, A, 0.0), [2.0, NO, NO]),
        (Constant(3.0), [3.0, 3.0, 3.0]),
        (Days(B, until=A), [-1 / 864e8, -4 / 864e8, NO]),
        (Reached((A, B)), [2.0, 2.0, 0.0]),
        (Reached((B, A)), [1.0, 1.0, 1.0]),
    ],
)
def test_a_formula_is_computed(formula: Formula, wanted: list[float]) -> None:
    assert number(formula, FOUND, None, 3) == pytest.approx(wanted, nan_ok=True)


def test_words_are_those_of_the_first_case_that_holds() -> None:
    cases = ((((A, True, 0.0),), "up"), (((A, False, 0.0), (B, False, 1.0)), "down"))
    assert words(Words(cases, "neither"), FOUND, None, 3).tolist() == ["up", "down", "neither"]


def test_days_to_the_cut_need_one() -> None:
    assert number(Days(B), FOUND, 0, 3)[0] == pytest.approx(-2 / 864e8)
    with pytest.raises(ValueError, match="no cut"):
        number(Days(B), FOUND, None, 3)
