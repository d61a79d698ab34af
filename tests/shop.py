"""A small shop: its orders, its customers, and how they are written to a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv


def orders(n_customers: int = 120, seed: int = 0) -> pa.Table:
    """Make a small order log with two kinds of customers."""
    rng = np.random.default_rng(seed)
    customers, days, amounts = [], [], []
    for customer in range(n_customers):
        n = rng.integers(12, 20) if customer % 2 else rng.integers(2, 5)
        customers += [customer + 1] * int(n)
        days += list(rng.integers(0, 360 if customer % 2 else 90, n))
        amounts += list(rng.gamma(4.0, 20.0 if customer % 2 else 5.0, n).round(2))
    start = np.datetime64("2011-01-01T10:00:00")
    at = start + np.array(days) * np.timedelta64(1, "D") + np.arange(len(days))
    return pa.table({"customer_id": customers, "ordered_at": at.astype("M8[s]"), "amount": amounts})


def customers(n: int = 200, seed: int = 0) -> pa.Table:
    """Make a table with one row per customer."""
    rng = np.random.default_rng(seed)
    big = rng.random(n) < 0.5
    return pa.table(
        {
            "customer_id": np.arange(1, n + 1),
            "visits": rng.poisson(np.where(big, 40, 6)),
            "spend": rng.gamma(5.0, np.where(big, 60.0, 8.0)).round(2),
            "items": rng.poisson(np.where(big, 15, 3)),
        }
    )


def write_csv(table: pa.Table, path: Path) -> Path:
    """Write a CSV."""
    pyarrow.csv.write_csv(table, path)
    return path
