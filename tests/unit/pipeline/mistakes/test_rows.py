"""Rows spread evenly."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from segmentry.pipeline.mistakes.rows import MOST_ROWS, some_rows


@given(st.integers(1, 200_000), st.integers(1, 50_000))
def test_as_many_as_asked_for_ascending_and_within(n, most):
    rows = some_rows(n, most)
    assert len(rows) == min(n, most)
    assert (np.diff(rows) > 0).all()
    assert rows[0] == 0
    assert rows[-1] < n


def test_few_entities_are_all_looked_at():
    assert some_rows(MOST_ROWS).tolist() == list(range(MOST_ROWS))
