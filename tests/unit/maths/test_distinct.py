"""Rows that repeat each other."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from segmentry.maths.distinct import distinct_rows


@given(
    arrays(np.int64, st.tuples(st.integers(1, 30), st.integers(1, 3)), elements=st.integers(0, 2))
)
def test_every_row_equals_the_first_of_its_kind(values):
    X = values.astype(float)
    firsts, owners = distinct_rows(X)
    np.testing.assert_array_equal(X[firsts[owners]], X)
    assert len({tuple(row) for row in X.tolist()}) == len(firsts)
    assert all(firsts[kind] <= row for row, kind in enumerate(owners))


def test_a_column_without_repeats_changes_nothing():
    X = np.column_stack([np.random.default_rng(0).normal(size=50), np.arange(50) % 3])
    firsts, owners = distinct_rows(X)
    np.testing.assert_array_equal(firsts, np.unique(X, axis=0, return_index=True)[1])
    np.testing.assert_array_equal(firsts[owners], np.arange(50))
