"""Our segments beside those that somebody already has: what is told of the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Label = int | str
"""One of our segments by its id, or an existing one by its name."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A feature on which the parts of a segment differ, highest part against lowest.

    ``effect`` is the difference of the two parts' means in standard deviations of the whole
    segment, with its 95 % interval.
    """

    feature: str
    effect: float
    low: float
    high: float
    highest: Label
    lowest: Label


@dataclass(frozen=True, slots=True)
class Split:
    """A segment of one segmentation that the other takes apart.

    ``parts`` are the other's segments, the largest part first, with their shares of the whole, None
    where they are withheld; ``differences`` are what tells the parts apart, the strongest first.
    """

    whole: Label
    parts: tuple[Label, ...]
    shares: tuple[float | None, ...]
    differences: tuple[Difference, ...]
    sentence: str


@dataclass(frozen=True)
class Crossing:
    """Two segmentations of the same entities.

    ``low`` and ``high`` bound the adjusted Rand index at 95 %. ``counts`` has one row per existing
    segment, in the order of ``existing`` (largest first), and one column per segment of ours, in
    the order of ``segment_ids``;
    ``withheld`` marks the cells that are told to nobody, since they hold few entities or would give
    such cells away. ``n_without`` entities have no existing segment and are in no figure.
    ``splits`` are existing segments that ours take apart, ``hidden`` segments of ours that the
    existing ones take apart.
    """

    adjusted_rand: float
    low: float
    high: float
    mutual_information: float
    existing: tuple[str, ...]
    segment_ids: tuple[int, ...]
    counts: tuple[tuple[int, ...], ...]
    withheld: tuple[tuple[bool, ...], ...]
    splits: tuple[Split, ...]
    hidden: tuple[Split, ...]
    n_compared: int
    n_without: int
    sentence: str

    @property
    def row_shares(self) -> NDArray[np.float64]:
        """Give where each existing segment's entities are among ours; a row sums to 1."""
        table = np.array(self.counts, dtype=np.float64)
        shares: NDArray[np.float64] = table / table.sum(axis=1, keepdims=True)
        return shares


@dataclass(frozen=True, slots=True)
class Gain:
    """How much more of something our segments explain than the existing ones.

    ``chosen`` and ``existing`` are shares of its variance among ``n`` entities; ``gain`` is their
    difference, less what the numbers of segments give by chance, with its interval.
    """

    name: str
    n: int
    chosen: float
    existing: float
    gain: float
    low: float
    high: float

    @property
    def sign(self) -> int:
        """Say whether ours explain more (1), less (-1), or neither beyond the interval (0)."""
        return 1 if self.low > 0.0 else -1 if self.high < 0.0 else 0


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """An outcome on which nothing can be compared, and why."""

    name: str
    reason: str


class Worth(StrEnum):
    """What a change to the new segmentation would bring."""

    SAME = "same"
    """Both say the same."""
    MORE = "more"
    PART = "in part"
    NOTHING = "nothing"
    """No difference was shown, which is not to say that there is none."""
    LESS = "less"


@dataclass(frozen=True)
class Existing:
    """Everything that is told of the segmentation that a project already had.

    ``silhouette`` is of the existing segments in the prepared features, ``chosen_silhouette`` of
    ours for the same entities, absent where these are all in one. ``features`` and ``outcomes`` are
    what a change would gain, the intervals of all outcomes holding at 95 % together; ``unmeasured``
    are outcomes of which nothing can be said. ``n_folded`` entities are in existing segments too
    small to be told by themselves.
    """

    column: str
    crossing: Crossing
    silhouette: float
    silhouette_low: float
    silhouette_high: float
    chosen_silhouette: float | None
    chosen_silhouette_low: float | None
    chosen_silhouette_high: float | None
    features: Gain
    outcomes: tuple[Gain, ...]
    unmeasured: tuple[Unmeasured, ...]
    n_folded: int
    worth: Worth
    sentence: str


def told_parts(told: Sequence[str]) -> str:
    """Join parts of a sentence: "a, b and c"."""
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def told_index(value: float) -> str:
    """Write an index to two digits, without a sign before zero."""
    return f"{round(value, 2) + 0.0:.2f}"
