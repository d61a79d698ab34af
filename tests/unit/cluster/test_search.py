"""The search over numbers of segments."""

from __future__ import annotations

import numpy as np
import pytest

from builders import Listener, blobs
from segmentry.cluster.search import N_SEEDS, search
from segmentry.domain.progress import Silent
from segmentry.errors import FitError

X, _ = blobs(200, k=3)


def searched(rows=X, band=range(2, 5), *, seed=0, progress=None):
    return search(rows, band, seed=seed, progress=progress or Silent())


def test_every_number_of_the_band_is_tried():
    assert [t.best.n_clusters for t in searched()] == [2, 3, 4]


def test_the_labels_of_the_other_seeds_are_kept():
    for trial in searched():
        assert len(trial.others) == N_SEEDS - 1
        assert all(labels.shape == (200,) for labels in trial.others)


def test_the_best_fit_has_no_more_inertia_than_the_others():
    def inertia(labels):
        return sum(((X[labels == g] - X[labels == g].mean(axis=0)) ** 2).sum() for g in set(labels))

    for trial in searched(band=range(5, 8)):
        least = min(inertia(labels) for labels in trial.others)
        assert inertia(trial.best.labels) <= least * (1 + 1e-9)


def test_a_number_is_searched_alike_whatever_else_is_in_the_band():
    alone, among = searched(band=range(4, 5))[0], searched(band=range(2, 5))[2]
    np.testing.assert_array_equal(alone.best.centres, among.best.centres)


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


def test_progress_counts_the_numbers_tried():
    listener = Listener()
    searched(progress=listener)
    assert listener.steps == [(0, 3), (1, 3), (2, 3)]
