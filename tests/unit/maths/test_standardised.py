"""Standardised ratios against hand counts, a bootstrap, and what chance alone does."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from segmentry.errors import MathsError
from segmentry.maths.standardised import standardised_ratios


def counted(has, member, stratum):
    n = int(stratum.max()) + 1
    rows = [np.flatnonzero(stratum == k) for k in range(n)]
    own = np.array([[(has[r] & member[r]).sum()] for r in rows])
    everyone = np.array([[has[r].sum()] for r in rows])
    return (
        own,
        np.array([member[r].sum() for r in rows]),
        everyone,
        np.array([len(r) for r in rows]),
    )


def test_who_merely_has_more_of_everything_is_at_one() -> None:
    # In either stratum members have the item as often as the others; more members are in the rich.
    own, n_own = np.array([[2], [32]]), np.array([20, 80])
    everyone, n_everyone = np.array([[10], [40]]), np.array([100, 100])
    found = standardised_ratios(own, n_own, everyone, n_everyone)
    assert found.expected[0] == pytest.approx(34.0)
    assert found.ratio[0] == pytest.approx(1.0)
    assert 34 / 100 > 1.3 * 50 / 200


def test_the_error_is_that_of_a_bootstrap() -> None:
    rng = np.random.default_rng(5)
    n = 3000
    stratum = rng.integers(0, 3, n)
    member = rng.random(n) < np.array([0.1, 0.3, 0.6])[stratum]
    has = rng.random(n) < np.where(member, 0.35, 0.2) * np.array([0.5, 1.0, 1.5])[stratum]

    def ratio(rows):
        return float(
            np.log(standardised_ratios(*counted(has[rows], member[rows], stratum[rows])).ratio[0])
        )

    drawn = [ratio(rng.integers(0, n, n)) for _ in range(400)]
    found = standardised_ratios(*counted(has, member, stratum))
    error = np.log(found.high[0] / found.low[0]) / (2 * stats.norm.ppf(0.975))
    assert error == pytest.approx(np.std(drawn), rel=0.12)
    assert found.low[0] > 1.0


def test_chance_alone_leaves_the_interval_as_often_as_it_says() -> None:
    rng = np.random.default_rng(6)
    stratum = np.repeat(np.arange(4), 150)
    outside = 0
    for _ in range(1000):
        member = rng.random(600) < np.array([0.1, 0.2, 0.4, 0.7])[stratum]
        has = rng.random(600) < np.array([0.05, 0.1, 0.3, 0.5])[stratum]
        found = standardised_ratios(*counted(has, member, stratum))
        outside += not found.low[0] <= 1.0 <= found.high[0]
    assert stats.binomtest(outside, 1000, 0.05).pvalue > 0.01


def test_a_group_of_more_than_everyone_is_refused() -> None:
    with pytest.raises(MathsError, match="no more rows in a stratum than everyone"):
        standardised_ratios(np.array([[3]]), np.array([5]), np.array([[2]]), np.array([9]))


@pytest.mark.parametrize(
    ("strata", "n", "m", "times"),
    [(40, 1, 20, 1.0), (40, 1, 200, 1.5), (30, 2, 8, 1.0), (4, 60, 120, 1.8)],
)
def test_few_members_in_each_stratum_have_intervals_that_hold(strata, n, m, times) -> None:
    rng = np.random.default_rng(7)
    held = above = 0
    for _ in range(600):
        usual = rng.uniform(0.05, 0.4, strata)
        own = rng.binomial(n, usual * times)
        everyone = own + rng.binomial(m, usual)
        sizes = np.full(strata, n), np.full(strata, n + m)
        found = standardised_ratios(own[:, None], sizes[0], everyone[:, None], sizes[1])
        expected = (n / (n + m) * (n * usual * times + m * usual)).sum()
        truth = (n * usual * times).sum() / expected
        held += bool(found.low[0] <= truth <= found.high[0])
        above += bool(found.low[0] > truth)
    assert held >= 0.92 * 600
    assert above <= 0.07 * 600


def test_all_of_a_group_and_nobody_else_still_has_an_interval() -> None:
    found = standardised_ratios(
        np.array([[100]]), np.array([100]), np.array([[100]]), np.array([200])
    )
    assert found.low[0] < found.ratio[0] == 2.0 < found.high[0]
