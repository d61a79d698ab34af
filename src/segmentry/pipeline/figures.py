"""Features of events, computed the way that is fastest where the events lie.

What lives here: the choice between arrays and a statement, pieces of the entities one after the
other, and the same events at several cuts. What does not: the two ways (``features.compile``,
``features.arrays``), which features, which cuts (``snapshots``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from segmentry.domain.arrays import rounded_field, rounded_of
from segmentry.domain.feature import FeatureSpec
from segmentry.domain.project import Project
from segmentry.domain.table import ENTITY, is_ascending
from segmentry.domain.window import Window
from segmentry.engines.base import Engine
from segmentry.features.arrays.column import BeyondArraysError
from segmentry.features.arrays.compute import MICROS, Sorted, compute_features, sorted_events
from segmentry.features.compile import compile_features
from segmentry.features.rows import Codes, instant
from segmentry.pipeline.events import Events

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

Piece = TypeVar("Piece")
Result = TypeVar("Result")

PART_EVENTS = 800_000
"""Events whose features are computed at once: beyond it memory grows and time does not fall."""

HELD_EVENTS = 60_000_000
"""Events that are held in memory, in order, from one cut to the next; some 40 bytes each."""

WORKERS = 2
"""Pieces that are held at once: one is computed while the next is fetched."""


@dataclass(frozen=True)
class Way:
    """What features are computed with, beside their specs and the events."""

    engine: Engine
    time_zone: str
    codes: Codes = field(default_factory=dict)

    def of(self, specs: Sequence[FeatureSpec], rows: ir.Table, window: Window | None) -> pa.Table:
        """Compute features of a relation of the engine.

        Parameters
        ----------
        specs : sequence of FeatureSpec
        rows : ibis table
            Canonical events, as ``features.compile`` needs them.
        window : Window or None

        Returns
        -------
        pyarrow.Table
            ``entity_id`` and a column for each spec that is not learned.
        """
        found = None
        if self.engine.is_embedded:
            until = None if window is None else instant(window.as_of)
            found = self.over_arrays(specs, self.fetched(specs, rows, until), window)
        return self.stated(specs, rows, window) if found is None else found

    def over_arrays(
        self, specs: Sequence[FeatureSpec], rows: pa.Table, window: Window | None
    ) -> pa.Table | None:
        """Compute features of events in memory (see ``of``); None where numbers are too large."""
        with suppress(BeyondArraysError):
            return compute_features(specs, rows, window, time_zone=self.time_zone, codes=self.codes)
        return None

    def fetched(self, specs: Sequence[FeatureSpec], rows: ir.Table, until: int | None) -> pa.Table:
        """Fetch the events of a relation before an instant: what features need of them.

        ``until`` is None for events without time.
        """
        needed = {ENTITY, *(f for s in specs for f in s.needs)}
        if until is not None:
            needed.add(MICROS)
            rows = rows.filter(rows[MICROS] < until)
        return self.engine.to_arrow(rows.select(*(n for n in rows.columns if n in needed)))

    def stated(
        self, specs: Sequence[FeatureSpec], rows: ir.Table, window: Window | None
    ) -> pa.Table:
        """Compute features by a statement (see ``of``)."""
        import pyarrow as pa

        found = compile_features(specs, rows, window, time_zone=self.time_zone, codes=self.codes)
        data = self.engine.to_arrow(found)
        for i, name in enumerate(data.column_names):
            if pa.types.is_floating(data[name].type):
                data = data.set_column(i, rounded_field(name), rounded_of(data[name]))
        return data


def computed(
    way: Way, specs: Sequence[FeatureSpec], pieces: Sequence[ir.Table], window: Window | None
) -> pa.Table:
    """Compute features of one piece of the entities after the other, so that memory is bounded.

    Returns
    -------
    pyarrow.Table
        Ascending by entity.
    """
    found: list[pa.Table | None] = [None] * len(pieces)
    if way.engine.is_embedded:
        until = None if window is None else instant(window.as_of)
        rows_of = (way.fetched(specs, rows, until) for rows in pieces)
        found = list(_side_by_side(lambda rows: way.over_arrays(specs, rows, window), rows_of))
    # Once no other thread is at work: a connection does one thing at a time.
    return _ascending(
        way.stated(specs, rows, window) if one is None else one
        for one, rows in zip(found, pieces, strict=True)
    )


def pieces_of(events: Events, table: ir.Table, engine: Engine, n_events: int) -> list[ir.Table]:
    """Give events piece by piece where they are fetched; a server bounds its memory itself."""
    if not engine.is_embedded:
        return [table]
    return events.pieces(table, engine, n_events=n_events, at_once=PART_EVENTS)


def _ascending(pieces: Iterable[pa.Table]) -> pa.Table:
    """Unite pieces in order of their entities, which most lie in already."""
    import pyarrow as pa

    whole = pa.concat_tables(pieces)
    return whole if is_ascending(whole[ENTITY]) else whole.sort_by(ENTITY)


def _side_by_side(work: Callable[[Piece], Result], pieces: Iterable[Piece]) -> Iterator[Result]:
    """Work on pieces while the next is made; results come in the order of the pieces."""
    waiting: list[Future[Result]] = []
    with ThreadPoolExecutor(WORKERS) as pool:
        for piece in pieces:
            waiting.append(pool.submit(work, piece))
            if len(waiting) >= WORKERS:
                yield waiting.pop(0).result()
        for one in waiting:
            yield one.result()


@dataclass
class Figures:
    """Features of a project's events at several cuts; what is sorted once serves all of them."""

    events: Events
    project: Project
    engine: Engine
    latest: int
    """No cut lies after this instant, in microseconds since 1970."""
    are_several: bool = True
    """Whether there are several cuts; for one alone nothing is held."""
    _sorted: dict[tuple[str, ...], list[Sorted]] = field(default_factory=dict)

    def features(self, specs: Sequence[FeatureSpec], window: Window) -> pa.Table:
        """Compute features at a cut, ascending by entity.

        Parameters
        ----------
        specs : sequence of FeatureSpec
        window : Window

        Returns
        -------
        pyarrow.Table
            As ``behaviour.build`` computes it: positions of entities, a column for each spec.
        """
        way = Way(self.engine, self.project.time_zone, self._codes)
        if self._is_held:
            try:
                held = self._held(way, specs)
                return _ascending(
                    _side_by_side(lambda one: one.before(window).features(specs, window), held)
                )
            except BeyondArraysError:
                # As large at every other cut.
                self.are_several = False
                self._sorted.clear()
        return computed(way, specs, self._pieces, window)

    def _held(self, way: Way, specs: Sequence[FeatureSpec]) -> list[Sorted]:
        """Give all events in order, one piece of the entities after the other."""
        needed = tuple(sorted({f for s in specs for f in s.needs}))
        if needed not in self._sorted:
            # What other features needed is not needed twice at once.
            self._sorted.clear()
            fetched = (way.fetched(specs, rows, self.latest) for rows in self._pieces)
            self._sorted[needed] = list(
                _side_by_side(lambda rows: sorted_events(rows, way.time_zone, way.codes), fetched)
            )
        return self._sorted[needed]

    @property
    def _is_held(self) -> bool:
        return self.are_several and self.engine.is_embedded and self._n_events <= HELD_EVENTS

    @cached_property
    def _n_events(self) -> int:
        table = self.events.table
        return int(self.engine.to_arrow(table.aggregate(n=table.count()))["n"][0].as_py())

    @cached_property
    def _pieces(self) -> list[ir.Table]:
        return pieces_of(self.events, self.events.table, self.engine, self._n_events)

    @cached_property
    def _codes(self) -> dict[str, dict[str, int]]:
        return self.events.codes
