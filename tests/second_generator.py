"""A second maker of raw events, which shares no line and no mechanism with ``segmentry.simulate``.

A tool that finds the groups of its own simulator may only have learnt its own habits. Here people
act: each behaviour is a little story told by another mechanism (renewal processes with Weibull,
gamma and lognormal gaps, coin flips on weekdays, branching sessions, baskets out of mixtures of
departments, lognormal prices), and every person differs from the next of the same kind. No
feature of any kind is written down: what tells the kinds apart has to be found in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

DAY = 86_400.0
YEAR = 365
START = np.datetime64("2024-01-01T00:00:00", "s")  # a Monday

DEPARTMENTS: dict[str, tuple[int, float, float]] = {
    # number of articles, median price, spread of log prices
    "groceries": (220, 2.6, 0.5),
    "household": (90, 5.5, 0.5),
    "bakery": (25, 3.1, 0.25),
    "electronics": (60, 190.0, 0.6),
    "furniture": (45, 240.0, 0.5),
    "fashion": (120, 32.0, 0.5),
    "toys": (70, 21.0, 0.5),
}

Rng = np.random.Generator
Words = NDArray[np.str_] | str


class Shop:
    """Articles with departments and prices; tastes are chances over articles."""

    def __init__(self, rng: Rng) -> None:
        self.rng = rng
        names, departments, prices, fame = [], [], [], []
        for department, (n, median, spread) in DEPARTMENTS.items():
            names += [f"{department[:3].upper()}-{i:03d}" for i in range(n)]
            departments += [department] * n
            prices.append(median * np.exp(spread * rng.standard_normal(n)))
            # A few articles of a department are taken often, most seldom.
            weight = 1.0 / np.arange(1, n + 1) ** 0.8
            fame.append(weight / weight.sum())
        self.names, self.departments = np.array(names), np.array(departments)
        self.prices, self.fame = np.concatenate(prices), fame

    def taste(self, leaning: Mapping[str, float], firmness: float = 5.0) -> NDArray[np.float64]:
        """Draw a person's mixture of departments (Dirichlet) as running chances of articles.

        Tastes of a kind lean the same way and overlap with those of others: what people buy
        hints at how they behave and does not tell it.
        """
        weight = np.array([0.25 + leaning.get(name, 0.0) for name in DEPARTMENTS])
        mixture = self.rng.dirichlet(firmness * weight / weight.sum())
        chances = np.concatenate([m * f for m, f in zip(mixture, self.fame, strict=True)])
        running: NDArray[np.float64] = np.cumsum(chances) / chances.sum()
        return running

    def pick(self, taste: NDArray[np.float64], n: int) -> NDArray[np.int64]:
        """Take articles."""
        return np.minimum(np.searchsorted(taste, self.rng.random(n)), len(taste) - 1)


@dataclass
class Log:
    """Blocks of events in the making, one or two for each person."""

    shop: Shop
    blocks: list[dict[str, Any]] = field(default_factory=list)
    n_baskets: int = 0

    def look(
        self, who: str, when: NDArray[np.float64], taste: NDArray[np.float64], channel: Words
    ) -> None:
        """Write down looks at articles."""
        n = len(when)
        paid = np.full(n, np.nan)
        self._write(who, when, "view", self.shop.pick(taste, n), paid, channel, np.zeros(n, int))

    def buy(
        self,
        who: str,
        when: NDArray[np.float64],
        taste: NDArray[np.float64],
        n_lines: NDArray[np.int64],
        channel: Words,
        rebate: NDArray[np.float64] | float = 0.0,
    ) -> None:
        """Write down baskets, one row a line, all of a basket at one instant and channel."""
        n_lines = np.maximum(n_lines, 1)
        numbers = self.n_baskets + 1 + np.repeat(np.arange(len(when)), n_lines)
        self.n_baskets += len(when)
        articles = self.shop.pick(taste, len(numbers))
        of_the_day = np.exp(0.05 * self.shop.rng.standard_normal(len(numbers)))
        reduced = 1.0 - np.repeat(np.broadcast_to(rebate, len(when)), n_lines)
        paid = np.maximum(self.shop.prices[articles] * of_the_day * reduced, 0.2).round(2)
        channels = np.repeat(np.broadcast_to(channel, len(when)), n_lines)
        seconds = np.repeat(when, n_lines)
        self._write(who, seconds, "purchase", articles, paid, channels, numbers)

    def _write(
        self,
        who: str,
        seconds: NDArray[np.float64],
        kind: str,
        articles: NDArray[np.int64],
        paid: NDArray[np.float64],
        channel: Words,
        baskets: NDArray[np.int64],
    ) -> None:
        inside = (seconds >= 0.0) & (seconds < YEAR * DAY)
        if not inside.any():
            return
        columns = {
            "second": seconds,
            "article": articles,
            "paid": paid,
            "basket": baskets,
            "channel": np.broadcast_to(channel, len(seconds)),
        }
        block = {key: values[inside] for key, values in columns.items()}
        self.blocks.append({"customer": who, "event": kind, **block})

    def table(self) -> pa.Table:
        """Give all events in the order of time."""
        lengths = [len(block["second"]) for block in self.blocks]
        column = {
            key: np.concatenate([block[key] for block in self.blocks])
            for key in ("second", "article", "paid", "basket", "channel")
        }
        for key in ("customer", "event"):
            words = np.array([block[key] for block in self.blocks], dtype=object)
            column[key] = np.repeat(words, lengths)
        order = np.argsort(column["second"], kind="stable")
        column = {key: values[order] for key, values in column.items()}
        is_view = column["basket"] == 0
        names = np.char.add("B", np.char.zfill(column["basket"].astype(str), 7))
        return pa.table(
            {
                "customer": pa.array(column["customer"], type=pa.string()),
                "happened_at": pa.array(START + column["second"].astype(np.int64).astype("m8[s]")),
                "event": pa.array(column["event"], type=pa.string()),
                "article": pa.array(self.shop.names[column["article"]]),
                "department": pa.array(self.shop.departments[column["article"]]),
                "paid": pa.array(column["paid"], mask=is_view),
                "channel": pa.array(column["channel"]),
                "basket": pa.array(names, mask=is_view),
            }
        )


def at(rng: Rng, days: NDArray[np.float64], hour: float, spread: float) -> NDArray[np.float64]:
    """Give an instant of each day, around an hour."""
    hours = (hour + spread * rng.standard_normal(len(days))) % 24.0
    return np.floor(np.maximum(days, 0.0)) * DAY + hours * 3_600.0


def own(rng: Rng, typical: float, spread: float) -> float:
    """Draw a person's own level around what is typical of the kind."""
    return float(typical * np.exp(spread * rng.standard_normal()))


def renewed(first: float, gaps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the days of a renewal process that lie in the year."""
    days = first + np.concatenate([[0.0], np.cumsum(gaps)])
    return days[days < YEAR]


def stock_up_family(who: str, log: Log, rng: Rng) -> None:
    """Shop for the week: Weibull gaps of shape 4 (regular), large baskets, mostly Saturdays."""
    taste = log.shop.taste({"groceries": 6.0, "household": 2.0, "bakery": 0.6, "toys": 0.2})
    gap, lines = own(rng, 8.0, 0.2), own(rng, 11.0, 0.35)
    days = renewed(rng.uniform(0.0, 45.0), gap * rng.weibull(4.0, 200) / 0.906)
    to_saturday = (5 - np.floor(days) % 7 + 3) % 7 - 3
    moves = rng.random(len(days)) < rng.beta(6, 3)
    when = at(rng, days + moves * to_saturday, 11.5, 2.0)
    channel = np.where(rng.random(len(days)) < 0.85, "store", "web")
    log.buy(who, when, taste, rng.poisson(lines, len(days)), channel)


def quarterly_spender(who: str, log: Log, rng: Rng) -> None:
    """Come once a quarter (gamma gaps), look around in the days before, spend a lot."""
    taste = log.shop.taste({"electronics": 3.0, "furniture": 3.0, "fashion": 0.6})
    gap, lines = own(rng, 75.0, 0.2), own(rng, 2.6, 0.3)
    days = renewed(rng.uniform(0.0, 60.0), gap * rng.gamma(6.0, size=40) / 6.0)
    around = np.repeat(days, rng.poisson(3, len(days)))
    looks = at(rng, around - rng.exponential(3.0, len(around)), 20.0, 1.5)
    log.look(who, looks, taste, "web")
    channel = np.where(rng.random(len(days)) < 0.7, "web", "store")
    log.buy(who, at(rng, days, 18.0, 3.0), taste, rng.poisson(lines, len(days)), channel)


def lapsed_trialist(who: str, log: Log, rng: Rng) -> None:
    """Try the shop within a few weeks of joining, then never come again."""
    leaning = {"fashion": 2.0, "toys": 1.0, "household": 1.5, "groceries": 1.0}
    taste = log.shop.taste(leaning)
    days = renewed(rng.uniform(5.0, 190.0), rng.lognormal(2.0, 0.6, rng.binomial(2, 0.45)))
    around = np.repeat(days, rng.poisson(1.5, len(days)))
    log.look(who, at(rng, around, 15.0, 4.0), taste, "web")
    log.buy(who, at(rng, days, 16.0, 4.0), taste, 1 + rng.poisson(1.0, len(days)), "web")


def night_browser(who: str, log: Log, rng: Rng) -> None:
    """Browse at night in branching sessions (a look breeds looks); buy seldom, and reduced."""
    taste = log.shop.taste({"fashion": 4.0, "electronics": 1.5, "toys": 1.0})
    gap, fertility, buys = own(rng, 6.0, 0.3), float(rng.beta(20, 8)), float(rng.beta(6, 90))
    days = renewed(rng.uniform(0.0, 60.0), gap * rng.lognormal(-0.32, 0.8, 400))
    # The family tree of a look ends when nobody is left who could breed another.
    waiting = 1 + np.cumsum(rng.poisson(fertility, (len(days), 30)) - 1, axis=1)
    has_ended = waiting <= 0
    n_looks = np.where(has_ended.any(axis=1), has_ended.argmax(axis=1) + 1, 30)
    channel = np.where(rng.random(len(days)) < 0.75, "app", "web")
    begins = at(rng, days, 23.0, 1.2)
    pauses = rng.exponential(40.0, int(n_looks.sum()))
    first = np.concatenate([[0], np.cumsum(n_looks)[:-1]])
    walked = np.cumsum(pauses)
    since = walked - np.repeat(walked[first] - pauses[first], n_looks)
    looks = np.repeat(begins, n_looks) + since
    log.look(who, looks, taste, np.repeat(channel, n_looks))
    bought = rng.random(len(days)) < buys
    ends = looks[first + n_looks - 1][bought] + 60.0
    rebate = rng.uniform(0.3, 0.6, len(ends))
    log.buy(who, ends, taste, np.ones(len(ends), int), channel[bought], rebate)


def daily_regular(who: str, log: Log, rng: Rng) -> None:
    """Flip a coin on every weekday morning: a roll on the way to work; a fortnight of holidays."""
    taste = log.shop.taste({"bakery": 4.0, "groceries": 1.5}, 12.0)
    comes, channel = float(rng.beta(12, 9)), "app" if rng.random() < 0.5 else "store"
    away = int(rng.uniform(150, 240))
    days = np.arange(int(rng.uniform(0, 50)), YEAR)
    is_there = (days % 7 < 5) & ((days < away) | (days >= away + 15))
    days = days[is_there & (rng.random(len(days)) < comes)].astype(np.float64)
    log.buy(who, at(rng, days, 7.8, 0.5), taste, 1 + rng.binomial(2, 0.3, len(days)), channel)


BEHAVIOURS: dict[str, tuple[float, Callable[[str, Log, Rng], None]]] = {
    "stock-up family": (0.22, stock_up_family),
    "quarterly big spender": (0.15, quarterly_spender),
    "lapsed trialist": (0.23, lapsed_trialist),
    "night browser": (0.22, night_browser),
    "daily regular": (0.18, daily_regular),
}
"""The share of people who behave so, and how they do."""


def make_events(n_people: int, seed: int) -> tuple[pa.Table, dict[str, str]]:
    """Let people act for a year.

    Parameters
    ----------
    n_people : int
    seed : int

    Returns
    -------
    events : pyarrow.Table
        In the order of time: customer, happened_at, event, article, department, paid (of a
        line; null for a view), channel, basket.
    truth : dict
        The behaviour of everyone who left an event.
    """
    rng = np.random.default_rng([20_240_101, seed])
    log = Log(Shop(rng))
    shares = np.array([share for share, _ in BEHAVIOURS.values()])
    kinds = rng.choice(list(BEHAVIOURS), n_people, p=shares / shares.sum())
    truth = {}
    for number, kind in zip(rng.permutation(n_people), kinds, strict=True):
        who, before = f"P{number:06d}", len(log.blocks)
        BEHAVIOURS[kind][1](who, log, rng)
        if len(log.blocks) > before:
            truth[who] = str(kind)
    return log.table(), truth
