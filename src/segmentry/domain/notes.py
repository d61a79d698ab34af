"""What preparation tells of features beside the recipe: in or out and why, groups, shares, gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segmentry.domain.role import Facet


@dataclass(frozen=True, slots=True)
class FeatureNote:
    """One feature: what it means, whether it shapes the segments, and why."""

    name: str
    facet: str
    unit: str
    sentence: str
    null_means: str
    is_in: bool
    code: str
    """A stable word, such as ``objective``, ``constant``, ``repeated`` or ``excluded``."""
    reason: str


@dataclass(frozen=True, slots=True)
class Member:
    """A feature that another one stands for, and the rank correlation of the two."""

    column: str
    correlation: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Features that move together, and the one that stays for all of them."""

    representative: str
    members: tuple[Member, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class FacetShare:
    """How much a side of behaviour counts."""

    facet: Facet
    n_features: int
    squared_weight: float
    variance_share: float


@dataclass(frozen=True, slots=True)
class FeatureShare:
    """How much a feature counts: all columns that it became, together."""

    feature: str
    facet: Facet
    squared_weight: float
    variance_share: float


@dataclass(frozen=True, slots=True)
class BalanceNote:
    """Who carries the variance of the matrix, by facet and by feature, most first."""

    method: str
    facets: tuple[FacetShare, ...]
    features: tuple[FeatureShare, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """How much was filled in: by column, and how many entities had how much filled.

    ``entities`` are shares of features filled and the share of entities at or above each.
    """

    columns: tuple[tuple[str, float], ...]
    entities: tuple[tuple[float, float], ...]
    mean_share: float


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a split: how many, and how active."""

    n_entities: int
    mean_activity: float
    median_activity: float


@dataclass(frozen=True, slots=True)
class SplitNote:
    """How entities were divided, and how alike both sides are."""

    by: Literal["entity", "time"]
    share: float
    activity: str
    """The feature by which activity is measured; empty where there is none."""
    train: Side
    validation: Side
    ks_statistic: float
    """Largest distance of the two distributions of activity (Kolmogorov and Smirnov)."""
    ks_p_value: float
    sentence: str


@dataclass(frozen=True, slots=True)
class SharePair:
    """The share of a segment among those learned from and among the others, with intervals."""

    id: int
    train: float
    train_low: float
    train_high: float
    validation: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Validation:
    """Segments on entities that had no part in finding them."""

    n_entities: int
    silhouette: float
    low: float
    high: float
    train_silhouette: float
    train_low: float
    train_high: float
    segments: tuple[SharePair, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Notes:
    """All that preparation tells."""

    features: tuple[FeatureNote, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    balance: BalanceNote | None = None
    gaps: Gaps | None = None
    split: SplitNote | None = None
    time_split: SplitNote | None = None
    """The judging cut, told in the same form."""
