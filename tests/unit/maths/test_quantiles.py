"""Quantile transforms against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import QuantileTransformer

from segmentry.maths.quantiles import by_quantiles, landmarks

RNG = np.random.default_rng(0)
COLUMNS = {
    "bell": RNG.normal(size=500),
    "amounts": RNG.lognormal(2.0, 1.5, size=5_000),
    "counts": RNG.poisson(1.0, size=3_000).astype(np.float64),
    "few": np.array([3.0, 1.0, 2.0]),
}


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize("form", ["uniform", "normal"])
def test_the_transform_is_that_of_scikit_learn_on_the_rows_it_learned_from(name, form):
    values = COLUMNS[name]
    # Its own subsample of large columns would be another one than ours: here it takes all rows.
    n = min(200, len(values))
    theirs = QuantileTransformer(n_quantiles=n, output_distribution=form, subsample=None)
    expected = theirs.fit_transform(values[:, None])[:, 0]
    ours = by_quantiles(values, landmarks(values), is_normal=form == "normal")
    np.testing.assert_allclose(ours, expected, atol=1e-9)


def test_values_that_were_not_seen_are_those_of_scikit_learn_too():
    values, later = COLUMNS["amounts"], np.array([-5.0, 0.3, 8.0, 1e9])
    theirs = QuantileTransformer(n_quantiles=200, subsample=None).fit(values[:, None])
    ours = by_quantiles(later, landmarks(values), is_normal=False)
    np.testing.assert_allclose(ours, theirs.transform(later[:, None])[:, 0], atol=1e-9)


def test_a_value_that_many_share_gets_the_middle_of_its_shares():
    values = np.r_[np.arange(25.0), np.full(50, 30.0), np.arange(40.0, 65.0)]
    found = by_quantiles(np.array([30.0]), landmarks(values, most=100), is_normal=False)
    assert found[0] == pytest.approx(0.5, abs=0.02)


@settings(max_examples=50, deadline=None)
@given(arrays(np.float64, st.integers(2, 40), elements=st.floats(-1e6, 1e6)))
def test_order_is_kept_and_shares_stay_between_nought_and_one(values):
    found = by_quantiles(values, landmarks(values), is_normal=False)
    assert found.min() >= 0.0
    assert found.max() <= 1.0
    order = np.argsort(values, kind="stable")
    assert (np.diff(found[order]) >= -1e-12).all()
