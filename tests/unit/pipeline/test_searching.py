"""The pieces of a search."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs, matrix
from segmentry.domain.crew import Crew
from segmentry.domain.progress import Silent
from segmentry.domain.project import SEARCH_ROWS, SegmentChoice
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.pipeline.searching import (
    fitter,
    ground_of,
    in_all_columns,
    labelled,
    resampled,
    search_matrix,
    with_jaccards,
)

X, TRUTH = blobs(300, k=5, seed=4)


def searched(choice=None):
    return search_matrix(
        matrix(X),
        choice or SegmentChoice(),
        seed=0,
        band=range(4, 7),
        steps=Silent(),
        crew=Crew(),
    )


def test_planted_groups_are_chosen_and_their_resamples_kept():
    found = searched()
    chosen = found.selection.chosen
    assert adjusted_rand_index(chosen.partition.labels, TRUTH) == 1.0
    again = with_jaccards((chosen,), {chosen.name: found.resamples})[0]
    assert again.scores == chosen.scores


def test_auto_tries_the_methods_of_a_run_and_all_those_that_suit_the_data():
    auto = ground_of(matrix(X), "auto", seed=0)
    everything = ground_of(matrix(X), "all", seed=0)
    assert set(auto.tried) < set(everything.tried)
    assert "personas" not in everything.tried
    np.testing.assert_array_equal(auto.X, everything.X)
    why = {m.name: m.reason for m in everything.methods}
    assert why["jaccard medoids"] == "Not tried: 4 of 4 columns take more than two values."


def test_of_many_rows_a_sample_is_searched():
    rows = np.random.default_rng(0).normal(size=(SEARCH_ROWS + 50, 2))
    ground = ground_of(matrix(rows), ("k-means",), seed=0)
    assert ground.X.shape == (SEARCH_ROWS, 2)
    np.testing.assert_array_equal(ground.X, rows[ground.rows])


@pytest.mark.parametrize(("asked", "looked_at"), [(1_000, 1_000), ("all", 1_200), (50_000, 1_200)])
def test_as_many_rows_are_searched_as_are_asked_for(asked, looked_at):
    rows, truth = blobs(1_200, k=3)
    choice = SegmentChoice(3, 4, methods=("k-means",), search_rows=asked)
    found = search_matrix(
        matrix(rows), choice, seed=0, band=range(3, 5), steps=Silent(), crew=Crew()
    )
    assert len(found.ground.X) == looked_at
    assert found.selection.rows.shape == (looked_at,)
    chosen = found.selection.chosen.partition.labels
    assert adjusted_rand_index(chosen, truth[found.ground.rows]) == 1.0


def test_a_wide_sample_is_searched_along_its_axes_by_whatever_reads_no_columns():
    rows = (np.random.default_rng(0).random((400, 230)) < 0.05).astype(float)
    wide = ground_of(matrix(rows), "all", seed=0)
    assert wide.X.shape == (400, 100)
    assert "jaccard medoids" not in wide.tried
    why = {m.name: m.reason for m in wide.methods}
    assert why["personas"].startswith("Not tried: ")
    assert ground_of(matrix(rows), ("personas",), seed=0).X.shape == (400, 230)


def test_a_candidate_is_fitted_anew_on_other_rows():
    chosen = searched().selection.chosen
    rng = np.random.default_rng
    assert adjusted_rand_index(fitter(chosen)(X, rng(0)), TRUTH) == 1.0
    assert len(np.unique(labelled(chosen)(X, 3, rng(0)))) == 3
    few = np.repeat(X[:2], 4, axis=0)
    assert len(np.unique(fitter(chosen)(few, rng(0)))) == 2


def test_names_of_resamples_are_those_of_candidates():
    chosen = searched().selection.chosen
    ground = ground_of(matrix(X), "auto", seed=0)
    found = resampled(ground, (chosen,), seed=0, crew=Crew())
    assert list(found) == [chosen.name]


def test_a_narrow_partition_is_in_all_columns_already():
    found = searched()
    ground = ground_of(matrix(X), "auto", seed=0)
    assert in_all_columns(ground, found.selection.chosen).partition is (
        found.selection.chosen.partition
    )
