"""Intervals against published values and scipy."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.maths.intervals import (
    bootstrap_mean_interval,
    mean_interval,
    newcombe_interval,
    wilson_interval,
)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_agrees_with_newcombes_table(successes, n, low, high):
    assert wilson_interval(successes, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_the_difference_of_shares_agrees_with_newcombes_table(first, second, low, high):
    assert newcombe_interval(*first, *second) == pytest.approx((low, high), abs=5e-5)


def test_wilsons_interval_agrees_with_scipy():
    from scipy.stats import binomtest

    for successes, n in ((3, 17), (250, 1000), (999, 1000)):
        theirs = binomtest(successes, n).proportion_ci(method="wilson")
        assert wilson_interval(successes, n) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_the_interval_of_a_mean_agrees_with_scipys_t():
    from scipy import stats

    values = np.random.default_rng(0).normal(size=23)
    theirs = stats.t.interval(0.95, 22, loc=values.mean(), scale=stats.sem(values))
    assert mean_interval(values) == pytest.approx(theirs, rel=1e-12)


def test_the_bootstrap_agrees_with_students_interval_where_the_sample_is_normal():
    values = np.random.default_rng(2).normal(10.0, 2.0, 400)
    ours = bootstrap_mean_interval(values, np.random.default_rng(0))
    assert ours == pytest.approx(mean_interval(values), abs=0.04)
