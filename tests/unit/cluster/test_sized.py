"""Sized k-means: no segment smaller or larger than asked for."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.cluster.sized import fit_labels, fit_sized
from segmentry.maths.agreement import adjusted_rand_index

X, TRUTH = blobs(400, k=3)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_planted_groups_are_found():
    assert adjusted_rand_index(fit_labels(X, 3, rng(), {}), TRUTH) == 1.0


def test_bounds_hold_and_are_told():
    found = fit_sized(X, 4, rng=rng(), min_share=0.2, max_share=0.3)
    assert np.bincount(found.labels).min() >= 80
    assert np.bincount(found.labels).max() <= 120
    assert found.arguments == {"n_segments": 4, "min_share": 0.2, "max_share": 0.3}
    assert found.method == "sized k-means"


@pytest.mark.parametrize(("n", "k"), [(60, 40), (9, 8), (90, 60)])
def test_many_segments_of_few_rows_can_still_be_resampled(n, k):
    assert len(set(fit_labels(X[:n], k, rng(), {}).tolist())) == k
