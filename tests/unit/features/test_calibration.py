from __future__ import annotations

import numpy as np
import pytest

from repeaters import drawn_buyers
from segmentry.domain.evidence import Verdict
from segmentry.errors import MathsError
from segmentry.features.calibration import calibrate
from segmentry.features.value import Histories


def split(seed: int, n: int = 4_000) -> tuple[Histories, np.ndarray]:
    """Draw histories in days until an earlier cut, and the purchases of the 180 days after it."""
    rng = np.random.default_rng(seed)
    found = drawn_buyers(rng, np.ceil(rng.uniform(100, 500, n)), alpha=60.0, r=0.6, horizon=180.0)
    nothing = np.full(n, np.nan)
    return Histories(found.x, found.t_x, found.T, nothing), found.bought


PEOPLE, BOUGHT = split(0)


def test_a_true_story_passes_and_its_classes_hold():
    found = calibrate(PEOPLE, BOUGHT, horizon_days=180.0)
    assert found.verdict is Verdict.PASS
    assert found.low < 1.0 < found.high
    assert found.active is not None
    assert found.active.verdict is Verdict.PASS
    assert found.active.estimate < 0.02
    assert found.actual == BOUGHT.sum()
    assert [c.label for c in found.classes] == ["0", "1", "2", "3", "4", "5", "6", "7+"]
    assert sum(c.n for c in found.classes) == 4_000
    assert sum(c.low <= c.forecast <= c.high for c in found.classes) >= 6
    assert sum(c.n * c.forecast for c in found.classes) == pytest.approx(found.forecast)


def test_the_interval_of_the_total_holds_the_truth_at_about_its_rate():
    hits = 0
    for seed in range(20):
        found = calibrate(*split(seed, 1_000), horizon_days=180.0)
        hits += found.low <= 1.0 <= found.high
    assert 16 <= hits <= 20


def test_a_business_that_halves_fails():
    thinned = np.random.default_rng(1).binomial(BOUGHT.astype(int), 0.4).astype(float)
    found = calibrate(PEOPLE, thinned, horizon_days=180.0)
    assert found.verdict is Verdict.FAIL
    assert found.low > 1.8
    total = found.checks[0]
    assert total.estimate == pytest.approx(found.ratio)


def test_a_business_that_doubles_fails_as_well():
    found = calibrate(PEOPLE, BOUGHT * 2.0, horizon_days=180.0)
    assert found.verdict is Verdict.FAIL
    assert found.checks[0].estimate == pytest.approx(1.0 / found.ratio)


def test_purchases_of_somebody_else_fail_by_their_slope():
    shuffled = np.random.default_rng(2).permutation(BOUGHT)
    found = calibrate(PEOPLE, shuffled, horizon_days=180.0)
    slope = next(c for c in found.checks if c.name == "purchases_slope")
    assert slope.low < 0.0 < slope.high or abs(slope.estimate) < 0.1
    assert slope.verdict is Verdict.FAIL
    assert found.verdict is Verdict.FAIL


def test_p_active_is_judged_by_itself():
    # All who were said to be gone come back: purchases of the busy hardly change by that.
    is_gone = (PEOPLE.n_repeats > 0) & (PEOPLE.age_days - PEOPLE.last_days > 120.0)
    found = calibrate(
        PEOPLE, np.where(is_gone, np.maximum(BOUGHT, 1.0), BOUGHT), horizon_days=180.0
    )
    assert found.active is not None
    assert found.active.verdict is Verdict.FAIL
    assert found.active.estimate > 0.2


def test_where_nothing_can_be_judged_the_reason_is_told():
    once = PEOPLE.rows(PEOPLE.n_repeats == 0)
    found = calibrate(once, np.zeros(len(once.n_repeats)), horizon_days=180.0)
    assert found.verdict is Verdict.INFO
    assert "bought on a second day" in found.sentence
    quiet = calibrate(PEOPLE, np.zeros(4_000), horizon_days=180.0)
    assert quiet.checks == ()
    assert quiet.sentence == "only 0 purchases followed, too few to judge by"


def test_counts_that_cannot_be_are_refused():
    for wrong in (BOUGHT[:5], BOUGHT - 1.0, np.full(4_000, np.nan)):
        with pytest.raises(MathsError, match="the number of purchases that followed"):
            calibrate(PEOPLE, wrong, horizon_days=180.0)
