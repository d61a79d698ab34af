"""Small folders of files of several kinds, as people have them: a shop, a media site, a help desk.

Names are awkward on purpose: a key is called one thing here and another there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


def _days(rng: np.random.Generator, n: int, span: int = 400) -> Any:
    seconds = rng.integers(0, span * 86_400, n)
    return pd.Timestamp("2023-01-01") + pd.to_timedelta(seconds, unit="s")


def shop(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Make customers, orders, their items and products; items have neither customer nor time."""
    n_people, n_orders, n_items = 150, 1200, 3000
    people = pd.DataFrame(
        {
            "id": np.arange(1001, 1001 + n_people),
            "city": rng.choice(["Leeds", "York", "Hull"], n_people),
            "newsletter": rng.choice(["yes", "no"], n_people),
        }
    )
    orders = pd.DataFrame(
        {
            "OrderNo": [f"SO-{i:05}" for i in range(n_orders)],
            "cust_ref": rng.choice(people["id"], n_orders),
            "placed_on": _days(rng, n_orders),
            "status": rng.choice(["shipped", "paid"], n_orders),
        }
    )
    stock = pd.DataFrame(
        {
            "sku": [f"P{i:03}" for i in range(60)],
            "dept": rng.choice(["toys", "books", "garden"], 60),
            "list_price": rng.gamma(3, 5, 60).round(2),
        }
    )
    items = pd.DataFrame(
        {
            "order_number": rng.choice(orders["OrderNo"], n_items),
            "product_sku": rng.choice(stock["sku"], n_items),
            "qty": rng.integers(1, 6, n_items),
            "unit_price": rng.gamma(3, 5, n_items).round(2),
        }
    )
    return {"customers": people, "orders": orders, "order_items": items, "products": stock}


def media(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Make users, what they played, and titles; plays have a beginning and an end."""
    n_users, n_plays = 200, 4000
    users = pd.DataFrame(
        {
            "uid": [f"u{i:06x}" for i in rng.permutation(n_users) * 7919],
            "birth_year": rng.integers(1950, 2010, n_users),
            "tier": rng.choice(["free", "plus"], n_users),
        }
    )
    titles = pd.DataFrame(
        {
            "title_id": [f"tt{i:07}" for i in range(80)],
            "genre": rng.choice(["drama", "comedy", "docs"], 80),
            "runtime_min": rng.integers(20, 180, 80),
        }
    )
    start = _days(rng, n_plays)
    plays = pd.DataFrame(
        {
            "play_id": np.arange(n_plays),
            "viewer": rng.choice(users["uid"], n_plays),
            "title": rng.choice(titles["title_id"], n_plays),
            "started_at": start,
            "ended_at": start + pd.to_timedelta(rng.integers(60, 7200, n_plays), unit="s"),
            "seconds_watched": rng.integers(60, 7200, n_plays),
            "device": rng.choice(["tv", "phone", "web"], n_plays),
        }
    )
    return {"users": users, "plays": plays, "titles": titles}


def desk(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Make contacts, the companies that they belong to, and tickets that name a contact."""
    n_firms, n_people, n_tickets = 60, 300, 2500
    firms = pd.DataFrame(
        {
            "CompanyKey": [f"CO{i:04}" for i in range(n_firms)],
            "sector": rng.choice(["retail", "energy", "health"], n_firms),
            "licence_count": rng.integers(5, 200, n_firms),
        }
    )
    people = pd.DataFrame(
        {
            "contact_id": [f"c-{i}" for i in range(n_people)],
            "company": rng.choice(firms["CompanyKey"], n_people),
            "job": rng.choice(["admin", "user"], n_people),
        }
    )
    tickets = pd.DataFrame(
        {
            "ticket_no": np.arange(1, n_tickets + 1),
            "raised_by": rng.choice(people["contact_id"], n_tickets),
            "created": _days(rng, n_tickets),
            "topic": rng.choice(["billing", "login", "bug"], n_tickets),
            "minutes_to_reply": rng.gamma(2, 60, n_tickets).round(),
        }
    )
    return {"companies": firms, "contacts": people, "tickets": tickets}


FAMILIES: dict[str, Callable[[np.random.Generator], dict[str, pd.DataFrame]]] = {
    "shop": shop,
    "media": media,
    "desk": desk,
}


def written(folder: Path, name: str, seed: int = 0) -> Path:
    """Write a family of files into a folder of its name."""
    home = folder / name
    home.mkdir()
    for file, rows in FAMILIES[name](np.random.default_rng(seed)).items():
        rows.to_csv(home / f"{file}.csv", index=False)
    return home
