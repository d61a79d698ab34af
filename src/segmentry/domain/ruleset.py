"""Segments told by rules: what each asks of features, and how often it is right.

Rules explain; they never assign. Shares are counted on entities that the rules were not made from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.maths.intervals import wilson_interval


@dataclass(frozen=True, slots=True)
class Condition:
    """What a rule asks of one feature: above ``over``, at most ``upto``; gaps are kept or not.

    A level of a category is asked for as a number: 1 where an entity has it, else 0.
    ``has_gaps`` tells whether any value was missing where the rule was made, ``is_flag`` whether
    all values were 0 or 1 and counted nothing.
    """

    feature: str
    level: str | None = None
    over: float = -np.inf
    upto: float = np.inf
    is_whole: bool = False
    has_gaps: bool = False
    keeps_gaps: bool = True
    is_flag: bool = False

    @property
    def has_level(self) -> bool:
        """Tell of a level or a flag whether it is wanted, and not shunned."""
        return self.over >= 0

    @property
    def least(self) -> float:
        """Give the smallest whole number that it allows; of fractions, what values lie above."""
        return float(np.floor(self.over)) + 1.0 if self.is_whole else self.over

    @property
    def most(self) -> float:
        """Give the largest number that it allows."""
        return float(np.floor(self.upto)) if self.is_whole else self.upto

    def holds(self, column: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which values pass; NaN is a gap."""
        with np.errstate(invalid="ignore"):
            inside = (column > self.over) & (column <= self.upto)
        result: NDArray[np.bool_] = np.where(np.isnan(column), self.keeps_gaps, inside)
        return result


@dataclass(frozen=True, slots=True)
class Counted:
    """A share that was counted: so many hits among so many rows, with Wilson's interval.

    Examples
    --------
    >>> Counted(81, 263).estimate, Counted(0, 0).estimate
    (0.30798479087452474, None)
    >>> [round(v, 4) for v in Counted(81, 263).interval]
    [0.2553, 0.3662]
    """

    hits: int
    n: int

    @property
    def estimate(self) -> float | None:
        """Give the share; None of no rows."""
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """Bound it at 95 %."""
        return wilson_interval(self.hits, self.n)


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions that all have to hold.

    ``precision`` is how often it is right of those that it covers, ``recall`` how much of the
    segment it finds.
    """

    conditions: tuple[Condition, ...]
    precision: Counted
    recall: Counted


@dataclass(frozen=True, slots=True)
class SegmentRules:
    """The rules of a segment, any of which may hold; none where no short rule tells it."""

    id: int
    name: str
    rules: tuple[Rule, ...]
    precision: Counted
    recall: Counted


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules for all segments: every entity passes exactly one of them.

    ``fidelity`` is the share of entities that they put where the run does, ``chance`` what always
    guessing the largest segment would get right of the same entities; ``depth`` bounds the
    questions on the way to a rule, and ``n_grown`` are the entities that they were made from.
    ``confusion`` counts the entities of each segment (rows) that pass the rules of each (columns).
    """

    segments: tuple[SegmentRules, ...]
    fidelity: Counted
    chance: float
    depth: int
    n_grown: int
    confusion: tuple[tuple[int, ...], ...]

    @property
    def most_mistaken(self) -> tuple[SegmentRules, SegmentRules, int] | None:
        """Give the segment most often taken for another one, that other one, and how often."""
        places = range(len(self.confusion))
        pairs = [(self.confusion[a][b], -a, -b) for a in places for b in places if a != b]
        count, a, b = max(pairs, default=(0, 0, 0))
        return (self.segments[-a], self.segments[-b], count) if count else None
