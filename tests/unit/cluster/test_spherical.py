"""Spherical k-means: entities by their mix, those with nothing among them."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.preprocessing import normalize

from segmentry.cluster.compress import compress
from segmentry.cluster.cosine import amounts
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.method import Sample
from segmentry.cluster.search import search
from segmentry.cluster.spherical import METHOD, NAME, fit_labels, fit_spherical, manner, sweep
from segmentry.domain.crew import Crew
from segmentry.domain.progress import Silent
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.directions import directions
from usage import mixes, standard


def rng(seed=0):
    return np.random.default_rng(seed)


def raw(n=300, seed=0):
    """Draw counts of three mixes, none of them all zeros but for a row that has nothing."""
    X = amounts(mixes(n, seed=seed)[0])
    X = X[X.any(axis=1)]
    return np.vstack([X, np.zeros(X.shape[1])])


@pytest.mark.parametrize("seed", range(3))
def test_mixes_are_told_apart_where_k_means_sees_amounts(seed):
    X, truth = mixes(seed=seed)
    straight = fit_kmeans(X, 3, rng=rng()).labels
    assert adjusted_rand_index(straight, truth) < 0.5
    assert adjusted_rand_index(fit_labels(X, 3, rng(), {}), truth) > 0.9


@pytest.mark.parametrize("k", [3, 5])
def test_it_is_as_tight_as_scikit_learn_on_directions(k):
    X = raw()
    units = normalize(X[:-1])
    theirs = KMeans(k, n_init=10, random_state=0).fit(units)
    centres = normalize(theirs.cluster_centers_)
    away = float((1 - (units * centres[theirs.labels_]).sum(axis=1)).sum())
    ours = min(float(fit_spherical(X, k, rng=rng(s)).arguments["away"]) for s in range(2))
    # The row with nothing is like no other: alone among the rows it adds one at most.
    assert ours <= away * 1.01 + 1.0


def test_rows_have_the_centre_with_the_largest_cosine():
    X = raw()
    found = fit_spherical(X, 4, rng=rng())
    np.testing.assert_allclose(np.linalg.norm(found.centres, axis=1), 1.0)
    cosines = normalize(X[:-1]) @ found.centres[:, :-1].T
    np.testing.assert_array_equal(found.labels[:-1], cosines.argmax(axis=1))
    np.testing.assert_array_equal(found.answers(X), found.labels)


def test_using_twice_as_much_or_being_scaled_changes_no_segment():
    X = raw()
    plain = fit_spherical(X, 3, rng=rng())
    more = X * rng().uniform(0.5, 3.0, (len(X), 1))
    np.testing.assert_array_equal(fit_spherical(more, 3, rng=rng()).labels, plain.labels)
    moved = fit_spherical(X - 5.0, 3, rng=rng())
    np.testing.assert_array_equal(moved.labels, plain.labels)
    np.testing.assert_allclose(moved.origin, -5.0)


def test_rows_with_nothing_are_together_and_a_segment_where_they_are_many():
    X = np.vstack([raw(), np.zeros((80, 24))])
    nothing = ~X.any(axis=1)
    found = fit_spherical(X, 4, rng=rng())
    (own,) = set(found.labels[nothing].tolist())
    assert not (found.labels[~nothing] == own).any()
    few = fit_spherical(raw(), 3, rng=rng())
    assert np.bincount(few.labels, minlength=3).min() > 50
    assert manner(X) == "81 rows with nothing held to be alike"
    assert manner(np.eye(3) + 1.0) == ""


@pytest.mark.parametrize(
    ("X", "k"),
    [
        (np.zeros((5, 2)), 2),
        (np.vstack([np.zeros((9, 2)), np.outer(np.arange(1, 9), [1.0, 2.0])]), 3),
        (np.repeat(np.eye(4), 3, axis=0), 4),
        (np.ones((1, 2)), 1),
    ],
    ids=["nothing", "one mix", "as many as there are", "one row"],
)
def test_no_cluster_is_empty_however_few_directions_there_are(X, k):
    found = fit_spherical(X, k, rng=rng())
    n_directions = len(np.unique(np.round(directions(X, X.min(axis=0)), 9), axis=0))
    assert found.n_clusters == min(k, n_directions)
    assert set(found.labels.tolist()) == set(range(found.n_clusters))


def test_sparse_usage_of_one_thing_at_a_time_makes_no_empty_cluster():
    X = np.eye(6)[rng().choice(6, 400, p=[0.5, 0.3, 0.1, 0.05, 0.04, 0.01])]
    X *= rng().poisson(3, (400, 1))
    for k in range(2, 8):
        labels = fit_labels(X, k, rng(k), {})
        assert np.bincount(labels).min() > 0
        assert len(set(labels.tolist())) == min(k, 7)


def test_weights_are_so_many_equal_rows():
    X = raw(150)
    counts = rng(1).integers(1, 4, len(X))
    one = fit_spherical(X, 3, rng=rng(), weights=counts.astype(float))
    many = fit_spherical(np.repeat(X, counts, axis=0), 3, rng=rng())
    assert one.arguments["away"] == pytest.approx(many.arguments["away"], rel=1e-6)
    assert adjusted_rand_index(np.repeat(one.labels, counts), many.labels) == 1.0


def test_a_sweep_repeats_itself_and_leaves_out_what_has_fewer_directions():
    X, _ = mixes(200)
    first, second = (sweep(Sample(X, (2, 3), 7, Crew(hands))) for hands in (1, 2))
    assert list(first) == [2, 3]
    for k, fits in first.items():
        told = [p.arguments["away"] for p in fits.partitions]
        assert told == sorted(told)
        np.testing.assert_array_equal(fits.partitions[0].labels, second[k].partitions[0].labels)
    assert list(sweep(Sample(np.repeat(np.eye(3), 9, axis=0), (3, 4), 0, Crew()))) == [3]


def test_the_assigner_answers_by_direction_and_keeps_every_label():
    X, truth = mixes()
    trial = search(X, range(3, 4), seed=0, progress=Silent(), methods=(NAME,))[0]
    assert trial.fidelity == 1.0
    assigner = compress(trial.best, X)
    answers = assigner.answer(X)
    assert adjusted_rand_index(answers.segment, truth) > 0.9
    heavy = trial.best.origin + 50.0 * amounts(X)
    again = assigner.answer(heavy)
    np.testing.assert_array_equal(again.segment, answers.segment)
    np.testing.assert_allclose(again.anomaly_score, answers.anomaly_score, rtol=1e-6)
    straight = fit_kmeans(X, 3, rng=rng())
    assert compress(straight, X).answer(heavy).anomaly.mean() > 0.5


def test_full_columns_are_objected_to():
    assert METHOD.objection(rng().normal(size=(50, 4))).startswith("only 2")
    assert METHOD.objection(standard(raw())) == ""
