"""Tables of numbers, categories and gaps with groups in them, and projects over such tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import segmentry
from segmentry.pipeline.finished import Run

PROJECT = """
version: 1
project: mixed
entity: id
sources:
  - name: people
    path: people.parquet
    shape: table
    columns: {{entity: id}}
segments: {{min: 3, max: 5, methods: [{method}]}}
prepare: {{{prepare}}}
"""

LEVELS = ("it's", "back\\slash", 'double "quotes"', "tick `x`", "Ünïcode", "plain")
"""Words that a careless statement would stumble over."""


def people(n: int = 400, seed: int = 0) -> pa.Table:
    """Make people of four kinds: skewed and negative numbers, gaps, words, ties."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 4, n)
    balance = rng.normal(0, 30, n) ** 3 * np.where(kind == 3, 4.0, 0.2)
    columns = {
        "spend": rng.lognormal(np.array([2.0, 4.0, 6.0, 5.0])[kind], 0.4),
        "visits": rng.poisson(np.array([3, 20, 6, 50])[kind]).astype(float),
        "balance": balance,
        "age": rng.normal(np.array([25, 45, 60, 35])[kind], 4.0),
    }
    gap = rng.random((len(columns), n)) < 0.08
    told = {name: pa.array(v, mask=g) for (name, v), g in zip(columns.items(), gap, strict=True)}
    word = np.array(LEVELS)[(kind + (rng.random(n) < 0.3) * rng.integers(0, 6, n)) % 6]
    tier = np.array(["low", "mid", "high"])[np.minimum(kind, 2)]
    return pa.table(
        {
            "id": [f"p{i:05d}" for i in range(n)],
            **told,
            "word": pa.array(word, mask=rng.random(n) < 0.05),
            "tier": pa.array(tier, mask=rng.random(n) < 0.05),
        }
    )


def mixed_run(folder: Path, method: str, prepare: str = "", *, n: int = 400) -> Run:
    """Find segments of people by a method."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(people(n), folder / "people.parquet")
    (folder / "segmentry.yaml").write_text(PROJECT.format(method=method, prepare=prepare))
    return segmentry.open_project(folder).run(threads=1)
