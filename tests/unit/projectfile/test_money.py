"""What an event is worth."""

from __future__ import annotations

from typing import Any

import pytest

from segmentry.projectfile.fields import Fields, find_fields
from segmentry.projectfile.money import currency, find_money, is_money, purchase_kinds
from surveys import column, fields

N = 60
USERS = [i // 6 for i in range(N)]
FEW = [1 + i % 5 for i in range(N)]
SUMS = [1.5 + i for i in range(N)]


def found(**columns: Any) -> Fields:
    looking = fields({"user_id": USERS, **columns})
    find_fields(looking)
    find_money(looking)
    return looking


@pytest.mark.parametrize(
    "name",
    ["amount", "Total", "Sales", "usd", "order_value", "Total Amount", "fare_amount", "mrr_amount"],
)
def test_money_is_found_by_its_name(name: str) -> None:
    assert found(**{name: SUMS}).columns["amount"] == name


@pytest.mark.parametrize(
    "name",
    ["discount_amount", "Total Flights", "tax", "unit", "value_id", "payment_type", "net weight"],
)
def test_numbers_that_are_not_the_worth_of_a_row_are_none(name: str) -> None:
    assert "amount" not in found(**{name: SUMS}).columns


def test_quantity_times_the_price_of_one_is_an_amount() -> None:
    columns = found(Quantity=FEW, UnitPrice=SUMS).columns
    assert columns["amount"] == "Quantity * UnitPrice"
    assert columns["quantity"] == "Quantity"


def test_names_in_an_expression_are_quoted() -> None:
    assert found(qty=FEW, **{"unit price": SUMS}).columns["amount"] == 'qty * "unit price"'


def test_a_total_comes_before_quantity_times_price() -> None:
    columns = found(qty=FEW, unit_price=SUMS, total=SUMS).columns
    assert (columns["amount"], columns["quantity"]) == ("total", "qty")


def test_a_count_of_things_is_a_quantity() -> None:
    assert found(n_cds=FEW, usd=SUMS).columns["quantity"] == "n_cds"
    # Without money it is how much was done, which is a measure.
    assert "quantity" not in found(n_cds=FEW).columns
    assert "quantity" not in found(passenger_count=FEW).columns
    assert "quantity" not in found(n_errors=FEW).columns


def test_a_price_alone_is_an_amount_and_told() -> None:
    looking = found(price=SUMS)
    assert looking.columns["amount"] == "price"
    assert any("multiply" in note for note in looking.notes)


def test_the_price_of_what_was_looked_at_is_no_amount() -> None:
    looking = found(price=SUMS, page=FEW)
    assert "amount" not in looking.columns
    assert any("looked at" in note for note in looking.notes)


def test_prices_count_for_purchases_only() -> None:
    kinds = ["view", "cart", "purchase"] * 20
    looking = found(price=SUMS, event_type=kinds)
    assert purchase_kinds(looking) == ("purchase",)
    assert looking.columns["amount"] == "CASE WHEN event_type = 'purchase' THEN price END"


def test_money_that_only_purchases_have_needs_no_condition() -> None:
    kinds = ["view", "purchase"] * 30
    spent = [s if k == "purchase" else None for s, k in zip(SUMS, kinds, strict=True)]
    assert found(revenue=spent, event=kinds).columns["amount"] == "revenue"


def test_what_is_settled_stays() -> None:
    looking = fields({"user_id": USERS, "amount": SUMS, "fee": SUMS})
    looking.put("amount", "fee", ("fee",), "given")
    find_money(looking)
    assert looking.columns["amount"] == "fee"


@pytest.mark.parametrize(
    ("names", "wanted"),
    [(("usd",), "USD"), (("amount_eur", "fee_eur"), "EUR"), (("usd", "eur"), None), ((), None)],
)
def test_a_currency_is_read_off_names(names: tuple[str, ...], wanted: str | None) -> None:
    assert currency(names) == wanted


def test_an_amount_of_mostly_one_beside_a_price_counts_pieces() -> None:
    pieces = [1, 1, 1, 2, 6] * 12
    looking = found(AMOUNT=pieces, SALES_PRICE=SUMS)
    assert (looking.columns["amount"], looking.columns["quantity"]) == ("SALES_PRICE", "AMOUNT")
    assert any("counts pieces" in note for note in looking.notes)
    assert found(AMOUNT=SUMS, SALES_PRICE=SUMS).columns["amount"] == "AMOUNT"


def test_the_total_of_an_order_on_each_of_its_lines_is_not_added_up() -> None:
    orders = [100 + i // 3 for i in range(N)]
    looking = found(order_id=orders, order_total=[5.5 * o for o in orders])
    assert "amount" not in looking.columns
    assert any("several times" in note for note in looking.notes)
    lines = found(order_id=orders, order_total=[5.5 * o for o in orders], line_amount=SUMS)
    assert lines.columns["amount"] == "line_amount"


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("plays", True),
        ("sum_click", True),
        ("Menge", True),
        ("num_commande", False),
        ("number_of_orders", True),
        ("num_25", False),
        ("sum_insured", False),
    ],
)
def test_counts_are_told_from_numbers_that_things_have(name: str, counts: bool) -> None:
    assert (found(**{name: FEW, "usd": SUMS}).columns.get("quantity") == name) == counts


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Umsatz", True),
        ("importe", True),
        ("coins_spent", False),
        ("Purchase", True),
        ("kwh", False),
    ],
)
def test_money_is_told_by_its_name(name: str, is_one: bool) -> None:
    assert is_money(column(name, SUMS)) == is_one
