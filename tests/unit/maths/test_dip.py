"""The dip by hand, and its p-value; the comparison with linear programs is an oracle test."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.errors import MathsError
from segmentry.maths.dip import dip_p_value, dip_statistic, nearest_hump, valley_depth


def test_two_points_have_the_smallest_dip_there_is() -> None:
    assert dip_statistic(np.array([0.0, 1.0])) == pytest.approx(1 / 4)


def test_evenly_spaced_values_have_the_smallest_dip() -> None:
    assert dip_statistic(np.arange(50.0)) == pytest.approx(1 / 100)


def test_equal_values_have_no_dip() -> None:
    assert dip_statistic(np.full(7, 3.0)) == 0.0


def test_two_heaps_far_apart_have_a_dip_of_a_quarter() -> None:
    heaps = np.r_[np.linspace(0, 1e-6, 500), np.linspace(1, 1 + 1e-6, 500)]
    assert dip_statistic(heaps) == pytest.approx(0.25, abs=0.002)


def test_the_order_of_values_does_not_matter() -> None:
    values = np.random.default_rng(0).normal(size=99)
    assert dip_statistic(values[::-1]) == dip_statistic(values)


@pytest.mark.parametrize("bad", [np.array([]), np.zeros((2, 2)), np.array([1.0, np.nan])])
def test_what_is_no_row_of_finite_values_is_refused(bad: np.ndarray) -> None:
    with pytest.raises(MathsError, match="non-empty row of finite values"):
        dip_statistic(bad)


def test_the_dip_grows_with_the_distance_of_two_humps() -> None:
    rng = np.random.default_rng(1)
    side, noise = rng.choice([-0.5, 0.5], 4_000), rng.normal(size=4_000)
    dips = [dip_statistic(noise + gap * side) for gap in (0, 3, 4, 6)]
    assert dips == sorted(dips)
    assert dips[-1] > 0.06


def test_the_nearest_hump_of_one_hump_is_itself_smoothed() -> None:
    values = np.sort(np.random.default_rng(2).normal(size=2_000))
    places, shares = nearest_hump(values)
    gaps = np.interp(values, places, shares) - (np.arange(2_000) + 0.5) / 2_000
    assert np.abs(gaps).max() < 0.03


def test_the_nearest_hump_fills_the_valley_between_two() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=3_000) + 8 * (rng.random(3_000) < 0.5)
    places, shares = nearest_hump(values)
    drawn = np.interp(rng.random(3_000), shares, places)
    assert ((drawn > 3) & (drawn < 5)).mean() > 0.1
    assert dip_p_value(dip_statistic(drawn), 3_000) > 0.01


def test_the_nearest_hump_never_falls_and_covers_all_shares() -> None:
    values = np.random.default_rng(4).standard_t(2, size=500)
    places, shares = nearest_hump(values)
    assert (np.diff(places) >= 0).all()
    assert (np.diff(shares) >= 0).all()
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_equal_values_have_no_nearest_hump() -> None:
    with pytest.raises(MathsError, match="equal values have no hump"):
        nearest_hump(np.ones(5))


@pytest.mark.parametrize("n", [4, 5, 9, 17, 120, 3_000, 500_000])
def test_the_smallest_dip_has_p_value_one(n: int) -> None:
    assert dip_p_value(1 / (2 * n), n) == pytest.approx(1.0)


def test_fewer_than_four_values_never_speak_of_two_humps() -> None:
    assert dip_p_value(0.25, 3) == 1.0


@pytest.mark.parametrize("n", [6, 33, 700, 10_000, 200_000])
def test_the_p_value_falls_with_the_dip_and_stays_positive(n: int) -> None:
    found = [dip_p_value(dip, n) for dip in np.linspace(0.5 / n, 0.25, 60)]
    assert (np.diff(found) <= 0).all()
    assert 0 < found[-1] <= found[0] <= 1


def test_flat_samples_have_flat_p_values() -> None:
    rng = np.random.default_rng(5)
    found = np.array([dip_p_value(dip_statistic(rng.random(150)), 150) for _ in range(1_500)])
    # Three standard errors of a share of 1,500.
    for level in (0.05, 0.25, 0.5, 0.75):
        assert (
            abs((found <= level).mean() - level) < 3 * np.sqrt(level * (1 - level) / 1_500) + 0.01
        )


def test_a_normal_sample_is_safer_than_its_level() -> None:
    rng = np.random.default_rng(6)
    found = [dip_p_value(dip_statistic(rng.normal(size=200)), 200) for _ in range(400)]
    assert np.mean(np.array(found) <= 0.05) < 0.02


@pytest.mark.parametrize("share", [0.5, 0.2, 0.1])
def test_a_valley_is_as_deep_whatever_the_sizes_of_its_humps(share: float) -> None:
    rng = np.random.default_rng(0)
    n = int(4_000 * share)
    far = np.concatenate([rng.normal(0, 1, n), rng.normal(6, 1, 4_000 - n)])
    near = np.concatenate([rng.normal(0, 1, n), rng.normal(3, 1, 4_000 - n)])
    assert valley_depth(far) < 0.25
    assert valley_depth(near) > 0.5


def test_one_hump_has_no_valley() -> None:
    rng = np.random.default_rng(0)
    for values in (rng.standard_normal(4_000), rng.gamma(2.0, size=4_000), rng.random(4_000)):
        assert valley_depth(values) > 0.7
    assert valley_depth(np.ones(50)) == 1.0


def test_empty_space_outside_is_no_valley() -> None:
    rng = np.random.default_rng(0)
    far = np.concatenate([rng.normal(size=1_881), np.full(10, 100.0), np.full(10, -100.0)])
    with np.errstate(all="raise"):
        assert valley_depth(far) > 0.7
