"""DBSCAN: shapes that k-means cuts across, noise, and what a search sees of it."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import DBSCAN

from builders import blobs
from rings import moons, uneven
from segmentry.cluster.compress import FIDELITY, compress, stand_in
from segmentry.cluster.dbscan import METHOD, NAME, fit_dbscan, fit_labels, objection, sweep
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.method import Sample
from segmentry.cluster.noise import numbered
from segmentry.domain.crew import Crew
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.density import knee, kth_distances


def fit(X, seed=0):
    return fit_dbscan(X, rng=np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(3))
def test_shapes_are_found_where_k_means_cuts_across_them(seed):
    X, truth = moons(2_000, seed=seed)
    straight = fit_kmeans(X, 2, rng=np.random.default_rng(0)).labels
    assert adjusted_rand_index(straight, truth) < 0.6
    assert adjusted_rand_index(fit_labels(X, 2, np.random.default_rng(0), {}), truth) > 0.95


def test_rows_far_from_all_others_are_noise_and_its_share_is_told():
    X, truth = uneven()
    found = fit(X)
    assert found.n_clusters == 3
    assert (found.labels[truth == -1] == -1).mean() > 0.9
    assert found.arguments["noise_share"] == pytest.approx((found.labels == -1).mean(), abs=1e-6)
    assert 0.03 < found.arguments["noise_share"] < 0.2


def test_noise_is_answered_with_the_nearest_segment_and_as_an_anomaly():
    X, truth = uneven()
    found, fidelity = stand_in(fit(X), X, rng=np.random.default_rng(0))
    assert fidelity >= FIDELITY
    answers = compress(found, X).answer(X)
    assert set(answers.segment.tolist()) == {0, 1, 2}
    assert answers.anomaly[truth == -1].mean() > 0.9
    assert answers.anomaly[truth >= 0].mean() < 0.15


def test_a_sweep_gives_what_is_found_where_the_band_holds_it():
    X, _ = blobs(400, k=3)
    found = sweep(Sample(X, (2, 3, 4), 7, Crew()))
    assert list(found) == [3]
    assert found[3].partitions[0].method == NAME
    assert np.isfinite(found[3].bic)
    assert sweep(Sample(X, (5, 6), 7, Crew())) == {}


def test_a_sweep_draws_nothing_and_repeats_itself():
    X, _ = uneven()
    first, second = (sweep(Sample(X, (2, 3, 4), 7, Crew(hands))) for hands in (1, 2))
    assert list(first) == list(second)
    np.testing.assert_array_equal(first[3].partitions[0].labels, second[3].partitions[0].labels)


def test_fits_from_scratch_leave_no_row_without_a_label():
    X, _ = uneven()
    labels = METHOD.refit(X, 3, np.random.default_rng(0), {})
    assert set(labels.tolist()) == {0, 1, 2}


@pytest.mark.parametrize(
    "X",
    [
        np.zeros((1, 2)),
        np.eye(2),
        np.zeros((50, 2)),
        np.column_stack([np.arange(30.0), [5.0] * 30]),
    ],
    ids=["one row", "two rows", "equal rows", "a constant column"],
)
def test_rows_with_nothing_to_find_give_at_most_one_segment(X):
    assert fit(X).n_clusters <= 1
    assert fit_labels(X, 3, np.random.default_rng(0), {}).min() == 0


def test_scale_changes_nothing():
    X, _ = uneven()
    np.testing.assert_array_equal(fit(X * 1e9).labels, fit(X).labels)


def test_many_columns_are_objected_to():
    assert objection(np.zeros((5, 40))).startswith("in 40 columns")
    assert objection(np.zeros((5, 3))) == ""


@pytest.mark.parametrize("seed", range(2))
def test_labels_are_those_of_scikit_learn_with_the_same_radius(seed):
    X, _ = uneven(seed=seed)
    ours = fit(X)
    radius, count = ours.arguments["radius"], ours.arguments["min_samples"]
    # The radius is some row's own distance, which rounding must not leave out.
    theirs = DBSCAN(eps=radius * (1 + 1e-7), min_samples=count).fit_predict(X)
    large = numbered(theirs, least=19)
    assert adjusted_rand_index(ours.labels, large) > 0.999


def test_the_radius_is_the_knee_of_the_distances():
    X, _ = uneven()
    found = fit(X)
    assert found.arguments["radius"] == knee(kth_distances(X, found.arguments["min_samples"]))
