"""A shop: orders of several lines, products at prices, channels, countries."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from segmentry.simulate.population import Parameter, Population
from segmentry.simulate.scenarios.base import (
    CLOCK,
    Block,
    Columns,
    Scenario,
    chosen_from,
    favoured,
    instants,
    lines_per_visit,
    numbered,
    one_population,
    scrambled,
    segments,
    word_column,
)
from segmentry.simulate.timeline import Integers, Numbers, Rhythm, start_of_log

PARAMETERS = (
    *CLOCK,
    Parameter("lines_per_visit", "exp", 0.12, above=1.0),
    Parameter("price_level", "exp", 0.15),
)

PLANTED = Population(
    PARAMETERS,
    segments(
        PARAMETERS,
        {
            # share, visits, tenure, silent, growth, regularity, weekend, breadth, lines, price
            "loyal regulars":          (0.22, 1.40, 0.70, 0.012, 0.0, 5.0, 0.26, 45, 2.4,  9.0),
            "lapsing regulars":        (0.20, 1.40, 0.70, 0.130, 0.0, 5.0, 0.26, 45, 2.4,  9.0),
            "new customers":           (0.20, 1.40, 0.25, 0.014, 0.2, 5.0, 0.26, 35, 2.4,  9.0),
            "weekend bargain hunters": (0.20, 0.90, 0.70, 0.014, 0.0, 5.0, 0.68, 28, 1.8,  4.5),
            "big-basket occasionals":  (0.18, 0.70, 0.70, 0.015, 0.0, 5.0, 0.26, 60, 4.0, 18.0),
            "trade buyers":            (0.14, 2.60, 0.70, 0.008, 0.0, 5.0, 0.06, 60, 4.0,  9.0),
            "gift buyers":             (0.14, 0.60, 0.70, 0.016, 0.0, 5.0, 0.42, 15, 1.3, 38.0),
            "lapsing big spenders":    (0.14, 0.70, 0.70, 0.250, 0.0, 5.0, 0.26, 60, 4.0, 24.0),
        },
    ),
)  # fmt: skip

ALONE = one_population(
    PARAMETERS, "customers", 1.10, 0.70, 0.016, 0.0, 4.0, 0.28, 80, 3.6, 9.0,
    lines_per_visit=0.30, price_level=0.35,
)  # fmt: skip

RHYTHM = Rhythm(
    months=(0.85, 0.85, 0.95, 1.0, 1.0, 0.95, 0.9, 0.9, 1.0, 1.1, 1.5, 1.55),
    weekdays=(1.0, 0.95, 0.95, 1.0, 1.1),
    weekend=(1.1, 0.9),
    hours=(2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 13, 13, 14, 13, 12, 12, 12, 13, 15, 17, 18, 15, 9, 4),
)

N_PRODUCTS = 4_000
MIDDLE_PRICE, PRICE_SPREAD = 8.0, 1.0
"""Median and log-normal spread of the catalogue's prices."""

TASTE = 0.35
"""How far a user's things scatter around the user's price level, in price spreads."""

CATEGORIES = (
    "kitchen", "garden", "stationery", "toys", "lighting", "textiles",
    "bags", "bathroom", "party", "seasonal", "jewellery", "storage",
)  # fmt: skip
CHANNELS, CHANNEL_SHARES = ("web", "app", "store"), (0.5, 0.3, 0.2)
COUNTRIES = ("United Kingdom", "Germany", "France", "Ireland", "Spain", "Netherlands")
COUNTRY_SHARES = (0.6, 0.12, 0.1, 0.07, 0.06, 0.05)
DISCOUNTED_SHARE = 0.15


def _price_list() -> Numbers:
    from scipy.special import ndtri

    ranks = (np.arange(N_PRODUCTS) + 0.5) / N_PRODUCTS
    return np.asarray(np.round(MIDDLE_PRICE * np.exp(PRICE_SPREAD * ndtri(ranks)), 2))


def _products(block: Block, user: Integers, rng: Generator) -> Integers:
    """Choose products by price rank: near the user's level, the user's own few again and again."""
    from scipy.special import ndtr

    thing = chosen_from(block.parameters["breadth"], user, rng)
    number = user + block.first_user
    # The sum of three even numbers is close enough to a normal and far cheaper.
    even = scrambled(number, 3 * thing) + scrambled(number, 3 * thing + 1)
    even += scrambled(number, 3 * thing + 2)
    level = np.log(block.parameters["price_level"] / MIDDLE_PRICE) / PRICE_SPREAD
    rank = ndtr(level[user] + TASTE * 2.0 * (even - 1.5))
    product: Integers = np.minimum((rank * N_PRODUCTS).astype(np.int64), N_PRODUCTS - 1)
    return product


def _lines(block: Block, days: int, rng: Generator) -> tuple[Integers, dict[str, pa.Array]]:
    visits = block.visits
    visit, _ = lines_per_visit(visits, block.parameters["lines_per_visit"], rng)
    user = visits.user[visit]
    product = _products(block, user, rng)
    discount = np.where(rng.random(len(user)) < DISCOUNTED_SHARE, 0.8, 1.0)
    country = favoured(block.n_users, user, COUNTRY_SHARES, 1.0, rng)
    channel = favoured(block.n_users, visits.user, CHANNEL_SHARES, 0.8, rng)[visit]
    start = np.datetime64(start_of_log(days))
    return user, {
        "order_id": numbered("", 500_000 + block.first_visit + visit),
        "ordered_at": instants(visits.at_days, start).take(pa.array(visit)),
        "product_id": word_column(product, _product_names()),
        "category": word_column(product * 7919 % 12, CATEGORIES),
        "quantity": pa.array((1 + rng.standard_exponential(len(user)) * 0.8).astype(np.int64)),
        "unit_price": pa.array(np.round(_price_list()[product] * discount, 2)),
        "channel": word_column(channel, CHANNELS),
        "country": word_column(country, COUNTRIES),
    }


def _product_names() -> tuple[str, ...]:
    return tuple(f"P{number:04d}" for number in range(N_PRODUCTS))


RETAIL = Scenario(
    name="retail",
    planted=PLANTED,
    alone=ALONE,
    rhythm=RHYTHM,
    columns=Columns(entity="customer_id", time="ordered_at", number="unit_price"),
    id_prefix="C",
    lines=_lines,
)
