"""Users of an application, one row each."""

from __future__ import annotations

import numpy as np

from segmentry.simulate.scenarios.saas_users import N_FEATURES, SAAS_USERS
from simulated import columns_of


def test_nobody_who_never_came_has_a_length_of_visit_or_a_device() -> None:
    drawn = columns_of(SAAS_USERS)
    idle = drawn["sessions_per_week"] == 0
    assert idle.any()
    np.testing.assert_array_equal(np.isnan(drawn["avg_session_duration_minutes"]), idle)
    assert np.isnan(drawn["mobile_usage_percent"][idle]).all()
    assert (drawn["days_since_last_login"][idle] >= 90).all()
    assert (drawn["days_since_last_login"][~idle] < 90).all()


def test_figures_stay_within_what_is_possible() -> None:
    drawn = columns_of(SAAS_USERS)
    assert drawn["features_adopted"].max() <= N_FEATURES
    assert np.nanmax(drawn["mobile_usage_percent"]) <= 100
    assert min(drawn[c].min() for c in ("support_tickets", "revenue_90days")) == 0
    unknown = np.isnan(drawn["mobile_usage_percent"]).mean()
    assert 0.02 < unknown < 0.08


def test_light_users_come_seldom_and_pay_little() -> None:
    drawn = columns_of(SAAS_USERS)
    names = [s.name for s in SAAS_USERS.planted.segments]
    light, power = (
        drawn["label"] == names.index(n) for n in ("at-risk light users", "power users")
    )
    for column in ("sessions_per_week", "features_adopted", "revenue_90days"):
        assert np.median(drawn[column][light]) < 0.3 * np.median(drawn[column][power])
