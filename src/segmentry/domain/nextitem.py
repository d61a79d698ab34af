"""What entities may take next: the ways that were tried, and what came of the best of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from segmentry.domain.bounded import Bounded

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Way:
    """A way of choosing items, with its hit rate on entities held out and the 95 % interval."""

    name: str
    sentence: str
    hit_rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class NextJudged:
    """How often one of the ``shown`` items was among those that an entity took after the cut.

    The way was chosen on ``n_choosing`` entities and is judged on ``n_judged`` others. ``gain`` is
    its hit rate less that of ``baseline``, on the same entities. ``betters`` says whether the
    interval of the best way's gain lies above 0, over either baseline; else a baseline is used.
    """

    cut: datetime
    until: datetime
    days: float
    shown: int
    n_choosing: int
    n_judged: int
    ways: tuple[Way, ...]
    used: str
    best: str
    baseline: str
    gain: float
    low: float
    high: float
    betters: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class SegmentItem:
    """An item that a segment has more often than everyone alike has, beyond chance.

    ``n`` of the segment's members had it; ``share`` is theirs, ``everyone`` that of all entities,
    and ``lift`` the one by the other. ``alike`` is the share by that of everyone with as many
    different items, who are no more likely to have it for having more of everything. All intervals
    hold together for all segments and items, so that choosing among them takes nothing from them.
    """

    segment_id: int
    segment: str
    item: str
    n: int
    share: float
    low: float
    high: float
    everyone: float
    lift: float
    alike: Bounded
    item_name: str | None = None
    """What the item is called, where a column says so."""

    @property
    def told(self) -> str:
        """Write the item, with what it is called."""
        return named(self.item, self.item_name)


def named(item: str, name: str | None) -> str:
    """Write an item with what it is called, where that says more.

    Examples
    --------
    >>> named("22423", "REGENCY CAKESTAND"), named("tea", "tea"), named("tea", None)
    ('22423 (REGENCY CAKESTAND)', 'tea', 'tea')
    """
    return item if name is None or name == item else f"{item} ({name})"


@dataclass(frozen=True, eq=False)
class NextItems:
    """The next items of everybody, what segments have more of, and how far to trust it."""

    column: str
    again: bool
    n_entities: int
    n_items: int
    n_left_out: int
    """Items that are too rare to be told of."""
    judged: NextJudged
    segments: tuple[SegmentItem, ...]
    rows: pa.Table
    """``entity_id``, ``rank`` from 1, ``item``, ``item_name`` where a column names items, and
    ``score``, which orders one entity's items."""
