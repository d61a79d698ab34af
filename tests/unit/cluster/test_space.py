"""A wide sample is searched on its leading axes, and what is found there holds in all columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.space import AXES, WIDE, Space
from segmentry.domain.partition import Partition
from segmentry.maths.agreement import adjusted_rand_index


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def wide_blobs(n: int = 500, columns: int = WIDE + 150, k: int = 4):
    truth = rng(1).integers(0, k, n)
    centres = 0.8 * rng(2).normal(size=(k, columns))
    return centres[truth] + rng(3).normal(size=(n, columns)) + 5.0, truth


def test_a_narrow_sample_is_searched_as_it_is() -> None:
    X = rng().normal(size=(50, WIDE))
    space = Space.of(X, rng())
    partition = Partition(np.zeros(50, dtype=np.int64), X[:1], "k-means")
    assert space.into(X) is X
    assert space.lifted(partition) is partition


def test_groups_of_a_wide_sample_are_found_on_its_axes() -> None:
    X, truth = wide_blobs()
    space = Space.of(X, rng())
    inside = space.into(X)
    assert inside.shape == (len(X), AXES)
    found = fit_kmeans(inside, 4, rng=rng(4))
    assert adjusted_rand_index(found.labels, truth) == pytest.approx(1.0)


def test_labels_are_the_same_in_all_columns_and_centres_are_means() -> None:
    X, _ = wide_blobs()
    space = Space.of(X, rng())
    found = fit_kmeans(space.into(X), 6, rng=rng(5))
    lifted = space.lifted(found)
    gaps = ((X[:, None, :] - lifted.centres) ** 2).sum(axis=2)
    np.testing.assert_array_equal(gaps.argmin(axis=1), found.labels)
    assert lifted.centres.shape == (6, X.shape[1])


def test_hardly_any_scatter_is_lost_between_groups() -> None:
    X, truth = wide_blobs()
    space = Space.of(X, rng())
    means = np.stack([X[truth == g].mean(axis=0) for g in range(4)])
    inside = space.into(means)
    full = ((means - means.mean(axis=0)) ** 2).sum()
    assert ((inside - inside.mean(axis=0)) ** 2).sum() > 0.95 * full


def test_radii_of_the_space_are_not_those_of_all_columns() -> None:
    X, _ = wide_blobs()
    space = Space.of(X, rng())
    found = replace(fit_kmeans(space.into(X), 4, rng=rng(5)), radii=np.ones(4))
    assert space.lifted(found).radii is None
