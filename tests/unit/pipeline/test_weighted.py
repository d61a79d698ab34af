"""The column by which entities count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import feature_table, matrix
from segmentry.domain.audit import Audit
from segmentry.domain.percent import NARROW_SPACE, percent
from segmentry.domain.role import Role
from segmentry.errors import WeightError
from segmentry.pipeline.weighted import heaviest, tell_weights, weighed, weighted, weighted_by

X = np.arange(6.0).reshape(3, 2)


def table(**columns):
    """Give columns the role of weights, but for ``x``."""
    found = feature_table({"x": [1.0, 2.0, 3.0], **columns})
    roles = [replace(c, role=Role.CLUSTER if c.name == "x" else Role.WEIGHT) for c in found.columns]
    return replace(found, columns=tuple(roles))


def test_without_such_a_column_the_matrix_stays():
    given = matrix(X)
    assert weighted(given, table()) is given


def test_the_column_becomes_weights_of_one_on_average():
    assert weighted(matrix(X), table(w=[0.0, 1.0, 2.0])).weights.tolist() == [0.0, 1.0, 2.0]
    assert weighted(matrix(X), table(w=[2.0, 2.0, 8.0])).weights.tolist() == [0.5, 0.5, 2.0]
    assert weighted(matrix(X), table(w=[2.0, 2.0, 2.0])).weights is None


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"w": [1.0, None, 2.0]}, "the weight of 'e000001' in 'w' is missing"),
        ({"w": [1.0, -1.0, 2.0]}, "the weight of 'e000001' in 'w' is -1"),
        ({"w": ["a", "b", "c"]}, "the column 'w' has the role weight, and holds text"),
        ({"v": [1.0, 1.0, 2.0], "w": [1.0, 1.0, 2.0]}, "2 columns have the role weight: 'v', 'w'"),
        ({"w": [0.0, 0.0, 0.0]}, "all 3 weights in 'w' are zero"),
    ],
)
def test_bad_weights_are_named_with_column_and_entity(columns, told):
    with pytest.raises(WeightError, match=rf"(?s){told}.*E5070"):
        weighted(matrix(X), table(**columns))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([1.0, 2.0], r"sample_weight has shape \(2,\), and X has 3 rows"),
        ([[1.0], [2.0], [3.0]], r"has shape \(3, 1\)"),
        (["a", "b", "c"], "sample_weight holds what is no number"),
        ([1.0, -1.0, 2.0], "the weight of row 1 in 'sample_weight' is -1"),
    ],
)
def test_arrays_of_weights_are_checked(given, told):
    with pytest.raises(WeightError, match=rf"(?s){told}.*E5070"):
        weighted_by(given, matrix(X))


def test_an_array_of_weights_is_taken_and_none_leaves_all_alike():
    assert weighted_by(None, matrix(X)).weights is None
    assert weighted_by([1, 0, 5], matrix(X)).weights.tolist() == [0.5, 0.0, 2.5]


def told(**columns) -> str:
    audit, given = Audit(), table(**columns)
    tell_weights(weighted(matrix(X), given), given, audit)
    return " ".join(f.sentence for f in audit.findings).replace(NARROW_SPACE, " ")


def test_the_audit_says_by_which_column_entities_count_and_how_unequally():
    assert told() == ""
    assert "same w, so that it weighs nothing" in told(w=[2.0, 2.0, 2.0])
    assert "count by w" in told(w=[0.0, 1.0, 3.0])
    assert "2 of 3 have some weight, and the heaviest entity has 75 %" in told(w=[0.0, 1.0, 3.0])


def test_shares_of_weight_are_told_beside_those_of_entities():
    segment = np.array([0, 0, 1])
    assert weighed(matrix(X), segment) == ()
    (sentence,) = weighed(weighted_by([0.0, 1.0, 3.0], matrix(X)), segment)
    assert "1 of no weight shaped nothing" in sentence
    assert "hold 25 % (67 %), 75 % (33 %)." in sentence.replace(NARROW_SPACE, " ")


def test_the_heaviest_tenth_is_one_entity_of_a_few():
    assert heaviest(np.array([1.0, 3.0])) == f"the heaviest entity has {percent(0.75)}"
    many = np.r_[np.full(18, 1.0), 9.0, 9.0]
    assert heaviest(many) == f"the heaviest tenth has {percent(0.5)}"
