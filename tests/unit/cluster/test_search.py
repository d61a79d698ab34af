"""The search over methods and numbers of segments."""

from __future__ import annotations

import numpy as np
import pytest

from builders import Listener, blobs
from segmentry.cluster.catalogue import CATALOGUE, METHODS
from segmentry.cluster.kmeans import FIRST_SEEDS, MOST_SEEDS
from segmentry.cluster.search import search
from segmentry.domain.crew import Crew
from segmentry.domain.progress import Silent
from segmentry.errors import FitError

X, TRUTH = blobs(200, k=3)
K_MEANS = ("k-means",)
SUITED = tuple(m.name for m in CATALOGUE if not m.objection(X))
"""Methods that have nothing against planted clouds."""

OWN_NUMBER = {"dbscan", "hdbscan"}
"""Those that find the number of segments themselves."""


def searched(rows=X, band=range(2, 5), *, seed=0, progress=None, methods=K_MEANS, hands=1):
    return search(
        rows, band, seed=seed, progress=progress or Silent(), methods=methods, crew=Crew(hands)
    )


def test_every_method_tries_every_number_of_the_band_simplest_first():
    found = [(t.best.method, t.best.n_clusters) for t in searched(methods=SUITED)]
    assert found == [(n, k) for n in SUITED for k in ((3,) if n in OWN_NUMBER else (2, 3, 4))]


@pytest.mark.parametrize("name", SUITED)
def test_every_method_finds_planted_groups(name):
    found = searched(band=range(3, 4), methods=(name,))[0]
    assert {tuple(np.unique(TRUTH[found.own == g])) for g in range(3)} == {(0,), (1,), (2,)}


def test_what_is_judged_is_what_prototypes_answer():
    for trial in searched(methods=METHODS):
        best = trial.best
        np.testing.assert_array_equal(best.labels, best.answers(X))
        if not np.isnan(trial.fidelity):
            told = trial.own >= 0  # noise has no label to keep
            assert trial.fidelity == (best.labels == trial.own)[told].mean()


def test_prototypes_are_not_sought_for_what_other_seeds_do_not_find():
    rows = np.random.default_rng(0).normal(size=(400, 4))
    trials = searched(rows, range(5, 9), methods=("gaussian mixture",))
    lucky = [t for t in trials if np.isnan(t.fidelity)]
    assert lucky
    assert all(len(t.best.centres) == t.best.n_clusters for t in lucky)


def test_the_labels_of_the_other_seeds_are_kept():
    for trial in searched():
        assert len(trial.others) in (FIRST_SEEDS - 1, MOST_SEEDS - 1)
        assert all(labels.shape == (200,) for labels in trial.others)


def test_more_seeds_are_asked_only_where_the_first_leave_doubt():
    clear = searched(band=range(3, 4))[0]
    noise = np.random.default_rng(1).normal(size=(300, 2))
    doubtful = searched(noise, range(4, 9))
    assert len(clear.others) == FIRST_SEEDS - 1
    assert MOST_SEEDS - 1 in {len(t.others) for t in doubtful}


def test_the_best_fit_has_no_more_inertia_than_the_others():
    def inertia(labels):
        return sum(((X[labels == g] - X[labels == g].mean(axis=0)) ** 2).sum() for g in set(labels))

    for trial in searched(band=range(5, 8)):
        least = min(inertia(labels) for labels in trial.others)
        assert inertia(trial.own) <= least * (1 + 1e-9)


def test_a_number_is_searched_alike_whatever_else_is_in_the_band():
    alone, among = searched(band=range(4, 5))[0], searched(band=range(2, 5))[2]
    np.testing.assert_array_equal(alone.best.centres, among.best.centres)


def test_the_number_of_hands_changes_nothing():
    rows, _ = blobs(3_200, k=4, d=3, gap=3.0)
    one, two = (searched(rows, range(3, 5), methods=METHODS, hands=h) for h in (1, 2))
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a.best.centres, b.best.centres)
        np.testing.assert_array_equal(a.own, b.own)
        assert (a.bic, len(a.others)) == (b.bic, len(b.others))


def test_another_seed_draws_other_starts():
    first, second = searched(band=range(7, 8)), searched(band=range(7, 8), seed=1)
    assert (first[0].best.centres != second[0].best.centres).any()


def test_numbers_beyond_the_distinct_rows_are_passed_over():
    rows = np.repeat(np.eye(3), 10, axis=0)
    assert [t.best.n_clusters for t in searched(rows, range(2, 6))] == [2, 3]


def test_as_many_segments_as_rows_are_passed_over():
    assert [t.best.n_clusters for t in searched(X[:4], range(2, 6))] == [2, 3]


def test_rows_too_alike_for_the_whole_band_are_refused():
    with pytest.raises(FitError, match=r"(?s)1 distinct entities cannot make 4 segments.*lower"):
        searched(np.ones((50, 2)), range(4, 9))


def test_methods_that_find_other_numbers_of_segments_are_told():
    with pytest.raises(FitError, match=r"(?s)dbscan found nothing with 7 to 8 segments.*E4003"):
        searched(band=range(7, 9), methods=("dbscan",))


def test_progress_goes_from_nothing_to_all():
    listener = Listener()
    searched(progress=listener, methods=METHODS)
    assert listener.steps == [(done, len(METHODS) + 1) for done in range(len(METHODS) + 2)]
