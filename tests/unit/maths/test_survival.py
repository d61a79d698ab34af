"""The product-limit estimate agrees with SciPy's and with a published table."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from segmentry.errors import MathsError
from segmentry.maths.survival import kaplan_meier

REMISSION = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
IN_REMISSION = [3, 5, 7, 8, 11, 12, 13, 16, 17, 18, 19, 20]
"""Places of those who were in remission still; weeks of 21 patients under 6-mercaptopurine."""


def remission() -> tuple[np.ndarray, np.ndarray]:
    ended = np.ones(21, dtype=bool)
    ended[IN_REMISSION] = False
    return np.array(REMISSION), ended


def test_the_published_shares_of_remission_come_out() -> None:
    # Freireich et al. (1963), Blood 21, 699-716, as tabled by Kalbfleisch and Prentice (2002).
    found = kaplan_meier(*remission())
    told = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    for week, share in told.items():
        assert found.share[week - 1] == pytest.approx(share, abs=5e-4)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 60))
def test_shares_and_intervals_are_those_of_scipy(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    durations, ended = rng.integers(1, 12, n), rng.random(n) < 0.6
    ended[0] = True
    found = kaplan_meier(durations, ended)
    data = stats.CensoredData(
        uncensored=durations[ended].astype(float), right=durations[~ended].astype(float)
    )
    reference = stats.ecdf(data).sf
    times = np.arange(1, len(found.share) + 1, dtype=float)
    np.testing.assert_allclose(found.share, reference.evaluate(times), atol=1e-12)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the reference has no bounds at 0 and 1
        interval = reference.confidence_interval(0.95, method="log-log")
    inner = (found.share > 0) & (found.share < 1)
    np.testing.assert_allclose(found.low[inner], interval.low.evaluate(times)[inner], atol=1e-10)
    np.testing.assert_allclose(found.high[inner], interval.high.evaluate(times)[inner], atol=1e-10)


def test_bounds_hold_where_nothing_ended_and_where_nothing_is_left() -> None:
    found = kaplan_meier(np.array([1, 2, 3]), np.array([False, False, True]))
    np.testing.assert_allclose(found.share, [1.0, 1.0, 0.0])
    np.testing.assert_allclose(found.low, [0.025 ** (1 / 3), 0.025**0.5, 0.0])
    np.testing.assert_allclose(found.high, 1.0)


def test_nothing_watched_has_no_shares() -> None:
    assert len(kaplan_meier(np.zeros(0, dtype=int), np.zeros(0, dtype=bool)).share) == 0
    assert len(kaplan_meier(np.zeros(3, dtype=int), np.zeros(3, dtype=bool)).share) == 0


def test_wrong_rows_are_refused() -> None:
    with pytest.raises(MathsError, match="one row of each"):
        kaplan_meier(np.array([1]), np.array([True, False]))
    with pytest.raises(MathsError, match="nothing ends before 1"):
        kaplan_meier(np.array([0]), np.array([True]))
