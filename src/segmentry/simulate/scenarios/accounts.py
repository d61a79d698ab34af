"""Accounts that customer success looks after, one row each: six figures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator

from segmentry.simulate.population import Parameter, Population
from segmentry.simulate.scenarios.base import segments
from segmentry.simulate.scenarios.table import Columns, TableScenario, by_chance, measured
from segmentry.simulate.timeline import Numbers

PARAMETERS = (
    Parameter("active_users", "exp", 0.45),
    Parameter("adoption_share", "share", 0.45),
    Parameter("tickets_per_month", "exp", 0.50),
    Parameter("days_away", "exp", 0.60),
    Parameter("contract_value", "exp", 0.45),
    Parameter("nps", "identity", 16.0),
)

PLANTED = Population(
    PARAMETERS,
    segments(
        PARAMETERS,
        {
            # share, active users, adoption, tickets, days away, contract, NPS
            "champions":           (0.20, 110.0, 0.85, 0.4,  1.2,  58_000.0,  72.0),
            "at risk":             (0.18,  18.0, 0.23, 3.2, 17.0,  26_000.0, -20.0),
            "steady middle":       (0.26,  42.0, 0.52, 1.1,  4.0,  24_000.0,  30.0),
            "self-sufficient small": (0.20,  8.0, 0.72, 0.15, 4.0,  6_000.0,  50.0),
            "large under-adopted": (0.16, 260.0, 0.36, 5.0,  2.0, 150_000.0,  20.0),
        },
    ),
    correlations={
        ("active_users", "contract_value"): 0.50,
        ("adoption_share", "nps"): 0.35,
        ("adoption_share", "days_away"): -0.30,
        ("active_users", "tickets_per_month"): 0.25,
        ("tickets_per_month", "nps"): -0.25,
    },
)  # fmt: skip

SURVEY_MONTHS = 3
"""Tickets per month are told as an average of so many months."""

SILENT_SHARE, SILENT_WHEN_AWAY = 0.10, 0.35
"""Accounts that answer no survey: of all, and of those not seen for two weeks."""


def _columns(parameters: Mapping[str, Numbers], rng: Generator) -> Columns:
    away = np.floor(parameters["days_away"])
    silent = by_chance(np.where(away >= 14, SILENT_WHEN_AWAY, SILENT_SHARE), len(away), rng)
    tickets = rng.poisson(parameters["tickets_per_month"] * SURVEY_MONTHS) / SURVEY_MONTHS
    return {
        "monthly_active_users": measured(parameters["active_users"], digits=0, low=1.0),
        "feature_adoption_rate": measured(100.0 * parameters["adoption_share"], digits=1),
        "support_tickets_per_month": measured(tickets, digits=2),
        "days_since_last_login": measured(away, digits=0),
        "contract_value": measured(parameters["contract_value"], digits=-2),
        "nps_score": measured(parameters["nps"], digits=0, low=-100.0, high=100.0, unknown=silent),
    }


ACCOUNTS = TableScenario(
    name="accounts",
    planted=PLANTED,
    file="customer_data",
    entity="account_id",
    id_prefix="A",
    default_size=500,
    columns=_columns,
)
