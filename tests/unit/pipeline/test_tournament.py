"""Every method searched apart, and the rule among them."""

from __future__ import annotations

import numpy as np
import pytest

from builders import Listener, blobs, matrix
from segmentry.cluster.catalogue import AUTOMATIC
from segmentry.domain.crew import Crew
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project, SegmentChoice
from segmentry.errors import FitError, UsageError
from segmentry.pipeline.searching import search_matrix
from segmentry.pipeline.tournament import Asked, check_methods, hold_tournament, plan_names

X = np.vstack([blobs(300, k=5, seed=4)[0], np.random.default_rng(1).normal(size=(60, 4)) * 9.0])
USUAL = AUTOMATIC


def held(*methods, steps=None, rows=X, **asked):
    return hold_tournament(
        matrix(rows),
        SegmentChoice(),
        Asked(methods, **asked),
        band=range(4, 7),
        seed=0,
        steps=steps or Silent(),
        crew=Crew(),
    )


@pytest.fixture(scope="module")
def usual():
    return held(*USUAL)


def test_among_the_methods_of_a_run_the_rule_takes_what_the_run_takes(usual):
    run = search_matrix(
        matrix(X),
        SegmentChoice(),
        seed=0,
        band=range(4, 7),
        steps=Silent(),
        crew=Crew(),
    ).selection
    assert usual.selection.reason == run.reason
    assert [c.name for c in usual.selection.candidates] == [c.name for c in run.candidates]
    for ours, theirs in zip(usual.selection.candidates, run.candidates, strict=True):
        assert ours.reason == theirs.reason
        np.testing.assert_array_equal(ours.partition.labels, theirs.partition.labels)


def test_each_method_has_one_choice_among_its_own(usual):
    assert list(usual.choices) == list(USUAL)
    for name, place in usual.choices.items():
        assert usual.candidates[place].partition.method == name
        assert "jaccard_min" in usual.candidates[place].scores
    assert usual.kept in usual.choices.values()
    assert set(usual.seconds) == set(USUAL)


def test_a_method_that_finds_nothing_says_so():
    cloud = np.random.default_rng(2).normal(size=(300, 2))
    found = held("k-means", "dbscan", rows=cloud)
    assert found.left_out["dbscan"] == "Tried: dbscan found nothing with 4 to 6 segments."
    with pytest.raises(FitError, match="dbscan found nothing"):
        held("dbscan", rows=cloud)


def test_all_candidates_are_resampled_where_all_are_measured_thoroughly():
    found = held("k-means", is_thorough=True, shows_all=True)
    assert all("jaccard_min" in c.scores for c in found.candidates)


def test_phases_are_told():
    listener = Listener()
    held("k-means", steps=listener)
    assert [name for name, _ in listener.phases] == ["search", "resample"]
    assert listener.phases[0][1] == "1 methods, 4 to 6 segments, 360 rows"


def test_a_name_of_no_method_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match="no method 'kmeans'") as refused:
        check_methods(["ward", "kmeans"])
    assert refused.value.hint == "did you mean 'k-means'?"


def test_auto_are_the_methods_that_a_run_tries_by_itself(usual):
    check_methods(["auto"])
    found = held("auto")
    assert [c.name for c in found.candidates] == [c.name for c in usual.candidates]
    assert found.left_out["hdbscan"] == "Not tried: it is where it is asked for by name."
    others = Project("shop", (), segments=SegmentChoice(methods=("ward",)))
    assert Asked(("auto",)).chosen_in(others).segments.methods == "auto"
    assert Asked().chosen_in(others) is others


def test_auto_beside_names_is_refused():
    with pytest.raises(UsageError, match="auto stands for the methods that a run tries by itself"):
        check_methods(["auto", "ward"])


def test_numbers_asked_for_take_the_place_of_the_project_s():
    project = Project("shop", ())
    assert Asked().within(project) is project
    own = Asked(band=range(3, 5)).within(project).segments
    assert (own.minimum, own.maximum) == (3, 4)


def test_it_is_known_what_a_run_would_search(usual):
    assert plan_names(Project("shop", ()), usual.ground) == USUAL
