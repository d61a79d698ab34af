"""Effect sizes against tables and against the statistic computed another way."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.maths.effect import cohens_h, standardised_differences, standardised_ranks


@pytest.mark.parametrize(
    ("share", "phi"),
    # Cohen (1988), table 6.2.2: phi = 2 arcsin sqrt(P), to three digits.
    [(0.01, 0.200), (0.05, 0.451), (0.25, 1.047), (0.50, 1.571), (0.75, 2.094), (0.99, 2.941)],
)
def test_cohens_h_agrees_with_his_table(share, phi):
    assert cohens_h(share, 0.0) == pytest.approx(phi, abs=5e-4)


def test_the_difference_is_the_scaled_gap_between_segment_and_rest():
    rng = np.random.default_rng(3)
    values, segment = rng.gamma(2.0, size=900), rng.integers(0, 3, 900)
    differences, _ = standardised_differences(values, segment, 3)
    for s in range(3):
        inside, rest = values[segment == s], values[segment != s]
        gap = (1 - len(inside) / 900) * (inside.mean() - rest.mean()) / values.std()
        assert differences[s] == pytest.approx(gap, rel=1e-9)


def test_the_error_is_the_mean_square_of_the_influence_row_by_row():
    rng = np.random.default_rng(4)
    values, segment = rng.lognormal(size=700), (rng.random(700) < 0.2).astype(int)
    _, errors = standardised_differences(values, segment, 2)
    z = (values - values.mean()) / values.std()
    for s in range(2):
        inside = segment == s
        delta = z[inside].mean()
        influence = inside / inside.mean() * (z - delta) - z - delta / 2 * (z**2 - 1)
        assert errors[s] == pytest.approx(np.sqrt((influence**2).mean() / 700), rel=1e-9)


def test_ranks_agree_with_scipy():
    from scipy.stats import rankdata

    values = np.random.default_rng(5).integers(0, 20, 200).astype(float)
    np.testing.assert_allclose(standardised_ranks(values), (rankdata(values) - 0.5) / 200)
