"""BG/NBD expectations: laws and edges; integration and published figures are oracle tests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repeaters import CDNOW, drawn_buyers
from segmentry.errors import MathsError
from segmentry.maths.repeat_buying import (
    RepeatBuying,
    checked_histories,
    count_terms,
    discounted_purchases,
    distinct_histories,
    expected_purchases,
    expected_purchases_of_new,
    log_error,
    log_gradient,
    log_likelihood,
    probability_active,
    probability_purchase,
    stopped_odds,
)

MODEL = RepeatBuying(*CDNOW)
X = np.array([0.0, 1.0, 2.0, 7.0, 26.0, 400.0])
T_X = np.array([0.0, 3.0, 30.4, 20.0, 30.86, 30.0])
T = np.array([38.9, 38.9, 38.9, 30.0, 31.0, 30.5])

parameters = st.tuples(*[st.floats(0.02, 40.0)] * 4)
histories = st.lists(
    st.tuples(st.integers(0, 300), st.floats(0.01, 1.0), st.floats(0.1, 500.0)),
    min_size=1,
    max_size=20,
)
SOME = settings(max_examples=40, deadline=None)


def columns(rows: list[tuple[int, float, float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x = np.array([float(x) for x, _, _ in rows])
    T = np.array([seen for _, _, seen in rows])
    return x, np.where(x > 0, T * np.array([share for _, share, _ in rows]), 0.0), T


@SOME
@given(parameters, histories, st.floats(0.01, 400.0))
def test_answers_lie_where_they_can(values, rows, horizon):
    model, past = RepeatBuying(*values), columns(rows)
    active = probability_active(model, *past)
    buys = probability_purchase(model, *past, horizon)
    wanted = expected_purchases(model, *past, horizon)
    assert ((active >= 0) & (active <= 1)).all()
    assert ((buys >= 0) & (buys <= active * (1 + 1e-12))).all()
    # At least one purchase has no higher probability than there are purchases to expect.
    assert (wanted >= buys * (1 - 1e-9)).all()
    most = (model.r + past[0]) * horizon / (model.alpha + past[2])
    assert (wanted <= active * most * (1 + 1e-9)).all()


@SOME
@given(parameters, histories, st.floats(0.1, 100.0), st.floats(1.001, 5.0))
def test_a_longer_horizon_holds_more_purchases(values, rows, horizon, longer):
    model, past = RepeatBuying(*values), columns(rows)
    near = expected_purchases(model, *past, horizon)
    assert (expected_purchases(model, *past, horizon * longer) >= near * (1 - 1e-9)).all()


@SOME
@given(parameters, histories, st.floats(0.1, 100.0), st.floats(0.01, 100.0))
def test_the_unit_of_time_changes_nothing_but_alpha(values, rows, horizon, unit):
    model, (x, t_x, T) = RepeatBuying(*values), columns(rows)
    r, alpha, a, b = values
    other = RepeatBuying(r, alpha * unit, a, b)
    wanted = expected_purchases(model, x, t_x, T, horizon)
    found = expected_purchases(other, x, t_x * unit, T * unit, horizon * unit)
    np.testing.assert_allclose(found, wanted, rtol=1e-8)
    # A density is per unit of time, once for each purchase.
    moved = log_likelihood(other, x, t_x * unit, T * unit) + x * np.log(unit)
    np.testing.assert_allclose(moved, log_likelihood(model, x, t_x, T), rtol=1e-9, atol=1e-7)


def test_a_row_has_the_same_answer_alone_and_among_others():
    together = expected_purchases(MODEL, X, T_X, T, 39.0)
    alone = [expected_purchases(MODEL, X[[i]], T_X[[i]], T[[i]], 39.0)[0] for i in range(len(X))]
    np.testing.assert_array_equal(together, alone)


def test_nothing_is_bought_in_no_time():
    assert (expected_purchases(MODEL, X, T_X, T, 0.0) == 0.0).all()
    with pytest.raises(MathsError, match="a horizon is 0 or more, not -1"):
        expected_purchases(MODEL, X, T_X, T, -1.0)


def test_nobody_stops_before_the_first_repeat_purchase():
    assert probability_active(MODEL, np.zeros(1), np.zeros(1), np.array([1e6]))[0] == 1.0
    assert stopped_odds(MODEL, np.zeros(1), np.zeros(1), np.ones(1))[0] == -np.inf


def test_frequent_buyers_who_are_silent_have_stopped():
    silent = probability_active(MODEL, np.array([5e4]), np.array([10.0]), np.array([30.0]))
    assert silent[0] == 0.0
    busy = probability_active(MODEL, np.array([5e4]), np.array([30.0]), np.array([30.0]))
    assert busy[0] > 0.9999


@pytest.mark.parametrize("a", [0.9, 1.1, 2.0])
def test_a_of_one_is_no_special_place(a):
    near = expected_purchases(RepeatBuying(0.3, 5.0, 1.0, 2.4), X, T_X, T, 39.0)
    around = [
        expected_purchases(RepeatBuying(0.3, 5.0, 1.0 + side * 1e-4 * a, 2.4), X, T_X, T, 39.0)
        for side in (-1, 1)
    ]
    np.testing.assert_allclose(near, (around[0] + around[1]) / 2, rtol=1e-7)


def test_who_never_stops_buys_at_the_rate_of_the_posterior():
    forever = RepeatBuying(0.5, 6.0, 1e-3, 1e3)
    found = expected_purchases(forever, X[:4], T[:4] * (X[:4] > 0), T[:4], 10.0)
    np.testing.assert_allclose(found, (0.5 + X[:4]) * 10.0 / (6.0 + T[:4]), rtol=1e-4)


def test_discount_takes_worth_and_none_takes_nothing():
    from scipy.integrate import quad

    past = (X, T_X, T)
    plain = expected_purchases(MODEL, *past, 52.0)
    np.testing.assert_array_equal(discounted_purchases(MODEL, *past, 52.0, rate=0.0), plain)
    found = discounted_purchases(MODEL, *past, 52.0, rate=0.01)
    for i in range(len(X)):
        row = tuple(v[[i]] for v in past)
        area, _ = quad(
            lambda u, row=row: np.exp(-0.01 * u) * expected_purchases(MODEL, *row, u)[0],
            0.0,
            52.0,
            epsabs=0.0,
            epsrel=1e-10,
        )
        assert found[i] == pytest.approx(np.exp(-0.52) * plain[i] + 0.01 * area, rel=1e-8)
    assert (found < plain).all()


def test_a_new_entity_buys_like_everybody_does_from_the_first_purchase_on():
    drawn = drawn_buyers(np.random.default_rng(0), np.full(200_000, 39.0))
    error = drawn.x.std() / len(drawn.x) ** 0.5
    assert abs(expected_purchases_of_new(MODEL, 39.0) - drawn.x.mean()) < 4 * error


def test_forecasts_are_right_on_average_where_the_story_is_true():
    rng = np.random.default_rng(1)
    drawn = drawn_buyers(rng, rng.uniform(5.0, 60.0, 200_000), horizon=26.0)
    past = (drawn.x, drawn.t_x, drawn.T)
    forecast = expected_purchases(MODEL, *past, 26.0)
    active, buys = probability_active(MODEL, *past), probability_purchase(MODEL, *past, 26.0)
    for members in (drawn.x == 0, drawn.x == 1, (drawn.x > 1) & (drawn.x < 5), drawn.x >= 5):
        for said, seen in (
            (forecast, drawn.bought),
            (active, drawn.is_active),
            (buys, drawn.bought > 0),
        ):
            missed = seen[members] - said[members]
            assert abs(missed.mean()) <= 4 * missed.std() / members.sum() ** 0.5 + 1e-12


def test_gradients_are_those_of_the_expectation():
    gradient = log_gradient(MODEL, X, T_X, T, 39.0)
    for i in range(4):
        values = np.tile(MODEL.values, (2, 1))
        values[:, i] *= np.exp([1e-3, -1e-3])
        up, down = (expected_purchases(RepeatBuying.of(v), X, T_X, T, 39.0) for v in values)
        wanted = (np.log(up) - np.log(down)) / 2e-3
        np.testing.assert_allclose(gradient[:, i], wanted, rtol=1e-4, atol=1e-6)


def test_an_error_is_that_of_the_quadratic_form():
    C = ((4.0, 0.0), (0.0, 9.0))
    np.testing.assert_allclose(log_error(np.array([[1.0, 0.0], [0.0, 2.0]]), C), [2.0, 6.0])


def test_equal_histories_are_told_once_and_found_again():
    past = tuple(np.tile(v, 3) for v in (X, T_X, T))
    rows, index = distinct_histories(*past)
    assert len(rows[0]) == len(X)
    for column, wanted in zip(rows, past, strict=True):
        np.testing.assert_array_equal(column[index], wanted)


def test_the_terms_of_counts_vanish_without_a_count():
    assert count_terms(MODEL, np.zeros(1))[0] == pytest.approx(0.0, abs=1e-12)


def test_intervals_are_symmetric_in_the_logarithm():
    C = tuple(tuple(0.01 if i == j else 0.0 for j in range(4)) for i in range(4))
    low, high = RepeatBuying(*CDNOW, C).intervals()["alpha"]
    assert low * high == pytest.approx(CDNOW[1] ** 2)
    assert high / CDNOW[1] == pytest.approx(np.exp(0.196), rel=1e-4)
    assert MODEL.intervals() == {}


@pytest.mark.parametrize(
    ("x", "t_x", "T", "words"),
    [
        ([1.0], [2.0], [1.0], "in 1 of 1 rows t_x lies beyond T"),
        ([1.5, 0.0], [1.0, 0.0], [2.0, 2.0], "x is no whole number"),
        ([0.0, 0.0], [1.0, 0.0], [2.0, 2.0], "t_x is not 0 where x is 0"),
        ([np.nan], [0.0], [2.0], "a number is missing or infinite"),
        ([], [], [], "with a row or more"),
    ],
)
def test_histories_that_cannot_be_are_refused(x, t_x, T, words):
    with pytest.raises(MathsError, match=words):
        checked_histories(np.array(x), np.array(t_x), np.array(T))


def test_parameters_that_cannot_be_are_refused():
    with pytest.raises(MathsError, match="alpha must be a finite number above 0"):
        RepeatBuying(0.2, 0.0, 0.8, 2.4)
