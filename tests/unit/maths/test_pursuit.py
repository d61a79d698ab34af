"""Directions along which a cloud falls in two."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import silhouette_score

from segmentry.maths.pursuit import _cut, _silhouette, measure_directions


def cloud(n: int = 600, d: int = 8, *, gap: float = 0.0, share: float = 0.5, seed: int = 0):
    """Draw columns that share one cause; groups lie apart across it."""
    rng = np.random.default_rng(seed)
    X = 4.0 * rng.normal(size=(n, 1)) + rng.normal(size=(n, d))
    X[:, 0] += gap * (rng.random(n) < share)
    return X


@pytest.mark.parametrize("share", [0.5, 0.2])
def test_groups_that_a_common_cause_hides_are_found(share: float) -> None:
    plain = measure_directions(cloud()).grouping
    found = measure_directions(cloud(gap=6.0, share=share))
    grouped = found.grouping
    assert grouped.silhouettes.max() > plain.silhouettes.max() + 0.1
    assert grouped.valleys.max() > plain.valleys.max() + 2.0
    assert found.nearness[grouped.silhouettes.argmax()] < 0.9


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.permutations(range(5)))
def test_units_order_and_sums_of_columns_change_nothing(seed: int, order: list[int]) -> None:
    rng = np.random.default_rng(seed)
    X = cloud(200, 5, gap=5.0, seed=seed)
    turn = np.linalg.qr(rng.normal(size=(5, 5)))[0]
    turned = (X @ turn * 10.0 ** rng.integers(-3, 4, 5) + 7.0)[:, order]
    a, b = measure_directions(X).grouping, measure_directions(turned).grouping
    assert a.silhouettes == pytest.approx(b.silhouettes, abs=1e-6)
    assert a.valleys == pytest.approx(b.valleys, abs=1e-3)


def test_a_direction_that_is_a_column_says_so() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(800, 4))
    X[:, 2] += 6.0 * rng.integers(0, 2, 800)
    found = measure_directions(X)
    assert found.nearness[found.grouping.silhouettes.argmax()] > 0.95
    assert (found.nearness <= 1.0 + 1e-9).all()


def test_the_order_of_rows_changes_nothing() -> None:
    X = cloud(gap=5.0)
    a, b = measure_directions(X).grouping, measure_directions(X[::-1]).grouping
    assert a.silhouettes == pytest.approx(b.silhouettes, abs=1e-9)


@given(st.lists(st.floats(-100, 100), min_size=40, max_size=80, unique=True))
def test_the_cut_leaves_least_squares_within(values: list[float]) -> None:
    X = np.array(values)

    def within(cut: float) -> float:
        return sum(float(((p - p.mean()) ** 2).sum()) for p in (X[cut >= X], X[cut < X]))

    least = int(0.05 * len(X)) or 1
    allowed = np.sort(X)[least - 1 : len(X) - least]
    assert within(_cut(X)) <= min(within(c) for c in allowed) * (1 + 1e-9) + 1e-6


def test_silhouettes_are_those_of_scikit_learn() -> None:
    X = cloud(300)[:, 0]
    cut = _cut(X)
    assert _silhouette(X, cut) == pytest.approx(silhouette_score(X[:, None], cut < X))


@pytest.mark.parametrize(
    "X",
    [
        np.ones((50, 3)),
        np.repeat(np.arange(2.0), 30)[:, None],
        np.repeat(cloud(100, 1), 4, axis=1),
        np.c_[cloud(100, 2), np.ones(100)],
        cloud(10, 3),
        1e9 + cloud(200, 3),
    ],
)
def test_degenerate_clouds_have_figures(X: np.ndarray) -> None:
    found = measure_directions(X).grouping
    assert np.isfinite(found.silhouettes).all()
    assert np.isfinite(found.valleys).all()
    assert len(found.silhouettes) == len(found.valleys)
