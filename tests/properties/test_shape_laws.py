"""Laws of the dip, of silhouettes and of structureless draws."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from segmentry.maths.dip import dip_p_value, dip_statistic, nearest_hump
from segmentry.maths.silhouette import silhouettes
from segmentry.maths.structure import latent_scores, spread_ties

whole = st.integers(-50, 50).map(float)
samples = arrays(np.float64, st.integers(2, 40), elements=whole)


@given(samples, st.integers(-5, 5), st.sampled_from([-2.0, 0.5, 4.0]))
def test_the_dip_feels_no_shift_no_stretch_and_no_mirror(
    values: np.ndarray, shift: int, stretch: float
) -> None:
    assert np.isclose(dip_statistic(stretch * values + shift), dip_statistic(values), atol=1e-12)


@given(samples)
def test_the_dip_lies_between_its_bounds(values: np.ndarray) -> None:
    dip = dip_statistic(values)
    assert dip == 0.0 or 1 / (2 * len(values)) - 1e-12 <= dip <= 0.5
    assert 0 < dip_p_value(dip, len(values)) <= 1


@given(samples)
def test_the_nearest_hump_is_within_twice_the_dip(values: np.ndarray) -> None:
    if np.ptp(values) == 0:
        return
    places, shares = nearest_hump(values)
    x, counts = np.unique(values, return_counts=True)
    upper = np.cumsum(counts) / len(values)
    middle = upper - counts / (2 * len(values))
    gap = np.abs(np.interp(x, places, shares) - middle).max()
    assert gap <= 2 * dip_statistic(values) + 1e-9


@given(st.integers(0, 10_000), st.permutations([0, 1, 2]))
def test_names_of_clusters_do_not_matter_to_silhouettes(seed: int, names: list[int]) -> None:
    rng = np.random.default_rng(seed)
    X, labels = rng.normal(size=(30, 2)), np.arange(30) % 3
    renamed = np.array(names)[labels]
    np.testing.assert_allclose(silhouettes(X, renamed), silhouettes(X, labels), atol=1e-12)


@given(st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter_to_silhouettes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    X, labels, order = rng.normal(size=(30, 2)), np.arange(30) % 3, rng.permutation(30)
    moved = silhouettes(X[order], labels[order])
    np.testing.assert_allclose(moved, silhouettes(X, labels)[order], atol=1e-12)


@given(arrays(np.float64, st.tuples(st.integers(5, 40), st.integers(1, 3)), elements=whole))
def test_scores_and_spread_ties_keep_the_order_of_values(X: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    scores = latent_scores(X, rng)
    for column, score in zip(X.T, scores.T, strict=True):
        for moved in (score, spread_ties(column, rng)):
            ordered = moved[np.argsort(column, kind="stable")]
            starts = np.flatnonzero(np.diff(np.sort(column), prepend=-np.inf))
            highest = np.maximum.reduceat(ordered, starts)
            lowest = np.minimum.reduceat(ordered, starts)
            assert (highest[:-1] <= lowest[1:] + 1e-12).all()
