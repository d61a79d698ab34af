"""Points and merges as one thing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.cluster.hierarchy import is_valid_linkage, linkage

from builders import blobs
from segmentry.cluster.hierarchy import hierarchy_of
from segmentry.cluster.points import points_of
from segmentry.maths.agreement import adjusted_rand_index

RNG = np.random.default_rng
CLASSICAL = ("average", "complete", "single", "ward")


@pytest.mark.parametrize("method", CLASSICAL)
def test_the_tree_can_be_drawn(method):
    X = RNG(0).normal(size=(70, 3))
    tree = hierarchy_of(points_of(X, exact_rows=70, count=1, rng=RNG(0)), method).dendrogram()
    assert is_valid_linkage(tree)
    np.testing.assert_allclose(tree, linkage(X, method), rtol=1e-7)


@pytest.mark.parametrize("method", [*CLASSICAL, "robust"])
def test_a_tree_of_small_clusters_knows_its_rows(method):
    X, truth = blobs(500, k=4, d=3)
    found = hierarchy_of(points_of(X, exact_rows=100, count=50, rng=RNG(0)), method)
    assert is_valid_linkage(found.dendrogram())
    assert found.dendrogram()[-1, 3] == len(found.points.weights) < 500
    assert found.merge_weights()[-1] == 500
    assert adjusted_rand_index(found.labels(4), truth) == 1.0


def test_a_bound_of_one_makes_robust_linkage_single():
    points = points_of(RNG(0).normal(size=(60, 2)), exact_rows=60, count=1, rng=RNG(0))
    loose = hierarchy_of(points, "robust", gini_bound=1.0)
    np.testing.assert_array_equal(loose.labels(5), hierarchy_of(points, "single").labels(5))
