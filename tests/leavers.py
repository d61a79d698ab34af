"""Accounts of whom some leave: by their use, by chance, or hardly ever."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from segmentry.domain.project import (
    FeatureChoice,
    Project,
    SegmentChoice,
    Shape,
    Source,
    frozen_mapping,
)
from segmentry.domain.role import Role
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import run_project

N = 400


def accounts(kind: str = "planted") -> pa.Table:
    """Make two kinds of accounts, who leave by their use, by chance, or hardly ever."""
    rng = np.random.default_rng(0)
    big = rng.random(N) < 0.5
    logins = rng.poisson(np.where(big, 40, 8))
    seats = rng.poisson(np.where(big, 30, 4)) + 1
    odds = {"planted": 1.5 - 0.1 * logins, "chance": np.full(N, -0.5), "rare": np.full(N, -4.0)}
    left = rng.random(N) < 1 / (1 + np.exp(-odds[kind]))
    return pa.table(
        {
            "account": [f"A{i:03}" for i in range(N)],
            "logins": logins,
            "seats": seats,
            "errors": rng.poisson(3, N),
            "recency_days": rng.poisson(np.where(big, 3, 20)),
            "churned": np.where(left, "yes", "no"),
        }
    )


def carried_out(home: Path, table: pa.Table, **more: object) -> Run:
    """Run a table of accounts in a folder."""
    home.mkdir(exist_ok=True)
    pq.write_table(table, home / "accounts.parquet")
    source = Source(
        "accounts", "accounts.parquet", Shape.TABLE, frozen_mapping({"entity": "account"})
    )
    roles = {"churned": Role.OUTCOME} if "churned" in table.column_names else {}
    project = Project(
        "accounts",
        (source,),
        objective="retention",
        features=FeatureChoice(roles=frozen_mapping(roles)),
        segments=SegmentChoice(minimum=2, maximum=3),
        folder=home,
        **more,
    )
    return run_project(project)
