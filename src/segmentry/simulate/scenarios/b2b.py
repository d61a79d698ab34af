"""Companies that subscribe to software, one row each: numbers, categories, dates, and outcomes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from segmentry.simulate.population import Parameter, Population
from segmentry.simulate.scenarios.base import segments, word_column
from segmentry.simulate.scenarios.table import (
    Columns,
    TableScenario,
    by_chance,
    counted,
    logistic,
    measured,
)
from segmentry.simulate.timeline import END, Numbers

PARAMETERS = (
    Parameter("monthly_value", "exp", 0.50),
    Parameter("seats", "exp", 0.50),
    Parameter("logins_per_week", "exp", 0.45),
    Parameter("login_change", "identity", 0.16),
    Parameter("core_use", "exp", 0.45),
    Parameter("team_use", "exp", 0.55),
    Parameter("automation_use", "exp", 0.65),
    Parameter("admin_use", "exp", 0.60),
    Parameter("tickets", "exp", 0.55),
    Parameter("sentiment", "identity", 0.25),
    Parameter("email_engagement", "share", 0.60),
)

PLANTED = Population(
    PARAMETERS,
    segments(
        PARAMETERS,
        {
            # share, value, seats, logins, change, core, team, automation, admin,
            # tickets, mood, mail
            "embedded enterprises": (
                0.14, 4200.0, 150.0, 22.0,  0.05, 60.0, 30.0, 14.0, 10.0, 4.0,  0.25, 0.40
            ),
            "declining accounts": (
                0.18,  900.0,  35.0,  4.0, -0.45, 12.0,  3.0,  1.5,  0.8, 5.0, -0.45, 0.12
            ),
            "growing teams": (
                0.18,  650.0,  22.0, 14.0,  0.35, 35.0, 22.0,  2.0,  2.0, 1.5,  0.35, 0.50
            ),
            "automation builders": (
                0.14, 1100.0,  14.0,  9.0,  0.05, 25.0,  2.5, 30.0,  5.0, 1.0,  0.15, 0.18
            ),
            "basic users": (
                0.24,  220.0,   7.0,  7.0,  0.00, 20.0,  2.0,  0.6,  0.6, 0.6,  0.10, 0.25
            ),
            "idle licences": (
                0.12,  750.0,  28.0,  1.0, -0.02,  2.5,  0.8,  0.3,  0.4, 0.4,  0.00, 0.06
            ),
        },
    ),
    correlations={
        ("monthly_value", "seats"): 0.75,
        ("logins_per_week", "core_use"): 0.50,
        ("core_use", "team_use"): 0.35,
        ("automation_use", "admin_use"): 0.30,
        ("login_change", "sentiment"): 0.25,
        ("seats", "tickets"): 0.25,
    },
)  # fmt: skip

FEATURES = {
    "dashboards": ("core_use", 1.0),
    "reports": ("core_use", 0.5),
    "search": ("core_use", 1.4),
    "exports": ("core_use", 0.15),
    "projects": ("core_use", 0.7),
    "comments": ("team_use", 1.2),
    "mentions": ("team_use", 0.7),
    "sharing": ("team_use", 0.4),
    "guest_access": ("team_use", 0.1),
    "automations": ("automation_use", 0.6),
    "api_calls": ("automation_use", 90.0),
    "integrations": ("automation_use", 0.25),
    "role_changes": ("admin_use", 0.5),
    "audit_log": ("admin_use", 0.6),
    "billing_page": ("admin_use", 0.4),
}
"""Fifteen features: how they hang together, and how often each is used beside its like."""

OWN_SPREAD = 0.35
"""Spread of one feature's use around that of its like, on the scale of logarithms."""

VERTICALS = (
    "software", "manufacturing", "finance", "health", "education", "retail", "logistics", "media",
)  # fmt: skip
VERTICAL_SHARES = (0.24, 0.16, 0.13, 0.12, 0.10, 0.11, 0.08, 0.06)
SIZES, SIZE_BORDERS = ("1-10", "11-50", "51-200", "201-1000", "1000+"), (10, 50, 200, 1000)
SEATS_OF_COMPANY = 0.35
"""Median share of a company that has a seat; spread 0.6 on the scale of logarithms."""

UNKNOWN_VERTICAL_SHARE = 0.05
UNMAILED_SHARE = 0.08

SNAPSHOT = np.datetime64(END.date())
"""The day as of which all columns but the outcomes were told."""

CONTRACT_DAYS = 365

CHURN_BASE, EXPANSION_BASE = -3.4, -3.0
"""Log-odds of leaving and of growing within 90 days where nothing speaks for either."""


def _columns(parameters: Mapping[str, Numbers], rng: Generator) -> Columns:
    n = len(parameters["seats"])
    tickets = rng.poisson(parameters["tickets"])
    to_renewal = rng.integers(1, CONTRACT_DAYS, n)
    renewal = SNAPSHOT + to_renewal.astype("timedelta64[D]")
    changes = 100.0 * parameters["login_change"]
    return {
        "monthly_subscription_value": measured(parameters["monthly_value"], digits=2, low=19.0),
        **_usage(parameters, rng),
        "support_tickets_90d": pa.array(tickets),
        "ticket_sentiment": measured(
            parameters["sentiment"], digits=2, low=-1.0, high=1.0, unknown=tickets == 0
        ),
        "logins_per_week": measured(parameters["logins_per_week"], digits=1),
        "login_change_percent": measured(changes, digits=0, low=-100.0),
        "seats": measured(parameters["seats"], digits=0, low=1.0),
        "contract_start_date": pa.array(renewal - CONTRACT_DAYS),
        "contract_renewal_date": pa.array(renewal),
        **_company(parameters, rng),
        "email_engagement_percent": measured(
            100.0 * parameters["email_engagement"],
            digits=1,
            unknown=by_chance(UNMAILED_SHARE, n, rng),
        ),
        **_outcomes(parameters, to_renewal, rng),
    }


def _usage(parameters: Mapping[str, Numbers], rng: Generator) -> Columns:
    def used(like: str, beside: float) -> pa.Array:
        own = np.exp(OWN_SPREAD * rng.standard_normal(len(parameters[like])))
        return counted(parameters[like] * beside * own, rng)

    return {f"{name}_used_30d": used(*how) for name, how in FEATURES.items()}


def _company(parameters: Mapping[str, Numbers], rng: Generator) -> Columns:
    """Tell a company's vertical, which goes with nothing, and its size, which goes with seats."""
    n = len(parameters["seats"])
    vertical = np.searchsorted(np.cumsum(VERTICAL_SHARES)[:-1], rng.random(n), side="right")
    vertical[by_chance(UNKNOWN_VERTICAL_SHARE, n, rng)] = -1
    people = parameters["seats"] / SEATS_OF_COMPANY * np.exp(0.6 * rng.standard_normal(n))
    size = np.searchsorted(SIZE_BORDERS, people)
    return {
        "industry_vertical": word_column(vertical, VERTICALS),
        "company_size": word_column(size, SIZES),
    }


def _outcomes(parameters: Mapping[str, Numbers], to_renewal: np.ndarray, rng: Generator) -> Columns:
    """Draw what happened within 90 days, by behaviour and by the nearness of the renewal."""
    n = len(to_renewal)
    change, mood = parameters["login_change"], parameters["sentiment"]
    away = np.log(parameters["logins_per_week"] / 8.0)
    due = to_renewal <= 90
    leaving = CHURN_BASE - 2.0 * change - 1.2 * mood - 0.4 * away + 1.0 * due
    growing = EXPANSION_BASE + 2.5 * change + 0.5 * np.log(parameters["team_use"] / 4.0)
    left = by_chance(logistic(leaving), n, rng)
    grew = by_chance(logistic(growing), n, rng) & ~left
    return {"churned": pa.array(left.astype(np.int8)), "expanded": pa.array(grew.astype(np.int8))}


B2B = TableScenario(
    name="b2b",
    planted=PLANTED,
    file="customers",
    entity="customer_id",
    id_prefix="C",
    default_size=50_000,
    columns=_columns,
    apart={"contracts": ("contract_start_date", "contract_renewal_date")},
)
