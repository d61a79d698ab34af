"""Tickets, how fast they are answered and solved, scores."""

from __future__ import annotations

import pytest

from logs import computed

LOG = [
    {"at": "2024-05-02", "kind": "ticket", "response_seconds": 3600, "escalated": 1, "nps": 10},
    {"at": "2024-06-20", "kind": "ticket", "response_seconds": 7200, "escalated": 0, "nps": 3},
    {"at": "2024-06-21", "kind": "ticket", "response_seconds": None, "escalated": 0, "nps": 9},
    {"at": "2024-06-22", "kind": "reopen", "score": 4, "nps": 7},
]


def test_tickets_are_counted_by_time() -> None:
    names = ("n_tickets", "tickets_per_month", "tickets_recent", "reopened_share")
    assert computed(LOG, *names) == [3.0, pytest.approx(90 / 61), 2.0, pytest.approx(1 / 3)]


def test_answers_take_their_median() -> None:
    assert computed(LOG, "first_response_hours") == 1.5


def test_a_column_tells_of_escalation_where_there_is_one() -> None:
    assert computed(LOG, "escalated_share") == pytest.approx(1 / 3)


def test_promoters_less_detractors_make_the_net_promoter_score() -> None:
    assert computed(LOG, "nps", "nps_latest", "score_latest") == [0.25, 7.0, 4.0]


def test_of_scores_at_one_instant_the_largest_is_the_latest() -> None:
    log = [{"at": "2024-06-01", "score": s} for s in (3, 5, 4)]
    assert computed(log, "score_latest", "score_mean") == [5.0, 4.0]
