"""What was checked, what was measured, and the verdict that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from segmentry.domain.bounded import Bounded
from segmentry.domain.existing import Existing
from segmentry.domain.health import Health
from segmentry.domain.judging import HeldoutColumns
from segmentry.domain.micro import MicroTree

STABLE_JACCARD, DISSOLVED_JACCARD = 0.75, 0.6
"""A segment whose mean Jaccard index over resamples is at least the first is stable, below the
second it dissolves (Hennig, C. 2007. Cluster-wise assessment of cluster stability. Comput. Statist.
Data Anal. 52, 258-271)."""


class Verdict(StrEnum):
    """What a check says, derived from estimate and threshold."""

    PASS = "pass"  # noqa: S105 - a verdict
    WARN = "warn"
    FAIL = "fail"
    INFO = "info"


class StabilityVerdict(StrEnum):
    """Whether a segment comes back when entities are drawn again."""

    STABLE = "stable"
    DOUBTFUL = "doubtful"
    DISSOLVES = "dissolves"


class StructureVerdict(StrEnum):
    """Whether the data holds groups at all."""

    CLEAR = "clear"
    WEAK = "weak"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Check:
    """One named measurement with its uncertainty.

    ``low`` and ``high`` bound a 95 % interval where one is known. ``larger_is_better`` tells the
    side of ``threshold`` on which the estimate passes; a check without threshold only informs.
    """

    name: str
    estimate: float
    low: float | None = None
    high: float | None = None
    threshold: float | None = None
    larger_is_better: bool = True
    sentence: str = ""

    @property
    def verdict(self) -> Verdict:
        """Derive the verdict: pass, fail, or warn where the interval straddles the threshold."""
        if self.threshold is None:
            return Verdict.INFO
        sign = 1.0 if self.larger_is_better else -1.0
        worst = self.low if self.larger_is_better else self.high
        passed = sign * self.estimate >= sign * self.threshold
        if passed and worst is not None and sign * worst < sign * self.threshold:
            return Verdict.WARN
        return Verdict.PASS if passed else Verdict.FAIL


class StructureTest(StrEnum):
    """What a structure verdict rests on."""

    COMPARISON = "comparison"
    HUMPS = "humps"
    DIRECTION = "direction"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Structure:
    """The structure test: whether the data is more grouped than structureless data of its kind.

    ``p_value`` is that of the comparison, in silhouette and in the emptiness between groups;
    ``p_silhouette`` is that of the silhouette alone, and ``n_reached`` counts the draws that reach
    the data in what decided. ``test`` is ``nothing`` where nothing could be tested. ``columns`` are
    those of ``n_columns`` prepared ones that were compared, none named where principal axes were.
    """

    verdict: StructureVerdict
    p_value: float
    silhouette: float
    null_silhouettes: tuple[float, ...]
    n_rows: int
    dip_p_value: float
    dip_where: str
    sentence: str
    test: StructureTest = StructureTest.COMPARISON
    p_silhouette: float = 1.0
    n_reached: int = 0
    columns: tuple[str, ...] = ()
    n_columns: int = 0

    @property
    def is_partial(self) -> bool:
        """Whether fewer than half of the prepared columns were compared."""
        return 0 < 2 * len(self.columns) < self.n_columns

    @property
    def scope(self) -> str:
        """Say how many columns were compared, such as "4 of 12 columns"."""
        return f"{len(self.columns)} of {self.n_columns} columns"


@dataclass(frozen=True, slots=True)
class SegmentStability:
    """How well a segment comes back in resamples: mean Jaccard index, and where nine in ten lie."""

    id: int
    jaccard: float
    low: float
    high: float

    @property
    def verdict(self) -> StabilityVerdict:
        """Derive the verdict from the mean (Hennig 2007: 0.75 and 0.6)."""
        if self.jaccard >= STABLE_JACCARD:
            return StabilityVerdict.STABLE
        if self.jaccard >= DISSOLVED_JACCARD:
            return StabilityVerdict.DOUBTFUL
        return StabilityVerdict.DISSOLVES


@dataclass(frozen=True, slots=True)
class Stability:
    """Whether the segments come back when entities are drawn again and the method is run anew."""

    n_resamples: int
    n_rows: int
    segments: tuple[SegmentStability, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class SegmentSilhouette:
    """How a segment's silhouettes are spread: the mean, its interval, and who lies amiss.

    ``below_zero`` is the share that lies nearer to another segment, ``values`` are quantiles,
    highest first.
    """

    id: int
    mean: float
    low: float
    high: float
    below_zero: float
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Silhouettes:
    """Silhouettes by segment."""

    n_rows: int
    segments: tuple[SegmentSilhouette, ...]


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """A segment in words of the features: right so often, and true of so much of the segment."""

    id: int
    rule: str
    precision: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Surrogate:
    """A small tree over the features in their own units, tried on entities it has not seen."""

    accuracy: float
    low: float
    high: float
    depth: int
    n_leaves: int
    n_rows: int
    rules: tuple[SegmentRule, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Discriminant:
    """Whether a classifier can predict membership of entities that it has not seen.

    ``chance`` is the share of the largest segment: what always guessing it would get right.
    """

    accuracy: float
    low: float
    high: float
    chance: float
    n_rows: int
    worst_pair: tuple[int, int]
    worst_pair_accuracy: float
    sentence: str


@dataclass(frozen=True, slots=True)
class FeatureDifference:
    """How far segments differ in a feature that did not make them.

    ``explained`` is the share of the variance of the feature's ranks that lies between segments,
    with its 95 % interval; ``rate`` is the false discovery rate among all features.
    """

    feature: str
    explained: float
    low: float
    high: float
    p_value: float
    rate: float


@dataclass(frozen=True, slots=True)
class Significance:
    """Features tested on entities that made no segments, in segments made without the feature."""

    n_fitted: int
    n_tested: int
    features: tuple[FeatureDifference, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The usual way of grouping beside ours, measured on the same entities.

    Shares are of the variance of the prepared features; ``ari`` is agreement with our segments.
    """

    name: str
    n_segments: int
    silhouette: float
    silhouette_low: float
    silhouette_high: float
    ari: float
    explained_share: float
    chosen_explained_share: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Two segments, or groups of them, that merge next, and what all that are left explain.

    ``within`` bounds that share, and ``lost`` is what this merge takes from it; runs of earlier
    versions have neither.
    """

    first: tuple[int, ...]
    second: tuple[int, ...]
    explained: float
    within: Bounded | None = None
    lost: Bounded | None = None


@dataclass(frozen=True, slots=True)
class Merging:
    """In which order segments would merge if fewer were wanted.

    ``explained`` is the share of the variance of the prepared features that lies between all of
    them, and ``within`` bounds it.
    """

    explained: float
    merges: tuple[Merge, ...]
    within: Bounded | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All checks of a segmentation."""

    structure: Structure
    checks: tuple[Check, ...]
    warnings: tuple[str, ...] = ()
    stability: Stability | None = None
    silhouettes: Silhouettes | None = None
    surrogate: Surrogate | None = None
    discriminant: Discriminant | None = None
    baseline: Baseline | None = None
    significance: Significance | None = None
    existing: Existing | None = None
    micro: MicroTree | None = None
    health: Health | None = None
    merging: Merging | None = None
    heldout_columns: HeldoutColumns | None = None
