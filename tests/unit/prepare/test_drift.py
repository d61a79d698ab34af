"""Features against those of an earlier run."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import feature_table
from segmentry.domain.audit import Audit
from segmentry.prepare.drift import tell_drift

RNG = np.random.default_rng(0)
X = RNG.normal(100.0, 15.0, size=1_000)
PLAN = RNG.choice(["free", "pro"], size=1_000).tolist()


def moved(now, then):
    audit = Audit()
    tell_drift(feature_table(now), feature_table(then), audit)
    return {f.code: f for f in audit.findings}


def test_equal_features_have_not_moved():
    assert moved({"x": X, "plan": PLAN}, {"x": X, "plan": PLAN}) == {}


def test_columns_that_are_gone_or_new_are_named():
    found = moved({"x": X, "y": X}, {"x": X, "z": X})
    assert found["gone_columns"].examples == ("z",)
    assert found["new_columns"].examples == ("y",)
    assert all(f.severity == "warning" and f.proposal for f in found.values())


def test_another_type_is_told_and_not_compared_further():
    found = moved({"x": PLAN}, {"x": X})
    assert list(found) == ["type_changed"]
    assert "was a number and is a category" in found["type_changed"].sentence


def test_a_median_that_moved_beyond_robust_bounds_is_told():
    found = moved({"x": X * 60.0}, {"x": X})
    assert "robust standard deviations" in found["median_moved"].sentence
    assert "median_moved" not in moved({"x": X + 3.0}, {"x": X})


def test_one_wild_value_moves_no_median():
    assert moved({"x": np.r_[X[:-1], 1e12]}, {"x": X}) == {}


def test_gaps_that_became_more_are_told():
    gone = np.where(np.arange(1_000) % 5 == 0, np.nan, X)
    assert "is missing for 20" in moved({"x": gone}, {"x": X})["gaps_moved"].sentence


def test_new_levels_are_told_with_their_share():
    now = ["trial"] * 100 + PLAN[100:]
    told = moved({"plan": now}, {"plan": PLAN})["new_levels"]
    assert "'trial'" in told.sentence
    assert "10\u202f%" in told.sentence
    assert "new_levels" not in moved({"plan": ["trial", *PLAN[1:]]}, {"plan": PLAN})


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(200, 2_000))
def test_two_draws_of_one_population_have_not_moved(seed, n):
    rng = np.random.default_rng(seed)
    one, other = ({"x": rng.lognormal(2.0, 1.0, m), "y": rng.normal(size=m)} for m in (n, 1_500))
    assert moved(one, other) == {}


def test_a_constant_that_stays_one_has_not_moved():
    assert moved({"x": np.ones(50)}, {"x": np.ones(50)}) == {}


def test_columns_without_values_are_compared_by_their_gaps_alone():
    assert list(moved({"x": [None] * 30}, {"x": X})) == ["gaps_moved"]
