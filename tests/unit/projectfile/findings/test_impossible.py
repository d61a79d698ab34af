"""Numbers that cannot be, by what their column is called."""

from __future__ import annotations

import numpy as np
import pytest

from looks import look_at, only
from segmentry.domain.role import Role
from segmentry.projectfile.findings.impossible import impossible, zero_prices
from segmentry.seeds import stream

RNG = stream(0, "impossible")


def planted(usual: np.ndarray, bad: list[float]) -> np.ndarray:
    """Put bad values among usual ones."""
    values = np.concatenate([usual, bad])
    return RNG.permutation(values)


@pytest.mark.parametrize(
    ("name", "usual", "bad"),
    [
        ("customer_age", RNG.integers(18, 90, 300).astype(float), [-3.0, 200.0]),
        ("discount_percent", RNG.uniform(0, 60, 300), [140.0, -5.0]),
        ("purchases_frequency", RNG.uniform(0, 1, 300), [1.2, 1.5]),
        ("tenure", RNG.integers(0, 70, 300).astype(float), [-1.0]),
        ("year_of_birth", RNG.integers(1940, 2005, 300).astype(float), [1893.0]),
    ],
)
def test_planted_values_are_counted(name: str, usual: np.ndarray, bad: list[float]) -> None:
    values = planted(usual, bad)
    look = look_at({"id": list(range(len(values))), name: values}, {"entity": "id"})
    found = only(impossible, look)
    assert (found.count, found.columns) == (len(bad), (name,))
    # Nobody of a table is left out for a typing mistake.
    assert found.edit is None
    assert not list(impossible(look_at({name: usual})))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("growth_rate", RNG.normal(0, 3, 300)),
        ("price_change", RNG.normal(0, 3, 300)),
        ("balance", RNG.normal(0, 100, 300)),
        ("mileage", RNG.uniform(0, 300_000, 300)),
        ("average_age_of_account", RNG.uniform(0, 4000, 300)),
        ("ratio", RNG.uniform(0, 9, 300)),
    ],
)
def test_ranges_that_a_column_does_not_keep_are_not_its_own(name: str, values: np.ndarray) -> None:
    assert not list(impossible(look_at({name: values})))


def test_a_weight_below_zero_is_told_whatever_its_column_is_called() -> None:
    values = {
        "id": list(range(40)),
        "drawn_for": planted(np.repeat([1.0, 2.0, 0.0], 12), [-2.0] * 4),
    }
    look = look_at(values, {"entity": "id"}, roles={"drawn_for": Role.WEIGHT})
    found = only(impossible, look)
    assert (found.count, found.columns, found.edit) == (4, ("drawn_for",), None)
    assert "below zero, and entities are to count by it" in found.sentence
    assert not list(impossible(look_at(values, {"entity": "id"})))


def test_events_can_be_left_out_and_a_quantity_below_zero_is_no_mistake() -> None:
    columns = {
        "who": [f"u{i % 9}" for i in range(100)],
        "at": ["2024-01-01"] * 100,
        "quantity": [-1] * 3 + [2] * 97,
        "price": [9.5] * 98 + [-4.0, 7.0],
    }
    look = look_at(columns, {"entity": "who", "time": "at", "quantity": "quantity"})
    found = only(impossible, look)
    assert (found.columns, found.count) == (("price",), 1)
    assert found.edit is not None
    assert look.rows.count([found.edit.value]) == [99]


def test_prices_of_zero_are_told_with_those_that_are_kept() -> None:
    columns = {
        "who": [None, "a", "a", "b"],
        "at": ["2024-01-01"] * 4,
        "unit_price": [0.0, 0.0, 3.0, 4.0],
    }
    found = only(zero_prices, look_at(columns, {"entity": "who", "time": "at"}))
    assert found.count == 2
    assert "1 of them in rows that are kept" in found.sentence
