"""What a project asks of segments beyond their number, held against each candidate.

What lives here: the largest share, an outcome that has to differ, pairs that have to be distinct;
each that does not hold is a sentence with its figure. What does not: where features and outcomes
come from (``pipeline.demands``), what follows for the choice (``select``). Read on in
``docs/methods/demands.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.partition import Candidate, Partition
from segmentry.domain.percent import percent
from segmentry.judge.differing import ALPHA, OutcomeRows, difference
from segmentry.maths.contrast import associations, mean_gaps

MEDIUM_GAP, MEDIUM_ASSOCIATION = 0.5, 0.3
"""Cohen's medium effects: of two means in standard deviations, and of two categories."""


@dataclass(frozen=True, eq=False)
class Lever:
    """A feature that can be acted upon, for the searched entities.

    ``values`` are numbers (NaN: not known), or the codes of a category where ``is_category``.
    """

    name: str
    values: NDArray[np.float64]
    is_category: bool = False

    @property
    def medium(self) -> float:
        """Say from where on a difference is a medium one."""
        return MEDIUM_ASSOCIATION if self.is_category else MEDIUM_GAP

    def effects(self, segment: NDArray[np.int64], n_segments: int) -> NDArray[np.float64]:
        """Measure how far any two segments differ in it."""
        if self.is_category:
            return associations(self.values.astype(np.int64), segment, n_segments)
        return mean_gaps(self.values, segment, n_segments)


@dataclass(frozen=True, eq=False)
class Demands:
    """What is asked; nothing by default."""

    max_share: float = 1.0
    distinct: int = 0
    """Levers in which any two segments have to differ by a medium effect."""
    levers: tuple[Lever, ...] = field(default_factory=tuple)
    outcome: OutcomeRows | None = None
    """In which segments have to differ."""
    n_candidates: int = 1
    """How many are asked: of many, some differ in anything by chance."""
    weights: NDArray[np.float64] | None = None
    """How much each entity counts in the size of its segment; None where all count the same."""

    def unmet(self, candidate: Candidate, partition: Partition) -> tuple[str, ...]:
        """Say what a candidate does not hold.

        Parameters
        ----------
        candidate : Candidate
            With labels of the searched entities.
        partition : Partition
            The same with its points in all columns of the matrix.

        Returns
        -------
        tuple of str
            Sentences without a full stop; none where all is held.
        """
        labels = candidate.partition.labels
        told = (
            self._too_large(labels),
            self._alike(labels, candidate.n_segments),
            self._same(partition),
        )
        return tuple(sentence for sentence in told if sentence)

    def _too_large(self, labels: NDArray[np.int64]) -> str:
        total = len(labels) if self.weights is None else self.weights.sum()
        share = float(np.bincount(labels, self.weights).max() / total)
        if share <= self.max_share:
            return ""
        of_what = "" if self.weights is None else " of the weight"
        return (
            f"its largest segment holds {percent(share, finely=True)}{of_what}, more than the "
            f"{percent(self.max_share, finely=True)} allowed"
        )

    def _same(self, partition: Partition) -> str:
        if self.outcome is None:
            return ""
        found = difference(partition, self.outcome)
        p_value = found.p_among(self.n_candidates)
        if p_value < ALPHA:
            return ""
        of_many = f" for {self.n_candidates} candidates" if self.n_candidates > 1 else ""
        explained = percent(max(found.explained, 0.0), finely=True)
        return (
            f"its segments do not differ in {self.outcome.name!r} (p = {p_value:.2g}{of_many}, "
            f"needs less than {ALPHA}; they explain {explained} of it beyond chance, on "
            f"{self.outcome.basis})"
        )

    def _alike(self, labels: NDArray[np.int64], n_segments: int) -> str:
        """Name the two segments that differ least in what can be acted upon."""
        if not self.distinct or n_segments < 2:
            return ""
        sizes = np.bincount(labels, minlength=n_segments)
        order = np.argsort(-sizes, kind="stable")
        place = np.argsort(order)[labels]  # numbers as people will read them: the largest is 1
        held = int((sizes > 0).sum())
        rows, columns = np.triu_indices(held, 1)
        # In units of a medium effect; what is not known of a segment tells it from none.
        effects = np.array(
            [
                np.nan_to_num(lever.effects(place, held)[rows, columns]) / lever.medium
                for lever in self.levers
            ]
        ).reshape(len(self.levers), len(rows))
        counts = (effects >= 1.0).sum(axis=0)
        short = np.flatnonzero(counts < self.distinct)
        if not len(short):
            return ""
        # Effects that are large already do not count for those that are wanting.
        wanting = np.where(effects < 1.0, effects, -1.0)
        worst = min(short, key=lambda p: (counts[p], wanting[:, p].max(initial=-1.0)))
        pair = int(rows[worst]), int(columns[worst])
        return self._pair(pair, int(counts[worst]), wanting[:, worst], sizes[order] / len(labels),
                          len(short) - 1)  # fmt: skip

    def _pair(
        self,
        pair: tuple[int, int],
        count: int,
        effects: NDArray[np.float64],
        shares: NDArray[np.float64],
        n_others: int,
    ) -> str:
        one, other = pair
        who = (
            f"its segments {one + 1} and {other + 1} ({percent(float(shares[one]))} and "
            f"{percent(float(shares[other]))} of entities)"
        )
        what = (
            "differ by a medium effect in nothing that can be acted upon"
            if not count
            else f"differ by a medium effect in {count} of the {self.distinct} features asked for"
        )
        more = f"; so do {n_others} other pairs" if n_others > 1 else "; so does another pair"
        return f"{who} {what}{self._nearest(effects)}{more if n_others else ''}"

    def _nearest(self, effects: NDArray[np.float64]) -> str:
        """Name the feature that comes nearest to a medium effect without reaching it."""
        if not len(effects) or effects.max() < 0:
            return ""
        lever = self.levers[int(effects.argmax())]
        value = float(effects.max()) * lever.medium
        if lever.is_category:
            return f": most in {lever.name!r}, by a Cramer's V of {value:.2f} (needs 0.30)"
        return f": most in {lever.name!r}, by {value:.2f} standard deviations (needs 0.50)"


DemandsOn = Callable[[NDArray[np.int64]], Demands]
"""Rows that are searched to what is asked of segments of them."""
