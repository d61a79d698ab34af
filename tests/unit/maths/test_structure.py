"""Structureless draws keep what they should keep, and ties become the ranges they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest, spearmanr

from clouds import bent_cloud, normal_cloud, two_humps, zero_inflated_cloud
from segmentry.errors import MathsError
from segmentry.maths.dip import dip_p_value, dip_statistic
from segmentry.maths.structure import (
    atom_share,
    correlations,
    fit_one_cloud,
    latent_scores,
    normal_scores,
    spread_atoms,
    spread_ties,
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def draw_of(X: np.ndarray, seed: int = 0) -> np.ndarray:
    cloud = fit_one_cloud(X, latent_scores(X, rng()), latent=np.zeros(X.shape[1], dtype=bool))
    return cloud.draw(rng(seed))


def test_values_that_all_differ_have_no_atom() -> None:
    assert atom_share(rng().normal(size=100)) == 0.0


def test_a_heap_at_the_edge_is_an_atom_earlier_than_one_inside() -> None:
    inside = np.r_[np.full(8, 0.5), np.linspace(0, 1, 92)]
    at_edge = np.r_[np.full(7, 0.0), np.linspace(0, 1, 93)]
    assert atom_share(inside) == 0.0
    assert atom_share(at_edge) == pytest.approx(0.08)


def test_an_indicator_is_nothing_but_atoms() -> None:
    assert atom_share(np.r_[np.zeros(70), np.ones(30)]) == 1.0


def test_ties_are_spread_between_the_midpoints() -> None:
    column = np.repeat([0.0, 1.0, 3.0], 200)
    spread = spread_ties(column, rng())
    for value, low, high in ((0, 0.0, 0.5), (1, 0.5, 2.0), (3, 2.0, 3.0)):
        mine = spread[column == value]
        assert low <= mine.min() < mine.max() <= high


def test_values_without_a_tie_stay_as_they_are() -> None:
    column = rng().normal(size=50)
    np.testing.assert_array_equal(spread_ties(column, rng()), column)
    np.testing.assert_array_equal(spread_ties(np.ones(5), rng()), np.ones(5))


def test_only_atoms_are_spread_where_a_gap_beside_few_rows_counts() -> None:
    two_values = np.repeat([0.0, 1.0], [300, 100])
    pairs = np.repeat(np.r_[np.arange(100.0), np.arange(200.0, 300.0)], 2)
    X = np.column_stack([two_values, pairs])
    spread = spread_atoms(X, rng())
    assert spread[:300, 0].max() <= 0.5 <= spread[300:, 0].min()
    assert len(np.unique(spread[:, 0])) == 400
    np.testing.assert_array_equal(spread[:, 1], pairs)


def test_rows_without_atoms_are_not_copied() -> None:
    X = rng().normal(size=(50, 2))
    assert spread_atoms(X, rng()) is X


def test_rounding_makes_no_humps_once_ties_are_spread() -> None:
    rounded = np.round(rng(1).normal(size=3_000) * 4)
    assert dip_p_value(dip_statistic(rounded), 3_000) < 0.01
    assert dip_p_value(dip_statistic(spread_ties(rounded, rng())), 3_000) > 0.5


def test_scores_are_standard_normal_in_the_order_of_the_values() -> None:
    X = np.exp(normal_cloud(400, 2, seed=0))
    scores = latent_scores(X, rng())
    np.testing.assert_array_equal(np.argsort(scores, axis=0), np.argsort(X, axis=0))
    assert kstest(scores[:, 0], "norm").pvalue > 0.99


def test_scores_of_tied_rows_follow_the_other_columns() -> None:
    Z = normal_cloud(2_000, 2, rho=0.9, seed=0)
    X = np.stack([np.maximum(Z[:, 0], 0.0), Z[:, 1]], axis=1)
    scores = latent_scores(X, rng())
    zeros = X[:, 0] == 0
    assert scores[zeros, 0].max() < scores[~zeros, 0].min()
    assert np.corrcoef(scores[zeros].T)[0, 1] == pytest.approx(
        np.corrcoef(Z[zeros].T)[0, 1], abs=0.1
    )
    assert np.corrcoef(scores.T)[0, 1] == pytest.approx(0.9, abs=0.03)


def test_equal_scores_are_told_apart_by_their_rows() -> None:
    np.testing.assert_allclose(
        normal_scores(np.zeros((3, 1)))[:, 0], [-0.9674, 0, 0.9674], atol=1e-4
    )


def test_correlations_of_repeated_columns_can_be_inverted() -> None:
    column = rng().normal(size=(50, 1))
    assert np.isfinite(np.linalg.inv(correlations(np.hstack([column, column])))).all()


def test_draws_keep_centre_spread_and_rank_correlations() -> None:
    X = np.exp(0.5 * normal_cloud(3_000, 4, seed=1))
    drawn = draw_of(X)
    np.testing.assert_allclose(drawn.mean(axis=0), X.mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(drawn.std(axis=0), X.std(axis=0), atol=1e-9)
    np.testing.assert_allclose(spearmanr(drawn).statistic, spearmanr(X).statistic, atol=0.06)


def test_draws_keep_the_shape_of_a_column_with_one_hump() -> None:
    X = rng(2).gamma(2.0, size=(3_000, 2))
    drawn = draw_of(X)
    assert (
        np.abs(np.quantile(drawn, [0.1, 0.5, 0.9]) - np.quantile(X, [0.1, 0.5, 0.9])).max() < 0.15
    )


def test_draws_have_one_hump_where_the_data_has_two() -> None:
    X = two_humps(2_000, seed=0)
    assert dip_p_value(dip_statistic(X[:, 0]), 2_000) < 1e-6
    assert dip_p_value(dip_statistic(draw_of(X)[:, 0]), 2_000) > 0.05


def test_draws_of_a_bow_are_bent_and_fan_out() -> None:
    drawn = draw_of(bent_cloud(3_000, seed=0))
    along, across = drawn[:, 0], drawn[:, 1]
    middle = across[np.abs(along) < 0.5].mean()
    assert across[along < -1.5].mean() > middle
    assert across[along > 1.5].mean() > middle


def test_latent_columns_stay_normal() -> None:
    X = zero_inflated_cloud(1_000, seed=0)
    scores = latent_scores(X, rng())
    cloud = fit_one_cloud(scores, scores, latent=np.ones(6, dtype=bool))
    assert kstest(cloud.draw(rng())[:, 0], "norm").pvalue > 0.99


def test_equal_chance_gives_equal_draws_and_other_chance_others() -> None:
    X = normal_cloud(200, 3, seed=0)
    np.testing.assert_array_equal(draw_of(X, 5), draw_of(X, 5))
    assert not np.array_equal(draw_of(X, 5), draw_of(X, 6))


def test_a_single_column_can_be_fitted() -> None:
    assert draw_of(rng().normal(size=(100, 1))).shape == (100, 1)


def test_a_constant_column_is_refused() -> None:
    X = np.c_[np.ones(10), np.arange(10.0)]
    with pytest.raises(MathsError, match="constant column"):
        fit_one_cloud(X, X, latent=np.zeros(2, dtype=bool))


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(MathsError, match="its scores"):
        fit_one_cloud(np.ones((3, 2)), np.ones((2, 2)), latent=np.zeros(2, dtype=bool))
