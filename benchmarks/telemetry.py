"""Drawn logs of a product's use, of any size, for measuring how fast features are built."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from segmentry.seeds import stream

KINDS = ("view", "click", "search", "purchase", "cart", "wishlist", "login", "share", "review",
         "refund", "support", "coupon")  # fmt: skip
OFTEN = (0.40, 0.20, 0.12, 0.08, 0.05, 0.04, 0.03, 0.025, 0.02, 0.015, 0.01, 0.01)
CHANNELS = ("web", "app", "store", "email")
START, DAYS = 1_735_689_600, 180
"""Seconds since 1970 of the first instant, which is 2025-01-01, and days until the last."""

CUT = "2025-06-30"
PIECE = 1_000_000


def write_log(
    path: Path, *, events: int, users: int, text_ids: bool, days: int = DAYS, seed: int = 0
) -> None:
    """Write a log in order of time: few users do much, most do little.

    Parameters
    ----------
    path : Path
    events, users : int
        Of so many users, those without an event do not show.
    text_ids : bool
        Users and sessions are texts, and instants are whole seconds; else they are whole numbers,
        and instants are in microseconds.
    days : int
        From the first instant to the last.
    seed : int
    """
    rng = stream(seed, "telemetry", users)
    weights = rng.gamma(0.6, 1.0, users) + 0.05
    upto = np.cumsum(weights / weights.sum())
    seconds = np.sort(rng.integers(0, days * 86_400, events))
    writer = None
    for begin in range(0, events, PIECE):
        t = seconds[begin : begin + PIECE]
        n = len(t)
        user = np.searchsorted(upto, rng.random(n)).clip(0, users - 1)
        kind = rng.choice(len(KINDS), n, p=np.array(OFTEN) / sum(OFTEN)).astype(np.int8)
        channel = rng.choice(len(CHANNELS), n, p=[0.5, 0.3, 0.15, 0.05]).astype(np.int8)
        # A sitting is what a user does within two hours of the clock.
        sitting = user * 10_000 + t // 7_200
        part = 0 if text_ids else rng.integers(0, 1_000_000, n)
        ids = {"user_id": pa.array(user), "session_id": pa.array(sitting)}
        if text_ids:
            ids = {name: pa.array([f"u-{v:012d}" for v in values.to_numpy()])
                   for name, values in ids.items()}  # fmt: skip
        table = pa.table(
            {
                "user_id": ids["user_id"],
                "ts": pa.array((START + t) * 1_000_000 + part, pa.timestamp("us")),
                "event_type": pa.DictionaryArray.from_arrays(kind, pa.array(KINDS)).cast("string"),
                "channel": pa.DictionaryArray.from_arrays(channel, pa.array(CHANNELS)).cast(
                    "string"
                ),
                "amount": pa.array(np.round(rng.lognormal(3, 1, n), 2), mask=kind != 3),
                "category": pa.array(rng.integers(0, 40, n).astype(np.int16)),
                "session_id": ids["session_id"],
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    if writer is not None:
        writer.close()
