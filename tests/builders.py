"""Small builders for nouns, each with sensible defaults: a test states only what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.domain.assigner import Answers, Assigner
from segmentry.domain.evidence import Structure, StructureVerdict
from segmentry.domain.matrix import Matrix
from segmentry.domain.partition import Candidate, Partition
from segmentry.domain.profile import Naming, Profile
from segmentry.domain.recipe import NumberStep
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import ENTITY, FeatureColumn, FeatureTable


def blobs(n: int = 300, *, k: int = 3, d: int = 4, gap: float = 12.0, seed: int = 0):
    """Draw rows around planted centres; give the rows and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    centres = gap * np.linalg.qr(rng.normal(size=(max(k, d), max(k, d))))[0][:k, :d]
    return centres[truth] + rng.normal(size=(n, d)), truth


def entity_ids(n: int) -> list[str]:
    """Name n entities so that their order is the order of the rows."""
    return [f"e{i:06d}" for i in range(n)]


def feature_table(
    columns: dict[str, Sequence[Any]], *, ids: Sequence[Any] | None = None, **changes: Any
) -> FeatureTable:
    """Build a table; a column of text is a category, ``changes`` go to every description."""
    n = len(next(iter(columns.values())))
    data = {ENTITY: pa.array(entity_ids(n) if ids is None else ids)}
    described = []
    for name, values in columns.items():
        text = any(isinstance(v, str) for v in values)
        data[name] = pa.array(values, type=pa.string() if text else pa.float64())
        kind = Kind.CATEGORY if text else Kind.NUMBER
        described.append(FeatureColumn(name, **{"role": Role.CLUSTER, "kind": kind, **changes}))
    return FeatureTable.of(pa.table(data), tuple(described))


def number_step(column: str = "spend", **changes: Any) -> NumberStep:
    """Build a step that leaves a column as it is, but for the changes."""
    facts = {
        "impute": 0.0,
        "impute_reason": "nothing was missing",
        "transform": "identity",
        "exponent": 1.0,
        "centre": 0.0,
        "scale": 1.0,
        "weight": 1.0,
        "limit": 5.0,
    }
    return NumberStep(column, **{**facts, **changes})


def matrix(X: np.ndarray) -> Matrix:
    """Give rows names and ids."""
    names = tuple(f"x{j}" for j in range(X.shape[1]))
    return Matrix(np.array(X, dtype=np.float64), pa.array(entity_ids(len(X))), names, names)


def assigner(*centres: tuple[float, ...], radius: float = 1.0) -> Assigner:
    """Build one segment per centre, all with the same radius."""
    return Assigner(np.array(centres), np.arange(len(centres)), np.full(len(centres), radius))


def candidate(n_segments: int = 4, **scores: float) -> Candidate:
    """Build a candidate that passes every condition, but for the scores given."""
    silhouette = scores.get("silhouette", 0.4)
    facts = {
        "silhouette": silhouette,
        "silhouette_low": silhouette - 0.02,
        "silhouette_high": silhouette + 0.02,
        "davies_bouldin": 1.0,
        "calinski_harabasz": 100.0,
        "inertia": 50.0,
        "seed_ari": 0.95,
        "seed_ari_low": 0.9,
        "smallest_share": 0.1,
        "fidelity": 1.0,
    }
    centres = np.arange(n_segments, dtype=np.float64)[:, None]
    partition = Partition(np.arange(n_segments), centres, "k-means")
    return Candidate(partition, {**facts, **scores})


class Listener:
    """Remembers what progress told."""

    def __init__(self) -> None:
        self.phases: list[tuple[str, str]] = []
        self.steps: list[tuple[int, int]] = []

    def phase(self, name: str, detail: str = "") -> None:
        self.phases.append((name, detail))

    def advance(self, done: int, total: int) -> None:
        self.steps.append((done, total))


def with_roles(table: FeatureTable, roles: dict[str, Role]) -> FeatureTable:
    """Give some columns of a table another role."""
    columns = tuple(replace(c, role=roles.get(c.name, c.role)) for c in table.columns)
    return FeatureTable(table.data, columns, table.as_of)


def answers(segment: Sequence[int]) -> Answers:
    """Give rows to segments, all of them sure and none of them odd."""
    own = np.array(segment, dtype=np.int64)
    n = len(own)
    return Answers(own, own.copy(), np.full(n, 0.8), np.zeros(n, dtype=bool), np.full(n, 0.5))


def standardised(table: FeatureTable) -> Matrix:
    """Scale the number columns of a table to mean 0 and deviation 1, missing ones at the mean."""
    numbers = [c.name for c in table.with_role(Role.CLUSTER) if c.kind is Kind.NUMBER]
    columns = []
    for name in numbers:
        values = table.numbers(name)
        known = values[~np.isnan(values)] if not np.isnan(values).all() else np.zeros(1)
        columns.append(np.nan_to_num((values - known.mean()) / (known.std() or 1.0)))
    X = np.column_stack(columns) if columns else np.empty((table.n_entities, 0))
    return Matrix(X, table.entity_ids, tuple(numbers), tuple(numbers))


def profile(name: str = "Loyal Regulars", **changes: Any) -> Profile:
    """Build a profile of an unremarkable segment, but for the changes."""
    facts = {
        "segment_id": 1,
        "naming": Naming(name, None, None, 0.55, "composed"),
        "size": 250,
        "share": 0.25,
        "value_share": None,
        "value_total": None,
        "mean_confidence": 0.8,
        "anomaly_share": 0.01,
        "silhouette": 0.3,
        "contrasts": (),
        "traits": ("buys twice as often as everyone", "spends more", "25 % of everyone"),
        "outcomes": (),
        "overlays": (),
        "action": "Thank them.",
        "action_reason": "They buy often.",
    }
    return Profile(**{**facts, **changes})


def structure(verdict: str = "clear", p_value: float = 0.0005, **changes: Any) -> Structure:
    """Build the outcome of a structure test."""
    nulls = tuple(np.linspace(0.2, 0.3, 19))
    found = Structure(
        StructureVerdict(verdict), p_value, 0.5, nulls, 1500, 0.4, "recency_days", "As tested."
    )
    return replace(found, **changes)
