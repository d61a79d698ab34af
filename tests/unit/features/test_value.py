"""The family "value": what is given, what is not and why, and what stays the same."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from repeaters import drawn_buyers, drawn_means
from segmentry.errors import MathsError
from segmentry.features.value import LEAST_REPEATERS, NAMES, Histories, ValueModel, fit_value
from segmentry.maths.repeat_buying import expected_purchases

RNG = np.random.default_rng(6)


def drawn(n: int, rng: np.random.Generator = RNG, **planted: float) -> Histories:
    """Draw histories in whole days, with the mean value of repeat purchases."""
    found = drawn_buyers(rng, np.ceil(rng.uniform(100, 500, n)), alpha=60.0, **planted)
    t_x = np.ceil(found.t_x)
    x = np.minimum(found.x, t_x)
    m = np.full(n, np.nan)
    m[x > 0] = drawn_means(rng, x[x > 0])[0]
    return Histories(x, t_x, found.T, m)


PEOPLE = drawn(3_000, r=0.6)
MODEL = fit_value(PEOPLE, horizon_days=180.0)
FOUND = MODEL.apply(PEOPLE)


def test_every_feature_is_given_where_it_can_be():
    assert tuple(sorted(FOUND)) == tuple(sorted(NAMES))
    repeats = PEOPLE.n_repeats > 0
    for name in set(NAMES) - {"p_active"}:
        assert np.isfinite(FOUND[name]).all()
    # Without a repeat the model can only say 1, of anybody: that is no news of this entity.
    assert np.isnan(FOUND["p_active"][~repeats]).all()
    assert ((FOUND["p_active"][repeats] >= 0) & (FOUND["p_active"][repeats] <= 1)).all()
    assert MODEL.why_no_purchases == MODEL.why_no_spend == ""


def test_value_is_purchases_times_value_and_lies_in_its_interval():
    wanted = FOUND["expected_purchases"] * FOUND["expected_value"]
    np.testing.assert_allclose(FOUND["clv"], wanted, rtol=1e-9)
    assert (FOUND["clv_low"] < FOUND["clv"]).all()
    assert (FOUND["clv"] < FOUND["clv_high"]).all()
    past = (PEOPLE.n_repeats, PEOPLE.last_days, PEOPLE.age_days, 180.0)
    np.testing.assert_allclose(
        FOUND["expected_purchases"], expected_purchases(MODEL.purchases, *past), rtol=1e-10
    )


def test_a_discount_takes_from_value_alone():
    dear = replace(MODEL, discount_rate=0.2).apply(PEOPLE)
    np.testing.assert_array_equal(dear["expected_purchases"], FOUND["expected_purchases"])
    share = dear["clv"] / FOUND["clv"]
    # Half a year on average a quarter of a year away, a bit nearer as people stop.
    assert (share < 1.0).all()
    assert (share > 1.2**-0.5).all()
    assert share.mean() == pytest.approx(1.2**-0.24, abs=0.005)


def test_a_row_has_the_same_answer_alone_and_among_others():
    rows = np.array([0, 7, 2_000])
    alone = [MODEL.apply(PEOPLE.rows(np.array([i]))) for i in rows]
    for name in NAMES:
        np.testing.assert_array_equal([a[name][0] for a in alone], FOUND[name][rows])


def test_a_model_is_plain_json_and_back():
    text = json.dumps(MODEL.to_dict(), allow_nan=False)
    again = ValueModel.from_dict(json.loads(text))
    assert again == MODEL
    for name, values in again.apply(PEOPLE).items():
        np.testing.assert_array_equal(values, FOUND[name])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"horizon_days": -1.0}, "a number of days above 0"),
        ({"horizon_days": "180"}, "horizon_days"),
        ({"discount_rate": 7.0}, "lies from 0 to 1"),
        ({"unknown": 1}, "no field 'unknown'"),
        ({"why_no_purchases": "because"}, "has a model of purchases, or says why not"),
        ({"why_no_spend": "because"}, "has a model of spend, or says why not"),
        ({"purchases": {"r": -1.0, "alpha": 1.0, "a": 1.0, "b": 1.0}}, "r must be a finite number"),
        ({"purchases": {"r": 1.0, "alpha": 1.0, "a": 1.0, "b": 1.0}}, "needs its covariance"),
    ],
)
def test_a_model_that_was_tampered_with_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        ValueModel.from_dict(MODEL.to_dict() | change)


def test_who_has_no_history_has_no_forecast():
    people = PEOPLE.rows(np.arange(5))
    gone = replace(people, n_repeats=np.array([np.nan, *people.n_repeats[1:]]))
    found = MODEL.apply(gone)
    assert all(np.isnan(found[name][0]) for name in NAMES)
    np.testing.assert_array_equal(found["clv"][1:], FOUND["clv"][1:5])
    all_gone = replace(people, age_days=np.full(5, np.nan))
    assert np.isnan(MODEL.apply(all_gone)["clv"]).all()


def test_repeats_of_unknown_or_negative_value_have_no_value_to_expect():
    people = Histories(
        np.full(3, 2.0), np.full(3, 50.0), np.full(3, 90.0), np.array([np.nan, -5.0, 0])
    )
    found = MODEL.apply(people)
    assert np.isfinite(found["expected_purchases"]).all()
    np.testing.assert_array_equal(np.isfinite(found["clv"]), [False, False, True])


def test_a_busy_entity_that_fell_silent_long_ago_has_finite_answers():
    x = np.array([30.0, 300.0, 5_000.0, 50_000.0])
    people = Histories(x, np.full(4, 40.0), np.full(4, 400.0), np.full(4, 20.0))
    found = MODEL.apply(people)
    for name in NAMES:
        assert np.isfinite(found[name]).all()
    assert (found["clv_low"] <= found["clv"]).all()
    assert (found["clv"] <= found["clv_high"]).all()
    assert found["p_active"][-1] == 0.0


def test_histories_that_cannot_be_are_refused():
    with pytest.raises(MathsError, match="t_x lies beyond T"):
        MODEL.apply(Histories(np.ones(1), np.full(1, 9.0), np.full(1, 5.0), np.ones(1)))
    with pytest.raises(MathsError, match="as long as each other"):
        Histories(np.ones(2), np.ones(1), np.ones(1), np.ones(1))


def test_weights_are_so_many_equal_entities():
    weights = np.random.default_rng(0).integers(0, 3, len(PEOPLE.n_repeats))
    weighed = fit_value(PEOPLE, horizon_days=180.0, weights=weights.astype(float))
    repeated = fit_value(
        PEOPLE.rows(np.repeat(np.arange(len(weights)), weights)), horizon_days=180.0
    )
    assert weighed.n_repeaters == repeated.n_repeaters
    np.testing.assert_allclose(weighed.purchases.values, repeated.purchases.values, rtol=1e-8)
    np.testing.assert_allclose(weighed.spend.values, repeated.spend.values, rtol=1e-7)


# ---------------------------------------------------------------- where it says no


def silent(model: ValueModel) -> bool:
    return all(np.isnan(values).all() for values in model.apply(PEOPLE).values())


def test_without_repeats_there_are_words_and_no_numbers():
    once = PEOPLE.rows(PEOPLE.n_repeats == 0)
    model = fit_value(once, horizon_days=180.0)
    assert "bought on a second day" in model.why_no_purchases
    assert "neither can their value" in model.why_no_spend
    assert silent(model)
    assert ValueModel.from_dict(json.loads(json.dumps(model.to_dict()))) == model


def test_with_few_repeats_there_are_words_and_no_numbers():
    few = np.r_[np.flatnonzero(PEOPLE.n_repeats)[: LEAST_REPEATERS - 1], np.arange(0)]
    model = fit_value(PEOPLE.rows(few), horizon_days=180.0)
    assert model.why_no_purchases.startswith("only 49 of 49 entities")
    assert silent(model)


def test_nobody_at_all_is_no_failure():
    nobody = Histories(*(np.full(3, np.nan) for _ in range(4)))
    model = fit_value(nobody, horizon_days=180.0)
    assert model.why_no_purchases == "nobody has a purchase"
    assert silent(model)


def test_where_nobody_stops_a_bound_is_told():
    n = 2_000
    x = RNG.poisson(RNG.gamma(1.0, 5.0, n)).astype(float)
    t_x = np.where(x > 0, np.ceil(300.0 * RNG.random(n) ** (1 / np.maximum(x, 1.0))), 0.0)
    model = fit_value(Histories(x, t_x, np.full(n, 300.0), np.full(n, np.nan)), horizon_days=90.0)
    assert "lies on the bound of the search" in model.why_no_purchases
    assert silent(model)


def test_values_that_go_along_with_frequency_are_told_and_purchases_stay():
    with np.errstate(invalid="ignore"):
        people = replace(PEOPLE, mean_value=PEOPLE.mean_value * PEOPLE.n_repeats**0.7)
    model = fit_value(people, horizon_days=180.0)
    assert model.why_no_spend.startswith("who buys more often spends more per purchase")
    found = model.apply(people)
    assert np.isfinite(found["expected_purchases"]).all()
    assert np.isnan(found["clv"]).all()


def test_equal_prices_are_told():
    prices = np.where(PEOPLE.n_repeats > 0, 10.0, np.nan)
    model = fit_value(replace(PEOPLE, mean_value=prices), horizon_days=180.0)
    assert "lies on the bound of the search" in model.why_no_spend
    without = fit_value(replace(PEOPLE, mean_value=np.full(3_000, np.nan)), horizon_days=180.0)
    assert without.why_no_spend.startswith("only 0 entities have repeat purchases with a value")


def test_a_horizon_beyond_all_histories_is_noted():
    assert not any("horizon" in note for note in MODEL.notes)
    assert any("longer than anybody has been seen" in note for note in
               fit_value(PEOPLE, horizon_days=2_000.0).notes)  # fmt: skip


@pytest.mark.parametrize("terms", [{"horizon_days": 0.0}, {"horizon_days": np.nan}])
def test_terms_that_make_no_sense_are_refused(terms):
    with pytest.raises(MathsError, match="a number of days above 0"):
        fit_value(PEOPLE, **terms)
    with pytest.raises(MathsError, match="a yearly discount rate lies from 0 to 1"):
        fit_value(PEOPLE, horizon_days=10.0, discount_rate=-0.1)
