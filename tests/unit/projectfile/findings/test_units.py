"""Two units in one column."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from looks import look_at, only
from segmentry.projectfile.findings.units import currency_mix, two_clouds, unit_mix
from segmentry.seeds import stream


def prices(n: int, seed: int = 0, spread: float = 0.5) -> np.ndarray:
    """Draw prices about 20."""
    return np.exp(stream(seed, "prices").normal(3, spread, n)).round(2)


@pytest.mark.parametrize("factor", [100, 1000])
def test_cents_among_euros_are_counted(factor: int) -> None:
    values = np.concatenate([prices(900), prices(100, 1) * factor])
    found = only(unit_mix, look_at({"fee": values}))
    assert found.count == 100
    assert f"{factor:,} times" in found.sentence


def test_euros_among_cents_are_the_rarer_cloud_below() -> None:
    values = np.concatenate([prices(900) * 100, prices(50, 1)])
    clouds = two_clouds(values)
    assert clouds is not None
    assert not clouds.is_upper_rarer
    assert np.sum(values < clouds.border) == 50


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    spread=st.floats(0.1, 3.0),
    kind=st.sampled_from(["lognormal", "gamma", "uniform", "pareto", "two humps"]),
)
def test_ordinary_columns_are_one_unit(seed: int, spread: float, kind: str) -> None:
    rng = stream(seed, "columns")
    n = 2_000
    values = {
        "lognormal": lambda: np.exp(rng.normal(2, spread, n)),
        "gamma": lambda: rng.gamma(spread, 30, n),
        "uniform": lambda: rng.uniform(0, 1000, n),
        "pareto": lambda: rng.pareto(spread + 0.5, n) + 1,
        "two humps": lambda: np.concatenate([rng.normal(20, 2, n // 2), rng.normal(60, 5, n // 2)]),
    }[kind]()
    assert two_clouds(values) is None


def test_a_mapped_amount_is_brought_to_one_unit() -> None:
    values = np.concatenate([prices(900), prices(100, 1) * 100])
    columns = {"who": ["a", "b"] * 500, "at": ["2024-01-01"] * 1000, "amount": values}
    look = look_at(columns, {"entity": "who", "time": "at", "amount": "amount"})
    found = only(unit_mix, look)
    assert found.edit is not None
    mended = np.array([v for (v,) in look.rows.ask(found.edit.value)])
    assert two_clouds(mended) is None
    assert mended.max() < 200


def test_several_currencies_are_told() -> None:
    columns = {"id": list(range(100)), "currency": ["EUR"] * 90 + ["USD"] * 10}
    found = only(currency_mix, look_at(columns, {"entity": "id"}))
    assert (found.count, found.total) == (10, 100)
    assert not list(currency_mix(look_at({"currency": ["EUR"] * 9})))
