"""BG/NBD and gamma-gamma against integration over the mixing densities, and published figures."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import hyp2f1, roots_genlaguerre, roots_jacobi
from scipy.stats import beta, gamma

from music_buyers import all_purchases, sample_histories, sample_members
from segmentry.maths.repeat_buying import (
    RepeatBuying,
    expected_purchases,
    expected_purchases_of_new,
    log_likelihood,
    probability_active,
)
from segmentry.maths.repeat_buying_fit import fit_repeat_buying
from segmentry.maths.spend import Spend, dependence, expected_value, fit_spend
from segmentry.maths.spend import log_likelihood as spend_log_likelihood

MODELS = [(0.243, 4.414, 0.793, 2.426), (1.7, 9.0, 2.2, 5.0), (0.6, 20.0, 1.0, 1.3)]
HISTORIES = [(0, 0.0, 38.9), (1, 1.7, 38.9), (3, 25.0, 30.0), (12, 30.0, 31.0)]
EXACT = {"epsabs": 0.0, "epsrel": 1e-9, "limit": 200}


def over_rates(model, power, time):
    """Integrate rate ** power * exp(-rate * time) over the gamma density of rates."""
    density = gamma(model.r, scale=1.0 / model.alpha)
    split = (model.r + power) / (model.alpha + time)

    def term(rate):
        return rate**power * np.exp(-rate * time) * density.pdf(rate)

    return sum(quad(term, *ends, **EXACT)[0] for ends in ((0.0, split), (split, 8 * split))) + sum(
        quad(term, *ends, **EXACT)[0] for ends in ((8 * split, 80 * split),)
    )


def over_chances(model, of_p):
    """Integrate a function over the beta density of chances to stop, whose ends may be infinite."""
    weight = {"weight": "alg", "wvar": (model.a - 1.0, model.b - 1.0)}
    value, _ = quad(of_p, 0.0, 1.0, epsabs=0.0, epsrel=1e-10, **weight)
    return value * beta(model.a, model.b).pdf(0.5) / 0.5 ** (model.a + model.b - 2.0)


def likelihoods(model, x, t_x, T):
    """Give the likelihood of having stayed, and of having stopped, by integration."""
    stayed = over_chances(model, lambda p: (1 - p) ** x) * over_rates(model, x, T)
    if x == 0:
        return stayed, 0.0
    stopped = over_chances(model, lambda p: p * (1 - p) ** (x - 1)) * over_rates(model, x, t_x)
    return stayed, stopped


@pytest.mark.parametrize("values", MODELS)
@pytest.mark.parametrize("history", HISTORIES)
def test_likelihood_and_activity_are_integrals_over_the_mixing_densities(values, history):
    model, row = RepeatBuying(*values), tuple(np.array([float(v)]) for v in history)
    stayed, stopped = likelihoods(model, *history)
    found = log_likelihood(model, *row)[0]
    assert found == pytest.approx(np.log(stayed + stopped), rel=1e-7, abs=1e-7)
    assert probability_active(model, *row)[0] == pytest.approx(
        stayed / (stayed + stopped), rel=1e-6
    )


@pytest.mark.parametrize("values", MODELS)
@pytest.mark.parametrize("history", HISTORIES)
def test_purchases_to_expect_are_an_integral_over_the_mixing_densities(values, history):
    model, row = RepeatBuying(*values), tuple(np.array([float(v)]) for v in history)
    x, _, T = history
    horizon = 26.0
    # Who is still active: the two densities, each moved by what was seen, by ready-made rules.
    scaled, rate_shares = roots_genlaguerre(60, model.r + x - 1.0)
    ends, chance_shares = roots_jacobi(60, model.b + x - 1.0, model.a - 1.0)
    rate, p = scaled[:, None] / (model.alpha + T), (1.0 + ends[None, :]) / 2.0
    means = -np.expm1(-p * rate * horizon) / p
    while_active = rate_shares @ means @ chance_shares / (rate_shares.sum() * chance_shares.sum())
    stayed, stopped = likelihoods(model, *history)
    wanted = while_active * stayed / (stayed + stopped)
    assert expected_purchases(model, *row, horizon)[0] == pytest.approx(wanted, rel=1e-6)


def of_the_paper(model, x, t_x, T, horizon):
    """Equation 10 as printed."""
    r, alpha, a, b = model.values
    z = horizon / (alpha + T + horizon)
    series = hyp2f1(r + x, b + x, a + b + x - 1, z)
    above = (
        (a + b + x - 1) / (a - 1) * (1 - ((alpha + T) / (alpha + T + horizon)) ** (r + x) * series)
    )
    odds = a / np.maximum(b + x - 1, 1e-9) * ((alpha + T) / (alpha + t_x)) ** (r + x)
    return above / (1 + np.where(x > 0, odds, 0.0))


@pytest.mark.parametrize("values", [*MODELS[:2], (0.9, 60.0, 0.05, 0.4), (3.0, 1.0, 30.0, 90.0)])
@pytest.mark.parametrize("horizon", [0.5, 13.0, 104.0])
def test_purchases_to_expect_are_those_of_the_papers_formula(values, horizon):
    model = RepeatBuying(*values)
    x = np.array([0.0, 1.0, 2.0, 5.0, 20.0, 40.0])
    T = np.full(6, 39.0)
    t_x = np.where(x > 0, 39.0 - 30.0 / np.maximum(x, 1.0), 0.0)
    wanted = of_the_paper(model, x, t_x, T, horizon)
    np.testing.assert_allclose(expected_purchases(model, x, t_x, T, horizon), wanted, rtol=2e-8)


@pytest.mark.parametrize("horizon", [10.0, 400.0, 2_000.0])
@pytest.mark.parametrize("b", [0.3, 40.0])
def test_a_horizon_far_beyond_what_was_seen_does_no_harm(horizon, b):
    model = RepeatBuying(0.4, 2.0, 0.7, b)

    def by_p(p):
        return 0.4 * horizon / 2.0 if p == 0 else -np.expm1(-0.4 * np.log1p(p * horizon / 2.0)) / p

    wanted = over_chances(model, by_p)
    assert expected_purchases_of_new(model, horizon) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize(("x", "m"), [(1.0, 12.0), (4.0, 60.0), (30.0, 20.0)])
def test_values_to_expect_are_an_integral_over_the_mixing_density(x, m):
    model = Spend(6.25, 3.74, 15.44)
    scales = gamma(model.q, scale=1.0 / model.gamma)

    def joint(v):
        return gamma(model.p * x, scale=1.0 / (v * x)).pdf(m) * scales.pdf(v)

    ends = np.r_[0.0, (model.p * x + model.q) / (model.gamma + x * m) * np.array([0.5, 1, 2, 20])]
    total = sum(quad(joint, *pair, **EXACT)[0] for pair in pairwise(ends))
    mean = sum(quad(lambda v: joint(v) * model.p / v, *pair, **EXACT)[0] for pair in pairwise(ends))
    row = np.array([x]), np.array([m])
    assert spend_log_likelihood(model, *row)[0] == pytest.approx(np.log(total), abs=1e-6)
    assert expected_value(model, *row)[0] == pytest.approx(mean / total, rel=1e-6)


@pytest.fixture(scope="module")
def sample(data_folder):
    return sample_histories(data_folder)


def test_parameters_of_the_cdnow_sample_are_the_published_ones(sample):
    found = fit_repeat_buying(*sample)
    assert found.is_converged
    # Fader, Hardie and Lee (2005), table 2.
    np.testing.assert_allclose(found.model.values, (0.243, 4.414, 0.793, 2.426), rtol=0.01)
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.05)


def test_single_forecasts_of_the_cdnow_sample_are_the_published_ones():
    # The worked example beside the paper: customer 1516 of the sample, and somebody new.
    model = RepeatBuying(0.243, 4.414, 0.793, 2.426)
    row = (np.array([26.0]), np.array([30.86]), np.array([31.0]))
    assert expected_purchases(model, *row, 52.0)[0] == pytest.approx(25.76, abs=0.05)
    assert expected_purchases_of_new(model, 52.0) == pytest.approx(1.444, abs=0.003)


def test_published_spend_lies_within_the_errors_of_ours(data_folder):
    everybody = all_purchases(data_folder)
    members = sample_members(data_folder, everybody)
    ours = everybody.rows(members[members >= 0])
    ours = ours.rows((ours.x > 0) & (ours.m > 0))
    # The sample has 946; those whom another customer's history could stand for are left out.
    assert len(ours.x) == 916
    found = fit_spend(ours.x, ours.m)
    assert found.is_converged
    # Fader and Hardie (2013): p = 6.25, q = 3.74, gamma = 15.44.
    for name, published in (("p", 6.25), ("q", 3.74), ("gamma", 15.44)):
        low, high = found.model.intervals()[name]
        assert low < published < high
        assert getattr(found.model, name) == pytest.approx(published, rel=0.06)
    assert dependence(ours.x, ours.m).pearson == pytest.approx(0.11, abs=0.01)
