"""A shop with kinds of events, and a month in which something breaks."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from segmentry.domain.project import Project, Source, frozen_mapping
from shop import write_csv

START = date(2024, 1, 1)
COLUMNS = {"entity": "customer", "time": "at", "kind": "event", "amount": "amount"}


def visits(n_days: int = 200, seed: int = 0, *, breaks_at: int | None = None) -> pa.Table:
    """Draw views and purchases of 80 customers each day; from a day on, purchases become errors."""
    rng = np.random.default_rng(seed)
    customers, days, kinds = [], [], []
    for day in range(n_days):
        n = rng.poisson(40)
        customers += rng.integers(0, 80, n).tolist()
        days += [day] * n
        broken = breaks_at is not None and day >= breaks_at
        kinds += rng.choice(["view", "error" if broken else "purchase"], n, p=[0.7, 0.3]).tolist()
    seconds = np.array(days) * 86_400 + rng.integers(0, 86_000, len(days))
    at = np.datetime64(START.isoformat(), "s") + seconds
    amounts = np.where(np.array(kinds) == "purchase", 20.0, 0.0)
    names = [f"C{c:03d}" for c in customers]
    return pa.table({"customer": names, "at": at, "event": kinds, "amount": amounts})


def incident_project(folder: Path, **more: int) -> Project:
    """Write the log and give a project that reads it."""
    write_csv(visits(**more), folder / "visits.csv")
    source = Source("visits", "visits.csv", columns=frozen_mapping(COLUMNS))
    return Project("shop", (source,), entity="customer", folder=folder)


def day(n: int) -> str:
    """Give a day of the log as people write it."""
    return (START + timedelta(days=n)).isoformat()
