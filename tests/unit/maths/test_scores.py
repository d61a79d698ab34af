"""Classes as equal as ties allow."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.maths.scores import even_borders, scored

columns = st.lists(st.integers(0, 7), min_size=1, max_size=40)


def cost(values: list[int], borders: list[float]) -> int:
    sizes = np.bincount(np.searchsorted(borders, values, side="right"))
    return int((sizes**2).sum())


@given(columns, st.integers(1, 5))
def test_no_other_borders_make_classes_more_equal(values: list[int], k: int) -> None:
    found = even_borders(np.array(values, dtype=float), k)
    between = sorted({v + 0.5 for v in values})[:-1]
    n = min(k, len(set(values))) - 1
    assert len(found) == n
    best = min(cost(values, list(b)) for b in combinations(between, n)) if n else len(values) ** 2
    assert cost(values, list(found)) == best


@given(columns, st.integers(2, 5))
def test_no_score_is_empty_and_scores_rise_with_values(values: list[int], k: int) -> None:
    column = np.array(values, dtype=float)
    scores = scored(column, even_borders(column, k))
    assert set(scores) == set(range(1, min(k, len(set(values))) + 1))
    order = np.argsort(column)
    assert (np.diff(scores[order]) >= 0).all()


def test_many_values_are_cut_into_fifths() -> None:
    values = np.random.default_rng(0).lognormal(size=20_000)
    sizes = np.bincount(scored(values, even_borders(values, 5)).astype(int))[1:]
    assert sizes == pytest.approx(4_000, rel=0.01)


def test_unknown_values_have_no_score() -> None:
    values = np.array([1.0, np.nan, 3.0])
    found = scored(values, even_borders(values, 5))
    assert found[0] == 1.0
    assert np.isnan(found[1])
    assert found[2] == 2.0
