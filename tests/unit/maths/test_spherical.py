"""Spherical k-means sees directions, and nothing but them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from clouds import normal_cloud
from segmentry.errors import MathsError
from segmentry.maths.spherical import kmeans_spherical, rest_on_sphere


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def directions(n: int = 600, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Rows of any length around three directions."""
    own = rng(seed)
    truth = own.integers(0, 3, n)
    X = np.eye(3, 5)[truth] + 0.15 * own.normal(size=(n, 5))
    return X * np.exp(own.normal(size=(n, 1))), truth


def away(X: np.ndarray, labels: np.ndarray, centres: np.ndarray) -> float:
    units = X / np.linalg.norm(X, axis=1, keepdims=True)
    return float((1 - (units * centres[labels]).sum(axis=1)).sum())


def test_directions_are_found_whatever_the_lengths() -> None:
    X, truth = directions()
    found = kmeans_spherical(X, 3, rng=rng())
    assert len(set(zip(found.labels.tolist(), truth.tolist(), strict=True))) == 3


def test_rows_have_the_centre_with_the_largest_cosine() -> None:
    X = normal_cloud(900, 4, seed=1)
    found = kmeans_spherical(X, 5, rng=rng())
    np.testing.assert_allclose(np.linalg.norm(found.centres, axis=1), 1.0, rtol=1e-9)
    assert ((X @ found.centres.T).argmax(axis=1) == found.labels).mean() > 0.999
    assert found.inertia == pytest.approx(away(X, found.labels, found.centres), rel=1e-4)


def test_centres_are_means_of_directions_brought_to_length_one() -> None:
    X, _ = directions(seed=2)
    found = kmeans_spherical(X, 3, rng=rng())
    units = X / np.linalg.norm(X, axis=1, keepdims=True)
    for j in range(3):
        mean = units[found.labels == j].mean(axis=0)
        np.testing.assert_allclose(found.centres[j], mean / np.linalg.norm(mean), atol=1e-3)


def test_it_is_as_tight_as_k_means_of_the_directions() -> None:
    X = normal_cloud(1_500, 4, seed=3)
    units = X / np.linalg.norm(X, axis=1, keepdims=True)
    theirs = KMeans(4, n_init=10, random_state=0).fit(units)
    centres = theirs.cluster_centers_ / np.linalg.norm(theirs.cluster_centers_, axis=1)[:, None]
    own = kmeans_spherical(X, 4, rng=rng())
    assert own.inertia <= 1.005 * away(X, theirs.labels_, centres)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1_000))
def test_lengths_change_nothing(seed: int) -> None:
    X, _ = directions(200, seed)
    longer = X * np.float64(2.0) ** rng(seed).integers(-300, 300, (200, 1))
    one, other = (kmeans_spherical(rows, 3, rng=rng()) for rows in (X, longer))
    np.testing.assert_array_equal(one.labels, other.labels)


def test_a_weight_is_so_many_equal_rows() -> None:
    X, _ = directions(300, seed=4)
    counts = rng(5).integers(1, 4, 300)
    one = kmeans_spherical(X, 3, rng=rng(), weights=counts.astype(float))
    many = kmeans_spherical(np.repeat(X, counts, axis=0), 3, rng=rng())
    assert one.inertia == pytest.approx(many.inertia, rel=1e-3)


def test_opposite_rows_have_no_mean_direction_and_harm_nothing() -> None:
    found = kmeans_spherical(np.array([[1.0, 0.0], [-1.0, 0.0]]), 1, rng=rng())
    assert np.isfinite(found.centres).all()
    assert found.inertia == pytest.approx(2.0)


@pytest.mark.parametrize("bad", [0.0, np.nan])
def test_rows_without_direction_are_refused(bad: float) -> None:
    with pytest.raises(MathsError, match="no direction"):
        kmeans_spherical(np.array([[1.0, 0.0], [bad, bad]]), 1, rng=rng())


def test_more_clusters_than_rows_are_refused() -> None:
    with pytest.raises(MathsError, match="3 rows cannot make 4 clusters"):
        kmeans_spherical(np.eye(3), 4, rng=rng())


def plainly(units: np.ndarray, centres: np.ndarray) -> tuple[list[int], np.ndarray]:
    """Give each row the largest cosine, centres their mean directions, until nobody moves."""
    labels: list[int] = []
    while True:
        found = [max(range(len(centres)), key=lambda j: sum(u * c for u, c in zip(row, centres[j],
                 strict=True))) for row in units]  # fmt: skip
        if found == labels:
            return labels, centres
        labels = found
        means = [units[[i for i, g in enumerate(found) if g == j]].mean(axis=0)
                 for j in range(len(centres))]  # fmt: skip
        centres = np.array([m / np.sqrt((m * m).sum()) for m in means])


@pytest.mark.parametrize("seed", range(5))
def test_rest_is_where_plain_passes_end(seed: int) -> None:
    X = normal_cloud(200, 4, seed=seed)
    units = X / np.linalg.norm(X, axis=1, keepdims=True)
    labels, centres = plainly(units, units[:4])
    found = rest_on_sphere(units, units[:4])
    assert found.labels.tolist() == labels
    np.testing.assert_allclose(found.centres, centres, atol=1e-12)
    assert found.inertia == pytest.approx(away(units, found.labels, centres), rel=1e-9)


def test_a_weight_is_so_many_equal_rows_at_rest() -> None:
    X = normal_cloud(150, 4, seed=1)
    units = X / np.linalg.norm(X, axis=1, keepdims=True)
    counts = rng(5).integers(0, 4, 150)
    one = rest_on_sphere(units, units[:3], weights=counts.astype(float))
    many = rest_on_sphere(np.repeat(units, counts, axis=0), units[:3])
    np.testing.assert_allclose(one.centres, many.centres, atol=1e-12)
    assert one.inertia == pytest.approx(many.inertia, rel=1e-9)


def test_no_cluster_is_empty_where_there_are_directions_enough() -> None:
    units = np.repeat(np.eye(6), 10, axis=0)
    found = rest_on_sphere(units, units[:6])  # six centres in one place
    assert np.bincount(found.labels, minlength=6).tolist() == [10] * 6
    few = rest_on_sphere(units[:20], units[:4])
    assert len(set(few.labels.tolist())) == 2
