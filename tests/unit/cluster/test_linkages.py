"""Average, complete and single linkage as methods."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.cluster.hierarchy import is_valid_linkage, linkage

from builders import blobs
from segmentry.cluster.linkages import (
    EXACT_ROWS,
    MICRO_CLUSTERS,
    NAMES,
    fit_labels,
    fit_linkage,
    hierarchy_of,
)
from segmentry.maths.agreement import adjusted_rand_index

RNG = np.random.default_rng


@pytest.mark.parametrize("method", NAMES)
@pytest.mark.parametrize("n_rows", [300, EXACT_ROWS + 500])
def test_blobs_are_found_at_any_size(method, n_rows):
    X, truth = blobs(n_rows, k=4, d=5)
    (found,) = fit_linkage(X, (4,), method=method, rng=RNG(0))
    assert adjusted_rand_index(found.labels, truth) == 1.0
    assert found.method == NAMES[method]
    assert found.arguments["n_points"] <= max(300, 1.1 * MICRO_CLUSTERS)
    assert adjusted_rand_index(fit_labels(X, 4, RNG(0), {}, method=method), truth) == 1.0


@pytest.mark.parametrize("method", [*NAMES, "ward"])
def test_the_tree_can_be_drawn(method):
    X = RNG(0).normal(size=(70, 3))
    tree = hierarchy_of(X, method, rng=RNG(0)).dendrogram()
    assert is_valid_linkage(tree)
    np.testing.assert_allclose(tree, linkage(X, method), rtol=1e-7)


def test_weights_of_the_tree_are_rows():
    tree = hierarchy_of(blobs(500)[0], "average", rng=RNG(0), exact_rows=100, count=50).dendrogram()
    assert tree[-1, 3] == 500
