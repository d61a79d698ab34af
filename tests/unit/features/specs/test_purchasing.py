"""Value, orders, baskets, discounts, margin and returns."""

from __future__ import annotations

import pytest

from logs import computed

ORDERS = [
    {
        "at": "2024-06-01",
        "order_id": "a",
        "item": "x",
        "category": "p",
        "amount": 30,
        "quantity": 3,
    },
    {
        "at": "2024-06-01",
        "order_id": "a",
        "item": "y",
        "category": "p",
        "amount": 10,
        "quantity": 1,
    },
    {
        "at": "2024-06-02",
        "order_id": "b",
        "item": "x",
        "category": "q",
        "amount": 20,
        "quantity": 2,
    },
]
CARTS = [
    {"at": "2024-06-01 10:00", "kind": "cart"},
    {"at": "2024-06-01 10:20", "kind": "purchase"},
    {"at": "2024-06-02 10:00", "kind": "cart"},
    {"at": "2024-06-03 10:00", "kind": "view"},
    {"at": "2024-06-04 10:00", "kind": "cart"},
]


def test_orders_are_put_together_before_they_are_compared() -> None:
    assert computed(ORDERS, "value_largest", "spend_concentration") == [40.0, 40 / 60]


def test_baskets_hold_distinct_items_and_categories() -> None:
    assert computed(ORDERS, "basket_items", "basket_categories") == [1.5, 1.0]


def test_the_price_of_a_unit_is_weighed_by_units() -> None:
    assert computed(ORDERS, "unit_price_mean") == 10.0


def test_a_discount_is_a_share_of_the_full_price() -> None:
    log = [
        {"at": "2024-06-01", "amount": 75, "discount": 25},
        {"at": "2024-06-02", "amount": 100, "discount": 0},
        {"at": "2024-06-03", "amount": 1},
    ]
    assert computed(log, "discounted_share", "discount_rate") == [0.5, 25 / 201]


def test_margin_is_what_is_left_after_the_cost() -> None:
    log = [{"at": "2024-06-01", "amount": 80, "cost": 60}, {"at": "2024-06-02", "amount": 20}]
    assert computed(log, "margin_total", "margin_share") == [40.0, 0.4]


def test_what_went_back_is_a_share_of_what_was_bought() -> None:
    log = [{"at": "2024-06-01", "amount": 80}, {"at": "2024-06-02", "amount": -20}]
    assert computed(log, "returned_value_share") == 0.25


def test_carts_are_abandoned_by_visit_where_events_have_no_session() -> None:
    assert computed(CARTS, "cart_abandonment") == pytest.approx(2 / 3)


def test_carts_are_abandoned_by_session_where_events_have_one() -> None:
    log = [{**row, "session_id": s} for row, s in zip(CARTS, "aaabb", strict=True)]
    assert computed(log, "cart_abandonment", "purchases_per_session") == [0.5, 0.5]


def test_returns_are_compared_with_purchases() -> None:
    log = [{"at": "2024-06-01", "kind": k} for k in ("purchase", "purchase", "return", "view")]
    assert computed(log, "n_returns", "return_share", "purchases_per_view") == [1.0, 0.5, 2.0]


def test_what_lies_in_no_order_is_no_part_of_the_average_order() -> None:
    fee = {"at": "2024-06-03", "order_id": None, "item": None, "amount": 600, "quantity": 60}
    found = computed([*ORDERS, fee], "value_mean", "basket_size", "spend_concentration")
    assert found == [30.0, 3.0, 40 / 660]
    assert computed([fee], "value_mean", "basket_size", "spend_concentration") == [None] * 3


def test_an_unknown_price_makes_no_unit_cheaper() -> None:
    log = [{"at": "2024-06-01", "amount": 8, "quantity": 2}, {"at": "2024-06-01", "quantity": 6}]
    assert computed(log, "unit_price_mean") == 4.0


def test_a_discount_on_an_unknown_amount_is_no_share_of_anything() -> None:
    log = [{"at": "2024-06-01", "amount": 75, "discount": 25}, {"at": "2024-06-02", "discount": 9}]
    assert computed(log, "discount_rate") == 0.25
    assert computed(log[1:], "discount_rate", also=["amount"]) is None


def test_purchases_outside_sessions_are_no_purchases_of_a_session() -> None:
    log = [{"at": "2024-06-01", "kind": "purchase", "session_id": s} for s in ("a", None)]
    assert computed(log, "purchases_per_session") == 1.0
