"""Rows are kept near zero in single precision, and copied only where they must be."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.errors import MathsError
from segmentry.maths.rowset import framed, rowset, spread_index


def cloud(seed: int = 0, n: int = 300) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 3))


def test_rows_in_single_precision_near_zero_are_not_copied() -> None:
    X = cloud().astype(np.float32)
    assert np.shares_memory(rowset(X).values, X)


@pytest.mark.parametrize("shift", [0.0, 1e4, -1e9])
@pytest.mark.parametrize("stretch", [1e-9, 1.0, 1e9])
def test_points_go_inward_and_come_back(shift: float, stretch: float) -> None:
    X = cloud(1) * stretch + shift * stretch
    rows = rowset(X)
    assert np.abs(rows.values).max() < 1e4
    np.testing.assert_allclose(rows.outward(rows.inward(X)), X, rtol=1e-12)
    np.testing.assert_allclose(rows.values, rows.inward(X), rtol=1e-5, atol=1e-4)


def test_squares_are_those_of_the_rows_as_they_are_kept() -> None:
    rows = rowset(cloud(2) + 1e6)
    np.testing.assert_allclose(rows.squares, (rows.values**2).sum(axis=1), rtol=1e-5)


def test_rows_stored_by_column_are_read_as_well() -> None:
    X = np.asfortranarray(cloud(3).astype(np.float32))
    np.testing.assert_array_equal(rowset(X).values, X)


def test_one_row_far_beyond_all_others_makes_no_overflow() -> None:
    X = cloud(4, 20_001)
    X[1] = 1e30
    assert np.isfinite(rowset(X).squares).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_rows_that_are_not_finite_are_refused(bad: float) -> None:
    X = cloud(5, 20_001)
    X[1, 1] = bad
    with pytest.raises(MathsError, match="rows must be finite"):
        rowset(X)
    with pytest.raises(MathsError, match="rows must be finite"):
        framed(X, None, np.zeros(3), 1.0)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (3,)])
def test_no_rows_or_no_columns_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(MathsError, match="cannot be clustered"):
        rowset(np.ones(shape))


@pytest.mark.parametrize("weights", [[1.0, 2.0], [1.0, -1.0, 1.0], [0.0, 0.0, 0.0]])
def test_weights_that_do_not_fit_are_refused(weights: list[float]) -> None:
    with pytest.raises(MathsError, match="3 rows need as many weights"):
        rowset(np.eye(3), np.array(weights))


def test_a_sample_takes_one_row_of_each_stretch() -> None:
    index = spread_index(1_000, 100, np.random.default_rng(0))
    np.testing.assert_array_equal(index // 10, np.arange(100))


def test_a_sample_of_all_rows_is_the_rows_themselves() -> None:
    rows = rowset(cloud(6))
    assert rows.sample(300, np.random.default_rng(0)) is rows


def test_a_sample_keeps_weights_with_their_rows() -> None:
    X = cloud(7)
    rows = rowset(X.astype(np.float32), np.arange(1.0, 301.0))
    some = rows.sample(30, np.random.default_rng(0))
    for value, weight in zip(some.values, some.weights, strict=True):
        np.testing.assert_array_equal(value, X[int(weight) - 1].astype(np.float32))


def test_totals_count_weights() -> None:
    rows = rowset(np.array([[1.0], [2.0]], dtype=np.float32), np.array([3.0, 1.0]))
    assert (rows.total, rows.scatter) == (4.0, 7.0)


def test_a_coreset_keeps_totals_and_sums_of_squares() -> None:
    X = np.random.default_rng(6).standard_t(2, size=(20_000, 3))
    rows = rowset(X)
    few = rows.coreset(2_000, np.random.default_rng(0))
    assert len(few) == 2_000
    assert few.total == pytest.approx(rows.total, rel=0.05)
    assert few.scatter == pytest.approx(rows.scatter, rel=0.05)
    for centre in X[:5]:
        gaps = ((rows.values - centre) ** 2).sum(axis=1)
        drawn = ((few.values - centre) ** 2).sum(axis=1)
        assert drawn @ few.weights == pytest.approx(gaps.sum(), rel=0.1)


def test_a_coreset_holds_far_rows_that_an_even_draw_misses() -> None:
    X = cloud(7, 20_000)
    X[:20] += 100.0
    drawn = rowset(X).coreset(1_000, np.random.default_rng(0))
    assert (drawn.values[:, 0] > 50).sum() > 100


def test_a_coreset_of_weighted_rows_stands_for_their_weights() -> None:
    X, weights = cloud(8, 5_000), np.linspace(0.0, 2.0, 5_000)
    rows = rowset(X, weights)
    few = rows.coreset(1_000, np.random.default_rng(0))
    assert few.total == pytest.approx(rows.total, rel=0.05)
    assert few.scatter == pytest.approx(rows.scatter, rel=0.05)


def test_a_coreset_of_all_rows_or_of_rows_all_alike_is_no_special_case() -> None:
    rows = rowset(cloud(9, 50))
    assert rows.coreset(50, np.random.default_rng(0)) is rows
    alike = rowset(np.zeros((100, 2))).coreset(10, np.random.default_rng(0))
    np.testing.assert_allclose(alike.weights, 10.0)
