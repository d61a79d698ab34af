"""The application."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.simulate.scenarios.saas import FEATURES, KINDS, SAAS
from simulated import lines


def test_every_session_opens_with_a_login_and_has_no_other() -> None:
    made, _, columns = lines("saas")
    sessions = np.array(columns["session_id"].to_pylist())
    is_login = np.array(columns["event"].to_pylist()) == "login"
    _, first = np.unique(sessions, return_index=True)
    np.testing.assert_array_equal(np.flatnonzero(is_login), np.sort(first))
    assert is_login.sum() == len(made.visits)


@pytest.mark.parametrize("pace", [0.5, 3.0])
def test_actions_follow_each_other_at_the_users_pace(pace: float) -> None:
    _, _, columns = lines("saas", minutes_between_actions=pace)
    sessions = np.array(columns["session_id"].to_pylist())
    minutes = np.diff(np.array(columns["occurred_at"])) / np.timedelta64(60, "s")
    within = minutes[sessions[1:] == sessions[:-1]]
    assert (within >= 0).all()
    assert np.median(within) == pytest.approx(pace, rel=0.1)


def test_logins_and_tickets_name_no_feature_and_all_else_does() -> None:
    _, _, columns = lines("saas")
    kinds, features = (columns[c].to_pylist() for c in ("event", "feature"))
    assert set(kinds) == set(KINDS)
    assert set(features) - {None} <= set(FEATURES)
    for kind, feature in zip(kinds, features, strict=True):
        assert (feature is None) == (kind in {"login", "ticket_opened"})


def test_wide_users_touch_more_features() -> None:
    def n_features(breadth: float) -> float:
        _, user, columns = lines("saas", breadth=breadth, visits_per_week=3.0)
        codes = columns["feature"].indices.fill_null(-1).to_numpy()
        return float(np.mean([len(set(codes[user == u]) - {-1}) for u in range(100)]))

    assert n_features(6.0) == pytest.approx(6.0, abs=0.1)
    assert n_features(20.0) == pytest.approx(20.0, abs=1.0)


def test_its_own_columns_are_named() -> None:
    assert (SAAS.columns.entity, SAAS.columns.time) == ("user_id", "occurred_at")
