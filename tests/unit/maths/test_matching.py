from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from segmentry.errors import MathsError
from segmentry.maths.matching import best_matching


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 7), st.integers(0, 9), st.booleans())
def test_no_other_matching_is_worth_more(seed: int, n: int, more: int, whole: bool) -> None:
    rng = np.random.default_rng(seed)
    shape = (n, n + more)
    worth = rng.integers(-3, 4, shape).astype(float) if whole else rng.normal(size=shape)
    found = best_matching(worth)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    assert len(set(found.tolist())) == n
    assert worth[np.arange(n), found].sum() == pytest.approx(worth[rows, columns].sum())


def test_nothing_is_matched_with_nothing() -> None:
    assert best_matching(np.zeros((0, 3))).tolist() == []


def test_more_rows_than_columns_are_refused() -> None:
    with pytest.raises(MathsError, match="3 rows cannot each have one of 2 columns"):
        best_matching(np.zeros((3, 2)))
