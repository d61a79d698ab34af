"""Users of an application, one row each: eight figures of their last 90 days."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator

from segmentry.simulate.population import Parameter, Population
from segmentry.simulate.scenarios.base import segments
from segmentry.simulate.scenarios.table import Columns, TableScenario, by_chance, counted, measured
from segmentry.simulate.timeline import Numbers

WEEKS = 90 / 7
N_FEATURES = 20

PARAMETERS = (
    Parameter("sessions_per_week", "exp", 0.50),
    Parameter("minutes_per_session", "exp", 0.40),
    Parameter("features_share", "share", 0.45),
    Parameter("invites", "exp", 0.60),
    Parameter("mobile_share", "share", 0.70),
    Parameter("tickets", "exp", 0.50),
    Parameter("days_away", "exp", 0.60),
    Parameter("revenue", "exp", 0.55),
)

PLANTED = Population(
    PARAMETERS,
    segments(
        PARAMETERS,
        {
            # share, sessions, minutes, features, invites, mobile, tickets, days away, revenue
            "power users":          (0.12, 11.0, 32.0, 0.75, 2.0, 0.18, 1.2,  0.8, 620.0),
            "at-risk light users":  (0.22,  0.5,  6.0, 0.14, 0.1, 0.30, 0.3, 32.0,  60.0),
            "mobile regulars":      (0.20,  7.0,  7.0, 0.30, 0.6, 0.80, 0.3,  1.5, 140.0),
            "steady core":          (0.24,  3.5, 18.0, 0.38, 0.6, 0.18, 0.5,  4.0, 210.0),
            "team builders":        (0.12,  6.0, 22.0, 0.52, 9.0, 0.18, 0.8,  2.0, 420.0),
            "struggling users":     (0.10,  3.0, 26.0, 0.24, 0.5, 0.15, 6.0,  5.0, 230.0),
        },
    ),
    correlations={
        ("sessions_per_week", "days_away"): -0.45,
        ("sessions_per_week", "features_share"): 0.35,
        ("features_share", "revenue"): 0.30,
        ("features_share", "invites"): 0.25,
        ("minutes_per_session", "mobile_share"): -0.30,
        ("sessions_per_week", "revenue"): 0.20,
    },
)  # fmt: skip

UNKNOWN_DEVICE_SHARE = 0.04
"""Users whose sessions tell no device."""

FREE_SHARE = 0.06
"""Users who have paid nothing: guests, and trials that go on."""


def _columns(parameters: Mapping[str, Numbers], rng: Generator) -> Columns:
    n = len(parameters["revenue"])
    sessions = rng.poisson(parameters["sessions_per_week"] * WEEKS)
    idle = sessions == 0
    revenue = np.where(by_chance(FREE_SHARE, n, rng), 0.0, parameters["revenue"])
    features = np.maximum(rng.binomial(N_FEATURES, parameters["features_share"]), ~idle)
    # Nobody who came within the window was last seen before it.
    away = np.where(idle, 90.0 + parameters["days_away"], np.minimum(parameters["days_away"], 89.0))
    unknown = idle | by_chance(UNKNOWN_DEVICE_SHARE, n, rng)
    return {
        "sessions_per_week": measured(sessions / WEEKS, digits=2),
        "avg_session_duration_minutes": measured(
            parameters["minutes_per_session"], digits=1, unknown=idle
        ),
        "features_adopted": measured(features.astype(np.float64), digits=0),
        "collaboration_invites_sent": counted(parameters["invites"], rng),
        "mobile_usage_percent": measured(
            100.0 * parameters["mobile_share"], digits=1, unknown=unknown
        ),
        "support_tickets": counted(parameters["tickets"], rng),
        "days_since_last_login": measured(np.floor(away), digits=0),
        "revenue_90days": measured(revenue, digits=2),
    }


SAAS_USERS = TableScenario(
    name="saas-users",
    planted=PLANTED,
    file="users",
    entity="user_id",
    id_prefix="U",
    default_size=50_000,
    columns=_columns,
)
