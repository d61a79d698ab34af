"""HDBSCAN: shapes that k-means cuts across, noise, and what a search sees of it."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import HDBSCAN

from builders import blobs
from rings import embraced, moons, uneven
from segmentry.cluster.compress import FIDELITY, compress, stand_in
from segmentry.cluster.hdbscan import METHOD, NAME, fit_hdbscan, fit_labels, objection, sweep
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.method import Sample
from segmentry.domain.crew import Crew
from segmentry.maths.agreement import adjusted_rand_index


def fit(X, seed=0):
    return fit_hdbscan(X, rng=np.random.default_rng(seed))


@pytest.mark.parametrize("drawn", [moons, embraced])
def test_shapes_are_found_where_k_means_cuts_across_them(drawn):
    X, truth = drawn()
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
def test_labels_are_those_of_scikit_learn(seed):
    X, _ = uneven(seed=seed)
    ours = fit(X)
    theirs = HDBSCAN(min_cluster_size=19, min_samples=10, copy=True).fit_predict(X)
    assert adjusted_rand_index(ours.labels, theirs) == 1.0


def test_several_shares_may_give_several_numbers():
    rng = np.random.default_rng(0)
    sizes = [300, 300, 40, 30]
    centres = np.array([[0.0, 0.0], [20.0, 0.0], [0.0, 20.0], [2.0, 24.0]])
    X = np.repeat(centres, sizes, axis=0) + rng.normal(scale=0.5, size=(sum(sizes), 2))
    found = sweep(Sample(X, tuple(range(2, 9)), 7, Crew()))
    assert {4, 3} <= set(found)
    assert all(fits.partitions[0].n_clusters == k for k, fits in found.items())
    shares = {k: fits.partitions[0].arguments["least_share"] for k, fits in found.items()}
    assert shares[4] < shares[3]
