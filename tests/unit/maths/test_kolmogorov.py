"""The distance of two samples against SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp

from segmentry.maths.kolmogorov import kolmogorov_distance

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RNG.normal(size=800), RNG.normal(0.1, 1.0, size=900)),
        (RNG.normal(size=2_000), RNG.normal(size=500)),
        (RNG.poisson(2.0, 700).astype(float), RNG.poisson(2.5, 600).astype(float)),
    ],
)
def test_statistic_and_p_value_are_those_of_scipy(one, other):
    theirs = ks_2samp(one, other, method="asymp")
    statistic, p_value = kolmogorov_distance(one, other)
    assert statistic == pytest.approx(theirs.statistic, abs=1e-12)
    # SciPy counts whole rows and corrects for them; ours is the plain limit.
    assert p_value == pytest.approx(theirs.pvalue, abs=0.02)


def test_samples_apart_are_one_apart_and_an_empty_one_is_not_compared():
    assert kolmogorov_distance(np.zeros(50), np.ones(50))[0] == 1.0
    assert kolmogorov_distance(np.zeros(0), np.ones(5)) == (0.0, 1.0)
