"""k-prototypes as a method: categories read off the matrix, in a search and after it."""

from __future__ import annotations

import numpy as np
import pytest

from builders import feature_table
from mixtypes import by_category, by_number, encoded, standard
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.kprototypes import (
    METHOD,
    NAME,
    categories_of,
    fit_kprototypes,
    fit_labels,
    objection,
    sweep,
)
from segmentry.cluster.method import Sample
from segmentry.domain.audit import Audit
from segmentry.domain.crew import Crew
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.kprototypes import Category
from segmentry.prepare.fit import fit_recipe


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("seed", range(4))
def test_groups_of_categories_are_found_where_k_means_follows_numbers(seed):
    X, truth = by_category(seed=seed)
    straight = fit_kmeans(X, 4, rng=rng()).labels
    assert adjusted_rand_index(straight, truth) < 0.3
    assert adjusted_rand_index(fit_labels(X, 4, rng(), {}), truth) > 0.65


def test_among_categories_that_nothing_rules_k_means_is_better():
    X, truth = by_number()
    straight, modes = fit_kmeans(X, 4, rng=rng()).labels, fit_labels(X, 4, rng(), {})
    assert adjusted_rand_index(straight, truth) > adjusted_rand_index(modes, truth) + 0.1


def test_categories_of_a_recipe_are_read_off_its_matrix():
    n = 400
    table = feature_table(
        {
            "spend": list(rng(1).gamma(2.0, 10.0, n)),
            "plan": list(rng(2).choice(["free", "pro", "team"], n)),
            "device": list(rng(3).choice(["app", "web"], n)),
            "country": [
                None if i % 9 == 0 else c for i, c in enumerate(rng(4).choice(list("ab"), n))
            ],
        }
    )
    recipe = fit_recipe(table, weights={}, audit=Audit(), rng=rng())
    X = recipe.apply(table).X
    by_feature = {}
    for j, feature in enumerate(recipe.features):
        by_feature.setdefault(feature, []).append(j)
    expected = {(c[0], c[-1] + 1) for f, c in by_feature.items() if f != "spend"}
    assert {(c.start, c.stop) for c in categories_of(X)} == expected
    assert objection(X) == ""


def test_neighbours_with_one_value_that_meet_in_a_row_are_two_categories():
    one, other = np.eye(2)[np.arange(40) % 2], np.eye(2)[np.arange(40) // 2 % 2]
    both = np.hstack([one, other])
    assert categories_of(both) == (Category(0, 2), Category(2, 4))
    assert categories_of(np.hstack([one, 2 * other])) == (Category(0, 2), Category(2, 4))


def test_two_values_that_are_not_zero_are_a_category_of_their_own():
    X = np.column_stack([standard(np.eye(2)[np.arange(30) % 2]), np.arange(30.0), np.ones(30)])
    assert categories_of(X) == (Category(0, 1), Category(1, 2))
    assert categories_of(np.empty((0, 2))) == ()


def test_numbers_are_objected_to():
    assert objection(rng().normal(size=(50, 3))).startswith("no column is a category")


def test_a_sweep_repeats_itself_and_tells_cost_and_categories():
    X, _ = by_category(200)
    first, second = (sweep(Sample(X, (2, 3), 7, Crew(hands))) for hands in (1, 2))
    assert list(first) == [2, 3]
    for k, fits in first.items():
        costs = [p.arguments["cost"] for p in fits.partitions]
        assert costs == sorted(costs)
        np.testing.assert_array_equal(fits.partitions[0].labels, second[k].partitions[0].labels)
    best = first[3].partitions[0]
    assert (best.method, best.arguments["categories"]) == (NAME, "3:7 7:11 11:15")


def test_a_level_that_nobody_drew_is_a_level_all_the_same():
    X, _ = by_category(300)
    X[:, 4] = 0.0  # nobody has the second level of the first category
    assert categories_of(X) == (Category(3, 7), Category(7, 11), Category(11, 15))
    beside = np.column_stack([np.arange(300) % 5 < 3, np.zeros(300)]).astype(float)
    assert categories_of(beside) == (Category(0, 1),)  # nothing follows that anybody has


def test_marks_that_few_have_are_each_a_yes_or_no():
    X = np.zeros((100, 3))
    X[:20, 0] = X[20:60, 1] = 1.0
    assert categories_of(X[:, :2]) == (Category(0, 2),)
    X[30:60, 1] = 0.0
    assert categories_of(X) == (Category(0, 1), Category(1, 2))
    assert fit_kprototypes(X, 1, rng=rng()).centres.tolist() == [[0.0, 0.0, 0.0]]


def test_all_rows_take_the_prototypes_on():
    X, truth = by_category(900)
    sample = fit_kprototypes(X[:300], 4, rng=rng())
    assert METHOD.finish is not None
    found = METHOD.finish(X, sample, None)
    assert adjusted_rand_index(found.labels, truth) > 0.65
    at_rest = METHOD.finish(X, found, None)
    np.testing.assert_array_equal(at_rest.labels, found.labels)
    assert found.arguments["categories"] == "3:7 7:11 11:15"


def test_weights_are_so_many_equal_rows():
    X, _ = by_category(200, seed=5)
    counts = rng(1).integers(1, 4, 200)
    one = fit_kprototypes(X, 4, rng=rng(), weights=counts.astype(float))
    many = fit_kprototypes(np.repeat(X, counts, axis=0), 4, rng=rng())
    assert one.arguments["cost"] == pytest.approx(many.arguments["cost"], rel=0.02)


@pytest.mark.parametrize("X", [np.ones((4, 2)), encoded(np.array([0, 1, 0, 1]), 2)])
def test_rows_of_few_forms_make_few_clusters(X):
    found = fit_kprototypes(X, 3, rng=rng())
    assert found.n_clusters == len(np.unique(X, axis=0))
    assert set(found.labels.tolist()) == set(range(found.n_clusters))
