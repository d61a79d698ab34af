"""Densities under components: SciPy's, weighted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from segmentry.errors import MathsError
from segmentry.maths.densities import weighted_log_densities

WEIGHTS = np.array([0.3, 0.7])
MEANS = np.array([[0.0, 1.0, -2.0], [4.0, 0.0, 1e3]])
SHAPES = np.array([np.diag([1.0, 4.0, 0.01]), np.full((3, 3), 0.5) + np.eye(3)])


def test_they_are_those_of_scipy_times_the_weights():
    rows = np.random.default_rng(0).normal(size=(50, 3)) * 3.0 + MEANS[np.arange(50) % 2]
    found = weighted_log_densities(rows, WEIGHTS, MEANS, SHAPES)
    for k in range(2):
        theirs = multivariate_normal(MEANS[k], SHAPES[k]).logpdf(rows) + np.log(WEIGHTS[k])
        np.testing.assert_allclose(found[:, k], theirs, rtol=1e-9, atol=1e-9)


def test_rows_of_other_columns_are_refused():
    with pytest.raises(MathsError, match=r"rows of shape \(4, 2\) do not suit"):
        weighted_log_densities(np.ones((4, 2)), WEIGHTS, MEANS, SHAPES)
