"""Customers of a shop as its marketing sees them, one row each: seven figures."""

from __future__ import annotations

from collections.abc import Mapping

from numpy.random import Generator

from segmentry.simulate.population import Parameter, Population
from segmentry.simulate.scenarios.base import segments
from segmentry.simulate.scenarios.table import Columns, TableScenario, by_chance, counted, measured
from segmentry.simulate.timeline import Numbers

PARAMETERS = (
    Parameter("purchases", "exp", 0.50),
    Parameter("order_value", "exp", 0.40),
    Parameter("days_away", "exp", 0.65),
    Parameter("open_rate", "share", 0.60),
    Parameter("categories_share", "share", 0.55),
    Parameter("tickets", "exp", 0.50),
    Parameter("age_days", "exp", 0.40),
)

PLANTED = Population(
    PARAMETERS,
    segments(
        PARAMETERS,
        {
            # share, purchases, order value, days away, opens, categories, tickets, age
            "loyal regulars":        (0.15, 24.0,  60.0,  12.0, 0.45, 0.75, 0.8, 1100.0),
            "big-ticket occasionals": (0.12, 5.0, 260.0,  60.0, 0.25, 0.25, 0.5,  900.0),
            "email bargain hunters": (0.18, 10.0,  26.0,  25.0, 0.70, 0.45, 0.5,  650.0),
            "new customers":         (0.17,  2.0,  55.0,  20.0, 0.40, 0.10, 0.3,   80.0),
            "lapsed customers":      (0.20,  4.0,  55.0, 250.0, 0.06, 0.15, 0.3, 1150.0),
            "service-heavy buyers":  (0.08,  9.0,  75.0,  30.0, 0.25, 0.40, 6.0,  700.0),
            "quiet non-readers":     (0.10, 12.0,  60.0,  35.0, 0.05, 0.30, 0.4,  750.0),
        },
    ),
    correlations={
        ("purchases", "categories_share"): 0.45,
        ("purchases", "days_away"): -0.35,
        ("purchases", "age_days"): 0.25,
        ("purchases", "order_value"): -0.20,
        ("purchases", "tickets"): 0.20,
    },
)  # fmt: skip

UNMAILED_SHARE = 0.09
"""Customers who never allowed letters: their open rate is not known."""


def _columns(parameters: Mapping[str, Numbers], rng: Generator) -> Columns:
    n = len(parameters["purchases"])
    purchases = rng.poisson(parameters["purchases"])
    never = purchases == 0
    age = parameters["age_days"].clip(30.0, 1825.0)
    # Seven further categories beside the first; and no more of them than purchases.
    categories = (1 + rng.binomial(7, parameters["categories_share"])).clip(1, purchases.clip(1))
    unmailed = by_chance(UNMAILED_SHARE, n, rng)
    return {
        "total_purchases": measured(purchases.astype(float), digits=0, high=50.0),
        "avg_order_value": measured(
            parameters["order_value"], digits=2, low=10.0, high=500.0, unknown=never
        ),
        "days_since_last_purchase": measured(
            parameters["days_away"].clip(0.0, age), digits=0, high=365.0, unknown=never
        ),
        "email_open_rate": measured(100.0 * parameters["open_rate"], digits=1, unknown=unmailed),
        "product_categories_purchased": measured(categories.astype(float), digits=0, unknown=never),
        "customer_support_tickets": counted(parameters["tickets"], rng, most=15),
        "account_age_days": measured(age, digits=0),
    }


MARKETING = TableScenario(
    name="marketing",
    planted=PLANTED,
    file="customers",
    entity="customer_id",
    id_prefix="C",
    default_size=50_000,
    columns=_columns,
)
