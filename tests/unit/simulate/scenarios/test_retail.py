"""The shop."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.simulate.scenarios.retail import RETAIL
from simulated import lines


def test_lines_of_an_order_share_its_number_and_instant() -> None:
    made, user, columns = lines("retail")
    orders = np.array(columns["order_id"].to_pylist())
    times = np.array(columns["ordered_at"])
    _, first, of = np.unique(orders, return_index=True, return_inverse=True)
    np.testing.assert_array_equal(times, times[first][of])
    np.testing.assert_array_equal(user, user[first][of])
    assert len(first) == len(made.visits)


@pytest.mark.parametrize("level", [4.0, 12.0])
def test_users_buy_near_their_price_level(level: float) -> None:
    _, _, columns = lines("retail", price_level=level)
    assert np.median(columns["unit_price"]) == pytest.approx(level, rel=0.1)


def test_a_product_has_one_category_and_one_list_price() -> None:
    _, _, columns = lines("retail")
    pairs = set(zip(*(columns[c].to_pylist() for c in ("product_id", "category")), strict=True))
    prices: dict[str, set[float]] = {}
    for product, price in zip(
        columns["product_id"].to_pylist(), columns["unit_price"].to_pylist(), strict=True
    ):
        prices.setdefault(product, set()).add(price)
    assert len(pairs) == len(prices)
    assert max(map(len, prices.values())) == 2  # with and without discount


def test_wide_tastes_buy_more_products() -> None:
    def n_products(breadth: float) -> float:
        _, user, columns = lines("retail", breadth=breadth)
        pairs = np.unique(np.stack([user, columns["product_id"].indices.to_numpy()]), axis=1)
        return pairs.shape[1] / 400

    assert n_products(80.0) > 2 * n_products(15.0)


def test_quantities_are_whole_and_a_customer_has_one_country() -> None:
    _, user, columns = lines("retail")
    assert np.array(columns["quantity"]).min() == 1
    country = columns["country"].indices.to_numpy()
    assert all(len(set(country[user == u])) == 1 for u in range(50))


def test_its_own_columns_are_named() -> None:
    assert (RETAIL.columns.entity, RETAIL.columns.time) == ("customer_id", "ordered_at")
