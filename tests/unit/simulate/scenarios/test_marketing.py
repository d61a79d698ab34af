"""Customers of a shop, one row each."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.simulate.scenarios.marketing import MARKETING, UNMAILED_SHARE
from simulated import columns_of

RANGES = {
    "total_purchases": (0, 50),
    "avg_order_value": (10, 500),
    "days_since_last_purchase": (0, 365),
    "email_open_rate": (0, 100),
    "product_categories_purchased": (1, 8),
    "customer_support_tickets": (0, 15),
    "account_age_days": (30, 1825),
}


def test_every_figure_lies_in_the_range_that_the_case_states() -> None:
    drawn = columns_of(MARKETING, 20_000)
    assert set(drawn) == {*RANGES, "label"}
    for name, (low, high) in RANGES.items():
        assert low <= np.nanmin(drawn[name]) < np.nanmax(drawn[name]) <= high


def test_nobody_who_bought_nothing_has_an_order() -> None:
    drawn = columns_of(MARKETING)
    never = drawn["total_purchases"] == 0
    assert never.any()
    for name in ("avg_order_value", "days_since_last_purchase", "product_categories_purchased"):
        np.testing.assert_array_equal(np.isnan(drawn[name]), never)
    some = ~never
    assert (drawn["product_categories_purchased"][some] <= drawn["total_purchases"][some]).all()


def test_nobody_bought_before_they_came_and_some_get_no_letters() -> None:
    drawn = columns_of(MARKETING, 20_000)
    bought = drawn["total_purchases"] > 0
    assert (drawn["days_since_last_purchase"] <= drawn["account_age_days"])[bought].all()
    unmailed = np.isnan(drawn["email_open_rate"]).mean()
    assert unmailed == pytest.approx(UNMAILED_SHARE, abs=0.01)
