"""Rows are shared out at the very least cost that bounds allow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from segmentry.errors import MathsError
from segmentry.maths import transport as module
from segmentry.maths.transport import cheapest, priced, settled, shared_out


def least_cost(costs: np.ndarray, least: int, most: int) -> float:
    """Solve the transport problem as a linear programme."""
    k, n = costs.shape
    sizes = np.kron(np.eye(k), np.ones(n))
    return linprog(
        costs.ravel(),
        A_eq=np.kron(np.ones(k), np.eye(n)),
        b_eq=np.ones(n),
        A_ub=np.vstack([sizes, -sizes]),
        b_ub=np.concatenate([np.full(k, most), np.full(k, -least)]),
    ).fun


@st.composite
def problems(draw: st.DrawFn) -> tuple[np.ndarray, int, int]:
    k = draw(st.integers(1, 5))
    n = draw(st.integers(k, 14))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    costs = rng.random((k, n)) * draw(st.sampled_from([1.0, 1e4]))
    costs[:, : n // 2] *= draw(st.sampled_from([0.0, 1.0]))  # many ties
    least, most = draw(st.integers(0, n // k)), draw(st.integers(-(-n // k), n))
    return costs.astype(np.float32), least, most


def cost_of(costs: np.ndarray, labels: np.ndarray) -> float:
    return float(costs[labels, np.arange(len(labels))].sum(dtype=np.float64))


@settings(max_examples=60, deadline=None)
@given(problems())
def test_no_cheaper_sharing_keeps_the_bounds(problem: tuple[np.ndarray, int, int]) -> None:
    costs, least, most = problem
    labels = shared_out(costs, least, most)
    sizes = np.bincount(labels, minlength=len(costs))
    assert sizes.min() >= least
    assert sizes.max() <= most
    wanted = least_cost(costs, least, most)
    assert cost_of(costs, labels) == pytest.approx(wanted, rel=1e-4, abs=1e-4)


@settings(max_examples=30, deadline=None)
@given(problems())
def test_moves_alone_find_the_same_without_any_prices(problem: tuple[np.ndarray, int, int]) -> None:
    costs, least, most = problem
    labels = settled(costs, np.zeros(len(costs)), least, most)
    wanted = least_cost(costs, least, most)
    assert cost_of(costs, labels) == pytest.approx(wanted, rel=1e-4, abs=1e-4)


def test_lists_of_cheap_moves_are_made_anew_when_they_run_out(monkeypatch) -> None:
    costs = np.random.default_rng(0).random((3, 400)).astype(np.float32)
    costs[0] -= 1
    full = settled(costs, np.zeros(3), 100, 200)
    monkeypatch.setattr(module, "AT_HAND", -595)  # two for each row out of bounds, less these
    short = settled(costs, np.zeros(3), 100, 200)
    assert cost_of(costs, full) == pytest.approx(cost_of(costs, short), rel=1e-5)


def test_prices_leave_hardly_a_row_out_of_bounds() -> None:
    costs = np.random.default_rng(1).random((4, 5_000)).astype(np.float32)
    costs[0] -= 0.5
    prices = priced(costs, np.zeros(4), 1_000, 1_500)
    sizes = np.bincount(cheapest(costs, prices))
    assert np.maximum(sizes - 1_500, 0).sum() + np.maximum(1_000 - sizes, 0).sum() <= 25


def test_bounds_that_nothing_reaches_change_nothing() -> None:
    costs = np.random.default_rng(2).random((3, 100)).astype(np.float32)
    np.testing.assert_array_equal(shared_out(costs, 0, 100), costs.argmin(axis=0))


def test_of_equally_cheap_clusters_a_row_gets_the_first() -> None:
    assert cheapest(np.ones((3, 2), dtype=np.float32), np.zeros(3)).tolist() == [0, 0]


@pytest.mark.parametrize(("least", "most"), [(4, 9), (0, 3), (3, 2), (-1, 9)])
def test_bounds_that_no_sizes_keep_are_refused(least: int, most: int) -> None:
    with pytest.raises(MathsError, match="10 rows cannot make 3 clusters"):
        shared_out(np.ones((3, 10), dtype=np.float32), least, most)
