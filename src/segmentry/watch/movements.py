"""Who moved between segments, and why: behaviour, the border, another release, coming and going.

What lives here: going through snapshots in order of time, telling each change once. What does not:
noise (``movement_noise``), figures (``movement_figures``). Read on in
``docs/methods/movements.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.movement import (
    BACK,
    BEHAVIOUR,
    BOUNDARY,
    GONE,
    NEW,
    NOWHERE,
    REFIT,
    UNDECIDED,
    Hysteresis,
    Transitions,
)

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Moment:
    """The answers of one release at one snapshot.

    ``places`` of entities among all of the range, ascending, shape (n,); ``segment`` the place of
    each one's segment; ``distances`` to every segment, shape (n, n_segments), infinite to one that
    the release does not have. ``refit`` holds the answers of the next release for the same
    snapshot, where it takes over here.
    """

    places: Ints
    segment: Ints
    distances: NDArray[np.floating]
    refit: Moment | None = None


@dataclass(frozen=True, eq=False)
class Spells:
    """Unbroken stays in a segment: where, for how many snapshots, and whether a move ended it."""

    segment: Ints
    length: Ints
    ended: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Followed:
    """What following entities through snapshots gives.

    ``counts`` of answers and the next ones has shape (n_steps, n_segments, n_segments), by the
    release that answered both; ``sizes`` (n_moments, n_segments), by the one that took over.
    """

    transitions: Transitions
    spells: Spells
    counts: Ints
    sizes: Ints


def follow(
    moments: Sequence[Moment], n_entities: int, n_segments: int, rule: Hysteresis
) -> Followed:
    """Follow entities through snapshots and tell each change of segment once.

    An answer other than the segment that an entity is settled in is a move by behaviour where the
    old segment is farther than the new one by the rule's margin, or where it is given so many
    times in a row as the rule's dwell; told of the first snapshot that gave it. An answer that is
    gone before is flicker at a border. What neither has happened to at the end is undecided. Where
    another release takes over, what differs from the old one's answer for the same snapshot is a
    refit: whoever moved by the old one's answer, too, is told of twice, once for each cause.

    Parameters
    ----------
    moments : sequence of Moment
        In order of time.
    n_entities, n_segments : int
        Of the whole range.
    rule : Hysteresis

    Returns
    -------
    Followed
        Who is there at the first snapshot has no transition for it.
    """
    state = _State(n_entities, n_segments, rule)
    sizes = []
    for step, moment in enumerate(moments):
        state.see(moment, step)
        if moment.refit is not None:
            state.take_over(moment.refit, step)
        now = moment.refit or moment
        sizes.append(np.bincount(now.segment, minlength=n_segments))
    state.end(len(moments) - 1)
    counts = np.array(state.counts, dtype=np.int64).reshape(-1, n_segments, n_segments)
    return Followed(
        state.told.transitions(), state.spells.spells(), counts, np.array(sizes, dtype=np.int64)
    )


def margins(distances: NDArray[np.floating], source: Ints, target: Ints) -> NDArray[np.float64]:
    """Give the logarithm of how many times farther one segment is than another, row by row."""
    rows = np.arange(len(source))
    far, near = (distances[rows, s].astype(np.float64) for s in (source, target))
    tiny = np.finfo(np.float32).tiny
    found: NDArray[np.float64] = np.log(np.maximum(far, tiny)) - np.log(np.maximum(near, tiny))
    return found


@dataclass
class _Told:
    """Transitions as they are found."""

    parts: list[tuple[NDArray[np.float64], ...]] = field(default_factory=list)

    def tell(
        self,
        entity: Ints,
        source: Ints | int,
        target: Ints | int,
        step: Ints | int,
        decided: int,
        cause: int,
        margin: NDArray[np.float64] | float = np.nan,
    ) -> None:
        """Add transitions of one cause."""
        if len(entity):
            row = (entity, source, target, step, decided, cause, margin)
            self.parts.append(tuple(np.broadcast_to(v, len(entity)) for v in row))

    def transitions(self) -> Transitions:
        """Give all of them, ordered."""
        columns = (
            [np.concatenate(c) for c in zip(*self.parts, strict=True)]
            if self.parts
            else [np.zeros(0)] * 7
        )
        *whole, margin = columns
        entity, source, target, step, decided, cause = (c.astype(np.int64) for c in whole)
        order = np.lexsort((decided, entity, step))
        return Transitions(
            entity[order], source[order], target[order], step[order], decided[order],
            cause[order], margin[order].astype(np.float64),
        )  # fmt: skip


@dataclass
class _Spells:
    parts: list[tuple[Ints, Ints, bool]] = field(default_factory=list)

    def close(self, segment: Ints, length: Ints, *, ended: bool) -> None:
        if len(segment):
            self.parts.append((segment.copy(), length.copy(), ended))

    def spells(self) -> Spells:
        empty = np.zeros(0, dtype=np.int64)
        return Spells(
            np.concatenate([empty, *(p[0] for p in self.parts)]),
            np.concatenate([empty, *(p[1] for p in self.parts)]),
            np.concatenate([np.zeros(0, bool), *(np.full(len(p[0]), p[2]) for p in self.parts)]),
        )


class _State:
    """Where each entity is settled, what it was told last, and which move is not decided yet."""

    def __init__(self, n_entities: int, n_segments: int, rule: Hysteresis) -> None:
        self.rule, self.n_segments = rule, n_segments
        self.settled = np.full(n_entities, NOWHERE)
        self.pending = np.full(n_entities, NOWHERE)
        self.since = np.zeros(n_entities, dtype=np.int64)
        self.at_first = np.zeros(n_entities)
        """The margin with which a pending move began."""
        self.began = np.zeros(n_entities, dtype=np.int64)
        self.answer = np.full(n_entities, NOWHERE)
        self.known = np.zeros(n_entities, dtype=bool)
        self.told, self.spells = _Told(), _Spells()
        self.counts: list[Ints] = []

    def see(self, moment: Moment, step: int) -> None:
        """Take in a snapshot by the release that answered the one before."""
        if step:
            self._count(moment)
        here = np.zeros(len(self.settled), dtype=bool)
        here[moment.places] = True
        self._go(np.flatnonzero((self.settled != NOWHERE) & ~here), step)
        at_home = self.settled[moment.places] != NOWHERE
        self._come(moment.places[~at_home], moment.segment[~at_home], step)
        rows = np.flatnonzero(at_home)
        self._stay(moment.places[rows], moment.segment[rows], moment.distances[rows], step)
        self.answer.fill(NOWHERE)
        self.answer[moment.places] = moment.segment
        self.known[moment.places] = True

    def _count(self, moment: Moment) -> None:
        before = self.answer[moment.places]
        both = before != NOWHERE
        counts = np.zeros((self.n_segments, self.n_segments), dtype=np.int64)
        np.add.at(counts, (before[both], moment.segment[both]), 1)
        self.counts.append(counts)

    def _go(self, gone: Ints, step: int) -> None:
        self._break_off(gone, step - 1, step)
        self.told.tell(gone, self.settled[gone], NOWHERE, step, step, GONE)
        self.settled[gone] = NOWHERE

    def _come(self, entity: Ints, segment: Ints, step: int) -> None:
        if step:
            was = self.known[entity]
            for some, cause in ((~was, NEW), (was, BACK)):
                self.told.tell(entity[some], NOWHERE, segment[some], step, step, cause)
        self.settled[entity], self.began[entity] = segment, step

    def _stay(self, entity: Ints, now: Ints, distances: NDArray[np.floating], step: int) -> None:
        old, pending = self.settled[entity], self.pending[entity]
        over = (pending != NOWHERE) & (pending != now)
        self._give_up(entity[over], BOUNDARY, step)
        away = np.flatnonzero(now != old)
        entity, old, now, distances = entity[away], old[away], now[away], distances[away]
        margin = margins(distances, old, now)
        starts = self.pending[entity] == NOWHERE
        self.since[entity[starts]] = step
        self.at_first[entity[starts]] = margin[starts]
        self.pending[entity] = now
        dwelt = step - self.since[entity] + 1 >= self.rule.dwell
        moved = (margin > self.rule.margin) | dwelt
        self._move(entity[moved], now[moved], margin[moved], step)

    def _move(self, entity: Ints, now: Ints, margin: NDArray[np.float64], step: int) -> None:
        since = self.since[entity]
        self.told.tell(entity, self.settled[entity], now, since, step, BEHAVIOUR, margin)
        self.spells.close(self.settled[entity], since - self.began[entity], ended=True)
        self.settled[entity], self.began[entity] = now, since
        self.pending[entity] = NOWHERE

    def _give_up(self, entity: Ints, cause: int, step: int) -> None:
        """End moves that are not decided."""
        entity = entity[self.pending[entity] != NOWHERE]
        self.told.tell(
            entity, self.settled[entity], self.pending[entity], self.since[entity], step, cause,
            self.at_first[entity],
        )  # fmt: skip
        self.pending[entity] = NOWHERE

    def _break_off(self, entity: Ints, last: int, step: int) -> None:
        """End what is known of stays, without a move; where one is not decided, it began before."""
        is_waiting = self.pending[entity] != NOWHERE
        until = np.where(is_waiting, self.since[entity] - 1, last)
        length = np.maximum(until - self.began[entity], 0)
        self.spells.close(self.settled[entity], length, ended=False)
        self._give_up(entity, UNDECIDED, step)

    def take_over(self, moment: Moment, step: int) -> None:
        """Let another release answer from here on; it has answered the same snapshot."""
        after = np.full(len(self.settled), NOWHERE)
        after[moment.places] = moment.segment
        self._break_off(np.flatnonzero(self.settled != NOWHERE), step, step)
        differ = np.flatnonzero(self.answer != after)
        margin, before = np.full(len(self.settled), np.nan), self.answer[moment.places]
        both = before != NOWHERE
        margin[moment.places[both]] = margins(
            moment.distances[both], before[both], moment.segment[both]
        )
        self.told.tell(
            differ, self.answer[differ], after[differ], step, step, REFIT, margin[differ]
        )
        self.settled[:], self.answer[:], self.began[:] = after, after, step
        self.known |= after != NOWHERE

    def end(self, last: int) -> None:
        """Close what goes on at the last snapshot."""
        self._break_off(np.flatnonzero(self.settled != NOWHERE), last, last)
