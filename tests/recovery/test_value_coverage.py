"""Intervals of value hold the truth at about the rate that they claim."""

from __future__ import annotations

import numpy as np

from repeaters import CDNOW, drawn_buyers, drawn_means
from segmentry.features.value import Histories, fit_value
from segmentry.maths.repeat_buying import RepeatBuying, expected_purchases
from segmentry.maths.spend import Spend, expected_value

TRUE, TRUE_SPEND = RepeatBuying(*CDNOW), Spend(6.25, 3.74, 15.44)
DRAWS = 24


def test_intervals_of_value_cover_what_the_true_parameters_would_say():
    rng, hits = np.random.default_rng(0), np.zeros(3)
    for _ in range(DRAWS):
        drawn = drawn_buyers(rng, rng.uniform(27.0, 39.0, 2_000))
        m = np.full(2_000, np.nan)
        repeats = drawn.x > 0
        m[repeats] = drawn_means(rng, drawn.x[repeats])[0]
        people = Histories(drawn.x, drawn.t_x, drawn.T, m)
        found = fit_value(people, horizon_days=39.0).apply(people)
        truth = expected_purchases(TRUE, drawn.x, drawn.t_x, drawn.T, 39.0) * expected_value(
            TRUE_SPEND, drawn.x, m
        )
        is_inside = (found["clv_low"] <= truth) & (truth <= found["clv_high"])
        hits += [is_inside[drawn.x == k].mean() for k in (0, 1, 3)]
    # Entities share the parameters' errors, so that one draw is nearly one trial.
    assert (hits / DRAWS >= 0.83).all()
