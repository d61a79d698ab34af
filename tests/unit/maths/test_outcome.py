from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, f_oneway, kruskal

from segmentry.errors import MathsError
from segmentry.maths.intervals import bootstrap_mean_interval, mean_interval, wilson_interval
from segmentry.maths.outcome import (
    BOOTSTRAP_ROWS,
    difference_p_value,
    epsilon_squared,
    eta_squared,
    eta_squared_interval,
    outcome_interval,
)

RNG = np.random.default_rng(2)
GROUPS = RNG.integers(0, 4, 600)
VALUES = np.exp(RNG.normal(size=600)) + GROUPS


def parts(values: np.ndarray = VALUES) -> list[np.ndarray]:
    return [values[g == GROUPS] for g in range(4)]


def test_groups_without_meaning_explain_nothing_however_many() -> None:
    rng = np.random.default_rng(5)
    found = [
        (epsilon_squared(v, g), eta_squared(v, g))
        for v, g in ((rng.normal(size=60), rng.integers(0, 8, 60)) for _ in range(500))
    ]
    epsilon, eta = np.mean(found, axis=0)
    assert epsilon == pytest.approx(0.0, abs=0.01)
    assert eta > 0.1


def test_the_corrected_share_is_that_of_two_estimated_variances() -> None:
    within = sum((len(p) - 1) * p.var(ddof=1) for p in parts()) / (len(VALUES) - 4)
    assert epsilon_squared(VALUES, GROUPS) == pytest.approx(1 - within / VALUES.var(ddof=1))
    # Groups without rows do not count, and as many groups as rows tell nothing.
    assert epsilon_squared(VALUES, 3 * GROUPS) == epsilon_squared(VALUES, GROUPS)
    assert epsilon_squared(VALUES[:4], np.arange(4)) == 0.0
    assert epsilon_squared(np.ones(9), np.arange(9) % 2) == 0.0


def test_the_explained_share_is_the_one_behind_the_f_test() -> None:
    explained, n, k = eta_squared(VALUES, GROUPS), len(VALUES), 4
    f = (explained / (k - 1)) / ((1 - explained) / (n - k))
    assert f == pytest.approx(f_oneway(*parts()).statistic)


def test_groups_that_are_the_outcome_explain_all_of_it() -> None:
    assert eta_squared(GROUPS * 3.5, GROUPS) == pytest.approx(1.0)


def test_an_outcome_without_variance_has_nothing_to_explain() -> None:
    assert eta_squared(np.full(600, 0.1), GROUPS) == 0.0


def test_a_group_without_rows_changes_nothing() -> None:
    assert eta_squared(VALUES, GROUPS * 2) == pytest.approx(eta_squared(VALUES, GROUPS))


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(MathsError, match="do not match"):
        eta_squared(VALUES[:5], GROUPS)


def test_numbers_are_compared_by_their_ranks() -> None:
    wanted = kruskal(*parts()).pvalue
    assert difference_p_value(VALUES, GROUPS, is_share=False) == pytest.approx(wanted, rel=1e-9)
    rounded = np.round(VALUES)
    wanted = kruskal(*parts(rounded)).pvalue
    assert difference_p_value(rounded, GROUPS, is_share=False) == pytest.approx(wanted, rel=1e-9)


def test_shares_are_compared_by_chi_square() -> None:
    bought = (VALUES > 3.0).astype(float)
    table = [[p.sum(), (1 - p).sum()] for p in parts(bought)]
    wanted = chi2_contingency(np.array(table), correction=False).pvalue
    assert difference_p_value(bought, GROUPS, is_share=True) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("is_share", [True, False])
def test_what_never_or_always_happens_does_not_differ(*, is_share: bool) -> None:
    assert difference_p_value(np.ones(600), GROUPS, is_share=is_share) == 1.0


def test_one_group_does_not_differ_from_itself() -> None:
    assert difference_p_value(VALUES, np.zeros(600, dtype=np.int64), is_share=False) == 1.0


def test_intervals_fit_what_is_bounded() -> None:
    few, many = VALUES[:100], RNG.normal(size=BOOTSTRAP_ROWS + 1)
    assert outcome_interval(np.r_[np.ones(3), np.zeros(7)], is_share=True, rng=RNG) == (
        wilson_interval(3, 10)
    )
    wanted = bootstrap_mean_interval(few, np.random.default_rng(1))
    assert outcome_interval(few, is_share=False, rng=np.random.default_rng(1)) == wanted
    assert outcome_interval(many, is_share=False, rng=RNG) == mean_interval(many)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from([0.0, 0.0, 0.0, 90.0]), min_size=1, max_size=40))
def test_a_mean_of_what_is_never_negative_has_no_negative_bound(values: list[float]) -> None:
    low, high = outcome_interval(np.array(values), is_share=False, rng=np.random.default_rng(0))
    assert 0.0 <= low <= np.mean(values) + 1e-9
    assert high >= np.mean(values) - 1e-9


@pytest.mark.parametrize("share", [0.0, 0.05, 0.4, 0.9])
def test_intervals_of_explained_shares_hold_the_true_one_nineteen_times_in_twenty(
    share: float,
) -> None:
    rng, n, k = np.random.default_rng(4), 400, 4
    groups = np.arange(n) % k
    # Fixed groups whose means have the variance that makes the share.
    means = np.sqrt(share) * np.array([-1.0, -1.0, 1.0, 1.0])
    held = 0
    for _ in range(300):
        values = means[groups] + np.sqrt(1 - share) * rng.normal(size=n)
        low, high = eta_squared_interval(eta_squared(values, groups), n, k)
        held += low <= share <= high
    assert 0.92 <= held / 300 <= 0.98 if share else held / 300 >= 0.95


def test_a_larger_explained_share_has_a_higher_interval() -> None:
    ends = [eta_squared_interval(e, 300, 5) for e in np.linspace(0, 1, 21)]
    assert ends == sorted(ends)
    assert ends[-1] == (1.0, 1.0)
    assert all(0.0 <= low <= high <= 1.0 for low, high in ends)


def test_the_interval_leaves_zero_where_the_f_test_does() -> None:
    for values in RNG.normal(size=(40, 600)):
        low, _ = eta_squared_interval(eta_squared(values, GROUPS), 600, 4, level=0.9)
        groups = [values[g == GROUPS] for g in range(4)]
        assert (low > 1e-9) == (f_oneway(*groups).pvalue < 0.05)


@pytest.mark.parametrize(
    ("n_rows", "n_groups", "ends"), [(50, 1, (0.0, 0.0)), (4, 4, (0.0, 1.0)), (3, 7, (0.0, 1.0))]
)
def test_too_few_groups_or_rows_bound_nothing(
    n_rows: int, n_groups: int, ends: tuple[float, float]
) -> None:
    assert eta_squared_interval(0.5, n_rows, n_groups) == ends


def test_what_is_no_share_of_variance_is_refused() -> None:
    with pytest.raises(MathsError, match="lies in"):
        eta_squared_interval(1.2, 50, 3)
