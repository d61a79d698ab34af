"""Movement of entities between segments over time: the nouns.

What lives here: transitions with their causes, and what is told of flows, sizes, lasting and early
warnings. What does not: how they are found (``watch``), and reading snapshots
(``pipeline.movements``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.bounded import Bounded

if TYPE_CHECKING:
    import pyarrow as pa

BEHAVIOUR, BOUNDARY, UNDECIDED, REFIT, NEW, BACK, GONE = range(7)
CAUSES = ("behaviour", "boundary", "undecided", "refit", "new", "back", "gone")
"""Why an entity is told somewhere else; the place of each is its number."""

NOWHERE = -1
"""Stands for the segment of who was not there."""


@dataclass(frozen=True, eq=False)
class Transitions:
    """Every change, once. All arrays have shape (n_transitions,), ascending by step and entity.

    ``entity`` is a place among all entities; ``source`` and ``target`` are places of segments,
    ``NOWHERE`` where there is none; ``step`` the snapshot that told the change first, ``decided``
    the one at which its cause was known; ``cause`` a place in ``CAUSES``; ``margin`` the logarithm
    of how many times farther ``source`` was than ``target``, NaN where one of them is nowhere.
    """

    entity: NDArray[np.int64]
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    step: NDArray[np.int64]
    decided: NDArray[np.int64]
    cause: NDArray[np.int64]
    margin: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.entity)

    def count(self, cause: int) -> int:
        """Count those of one cause."""
        return int((self.cause == cause).sum())


@dataclass(frozen=True, slots=True)
class Hysteresis:
    """When a change of segment counts as a move.

    ``margin`` is the logarithm of how many times farther the old segment must be than the new one
    for a move to count at once; ``dwell`` the snapshots in a row after which it counts anyway.
    """

    margin: float
    dwell: int = 2


@dataclass(frozen=True, eq=False)
class Noise:
    """How far an entity's place between two segments goes and comes back by itself.

    ``wobbles`` are absolute differences of the middle of three snapshots from the straight line
    between its neighbours, ascending, scaled to the standard deviation of a single snapshot; in
    logarithms of ratios of distances. Empty where there are fewer than three snapshots.
    """

    wobbles: NDArray[np.float64]

    @property
    def is_known(self) -> bool:
        """Tell whether there was anything to learn it from."""
        return len(self.wobbles) > 0

    def exceeded(self, x: NDArray[np.float64], *, draws: int = 1) -> NDArray[np.float64]:
        """Give the chance that noise alone goes further than each distance, in one direction.

        ``draws`` is 1 for the noise of one snapshot, 2 for a difference of two.
        """
        n = len(self.wobbles)
        above = n - np.searchsorted(self.wobbles, x / draws**0.5, side="left")
        # One more than was seen: what never happened among n may happen still.
        chance: NDArray[np.float64] = 0.5 * np.minimum((above + 1) / (n + 1), 1.0)
        return chance


@dataclass(frozen=True, slots=True)
class Flow:
    """A path between two segments over all steps; segments by their ids.

    ``n`` changes of answer, ``share`` of all answers in ``source`` that had a next one;
    ``expected`` by noise alone and ``rate`` the false discovery rate of there being more, both
    None where noise is not known. ``n_behaviour`` are told as behaviour.
    """

    source: int
    target: int
    n: int
    n_behaviour: int
    share: Bounded
    expected: float | None
    rate: float | None

    @property
    def is_above_noise(self) -> bool:
        """Tell whether noise alone is no explanation."""
        return self.rate is not None and self.rate <= 0.05


@dataclass(frozen=True, slots=True)
class Unexpected:
    """A path that more took at one step than the steps before let expect."""

    day: date
    source: int
    target: int
    n: int
    expected: float
    rate: float


@dataclass(frozen=True, slots=True)
class Growth:
    """A segment's size over time.

    ``sizes`` and ``shares`` have one entry per snapshot; ``net`` is the change of its share by
    movement alone, of the entities at both ends: who came in less who went out.
    """

    segment: int
    sizes: tuple[int, ...]
    shares: tuple[Bounded, ...]
    n_in: int
    n_out: int
    net: Bounded

    @property
    def course(self) -> str:
        """Say ``growing`` or ``shrinking`` where the interval leaves no doubt, else ``steady``."""
        if self.net.low > 0.0:
            return "growing"
        return "shrinking" if self.net.high < 0.0 else "steady"


@dataclass(frozen=True, slots=True)
class Staying:
    """The share that is in a segment still, 1, 2, ... snapshots after it was first seen there."""

    segment: int
    n_spells: int
    at_risk: tuple[int, ...]
    shares: tuple[Bounded, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """How far the centre of a segment's members went in a column, in standard deviations."""

    segment: int
    column: str
    moved: Bounded


@dataclass(frozen=True, eq=False)
class EarlyWarning:
    """Members of other segments that come nearer to one, and whether such warnings came true.

    ``precision`` is the share of earlier warnings whose entity was in the segment within
    ``horizon`` snapshots, ``base`` that of everyone not in it, ``as_near`` that of those as near to
    it who did not come nearer. ``found`` is the share of arrivals that were warned of. None where
    there is nothing to count.
    """

    toward: int
    horizon: int
    entities: NDArray[np.int64]
    """Who is warned of at the last snapshot, the nearest first."""
    n_past: int
    precision: Bounded | None
    base: Bounded | None
    as_near: Bounded | None
    found: Bounded | None


@dataclass(frozen=True, eq=False)
class Movements:
    """What became of entities and segments over a range of snapshots."""

    days: tuple[date, ...]
    segment_ids: tuple[int, ...]
    segment_names: tuple[str, ...]
    entity_ids: pa.Array
    transitions: Transitions
    hysteresis: Hysteresis
    counts: NDArray[np.int64]
    """Changes of answer of shape (n_steps, n_segments, n_segments): from, to."""
    ends: NDArray[np.int64]
    """Of those at both ends: in which segment first, in which last."""
    by_noise: Bounded | None
    """Share of all changes of answer that noise could make."""
    flows: tuple[Flow, ...]
    unexpected: tuple[Unexpected, ...]
    growth: tuple[Growth, ...]
    staying: tuple[Staying, ...]
    shifts: tuple[Shift, ...]
    warnings: tuple[EarlyWarning, ...]

    @property
    def n_changes(self) -> int:
        """Count how often an entity's answer differed from the one before."""
        k = len(self.segment_ids)
        return int(self.counts[:, ~np.eye(k, dtype=bool)].sum())

    def name_of(self, segment: int) -> str:
        """Name a segment by its id."""
        return self.segment_names[self.segment_ids.index(segment)]

    def to_arrow(self) -> pa.Table:
        """Give the transitions as a table: entity, day, from, to, cause, day decided, margin."""
        import pyarrow as pa

        told, ids = self.transitions, np.array([*self.segment_ids, 0])
        names = pa.array([*self.segment_names, None], pa.string())
        days = pa.array(self.days, pa.date32())

        def side(places: NDArray[np.int64]) -> tuple[Any, Any]:
            nowhere = places == NOWHERE
            return pa.array(ids[places], pa.int64(), mask=nowhere), names.take(
                pa.array(np.where(nowhere, len(ids) - 1, places))
            )

        (from_id, from_name), (to_id, to_name) = side(told.source), side(told.target)
        return pa.table(
            {
                "entity_id": self.entity_ids.take(pa.array(told.entity)),
                "day": days.take(pa.array(told.step)),
                "from_segment_id": from_id,
                "from_segment": from_name,
                "to_segment_id": to_id,
                "to_segment": to_name,
                "cause": pa.array(CAUSES).take(pa.array(told.cause)),
                "decided": days.take(pa.array(told.decided)),
                "margin": pa.array(told.margin, mask=np.isnan(told.margin)),
            }
        )

    def matrix(self, step: int | None = None) -> dict[tuple[int, int], int]:
        """Give the migration matrix by ids: of one step, or of those at both ends."""
        counts = self.ends if step is None else self.counts[step]
        return {
            (i, j): int(counts[a, b])
            for a, i in enumerate(self.segment_ids)
            for b, j in enumerate(self.segment_ids)
        }

    def flows_by_size(self) -> Sequence[Flow]:
        """Give the flows, the one that most were told to take as behaviour first."""
        return sorted(self.flows, key=lambda f: (-f.n_behaviour, -f.n, f.source, f.target))
