"""Sized k-means: no segment smaller or larger than asked for."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.cluster.method import Sample
from segmentry.cluster.sized import fit_labels, fit_sized, sweep
from segmentry.domain.crew import Crew
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


def test_a_largest_share_that_is_asked_for_holds_in_a_search():
    X = np.random.default_rng(0).normal(size=(300, 2)) ** 3
    found = sweep(Sample(X, (4, 5), 0, Crew(), 0.0, 0.3))
    for k, fits in found.items():
        sizes = np.bincount(fits.partitions[0].labels, minlength=k)
        assert sizes.max() <= 0.3 * 300 + 1e-9
    labels = fit_labels(X[:40], 4, np.random.default_rng(1), fits.partitions[0].arguments)
    assert np.bincount(labels).max() <= 12
