"""Figures of business are the sums that they say, told only where the data allow them."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.domain.business import BusinessFigure, Flows
from segmentry.judge.business import business_of
from segmentry.maths.suppression import FEWEST_TOLD

SEGMENT = np.repeat([0, 1], 60)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def told(
    flows: Flows, segment: np.ndarray = SEGMENT, ids: tuple[int, ...] = (1, 4)
) -> dict[tuple[int, str], BusinessFigure]:
    found = business_of(flows, segment, ids, 30.0, rng())
    return {(b.id, f.name): f for b in found for f in b.figures}


def test_recurring_value_counts_who_paid_then_and_nobody_new() -> None:
    before, after = rng().gamma(2.0, 40.0, 120), rng().gamma(2.0, 44.0, 120)
    before[:10], after[:10] = 0.0, 500.0  # new: they do not count
    after[60:75] = 0.0  # lost: they count as 0
    found = told(Flows(recurring_before=before, recurring_after=after))
    one, four = found[1, "net_revenue_retention"], found[4, "net_revenue_retention"]
    assert one.value == pytest.approx(after[10:60].sum() / before[10:60].sum())
    assert four.value == pytest.approx(after[60:].sum() / before[60:].sum())
    assert (one.n, four.n) == (50, 60)
    assert one.everyone == four.everyone == pytest.approx(after[10:].sum() / before.sum())
    assert one.low < one.value < one.high
    assert one.unit == "share"


def test_purchases_keep_value_where_nothing_recurs() -> None:
    before, after = rng().gamma(1.0, 40.0, 120), rng().gamma(1.0, 30.0, 120)
    before[:20] = -5.0  # sent back more than was bought: no base
    found = told(Flows(before=before, after=after))
    assert set(found) == {(1, "value_kept"), (4, "value_kept")}
    assert found[1, "value_kept"].n == 40
    assert found[1, "value_kept"].value == pytest.approx(after[20:60].sum() / before[20:60].sum())
    both = told(Flows(before=before, after=after, recurring_before=after, recurring_after=after))
    assert {n for _, n in both} == {"net_revenue_retention"}


def test_tickets_are_told_for_each_member() -> None:
    tickets = rng().poisson(0.8, 120).astype(float)
    found = told(Flows(tickets=tickets, ticket_hours=5.0 * tickets))
    one = found[1, "tickets_each"]
    assert (one.value, one.everyone, one.n) == (tickets[:60].mean(), tickets.mean(), 60)
    assert one.unit == "tickets"
    assert found[4, "ticket_hours_each"].value == pytest.approx(5.0 * tickets[60:].mean())
    assert "not time that was worked on them" in found[4, "ticket_hours_each"].sentence


def test_value_per_message_needs_both() -> None:
    after, messages = rng().gamma(1.0, 30.0, 120), rng().poisson(2.0, 120).astype(float)
    found = told(Flows(after=after, messages=messages))
    sent = messages[:60] > 0
    one = found[1, "value_per_message"]
    assert one.value == pytest.approx(after[:60][sent].sum() / messages[:60].sum())
    assert (one.unit, one.n) == ("money", int(sent.sum()))
    assert told(Flows(messages=messages)) == {}
    assert told(Flows(after=after)) == {}


def test_few_are_told_of_nobody() -> None:
    before = np.where(np.arange(120) < FEWEST_TOLD - 1, 5.0, 0.0)
    before[60:] = 7.0
    three = np.repeat([0, 1, 2], [60, 20, 40])
    found = told(Flows(before=before, after=before), three, (1, 4, 5))
    # Everyone's less the others' would be the first one's, so the second is withheld with it.
    assert set(found) == {(5, "value_kept")}
    assert told(Flows(before=before, after=before)) == {}
    bought = np.where(np.arange(120) < 57, 0.0, 5.0)
    after = told(Flows(before=np.full(120, 9.0), after=bought), three, (1, 4, 5))
    assert set(after) == {(5, "value_kept")}
    tickets = np.zeros(120)
    tickets[:3] = 1.0
    assert told(Flows(tickets=tickets)) == {}
    small = np.repeat([0, 1], [115, 5])
    assert told(Flows(tickets=tickets + 1), small) == {}
    nobody = np.where(np.arange(120) < 60, 0.0, 2.0)
    assert {i for i, _ in told(Flows(tickets=nobody))} == {1, 4}
    few = np.where(np.arange(120) < 4, 5.0, 0.0)
    assert told(Flows(before=few, after=few)) == {}


def test_the_same_chance_gives_the_same_figures() -> None:
    flows = Flows(before=rng().gamma(1.0, 9.0, 120), after=rng().gamma(1.0, 9.0, 120))
    assert told(flows) == told(flows)
