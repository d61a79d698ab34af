"""What weights of rows mean, asked of every method of the catalogue alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist
from sklearn.cluster import DBSCAN, KMeans

from crowds import CROWDS, N_GROUPS, crowd_of
from segmentry.cluster.catalogue import CATALOGUE, METHODS, method
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.method import Fits, Sample, inertia
from segmentry.cluster.personas import fit_personas
from segmentry.cluster.search import search
from segmentry.domain.crew import Crew
from segmentry.domain.progress import Silent
from segmentry.errors import WeightError
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.coassociation import coassociation
from segmentry.maths.density import dbscan, kth_distances
from segmentry.maths.medoids import partition_around_medoids
from segmentry.maths.mixture import fit_mixture, spherical_bic
from segmentry.maths.spanning import spanning_tree

RNG = np.random.default_rng
WEIGHING = tuple(m.name for m in CATALOGUE if not m.weighs_not)
BY_COPIES = tuple(m for m in WEIGHING if m not in {"spectral", "robust linkage"})
"""Those to which a weight of three is three rows: neighbours of copies are the copies themselves,
and robust linkage merges a copy only after what would make sizes more even."""

UNMOVED = {"complete linkage", "single linkage", "dbscan"}
"""Two that feel no weights, and one that has no borders where nothing is clear."""

K = N_GROUPS


def crowd(name: str, n: int = 240, seed: int = 3):
    """Draw rows that suit a method, and whole weights from 1 to 4."""
    rng = RNG(seed)
    return CROWDS[crowd_of(name)](rng, n), rng.integers(1, 5, n).astype(np.float64)


def groups(name: str, n: int = 240, seed: int = 5):
    """Draw rows whose groups nobody can miss, as the method likes them."""
    X, weights = crowd(name, n, seed)
    if crowd_of(name) == "numbers":
        rng = RNG(seed)
        X = 14.0 * np.eye(5)[rng.integers(0, K, n)] + rng.normal(size=(n, 5))
    return X, weights


def fitted(name: str, X, weights=None, seed: int = 0):
    return method(name).labels(X, K, RNG(seed), {}, weights)


def swept(name: str, X, weights=None) -> Fits:
    return method(name).sweep(Sample(X, (K,), 0, Crew(1), weights=weights))[K]


def searched(name: str, X, weights=None):
    rows = {"seed": 0, "progress": Silent(), "methods": (name,), "crew": Crew(1)}
    return search(X, range(3, 6), weights=weights, **rows)


@pytest.mark.parametrize("name", METHODS)
def test_weights_that_are_all_alike_change_no_byte(name):
    X, _ = crowd(name)
    for plain, even in zip(searched(name, X), searched(name, X, np.full(len(X), 2.5)), strict=True):
        assert plain.best.centres.tobytes() == even.best.centres.tobytes()
        assert plain.own.tobytes() == even.own.tobytes()
        assert (plain.bic, dict(plain.best.arguments)) == (even.bic, dict(even.best.arguments))
    assert fitted(name, X).tobytes() == fitted(name, X, np.ones(len(X))).tobytes()


@pytest.mark.parametrize("name", WEIGHING)
def test_only_ratios_of_weights_matter(name):
    X, weights = crowd(name)
    for one, other in zip(searched(name, X, weights), searched(name, X, 8 * weights), strict=True):
        assert one.own.tobytes() == other.own.tobytes()
        assert one.bic == other.bic


@pytest.mark.parametrize("name", WEIGHING)
def test_rows_of_no_weight_move_nothing_and_get_a_label(name):
    X, weights = crowd(name)
    astray = RNG(9).permutation(X.ravel()).reshape(X.shape)[:60]
    both = np.vstack([X, astray])
    found = fitted(name, both, np.append(weights, np.zeros(len(astray))))
    np.testing.assert_array_equal(found[: len(X)], fitted(name, X, weights))
    assert (found >= 0).all()


@pytest.mark.parametrize("name", BY_COPIES)
def test_whole_weights_are_as_many_copies(name):
    X, weights = groups(name)
    owners = np.repeat(np.arange(len(X)), weights.astype(int))
    copied = fitted(name, X[owners])
    firsts = np.flatnonzero(np.diff(owners, prepend=-1))
    found = fitted(name, X, weights)
    assert adjusted_rand_index(found, copied[firsts]) > (0.97 if name == "personas" else 0.999)


@pytest.mark.parametrize("name", ["spectral", "robust linkage"])
def test_what_is_not_as_many_copies_finds_clear_groups_all_the_same(name):
    X, weights = groups(name)
    assert adjusted_rand_index(fitted(name, X, weights), fitted(name, X)) == 1.0


@pytest.mark.parametrize("name", WEIGHING)
def test_heavy_rows_draw_the_centres_of_every_method(name):
    X, _ = groups(name)
    plain = swept(name, X).partitions[0]
    heavy = np.where(X[:, -1] > np.median(X[:, -1]), 20.0, 1.0)
    drawn = swept(name, X, heavy / heavy.mean()).partitions[0]
    if name not in {"jaccard medoids", "cosine medoids"}:  # a medoid may stand for both
        assert not np.allclose(
            np.sort(plain.centres.sum(axis=1)), np.sort(drawn.centres.sum(axis=1))
        )
    assert drawn.n_clusters == plain.n_clusters


@pytest.mark.parametrize("name", sorted(set(WEIGHING) - UNMOVED))
def test_weights_move_borders_where_nothing_is_clear(name):
    rng = RNG(8)
    X = {
        "numbers": rough()[0],
        "usage": rng.poisson(1.5, (160, 6)).astype(np.float64),
        "yes and no": (rng.random((160, 8)) < 0.4).astype(np.float64),
        "numbers and words": crowd("k-prototypes")[0],
    }[crowd_of(name)]
    heavy = np.where(X[:, 0] >= np.quantile(X[:, 0], 0.7), 9.0, 1.0)
    assert adjusted_rand_index(fitted(name, X, heavy), fitted(name, X)) < 1.0


@pytest.mark.parametrize("name", sorted(set(METHODS) - set(WEIGHING)))
def test_a_method_that_takes_no_weights_says_so_and_what_to_take(name):
    X, weights = crowd(name)
    with pytest.raises(WeightError, match=rf"(?s){name} takes no weights.*E5071.*try: take "):
        searched(name, X, weights)
    with pytest.raises(WeightError, match=f"{name} takes no weights"):
        fitted(name, X, weights)


def rough():
    """Draw rows without clear groups, so that weights decide where borders run."""
    rng = RNG(11)
    return rng.normal(size=(160, 3)) * [3.0, 2.0, 1.0], rng.integers(1, 6, 160).astype(np.float64)


def copied(X, weights):
    owners = np.repeat(np.arange(len(X)), weights.astype(int))
    return X[owners], np.flatnonzero(np.diff(owners, prepend=-1))


@pytest.mark.parametrize("name", ["ward", "average linkage", "complete linkage", "single linkage"])
def test_a_tree_of_weighted_rows_is_that_of_copies_where_nothing_is_clear(name):
    X, weights = rough()
    rows, firsts = copied(X, weights)
    own, theirs = (swept(name, x, w).partitions[0] for x, w in ((X, weights), (rows, None)))
    assert adjusted_rand_index(own.labels, theirs.labels[firsts]) == 1.0
    order = [np.lexsort(p.centres.T) for p in (own, theirs)]
    np.testing.assert_allclose(own.centres[order[0]], theirs.centres[order[1]])
    if name in {"ward", "average linkage"}:  # where weights move borders
        plain = swept(name, X).partitions[0]
        assert adjusted_rand_index(own.labels, plain.labels) < 1.0


def test_kmeans_reaches_the_weighted_inertia_of_scikit_learn():
    X, weights = rough()
    theirs = KMeans(K, n_init=50, random_state=0).fit(X, sample_weight=weights)
    fits = [fit_kmeans(X, K, rng=RNG(s), n_starts=10, weights=weights) for s in range(5)]
    found = min(inertia(X, p, weights) for p in fits)
    assert found == pytest.approx(theirs.inertia_, rel=1e-3)
    plain = fit_kmeans(X, K, rng=RNG(0), n_starts=50)
    assert inertia(X, plain, weights) > found * 1.001


@pytest.mark.parametrize("covariances", ["full", "tied", "diagonal", "spherical"])
def test_a_mixture_of_weighted_rows_is_that_of_copies(covariances):
    X, weights = rough()
    rows, _ = copied(X, weights)
    owners = np.repeat(np.arange(len(X)), weights.astype(int))
    start = np.arange(len(X)) % 3
    own = fit_mixture(X, start, covariances=covariances, weights=weights, tolerance=1e-9)
    theirs = fit_mixture(rows, start[owners], covariances=covariances, tolerance=1e-9)
    np.testing.assert_allclose(own.coefficients, theirs.coefficients, rtol=1e-6, atol=1e-8)
    for a, b in ((own.log_likelihood, theirs.log_likelihood), (own.entropy, theirs.entropy)):
        assert a / len(X) == pytest.approx(b / len(rows))
    plain = fit_mixture(X, start, covariances=covariances, tolerance=1e-9)
    assert not np.allclose(own.coefficients, plain.coefficients, rtol=1e-3)


def test_dense_regions_of_weighted_rows_are_those_of_scikit_learn_and_of_copies():
    X, weights = rough()
    weights = weights * 0.7  # no whole numbers: sums are what counts
    theirs = DBSCAN(eps=1.0, min_samples=12).fit(X, sample_weight=weights)
    own = dbscan(X, 1.0, 12, weights=weights)
    core = theirs.core_sample_indices_
    assert adjusted_rand_index(own[core], theirs.labels_[core]) == 1.0
    np.testing.assert_array_equal(own == -1, theirs.labels_ == -1)
    assert 0 < len(core) < len(X)
    assert (own != dbscan(X, 1.0, 12)).any()


@given(st.integers(0, 1000), st.integers(1, 60))
@settings(deadline=None, max_examples=25)
def test_weighted_kth_distances_are_those_of_copies(seed, k):
    rng = RNG(seed)
    X, weights = rng.normal(size=(40, 2)), rng.integers(1, 5, 40).astype(np.float64)
    rows, firsts = copied(X, weights)
    own = kth_distances(X, k, weights=weights)
    np.testing.assert_allclose(own, kth_distances(rows, k)[firsts], atol=1e-7)


def test_core_distances_of_a_weighted_tree_are_those_of_copies():
    X, weights = rough()
    rows, firsts = copied(X, weights)
    own = spanning_tree(X, smoothing=9, weights=weights)
    theirs = spanning_tree(rows, smoothing=9)
    for height in np.quantile(own[:, 2], [0.3, 0.6, 0.8, 0.95]):
        parts = joined(theirs, len(rows), height)[firsts]
        assert adjusted_rand_index(joined(own, len(X), height), parts) == 1.0


def joined(tree, n: int, height: float):
    """Give points that lines up to a height hold together one number."""
    first, second = tree[tree[:, 2] <= height * (1 + 1e-9), :2].astype(int).T
    lines = csr_array((np.ones(len(first)), (first, second)), shape=(n, n))
    return connected_components(lines, directed=False)[1]


def test_medoids_of_weighted_rows_are_as_good_as_those_of_copies():
    X, weights = rough()
    rows, _ = copied(X, weights)
    gaps, theirs = cdist(X, X), cdist(rows, rows)
    for s in range(5):
        own = partition_around_medoids(gaps, K, rng=RNG(s), weights=weights)
        again = gaps[:, own.rows].min(axis=1) @ weights
        assert own.deviation == pytest.approx(again)
        # No single swap betters it: it is a rest of the copies' problem too.
        for place in range(K):
            others = gaps[:, np.delete(own.rows, place)].min(axis=1)
            swapped = np.minimum(others[:, None], gaps).T @ weights
            assert swapped.min() >= own.deviation * (1 - 1e-6)
    best = min(partition_around_medoids(theirs, K, rng=RNG(s)).deviation for s in range(5))
    tried = (partition_around_medoids(gaps, K, rng=RNG(s), weights=weights) for s in range(5))
    assert min(one.deviation for one in tried) == pytest.approx(best, rel=0.02)


def test_parts_of_weighted_usage_explain_what_those_of_copies_do():
    X, weights = crowd("personas")
    rows, _ = copied(X, weights)
    own = fit_personas(X, K, rng=RNG(0), weights=weights).arguments["error"]
    theirs = fit_personas(rows, K, rng=RNG(0)).arguments["error"]
    assert own == pytest.approx(theirs, rel=0.02)
    assert own != pytest.approx(fit_personas(X, K, rng=RNG(0)).arguments["error"], rel=1e-3)


def test_votes_of_weighted_rows_about_points_are_those_of_copies():
    rng = RNG(4)
    votes = [rng.integers(0, 4, 60) for _ in range(5)]
    points, weights = np.arange(60) % 7, rng.integers(1, 5, 60).astype(np.float64)
    owners = np.repeat(np.arange(60), weights.astype(int))
    own = coassociation(votes, points, weights)
    np.testing.assert_allclose(own, coassociation([v[owners] for v in votes], points[owners]))
    assert not np.allclose(own, coassociation(votes, points))


def test_the_criterion_of_round_clouds_knows_ratios_of_weights_only():
    X, weights = rough()
    labels = np.arange(len(X)) % 3
    assert spherical_bic(X, labels, weights) == pytest.approx(spherical_bic(X, labels, 9 * weights))
    assert spherical_bic(X, labels, np.ones(len(X))) == pytest.approx(spherical_bic(X, labels))
    # By hand, from the weighted scatter: n stays the number of rows.
    heavy, (n, d) = weights / weights.mean(), X.shape
    held = np.bincount(labels, heavy)
    means = np.stack(
        [np.average(X[labels == g], axis=0, weights=heavy[labels == g]) for g in range(3)]
    )
    within = heavy @ ((X - means[labels]) ** 2).sum(axis=1)
    variance = within / (d * (n - 3))
    fit = -2 * (held * np.log(held / n)).sum() + n * d * np.log(2 * np.pi * variance) + (n - 3) * d
    assert spherical_bic(X, labels, weights) == pytest.approx(fit + (2 + 3 * d + 1) * np.log(n))
