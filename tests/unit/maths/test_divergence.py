"""Distances from counts against SciPy's from values, and laws of theirs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, ks_2samp, wasserstein_distance

from segmentry.errors import MathsError
from segmentry.maths.divergence import (
    even_starts,
    kolmogorov,
    population_stability,
    wasserstein,
)

COUNTS = st.lists(st.integers(0, 500), min_size=2, max_size=12)


def binned(values, edges):
    return np.bincount(
        np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2),
        minlength=len(edges) - 1,
    )


@pytest.mark.parametrize("shift", [0.0, 0.1, 0.5, 2.0])
def test_wasserstein_from_fine_bins_is_that_of_scipy(shift):
    rng = np.random.default_rng(0)
    then, now = rng.normal(size=20_000), rng.normal(shift, 1.1, size=10_000)
    edges = np.linspace(min(then.min(), now.min()), max(then.max(), now.max()) + 1e-9, 2_001)
    found = wasserstein(binned(now, edges), binned(then, edges), edges)
    assert found.value == pytest.approx(wasserstein_distance(then, now) / then.std(), abs=2e-3)
    assert found.low <= found.value <= found.high


def test_the_largest_gap_is_that_of_scipy_where_values_are_whole():
    rng = np.random.default_rng(1)
    then, now = rng.poisson(3.0, 900), rng.poisson(3.4, 700)
    counts = [np.bincount(v, minlength=20) for v in (now, then)]
    theirs = ks_2samp(now, then, method="asymp")
    assert kolmogorov(*counts).value == pytest.approx(theirs.statistic)


def test_equal_shares_are_tested_as_scipy_does():
    now, then = np.array([30, 50, 20]), np.array([300, 400, 300])
    theirs = chi2_contingency(np.array([now, then]), lambda_="log-likelihood", correction=False)
    assert population_stability(now, then).p_value == pytest.approx(theirs.pvalue)


def test_no_change_gives_no_index_on_average_and_its_interval_reaches_zero():
    rng = np.random.default_rng(2)
    shares = np.full(10, 0.1)
    zero = 0
    for _ in range(400):
        found = population_stability(rng.multinomial(300, shares), rng.multinomial(500, shares))
        zero += found.low == 0.0
    assert zero / 400 > 0.93


def test_the_interval_of_a_known_change_covers_it():
    rng = np.random.default_rng(3)
    p, q = np.array([0.2, 0.3, 0.5]), np.array([0.35, 0.3, 0.35])
    truth = float(((p - q) * np.log(p / q)).sum())
    held = 0
    for _ in range(400):
        found = population_stability(rng.multinomial(800, p), rng.multinomial(2_000, q))
        held += found.low <= truth <= found.high
    assert 0.92 <= held / 400 <= 0.985


@given(COUNTS, st.data())
def test_the_index_is_symmetric_and_distances_lie_in_their_bounds(now, data):
    then = data.draw(st.lists(st.integers(0, 500), min_size=len(now), max_size=len(now)))
    a, b = np.array(now), np.array(then)
    one, other = population_stability(a, b), population_stability(b, a)
    assert one.value == pytest.approx(other.value)
    gap = kolmogorov(a, b)
    assert 0.0 <= gap.low <= gap.value <= gap.high <= 1.0
    assert 0.0 <= one.p_value <= 1.0
    assert wasserstein(a, a, np.arange(len(a) + 1.0)).value == 0.0


@given(COUNTS, st.integers(1, 12))
def test_coarser_bins_hold_as_many_and_are_no_more_than_asked(counts, n_bins):
    starts = even_starts(np.array(counts), n_bins)
    assert starts[0] == 0
    assert len(starts) <= n_bins
    assert np.add.reduceat(counts, starts).sum() == sum(counts)


def test_nobody_and_nothing_that_varies_are_no_change():
    assert population_stability(np.zeros(3), np.ones(3)).value == 0.0
    assert wasserstein(np.array([5]), np.array([7]), np.array([2.0, 2.0])).value == 0.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: kolmogorov(np.ones(2), np.ones(3)), "same bins"),
        (lambda: population_stability(np.array([-1, 2]), np.ones(2)), "0 or more"),
        (lambda: wasserstein(np.ones(2), np.ones(2), np.ones(2)), "2 bins have 3 edges"),
    ],
)
def test_counts_that_do_not_go_together_are_refused(call, words):
    with pytest.raises(MathsError, match=words):
        call()
