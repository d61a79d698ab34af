"""Methods held beside each other on the same rows: the nouns of a comparison.

What lives here: a row of the table, the table, the variations of a chosen partition. What does not:
how the figures come about (``pipeline.compare``, ``pipeline.sensitivity``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Compared:
    """A method with one number of segments, what was measured of it, and what could not be.

    ``figures`` are by the names of ``judge.contest.CRITERIA``; ``missing`` says of each of the
    others why there is none. ``is_choice`` marks the number that the rule takes among those of its
    method, ``is_kept`` the candidate that it takes among all, ``is_on_front`` one that no other
    beats in all criteria that may be compared. ``reason`` is the rule's, ``faults`` what speaks
    against it whatever the others are. ``labels`` are the answers for the searched rows,
    ``jaccards`` how well each segment comes back.
    """

    method: str
    n_segments: int
    figures: Mapping[str, float]
    missing: Mapping[str, str]
    reason: str
    labels: NDArray[np.int64]
    faults: tuple[str, ...] = ()
    is_choice: bool = False
    is_kept: bool = False
    is_on_front: bool = False
    jaccards: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """Say method and number of segments."""
        return f"{self.method}, {self.n_segments} segments"

    def as_dict(self) -> dict[str, Any]:
        """Give the row as flat facts; a figure that is not there is None, ``missing`` says why."""
        return {
            "method": self.method,
            "n_segments": self.n_segments,
            "choice": self.is_choice,
            "kept": self.is_kept,
            "front": self.is_on_front,
            **self.figures,
            **dict.fromkeys(self.missing),
            "segments_jaccard": list(self.jaccards),
            "faults": list(self.faults),
            "reason": self.reason,
            "missing": dict(self.missing),
        }


@dataclass(frozen=True, eq=False)
class Comparison:
    """All rows of a comparison, how far the methods' choices agree, and what the rule says.

    ``left_out`` gives for each method without a row the reason. ``agreement`` are adjusted Rand
    indices between the methods' choices, in the order of ``agreeing``. ``front_by`` names the
    criteria that the front rests on. ``outcome`` says which one was measured, on which entities.
    """

    rows: tuple[Compared, ...]
    left_out: Mapping[str, str]
    agreeing: tuple[str, ...]
    agreement: NDArray[np.float64]
    front_by: tuple[str, ...]
    sentence: str
    n_entities: int
    n_searched: int
    notes: tuple[str, ...] = ()
    outcome: str = ""

    @property
    def table(self) -> list[dict[str, Any]]:
        """Give the rows as flat dictionaries with the same keys, as data frames take them."""
        names = dict.fromkeys(n for row in self.rows for n in row.as_dict())
        return [{n: row.as_dict().get(n) for n in names} for row in self.rows]


@dataclass(frozen=True, eq=False)
class Variation:
    """One decision taken otherwise, and how far the segments stay what they are.

    ``ari`` is the agreement with the choice on the same entities; ``jaccards`` those of each of its
    segments with the one that is most like it. ``smallest_share`` is that of the variant's own
    smallest segment, ``kept_share`` that of entities that keep their segment, when segments are
    matched so that most do; both are NaN where several were drawn. ``missing`` says why nothing was
    measured; then ``ari`` is NaN.
    """

    decision: str
    variant: str
    ari: float
    jaccards: tuple[float, ...] = ()
    n_segments: int = 0
    smallest_share: float = float("nan")
    missing: str = ""
    kept_share: float = float("nan")

    @property
    def weakest(self) -> int:
        """Give the segment, from 1, that changes most; 0 where nothing was measured."""
        return int(np.argmin(self.jaccards)) + 1 if self.jaccards else 0

    def as_dict(self) -> dict[str, Any]:
        """Give the row as flat facts; what was not measured is None."""
        is_measured = bool(self.jaccards)
        return {
            "decision": self.decision,
            "variant": self.variant,
            "n_segments": self.n_segments if is_measured else None,
            "ari": self.ari if is_measured else None,
            "smallest_share": None if np.isnan(self.smallest_share) else self.smallest_share,
            "kept_share": None if np.isnan(self.kept_share) else self.kept_share,
            "weakest_segment": self.weakest if is_measured else None,
            "segments_jaccard": list(self.jaccards),
            "missing": self.missing,
        }


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """How far a chosen partition hangs on single decisions, the largest effect first."""

    method: str
    n_segments: int
    shares: tuple[float, ...]
    """Share of the searched entities in each segment, the largest first."""
    variations: tuple[Variation, ...]
    sentence: str
    n_entities: int
    n_searched: int
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def table(self) -> list[dict[str, Any]]:
        """Give the variations as flat dictionaries."""
        return [v.as_dict() for v in self.variations]
