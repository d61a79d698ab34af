from __future__ import annotations

import numpy as np
import pytest
from scipy.special import poch, roots_jacobi

from segmentry.maths.quadrature import beta_nodes


@pytest.mark.parametrize(("a", "b"), [(0.01, 0.5), (0.8, 2.4), (1.0, 1.0), (3.0, 400.0)])
def test_moments_are_exact(a, b):
    nodes, weights = beta_nodes(a, b, 12)
    for k in range(24):
        assert weights @ nodes**k == pytest.approx(poch(a, k) / poch(a + b, k), rel=1e-9)


def test_nodes_are_those_of_scipy():
    theirs, weights = roots_jacobi(16, 2.4 - 1.0, 0.8 - 1.0)
    nodes, shares = beta_nodes(0.8, 2.4, 16)
    np.testing.assert_allclose(nodes, (1.0 + theirs) / 2.0, rtol=1e-10)
    np.testing.assert_allclose(shares, weights / weights.sum(), rtol=1e-9)


def test_a_density_that_is_nearly_a_point_has_its_mean():
    nodes, weights = beta_nodes(0.8, 50_000.0, 24)
    assert (nodes > 0).all()
    assert (np.diff(nodes) > 0).all()
    assert weights @ nodes == pytest.approx(0.8 / 50_000.8, rel=1e-9)
