"""Simulated event logs of a wanted size: simulated whole, then thinned by whole orders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
from measure import Measured, measured, segmentry

PER_MILLE = 1_000


@dataclass(frozen=True)
class Log:
    """Events in a file: how many, of how many users, and what simulating them took."""

    path: Path
    n_events: int
    n_users: int
    simulating: Measured


def thinned_log(folder: Path, *, users: int, share_per_mille: int, days: int = 365) -> Log:
    """Simulate a shop and keep the orders whose hash falls below a share, each as a whole."""
    words = ("simulate", "retail", "--users", str(users), "--days", str(days), "--output", "shop")
    took = measured(segmentry(*words), folder)
    whole, path = folder / "shop" / "events.parquet", folder / "events.parquet"
    connection = duckdb.connect()
    connection.execute(
        f"COPY (SELECT * FROM '{whole}' WHERE hash(order_id) % {PER_MILLE} < {share_per_mille}) "
        f"TO '{path}'"
    )
    counts = connection.execute(
        f"SELECT count(*), count(DISTINCT customer_id) FROM '{path}'"
    ).fetchone()
    connection.close()
    whole.unlink()
    assert counts is not None
    return Log(path, int(counts[0]), int(counts[1]), took)
