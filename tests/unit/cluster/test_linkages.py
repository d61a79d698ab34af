"""Average, complete and single linkage as methods."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.cluster.linkages import (
    EXACT_ROWS,
    MICRO_CLUSTERS,
    NAMES,
    fit_labels,
    fit_linkage,
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
