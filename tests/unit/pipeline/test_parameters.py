"""Parameters of an estimator, as a choice or as a refusal."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry import Segmenter
from segmentry.cluster.catalogue import METHODS, ROBUST
from segmentry.domain.project import SegmentChoice
from segmentry.pipeline.parameters import choice_of, is_count, seed_of


def choice(**changes) -> SegmentChoice:
    return choice_of({**Segmenter().get_params(), **changes})


def test_what_nobody_changes_is_what_projects_begin_with() -> None:
    assert choice() == SegmentChoice()


@pytest.mark.parametrize(
    ("methods", "meant"),
    [
        ("auto", "auto"),
        ("robust", ROBUST),
        ("ward", ("ward",)),
        (("ward", "k-means"), ("ward", "k-means")),
        (["hdbscan"], ("hdbscan",)),
    ],
)
def test_methods_are_a_word_a_name_or_names(methods, meant) -> None:
    assert choice(methods=methods).methods == meant


def test_each_method_can_be_asked_for_by_its_name_alone() -> None:
    assert [choice(methods=name).methods for name in METHODS] == [(name,) for name in METHODS]


def test_demands_are_those_of_a_project() -> None:
    asked = choice(max_share=0.4, must_differ_in="churned", distinct=True, act_upon="spend")
    assert (asked.max_share, asked.must_differ_in) == (0.4, "churned")
    assert (asked.distinct, asked.act_upon) == (1, ("spend",))
    assert choice(distinct=np.bool_(True)).distinct == 1
    assert choice(distinct=3).distinct == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n_segments": 0}, "n_segments must be 'auto' or an int of at least 1, got 0"),
        ({"n_segments": 2.5}, "n_segments must be .* got 2.5"),
        ({"n_segments": True}, "n_segments must be .* got True"),
        ({"n_segments": "many"}, "got 'many'"),
        ({"min_segments": 1}, "min_segments must be an int of at least 2"),
        ({"max_segments": None}, "max_segments must be an int of at least 2, got None"),
        ({"min_segments": 6, "max_segments": 4}, "min_segments=6 is more than max_segments=4"),
        ({"min_share": 0.7}, "min_share must be"),
        ({"max_share": 0.0}, "max_share must be a number above 0, at most 1, got 0.0"),
        ({"max_share": "half"}, "max_share must be .* got 'half'"),
        ({"min_share": 0.4, "max_share": 0.3}, "max_share=0.3 is less than min_share=0.4"),
        ({"max_share": 0.1}, "8 segments of so much each hold not everybody.* at least 0.125"),
        ({"n_segments": 3, "max_share": 0.3}, "3 segments of so much .* at least 0.333"),
        ({"methods": ()}, r"methods must be 'auto', a name or a tuple of names, got \(\)"),
        ({"methods": 3}, "methods must be .* got 3"),
        ({"methods": "k-mean"}, "no method 'k-mean'; known are 'k-means'"),
        ({"methods": ("ward", "k-moans")}, "no method 'k-moans'"),
        ({"must_differ_in": 4}, "must_differ_in must be None or the name of a column, got 4"),
        ({"distinct": -1}, "distinct must be a bool or a number of features, got -1"),
        ({"distinct": 0.5}, "distinct must be .* got 0.5"),
        ({"act_upon": [1]}, r"act_upon must be .* got \[1\]"),
        ({"prepare": "yes"}, "prepare must be None or 'auto'"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused_with_its_value(changes, message) -> None:
    with pytest.raises(ValueError, match=message):
        choice(**changes)


@pytest.mark.parametrize("k", [3, 7, 49])
def test_even_segments_may_be_asked_for(k) -> None:
    assert choice(n_segments=k, max_share=1 / k).max_share == 1 / k


def test_counts_are_whole_numbers() -> None:
    assert is_count(np.int64(2), 2)
    assert not is_count(2.0, 2)
    assert not is_count(True, 1)


def test_a_number_is_the_seed_and_a_state_draws_one() -> None:
    assert (seed_of(7), seed_of(2**40)) == (7, 2**40)
    drawn = [seed_of(np.random.RandomState(3)) for _ in range(2)]
    assert drawn[0] == drawn[1] != seed_of(np.random.RandomState(4))
    with pytest.raises(ValueError, match="cannot be used to seed"):
        seed_of("today")


@pytest.mark.parametrize("rows", [1_000, 1_000_000, np.int64(5_000), "all"])
def test_the_rows_of_the_search_are_a_number_or_all(rows) -> None:
    assert choice(search_rows=rows).search_rows == rows


@pytest.mark.parametrize("rows", [999, 1_000_001, True, 5_000.0, "some", None])
def test_other_rows_of_the_search_are_refused(rows) -> None:
    with pytest.raises(ValueError, match=r"search_rows must be 'all' or an int from 1000 to"):
        choice(search_rows=rows)
