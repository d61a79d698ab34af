"""Spherical k-means: planted directions."""

from __future__ import annotations

import numpy as np

from segmentry.cluster.spherical import fit_labels, fit_spherical
from segmentry.maths.agreement import adjusted_rand_index

OWN = np.random.default_rng(0)
TRUTH = OWN.integers(0, 3, 300)
X = (np.eye(3)[TRUTH] + 0.1 * OWN.normal(size=(300, 3))) * np.exp(OWN.normal(size=(300, 1)))


def test_planted_directions_are_found():
    assert adjusted_rand_index(fit_labels(X, 3, np.random.default_rng(1), {}), TRUTH) == 1.0


def test_a_partition_says_how_it_was_made():
    found = fit_spherical(X, 3, rng=np.random.default_rng(1))
    assert (found.method, found.arguments) == ("spherical k-means", {"n_segments": 3})
    np.testing.assert_allclose(np.linalg.norm(found.centres, axis=1), 1.0)
