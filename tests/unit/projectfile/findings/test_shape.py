"""Long tails, and columns that move together."""

from __future__ import annotations

import numpy as np
from scipy import stats

from looks import look_at, only
from segmentry.projectfile.findings.shape import correlated, correlated_pairs, skewed, skewness
from segmentry.seeds import stream

RNG = stream(0, "shape")
BASE = RNG.normal(size=600)


def test_rank_correlations_are_those_of_scipy() -> None:
    near = BASE + RNG.normal(0, 0.1, 600)
    columns = look_at({"a": BASE, "b": np.exp(near), "c": RNG.normal(size=600)}).survey.columns
    pairs = correlated_pairs(list(columns))
    assert [(a, b) for a, b, _ in pairs] == [("a", "b")]
    np.testing.assert_allclose(pairs[0][2], stats.spearmanr(BASE, np.exp(near)).statistic)


def test_ties_share_their_rank() -> None:
    rough, noisy = np.round(BASE), np.round(BASE + RNG.normal(0, 0.2, 600))
    (pair,) = correlated_pairs(list(look_at({"a": rough, "b": noisy}).survey.columns))
    np.testing.assert_allclose(pair[2], stats.spearmanr(rough, noisy).statistic)


def test_a_pair_that_moves_against_each_other_is_told() -> None:
    found = only(correlated, look_at({"a": BASE, "b": -(BASE**3)}))
    assert (found.count, found.columns) == (1, ("a", "b"))
    assert "-1.00" in found.sentence


def test_skewness_is_that_of_scipy_and_long_tails_are_told() -> None:
    tail = RNG.lognormal(0, 2, 600)
    np.testing.assert_allclose(skewness(tail), stats.skew(tail))
    assert skewness(np.ones(5)) == 0
    found = only(skewed, look_at({"even": BASE, "tail": tail}))
    assert (found.columns, found.count, found.total) == (("tail",), 1, 2)
