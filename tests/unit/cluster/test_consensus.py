"""Consensus: many partitions see what none of them sees."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import cdist, squareform

from builders import blobs
from rings import embraced, moons
from segmentry.cluster.consensus import (
    EXACT_ROWS,
    METHOD,
    MICRO_CLUSTERS,
    NAME,
    fit_consensus,
    fit_labels,
    gather_votes,
    sweep,
)
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.method import Sample
from segmentry.domain.crew import Crew
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.coassociation import coassociation


def fit(X, *band, seed=0, **changes):
    return fit_consensus(X, band, rng=np.random.default_rng(seed), **changes)


@pytest.mark.parametrize("drawn", [moons, embraced])
@pytest.mark.parametrize("n_rows", [600, EXACT_ROWS + 500])
def test_shapes_are_found_where_k_means_cuts_across_them(drawn, n_rows):
    X, truth = drawn(n_rows)
    straight = fit_kmeans(X, 2, rng=np.random.default_rng(0)).labels
    assert adjusted_rand_index(straight, truth) < 0.6
    assert adjusted_rand_index(fit(X, 2)[0].labels, truth) > 0.9


def test_segments_are_those_of_scipy_for_the_same_votes():
    X, _ = blobs(200, k=4, gap=4.0)
    votes = gather_votes(X, rng=np.random.default_rng(0))
    gaps = 1.0 - coassociation(votes, np.arange(200))
    theirs = fcluster(linkage(squareform(gaps, checks=False), "average"), 4, "maxclust")
    assert adjusted_rand_index(fit(X, 4)[0].labels, theirs) > 0.95


def test_votes_come_from_several_methods_and_numbers():
    X, _ = blobs(300, k=3)
    votes = gather_votes(X, rng=np.random.default_rng(0))
    assert len(votes) == 40
    assert len({len(np.unique(v)) for v in votes}) > 5
    # Columns of few values have no bell curves: mixtures do not vote.
    assert len(gather_votes(np.round(X / 12), rng=np.random.default_rng(0))) < 40


def test_every_number_comes_from_one_hierarchy():
    X, _ = blobs(300, k=4, gap=4.0)
    coarse, fine = fit(X, 3, 6)
    assert (coarse.n_clusters, fine.n_clusters) == (3, 6)
    assert all(len(np.unique(coarse.labels[fine.labels == g])) == 1 for g in range(6))


def test_many_rows_are_merged_from_small_clusters():
    X, truth = blobs(EXACT_ROWS + 300, k=5, d=5)
    (found,) = fit(X, 5)
    assert adjusted_rand_index(found.labels, truth) == 1.0
    assert found.arguments["n_points"] == pytest.approx(MICRO_CLUSTERS, rel=0.05)
    assert METHOD.manner(X) == "on 1,000 small clusters that stand for 1,800 rows"
    assert METHOD.manner(X[:10]) == ""


def test_a_sweep_has_two_hierarchies_and_repeats_itself():
    X, truth = blobs(200, k=3)
    first, second = (sweep(Sample(X, (2, 3, 5), 7, Crew(hands))) for hands in (1, 2))
    assert list(first) == [2, 3, 5]
    assert len(first[3].partitions) == 2
    assert first[3].partitions[0].method == NAME
    assert adjusted_rand_index(first[3].partitions[0].labels, truth) == 1.0
    for k, fits in first.items():
        np.testing.assert_array_equal(fits.partitions[0].labels, second[k].partitions[0].labels)


def test_fits_from_scratch_draw_only_from_the_chance_given():
    X, truth = blobs(700, k=3)
    first, second = (fit_labels(X, 3, np.random.default_rng(4), {}) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert adjusted_rand_index(first, truth) == 1.0


@pytest.mark.parametrize(
    ("X", "k"),
    [(np.zeros((1, 2)), 2), (np.eye(2), 2), (np.zeros((40, 2)), 1), (np.eye(3), 5)],
    ids=["one row", "two rows", "equal rows", "more segments than rows"],
)
def test_little_data_makes_no_more_segments_than_rows(X, k):
    (found,) = fit(X, k)
    assert found.n_clusters <= min(k, len(X))


def test_k_means_votes_on_parts_of_the_rows_and_puts_all_rows_to_their_centres():
    X, _ = blobs(400, k=3, gap=3.0)
    votes = gather_votes(X, rng=np.random.default_rng(0))[:30]
    rng = np.random.default_rng(0)
    k = int(rng.integers(10, 31, 30)[0])
    part = rng.permutation(400)[:320]
    centres = fit_kmeans(X[part], k, rng=rng, n_starts=1).centres
    theirs = cdist(X, centres).argmin(axis=1)
    np.testing.assert_array_equal(votes[0], theirs)
    assert all(v.shape == (400,) for v in votes)


def test_few_distinct_rows_vote_whatever_part_of_them_is_drawn():
    X = np.repeat([[0.0, 1.0], [5.0, 5.0], [9.0, 0.0]], [30, 3, 1], axis=0)
    for seed in range(10):
        assert adjusted_rand_index(fit(X, 3, seed=seed)[0].labels, X[:, 0].astype(int)) > 0.9
