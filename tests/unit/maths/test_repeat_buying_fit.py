"""The maximum of the BG/NBD likelihood: recovery, laws, and what has no maximum."""

from __future__ import annotations

import numpy as np
import pytest

from repeaters import CDNOW, drawn_buyers
from segmentry.errors import MathsError
from segmentry.maths.repeat_buying import log_likelihood
from segmentry.maths.repeat_buying_fit import fit_repeat_buying

RNG = np.random.default_rng(3)
DRAWN = drawn_buyers(RNG, RNG.uniform(27.0, 39.0, 4_000))
PAST = (DRAWN.x, DRAWN.t_x, DRAWN.T)
FIT = fit_repeat_buying(*PAST)


@pytest.mark.parametrize(
    "planted", [CDNOW, (1.5, 20.0, 1.2, 8.0), (0.6, 3.0, 2.5, 4.0)], ids=["cdnow", "loyal", "brief"]
)
def test_planted_parameters_are_found_again(planted):
    rng = np.random.default_rng(5)
    r, alpha, a, b = planted
    drawn = drawn_buyers(rng, rng.uniform(20.0, 60.0, 10_000), r=r, alpha=alpha, a=a, b=b)
    found = fit_repeat_buying(drawn.x, drawn.t_x, drawn.T)
    assert found.is_converged
    errors = np.sqrt(np.diag(np.array(found.model.covariance)))
    assert (np.abs(np.log(found.model.values) - np.log(planted)) < 4 * errors).all()
    assert (errors < 0.35).all()


def test_no_other_parameters_are_more_likely():
    assert FIT.is_converged
    assert FIT.at_bound == ()
    best = log_likelihood(FIT.model, *PAST).sum()
    assert best == pytest.approx(FIT.log_likelihood, rel=1e-12)
    for i in range(4):
        for step in (-0.02, 0.02):
            values = np.array(FIT.model.values)
            values[i] *= np.exp(step)
            assert log_likelihood(type(FIT.model).of(values), *PAST).sum() < best


def test_the_curvature_behind_the_errors_is_that_of_the_likelihood():
    from scipy.optimize import approx_fprime

    def score(logs):
        return approx_fprime(
            logs, lambda v: log_likelihood(type(FIT.model).of(np.exp(v)), *PAST).sum(), 1e-5
        )

    logs = np.log(FIT.model.values)
    step = 1e-3
    information = np.array(
        [(score(logs - step * e) - score(logs + step * e)) / (2 * step) for e in np.eye(4)]
    )
    wanted = np.linalg.inv((information + information.T) / 2)
    np.testing.assert_allclose(np.array(FIT.model.covariance), wanted, rtol=0.02, atol=2e-5)


def test_the_unit_of_time_changes_nothing_but_alpha():
    r, alpha, a, b = FIT.model.values
    days = fit_repeat_buying(DRAWN.x, DRAWN.t_x * 7.0, DRAWN.T * 7.0)
    np.testing.assert_allclose(days.model.values, (r, alpha * 7.0, a, b), rtol=1e-9)
    np.testing.assert_allclose(days.model.covariance, FIT.model.covariance, rtol=1e-6, atol=1e-12)


def test_the_order_of_rows_changes_nothing():
    order = np.random.default_rng(0).permutation(len(DRAWN.x))
    again = fit_repeat_buying(*(v[order] for v in PAST))
    np.testing.assert_allclose(again.model.values, FIT.model.values, rtol=1e-10)


def test_a_weight_is_so_many_equal_rows():
    weights = np.random.default_rng(1).integers(0, 4, len(DRAWN.x))
    weighed = fit_repeat_buying(*PAST, weights.astype(float))
    repeated = fit_repeat_buying(*(np.repeat(v, weights) for v in PAST))
    np.testing.assert_allclose(weighed.model.values, repeated.model.values, rtol=1e-9)
    np.testing.assert_allclose(weighed.model.covariance, repeated.model.covariance, rtol=1e-6)
    assert weighed.log_likelihood == pytest.approx(repeated.log_likelihood, rel=1e-12)


def test_who_never_stops_leaves_a_parameter_on_its_bound():
    rng = np.random.default_rng(2)
    T = np.full(3_000, 50.0)
    x = rng.poisson(rng.gamma(1.0, 0.2, 3_000) * 50.0).astype(float)
    # The last of x purchases at random is the largest of x uniform instants.
    t_x = np.where(x > 0, 50.0 * rng.random(3_000) ** (1.0 / np.maximum(x, 1.0)), 0.0)
    found = fit_repeat_buying(x, t_x, T)
    assert not found.is_converged
    assert set(found.at_bound) & {"a", "b"}
    assert found.model.covariance == ()


def test_large_counts_do_no_harm():
    rng = np.random.default_rng(4)
    drawn = drawn_buyers(rng, np.full(500, 300.0), r=2.0, alpha=0.2, a=0.5, b=60.0)
    assert drawn.x.max() > 2_000
    found = fit_repeat_buying(drawn.x, drawn.t_x, drawn.T)
    assert found.is_converged
    assert np.log(found.model.r / found.model.alpha) == pytest.approx(np.log(10.0), abs=0.15)


def test_without_any_time_there_is_nothing_to_fit():
    with pytest.raises(MathsError, match="nobody was seen for any time"):
        fit_repeat_buying(np.zeros(5), np.zeros(5), np.zeros(5))
