"""The silhouette by hand and its refusals; the comparison with scikit-learn is an oracle test."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.domain.crew import Crew
from segmentry.errors import MathsError
from segmentry.maths.silhouette import mean_silhouette, silhouettes


def blobs(n: int, *, seed: int = 0, gap: float = 4.0, k: int = 3, d: int = 4):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, k, n)
    centres = gap * np.eye(k, d)
    return centres[labels] + rng.normal(size=(n, d)), labels


def test_the_silhouette_of_four_points_on_a_line_is_as_by_hand():
    X = np.array([[0.0], [1.0], [10.0], [11.0]])
    found = silhouettes(X, np.array([5, 5, 7, 7]))
    # a = 1 everywhere; b = 10.5, 9.5, 9.5, 10.5
    np.testing.assert_allclose(found, [9.5 / 10.5, 8.5 / 9.5, 8.5 / 9.5, 9.5 / 10.5])


def test_a_row_alone_in_its_cluster_has_silhouette_zero():
    X = np.array([[0.0], [1.0], [10.0]])
    assert silhouettes(X, np.array([0, 0, 1]))[2] == 0.0


def test_identical_rows_have_silhouette_zero_and_no_warning():
    assert not silhouettes(np.ones((6, 2)), np.array([0, 0, 0, 1, 1, 1])).any()


def test_queries_are_answered_in_their_order():
    X, labels = blobs(200)
    queries = np.array([17, 3, 99])
    np.testing.assert_allclose(
        silhouettes(X, labels, queries=queries), silhouettes(X, labels)[queries], atol=1e-12
    )


def test_a_query_is_no_company_to_itself_only_where_it_is_an_anchor():
    X = np.array([[0.0], [2.0], [4.0], [10.0], [12.0]])
    labels = np.array([0, 0, 0, 1, 1])
    found = silhouettes(X, labels, queries=np.array([1, 0]), anchors=np.array([0, 2, 3]))
    # Row 1: a = mean(2, 2), b = 8. Row 0 is an anchor: a = 4 over the one other, b = 10.
    np.testing.assert_allclose(found, [0.75, 0.6])


def test_anchors_that_miss_a_cluster_are_refused():
    X, labels = blobs(50)
    with pytest.raises(MathsError, match="every cluster needs at least one anchor"):
        silhouettes(X, labels, anchors=np.flatnonzero(labels == 0))


def test_one_cluster_is_refused():
    with pytest.raises(MathsError, match="at least two clusters and got 1"):
        silhouettes(np.zeros((3, 1)), np.zeros(3, dtype=np.int64))


def test_labels_of_another_length_are_refused():
    with pytest.raises(MathsError, match=r"X has shape \(3, 1\) but labels have \(2,\)"):
        silhouettes(np.zeros((3, 1)), np.array([0, 1]))


def test_a_small_table_is_measured_exactly():
    X, labels = blobs(300)
    estimate = mean_silhouette(X, labels, rng=np.random.default_rng(1))
    values = silhouettes(X, labels)
    assert estimate.exact
    assert estimate.mean == pytest.approx(values.mean(), abs=1e-12)
    for label, mean in zip(estimate.labels, estimate.by_cluster, strict=True):
        assert mean == pytest.approx(values[labels == label].mean(), abs=1e-12)


def test_a_sample_weighs_clusters_by_their_true_shares():
    rng = np.random.default_rng(2)
    labels = np.r_[np.zeros(9_950, dtype=np.int64), np.ones(50, dtype=np.int64)]
    X = np.where(labels == 1, 3.0, 0.0)[:, None] + rng.normal(size=(10_000, 1))
    estimate = mean_silhouette(X, labels, rng=rng, n_queries=500)
    exact = silhouettes(X, labels)
    assert not estimate.exact
    assert estimate.n_rows < 600
    assert estimate.mean == pytest.approx(exact.mean(), abs=0.05)
    assert estimate.low <= exact.mean() <= estimate.high


def test_the_interval_covers_the_mean_of_all_rows_at_its_rate():
    X, labels = blobs(4_000, gap=2.5)
    exact = silhouettes(X, labels).mean()
    covered = 0
    for seed in range(60):
        estimate = mean_silhouette(X, labels, rng=np.random.default_rng(seed), n_queries=300)
        covered += estimate.low <= exact <= estimate.high
    assert covered >= 52  # 95 % of 60 is 57; 51 or fewer has a chance below one in a hundred


def test_the_interval_is_ordered_and_inside_the_range():
    X, labels = blobs(40, gap=30.0)
    estimate = mean_silhouette(X, labels, rng=np.random.default_rng(0))
    assert -1 <= estimate.low <= estimate.mean <= estimate.high <= 1
    assert (estimate.cluster_low <= estimate.by_cluster).all()
    assert (estimate.by_cluster <= estimate.cluster_high).all()


def test_a_cluster_of_one_row_leaves_the_interval_finite():
    X, labels = blobs(60)
    labels[0] = 9
    estimate = mean_silhouette(X, labels, rng=np.random.default_rng(0))
    assert np.isfinite([estimate.mean, estimate.low, estimate.high]).all()
    assert estimate.by_cluster[-1] == 0.0


def test_equal_chance_gives_equal_estimates():
    X, labels = blobs(5_000)
    first = mean_silhouette(X, labels, rng=np.random.default_rng(3), n_queries=400)
    second = mean_silhouette(X, labels, rng=np.random.default_rng(3), n_queries=400)
    assert (first.mean, first.low, first.high) == (second.mean, second.low, second.high)


def test_wide_tables_give_the_same_figures_by_matrix_product():
    X, labels = blobs(120, d=70)
    far = X + 1_000.0
    by_hand = silhouettes(X[:, :4], labels)
    padded = silhouettes(np.hstack([far[:, :4], np.full((120, 66), 1_000.0)]), labels)
    np.testing.assert_allclose(padded, by_hand, atol=1e-9)


def test_many_distances_in_single_precision_give_the_same_silhouettes():
    X, labels = blobs(10_100, gap=2.0)
    far = 1e6 * X + 1e7
    many = silhouettes(far, labels)
    halves = [silhouettes(X, labels, queries=np.arange(a, a + 500)) for a in (0, 5_000)]
    np.testing.assert_allclose(many[:500], halves[0], atol=2e-5)
    np.testing.assert_allclose(many[5_000:5_500], halves[1], atol=2e-5)
    both = many[:500].mean() - halves[0].mean()
    assert abs(both) < 1e-6


def test_hands_do_not_change_a_digit():
    X, labels = blobs(10_100, d=2)
    options = {"n_queries": 10_050, "strata": "depths"}
    first, second = (
        mean_silhouette(X, labels, rng=np.random.default_rng(0), spread=Crew(n).map, **options)
        for n in (1, 2)
    )
    assert (first.mean, first.low, first.high) == (second.mean, second.low, second.high)


def test_strata_of_depths_vary_less_and_still_cover():
    X, labels = blobs(4_000, gap=2.5)
    exact = silhouettes(X, labels).mean()
    covered, means = 0, {"clusters": [], "depths": []}
    for seed in range(30):
        for strata, found in means.items():
            estimate = mean_silhouette(
                X, labels, rng=np.random.default_rng(seed), n_queries=400, strata=strata
            )
            found.append(estimate.mean)
        covered += estimate.low <= exact <= estimate.high
    assert covered >= 25
    assert np.std(means["depths"]) < 0.6 * np.std(means["clusters"])


def test_labels_far_apart_are_told_apart():
    X, labels = blobs(60)
    wide = mean_silhouette(X, labels * 10**12 - 5, rng=np.random.default_rng(0))
    plain = mean_silhouette(X, labels, rng=np.random.default_rng(0))
    assert wide.mean == plain.mean
    assert wide.labels.tolist() == [-5, 10**12 - 5, 2 * 10**12 - 5]
