from __future__ import annotations

import numpy as np
import pytest

from segmentry.errors import MathsError
from segmentry.maths.likelihood import (
    checked_parameters,
    checked_weights,
    maximise,
    parameter_intervals,
)

LOW, HIGH = np.full(2, -5.0), np.full(2, 5.0)


def gamma_sample(values: np.ndarray):
    """Give the log-likelihood of a gamma density by the logarithms of its shape and rate."""
    from scipy.special import gammaln, psi

    n, total, logs_total = len(values), values.sum(), np.log(values).sum()

    def objective(logs):
        shape, rate = np.exp(logs)
        value = n * (shape * logs[1] - gammaln(shape)) + (shape - 1) * logs_total - rate * total
        by_shape = n * (logs[1] - psi(shape)) + logs_total
        return float(value), np.array([by_shape * shape, n * shape - rate * total])

    return objective


def test_the_maximum_is_that_of_scipy_and_its_errors_those_of_theory():
    from scipy.special import polygamma
    from scipy.stats import gamma

    values = np.random.default_rng(0).gamma(2.0, 1.0 / 3.0, 800)
    found = maximise(gamma_sample(values), [np.zeros(2), np.ones(2)], LOW, HIGH, n=800.0)
    shape, _, scale = gamma.fit(values, floc=0.0)
    np.testing.assert_allclose(np.exp(found.logs), [shape, 1.0 / scale], rtol=1e-6)
    assert found.is_converged
    assert found.at_bound == ()
    fitted = np.exp(found.logs[0])
    information = 800.0 * np.array([[fitted**2 * polygamma(1, fitted), -fitted], [-fitted, fitted]])
    np.testing.assert_allclose(found.covariance, np.linalg.inv(information), rtol=1e-5)
    np.testing.assert_allclose(found.rows, found.covariance)


def test_a_maximum_beyond_the_bounds_is_told():
    def objective(logs):
        return float(logs[0] - (logs[1] - 1.0) ** 2), np.array([1.0, -2.0 * (logs[1] - 1.0)])

    found = maximise(objective, [np.zeros(2)], LOW, HIGH, n=1.0)
    assert found.at_bound == (0,)
    assert not found.is_converged
    assert found.rows == ()


def test_a_ridge_has_no_one_maximum():
    def objective(logs):
        off = logs.sum() - 1.0
        return float(-(off**2)), np.full(2, -2.0 * off)

    found = maximise(objective, [np.zeros(2)], LOW, HIGH, n=1.0)
    assert found.covariance is None
    assert not found.is_converged


def test_weights_are_ones_where_none_are_told():
    np.testing.assert_array_equal(checked_weights(None, 3), np.ones(3))
    for wrong in (np.ones(2), np.array([1.0, -1.0, 1.0]), np.array([1.0, np.nan, 1.0])):
        with pytest.raises(MathsError, match="3 rows need 3 finite weights"):
            checked_weights(wrong, 3)
    with pytest.raises(MathsError, match="no row has a weight above 0"):
        checked_weights(np.zeros(3), 3)


@pytest.mark.parametrize(
    ("covariance", "words"),
    [
        (((1.0,),), "2 rows of 2 numbers"),
        (((1.0, 0.5), (0.1, 1.0)), "symmetric and finite"),
        (((1.0, 2.0), (2.0, 1.0)), "no negative variance"),
    ],
)
def test_what_is_no_covariance_is_refused(covariance, words):
    with pytest.raises(MathsError, match=words):
        checked_parameters(("p", "q"), (1.0, 2.0), covariance)


def test_intervals_reach_as_far_up_as_down_in_the_logarithm():
    found = parameter_intervals(("p", "q"), (2.0, 3.0), ((0.04, 0.0), (0.0, 0.25)))
    assert found["p"] == pytest.approx((2.0 * np.exp(-0.392), 2.0 * np.exp(0.392)), rel=1e-4)
    assert found["q"][0] * found["q"][1] == pytest.approx(9.0)
