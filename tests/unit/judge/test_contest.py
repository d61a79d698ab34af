"""Which criteria may be compared, and who is on the front."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.domain.comparison import Compared
from segmentry.judge.contest import CRITERIA, agreement_between, on_front

FAIR = {"silhouette": 0.4, "davies_bouldin": 1.0, "neighbour_agreement": 0.9}


def row(**figures):
    return Compared("ward", 4, {**FAIR, **figures}, {}, "", np.zeros(1, dtype=np.int64))


def front(*rows, passing=None):
    return on_front(rows, passing or [True] * len(rows))[1]


def test_one_that_is_better_in_one_and_no_worse_in_any_leaves_the_other_behind():
    assert front(row(), row(silhouette=0.5)) == (False, True)
    assert front(row(), row(davies_bouldin=0.5)) == (False, True)


def test_two_that_are_each_better_in_something_stay_both():
    assert front(row(silhouette=0.5), row(neighbour_agreement=0.95)) == (True, True)


def test_a_difference_below_the_step_is_no_merit():
    assert front(row(silhouette=0.402), row()) == (True, True)


@pytest.mark.parametrize("name", ["inertia", "bic", "calinski_harabasz", "seconds", "seed_ari"])
def test_what_methods_make_small_themselves_counts_for_nothing(name):
    better = {"inertia": 1.0, "bic": 1.0, "calinski_harabasz": 9e9, "seconds": 0.0, "seed_ari": 1.0}
    assert front(row(**{name: better[name]}), row(silhouette=0.5)) == (False, True)


def test_a_criterion_counts_where_all_have_it():
    by, found = on_front([row(dbcv=0.9), row(silhouette=0.5)], [True, True])
    assert "dbcv" not in by
    assert found == (False, True)
    by, found = on_front([row(dbcv=0.9), row(silhouette=0.5, dbcv=0.1)], [True, True])
    assert "dbcv" in by
    assert found == (True, True)


def test_crumbs_beside_a_giant_are_not_on_the_front_while_others_pass():
    crumbs = row(silhouette=0.9, davies_bouldin=0.1, neighbour_agreement=1.0)
    assert front(crumbs, row(), passing=[False, True]) == (False, True)
    assert front(crumbs, row(), passing=[False, False]) == (True, False)


def test_nobody_compared_is_nobody_on_the_front():
    assert on_front([], [])[1] == ()


def test_criteria_are_named_once_and_say_what_they_are():
    names = [c.name for c in CRITERIA]
    assert len(set(names)) == len(names)
    assert all(c.sentence and c.heading for c in CRITERIA)
    assert all(c.better for c in CRITERIA if c.is_fair)


def test_agreement_is_symmetric_with_ones_along_the_diagonal():
    a, b = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    found = agreement_between([a, a[::-1].copy(), b])
    np.testing.assert_array_equal(found, found.T)
    np.testing.assert_array_equal(np.diag(found), 1.0)
    assert found[0, 1] == 1.0
    assert found[0, 2] < 0.0
