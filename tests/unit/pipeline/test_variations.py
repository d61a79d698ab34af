"""Single decisions taken otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import blobs
from segmentry.cluster.catalogue import METHODS
from segmentry.cluster.dbscan import fit_dbscan
from segmentry.cluster.hdbscan import SHARES
from segmentry.cluster.kmeans import N_STARTS
from segmentry.domain.crew import Crew
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.lloyd import lloyd
from segmentry.pipeline import variations
from segmentry.pipeline.variations import (
    MOST_FEATURES,
    OTHER_SEEDS,
    Columns,
    Settled,
    variations_of,
)

X, TRUTH = blobs(300, k=4, d=3, seed=5)
COLUMNS = Columns(X, ("a", "b", "b"))


def settled(method="k-means", *, arguments=None, rows=X, columns=COLUMNS):
    return Settled(method, 4, arguments or {}, rows, columns, 0, Crew())


def listed(found, *, others=None):
    return variations_of(found, others=others or {}, labels=TRUTH)


def decisions(found, **facts):
    return {v.decision: v for v in listed(found, **facts)}


def test_each_variation_labels_all_rows_or_says_why_not():
    for varied in listed(settled(), others={"ward": TRUTH}):
        found = varied.labels()
        assert isinstance(found, str) or found.shape == (300,)


def test_planted_groups_hang_on_no_seed_beginning_or_method():
    for varied in listed(settled(), others={"ward": TRUTH}):
        if varied.decision in {"seed", "method"}:
            assert adjusted_rand_index(varied.labels(), TRUTH) == 1.0


def test_numbers_beside_the_chosen_one_are_tried():
    numbers = [v for v in listed(settled()) if v.decision == "number of segments"]
    assert [len(np.unique(v.labels())) for v in numbers] == [3, 5]


def test_k_means_begins_at_rows_by_lot():
    varied = decisions(settled())["first centres"]
    assert len(np.unique(varied.labels())) == 4


@pytest.mark.parametrize("n_fits", [3, 6])
def test_rows_by_lot_begin_as_often_as_the_search_has_begun(monkeypatch, n_fits):
    begun = []

    def counted(rows, centres, *, weights):
        begun.append(centres)
        return lloyd(rows, centres, weights=weights)

    monkeypatch.setattr(variations, "lloyd", counted)
    found = replace(settled(), n_fits=n_fits)
    assert adjusted_rand_index(decisions(found)["first centres"].labels(), TRUTH) == 1.0
    assert len(begun) == n_fits * N_STARTS


@pytest.mark.parametrize("name", METHODS)
def test_only_what_begins_nowhere_has_no_first_centres(name):
    told = decisions(settled(name, arguments={"least_share": 0.02, "radius": 1.0}))["first centres"]
    if name == "k-means":
        assert told.variant == "rows by lot"
        return
    begins_nowhere = name.endswith("linkage") or name in {"ward", "dbscan", "hdbscan"}
    assert told.labels() == (
        f"{name} has none" if begins_nowhere else f"not varied: {name} begins in a way of its own"
    )


def test_hierarchies_take_the_other_linkages():
    own = [v.variant for v in listed(settled("ward")) if v.decision == "linkage"]
    assert own == ["average linkage", "complete linkage", "single linkage", "robust linkage"]
    own = [v for v in listed(settled("robust linkage")) if v.decision == "linkage"]
    assert [v.variant for v in own][:2] == ["ward", "average linkage"]
    assert adjusted_rand_index(own[0].labels(), TRUTH) == 1.0
    assert decisions(settled())["linkage"].labels() == "k-means is no hierarchy"


def test_the_radius_of_dense_regions_is_widened_and_narrowed():
    rng = np.random.default_rng(0)
    told = fit_dbscan(X, rng=rng).arguments
    radii = [v for v in listed(settled("dbscan", arguments=told)) if v.decision == "radius"]
    assert [v.variant for v in radii] == ["0.8 times as wide", "1.25 times as wide"]
    assert all(v.labels().min() >= 0 for v in radii)
    assert decisions(settled())["radius"].labels() == "k-means has none"
    shares = {"least_share": SHARES[0]}
    dense = listed(settled("hdbscan", arguments=shares))
    assert [v.variant for v in dense if v.decision == "smallest dense region"] == [
        f"{s:g} of entities" for s in SHARES[1:]
    ]
    assert {v.decision: v for v in dense}["number of segments"].labels() == "hdbscan finds its own"


def test_features_are_left_out_with_all_their_columns():
    names = [v.variant for v in listed(settled()) if v.decision == "feature"]
    assert sorted(names) == ["without a", "without b"]
    np.testing.assert_array_equal(COLUMNS.without("b"), X[:, :1])


def test_behind_components_a_feature_that_is_left_out_is_the_same_for_everyone():
    weights = np.random.default_rng(1).normal(size=(3, 2))
    columns = Columns(X, ("a", "b", "b"), lambda rows: rows @ weights)
    found = columns.without("b")
    expected = X[:, :1] @ weights[:1] + X[:, 1:].mean(axis=0) @ weights[1:]
    np.testing.assert_allclose(found, expected)
    np.testing.assert_array_equal(columns.X, X)


def test_of_very_many_features_those_that_tell_segments_apart_are_left_out():
    noise = np.random.default_rng(2).normal(size=(300, 60))
    columns = Columns(np.hstack([noise, X]), tuple(f"f{j}" for j in range(63)))
    own = [v for v in listed(settled(columns=columns)) if v.decision == "feature"]
    assert len(own) == MOST_FEATURES
    assert {v.variant for v in own[:3]} == {"without f60", "without f61", "without f62"}


def test_one_feature_cannot_be_left_out():
    alone = settled(columns=Columns(X[:, :1], ("a",)))
    assert decisions(alone)["feature"].labels() == "there is only one"


def test_what_gives_no_such_number_says_so():
    few = np.repeat(X[:4], 10, axis=0)
    numbers = [v for v in listed(settled(rows=few)) if v.decision == "number of segments"]
    assert numbers[1].labels() == "fewer than 5 entities differ"


def test_seeds_are_others_than_the_project_s():
    assert sum(v.decision == "seed" for v in listed(settled())) == OTHER_SEEDS
