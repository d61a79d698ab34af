"""Intervals hold the truth at about the rate that they claim."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.maths.effect import cohens_h, standardised_differences
from segmentry.maths.intervals import share_against_all_interval, student_quantile

DRAWS = 600


@pytest.mark.parametrize("shape", ["normal", "skewed"])
def test_intervals_of_standardised_differences_cover_at_their_rate(shape):
    rng = np.random.default_rng(0)

    def draw(n):
        segment = (rng.random(n) < 0.2).astype(int)
        noise = rng.normal(size=n) if shape == "normal" else rng.exponential(size=n)
        return noise + 0.8 * segment, segment

    values, segment = draw(2_000_000)
    truth = standardised_differences(values, segment, 2)[0][1]
    hits = 0
    for _ in range(DRAWS):
        values, segment = draw(300)
        differences, errors = standardised_differences(values, segment, 2)
        half = errors[1] * student_quantile(np.array([segment.sum() - 1.0]))[0]
        hits += abs(differences[1] - truth) <= half
    assert 0.925 <= hits / DRAWS <= 0.975


@pytest.mark.parametrize(("inside", "rest"), [(0.6, 0.3), (0.05, 0.01), (0.97, 0.9), (0.2, 0.2)])
def test_intervals_of_a_share_against_all_cover_at_their_rate(inside, rest):
    rng = np.random.default_rng(1)
    n, n_rest = 120, 480
    truth = cohens_h(inside, 0.2 * inside + 0.8 * rest)
    hits = 0
    for _ in range(DRAWS):
        k, k_rest = rng.binomial(n, inside), rng.binomial(n_rest, rest)
        low, high = share_against_all_interval(int(k), n, int(k + k_rest), n + n_rest)
        hits += low <= truth <= high
    assert 0.925 <= hits / DRAWS <= 0.995
