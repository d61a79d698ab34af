"""From a partition to an assigner."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.cluster.compress import FIDELITY, FIT_ROWS, by_size, compress, stand_in
from segmentry.cluster.kmeans import refine_kmeans
from segmentry.domain.partition import Partition
from segmentry.errors import MathsError
from segmentry.maths.agreement import adjusted_rand_index

LINE = np.array([[0.0], [10.0], [11.0], [12.0]])


def partition(*centres, n_rows=4):
    return Partition(np.zeros(n_rows, dtype=np.int64), np.array(centres)[:, None], "k-means")


def test_segments_are_ordered_by_size_largest_first():
    found = compress(partition(0.0, 11.0), LINE)
    assert found.prototypes.tolist() == [[11.0], [0.0]]
    assert found.groups.tolist() == [0, 1]


def test_segments_of_equal_size_keep_the_order_of_their_centres():
    found = compress(partition(0.0, 10.0), LINE[[0, 0, 1, 1]])
    assert found.prototypes.tolist() == [[0.0], [10.0]]


def test_a_centre_that_nobody_is_nearest_to_is_no_segment():
    assert compress(partition(0.0, 500.0, 11.0), LINE).n_segments == 2


def test_the_radius_is_the_far_out_fence_of_the_distances():
    X = np.array([[0.0], [1.0], [2.0], [3.0], [4.0]])
    # Quartiles of the distances 0 .. 4 are 1 and 3: the fence is 3 + 3 * 2.
    assert compress(partition(0.0, n_rows=5), X).radii.tolist() == [9.0]


def test_a_segment_of_identical_rows_has_a_small_radius_and_no_division_by_zero():
    found = compress(partition(2.0), np.full((4, 1), 2.0))
    assert found.radii.tolist() == [1e-9]
    assert found.answer(np.array([[2.0], [2.1]])).anomaly.tolist() == [False, True]


def test_the_answers_on_the_training_rows_are_the_partition():
    X, truth = blobs(300, k=4)
    found = refine_kmeans(X, np.array([X[truth == g].mean(axis=0) for g in range(4)]))
    answers = compress(found, X).answer(X)
    assert adjusted_rand_index(answers.segment, found.labels) == 1.0
    assert (np.diff(np.bincount(answers.segment)) <= 0).all()


def test_prototypes_are_rounded_so_that_a_fingerprint_can_be_equal():
    found = compress(partition(0.1 + 0.2), np.full((4, 1), 0.3))
    assert found.prototypes[0, 0] == 0.3


def embraced(n=800, seed=0):
    """Draw a disc and a ring around it: no straight border tells them apart."""
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % 2
    angle, radius = (
        rng.uniform(0, 2 * np.pi, n),
        np.where(truth == 0, 1.0, 4.0) * rng.uniform(0.8, 1.2, n),
    )
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), truth


def placed(X, labels, **changes):
    k = int(labels.max()) + 1
    centres = np.array([X[labels == g].mean(axis=0) for g in range(k)])
    return stand_in(
        Partition(labels, centres, "ward", {"n_segments": k}),
        X,
        rng=np.random.default_rng(0),
        **changes,
    )


def test_one_prototype_is_enough_where_borders_lie_halfway():
    X, truth = blobs(400, k=3)
    found, fidelity = placed(X, truth)
    assert fidelity == 1.0
    assert found.owners.tolist() == [0, 1, 2]
    assert (found.method, found.arguments) == ("ward", {"n_segments": 3})


def test_prototypes_are_added_until_they_keep_the_labels():
    X, truth = embraced()
    found, fidelity = placed(X, truth)
    assert fidelity >= FIDELITY
    assert len(found.centres) > 2
    assert placed(X, truth, counts=(1,))[1] < FIDELITY


def test_fidelity_is_the_share_of_labels_that_the_answers_keep():
    X, truth = embraced()
    found, fidelity = placed(X, truth, counts=(2,))
    np.testing.assert_array_equal(
        found.labels == truth, compress(found, X).answer(X).segment == truth
    )
    assert fidelity == (found.labels == truth).mean()


def test_labels_without_shape_are_kept_by_no_few_prototypes():
    rng = np.random.default_rng(0)
    _, fidelity = placed(rng.normal(size=(1_000, 5)), rng.integers(0, 2, 1_000))
    assert fidelity < FIDELITY


@pytest.mark.parametrize("seed", range(4))
def test_a_segment_of_one_row_among_thousands_has_a_prototype(seed):
    X = np.random.default_rng(0).normal(size=(FIT_ROWS * 3, 2))
    X[[5, 9]] = [[40.0, 0.0], [0.0, 40.0]]
    labels = np.zeros(len(X), dtype=np.int64)
    labels[[5, 9]] = 1, 2
    whole = Partition(labels, np.vstack([[0.0, 0.0], X[[5, 9]]]), "single linkage")
    found, fidelity = stand_in(whole, X, rng=np.random.default_rng(seed))
    assert (found.n_clusters, fidelity) == (3, 1.0)
    assert found.labels[[5, 9]].tolist() == [1, 2]


def test_several_prototypes_of_a_segment_become_one_segment_of_the_assigner():
    X, truth = embraced()
    found, _ = placed(X, truth)
    assigner = compress(found, X)
    assert assigner.n_segments == 2
    assert set(assigner.groups) == {0, 1}
    assert len(assigner.groups) == len(found.centres)
    agreement = adjusted_rand_index(assigner.answer(X).segment, found.labels)
    assert agreement == pytest.approx(1.0)


def with_noise(n=300):
    """Draw two blobs and, last, twenty rows far from both, which are noise."""
    X, truth = blobs(n, k=2, d=2)
    far = np.random.default_rng(1).uniform(60.0, 90.0, (20, 2))
    return np.vstack([X, far]), np.append(truth, np.full(20, -1))


def test_noise_gets_no_prototype_but_the_nearest_segment():
    X, labels = with_noise()
    found, fidelity = placed(X, labels)
    assert fidelity == 1.0
    assert np.abs(found.centres).max() < 20.0
    np.testing.assert_array_equal(found.labels[labels >= 0], labels[labels >= 0])
    nearest = ((X[-20:, None] - found.centres) ** 2).sum(axis=2).argmin(axis=1)
    np.testing.assert_array_equal(found.labels[-20:], found.owners[nearest])


def test_noise_is_told_as_far_out_however_much_there_is():
    X, labels = with_noise(60)
    found, _ = placed(X, labels)
    answers = compress(found, X).answer(X)
    assert answers.anomaly[labels == -1].all()
    assert not answers.anomaly[labels >= 0].any()


def test_fidelity_does_not_ask_noise():
    X, labels = with_noise()
    without, _ = placed(X[:-20], labels[:-20])
    found, fidelity = placed(X, labels)
    assert fidelity == 1.0
    assert without.radii is None
    assert found.radii.shape == (2,)


def test_noise_alone_has_nothing_that_could_stand_for_it():
    nothing = Partition(np.full(4, -1), np.empty((0, 1)), "dbscan")
    with pytest.raises(MathsError, match="none of 4 rows is clustered"):
        stand_in(nothing, LINE, rng=np.random.default_rng(0))


def test_the_order_of_clusters_is_told_apart_from_the_assigner():
    assert by_size(partition(0.0, 500.0, 11.0), LINE).tolist() == [2, 0]
