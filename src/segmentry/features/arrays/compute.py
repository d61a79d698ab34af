"""Specs over the events of some entities in memory: a row per entity, a column per feature.

What lives here: from a table of events to a table of features, each aggregate computed once. What
does not: the aggregates (``reduce``), the formulas (``finish``), which features (``choose``).

The second way to the figures of ``features.compile``, out of the same definitions, for rows that
lie in this process: sorting once and passing over arrays is several times faster than windows and
groups of a general engine. Both are held equal by the tests of the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from segmentry.domain.arrays import numbers_of, plain, rounded_field, wholes_of
from segmentry.domain.feature import Coded, FeatureSpec, aggregates_of
from segmentry.domain.formula import (
    GROUPS,
    IDENTITIES,
    Aggregate,
    Formula,
    Learned,
    Over,
    Span,
    Words,
)
from segmentry.domain.table import ENTITY
from segmentry.domain.window import Window
from segmentry.features.arrays.column import Column, column_of, is_text, told_apart
from segmentry.features.arrays.finish import number, words
from segmentry.features.arrays.reduce import Reducer
from segmentry.features.arrays.rows import Clock, Rows
from segmentry.features.rows import Codes, instant
from segmentry.maths.stretches import Numbers, edges_of, ordered_by, shared_out

if TYPE_CHECKING:
    import pyarrow as pa

MICROS = "micros"

PART_ROWS = 400_000
"""Rows that are passed over at once: what is made of them stays near, and threads wait little."""


def compute_features(
    specs: Sequence[FeatureSpec],
    events: pa.Table,
    window: Window | None,
    *,
    time_zone: str,
    codes: Codes | None = None,
) -> pa.Table:
    """Compute features over canonical events in memory.

    Parameters
    ----------
    specs, window, time_zone, codes
        As ``features.compile.compile_features`` has them.
    events : pyarrow.Table
        Columns ``entity_id`` and ``micros``, neither null, and the canonical fields that the specs
        need, in any order; events at or after the cut are left out.

    Returns
    -------
    pyarrow.Table
        ``entity_id``, ascending, and one column per spec, float64 or string.

    Raises
    ------
    BeyondArraysError
        For numbers beyond 64 bits: the statement computes them.
    """
    import pyarrow.compute as pc

    if window is not None and events.num_rows:
        is_before = pc.less(events[MICROS], instant(window.as_of))
        events = events if pc.all(is_before).as_py() else events.filter(is_before)
    return sorted_events(events, time_zone, codes or {}).features(specs, window)


@dataclass(frozen=True)
class Sorted:
    """Events of some entities, in order of entity and time."""

    entities: Column
    rows: Rows
    time_zone: str

    def before(self, window: Window) -> Sorted:
        """Keep the events before a cut, and the entities that have one."""
        cut = instant(window.as_of)
        is_before = self.rows.micros < cut
        if is_before.all():
            return self
        kept = self.rows.only(is_before)
        there = np.diff(kept.edges) > 0
        edges = kept.edges[np.concatenate(([True], there))]
        rows = Rows(edges, kept.columns, None, kept.codes)
        return Sorted(self.entities.take(there), rows, self.time_zone)

    def features(self, specs: Sequence[FeatureSpec], window: Window | None) -> pa.Table:
        """Compute features of these events, all of which lie before the cut."""
        import pyarrow as pa

        clock = None if window is None else Clock(window, self.time_zone)
        return pa.concat_tables([_table(part, specs, clock) for part in self._parts()])

    def _parts(self) -> Iterator[Sorted]:
        """Give some entities after the others, so few that a pass finds the last one's in cache."""
        edges = self.rows.edges
        for a, b in pairwise(shared_out(edges, PART_ROWS)):
            low, high = int(edges[a]), int(edges[b])
            columns = {name: c.take(slice(low, high)) for name, c in self.rows.columns.items()}
            rows = Rows(edges[a : b + 1] - low, columns, None, self.rows.codes)
            yield Sorted(self.entities.take(slice(a, b)), rows, self.time_zone)

    @property
    def ids(self) -> pa.Array:
        """Give the entities as they are called."""
        values = wholes_of(self.entities.values)
        return values if self.entities.words is None else self.entities.words.take(values)


def sorted_events(events: pa.Table, time_zone: str, codes: Codes) -> Sorted:
    """Put events in order of entity and time.

    Parameters
    ----------
    events : pyarrow.Table
        As ``compute_features`` needs them; ``micros`` only where events have a time.
    time_zone : str
    codes : mapping of str to mapping of str to int

    Raises
    ------
    BeyondArraysError
        For numbers beyond 64 bits.
    """
    import pyarrow as pa

    entity = column_of(events[ENTITY])
    is_timed = MICROS in events.column_names
    micros = column_of(events[MICROS]).values.astype(np.int64) if is_timed else None
    order = ordered_by(entity.values.astype(np.int64), micros)
    entities = entity.values[order]
    edges = edges_of(entities)
    columns = {}
    for name in (n for n in events.column_names if n not in {ENTITY, MICROS}):
        data = events[name]
        if name in IDENTITIES and (is_text(data.type) or pa.types.is_uint64(data.type)):
            columns[name] = told_apart(data, order, edges)
        else:
            columns[name] = column_of(data).take(order)
    if micros is not None:
        columns[MICROS] = Column(micros[order])
    firsts = Column(entities[edges[:-1]], words=entity.words)
    return Sorted(firsts, Rows(edges, columns, None, codes), time_zone)


def _table(part: Sorted, specs: Sequence[FeatureSpec], clock: Clock | None) -> pa.Table:
    import pyarrow as pa

    rows = Rows(part.rows.edges, part.rows.columns, clock, part.rows.codes)
    found = aggregates(rows, (a for s in specs for a in aggregates_of(s)))
    fields, columns = [pa.field(ENTITY, part.ids.type)], [part.ids]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for spec in specs:
            if isinstance(spec.formula, Learned | Coded):
                continue
            column = _figures(spec.formula, found, clock, rows.n_groups)
            is_words = isinstance(spec.formula, Words)
            fields.append(
                pa.field(spec.name, pa.string()) if is_words else rounded_field(spec.name)
            )
            columns.append(column)
    return pa.table(columns, schema=pa.schema(fields))


def _figures(
    formula: Formula | Words, found: Mapping[Aggregate, Numbers], clock: Clock | None, n: int
) -> pa.Array:
    cut = None if clock is None else clock.cut
    if isinstance(formula, Words):
        import pyarrow as pa

        return pa.array(words(formula, found, cut, n), pa.string())
    return numbers_of(plain(number(formula, found, cut, n)))


def aggregates(events: Rows, wanted: Iterable[Aggregate]) -> dict[Aggregate, Numbers]:
    """Compute aggregates of events, each once, those over the same groups together."""
    reducer = Reducer(events)
    found: dict[Aggregate, Numbers] = {}
    together: dict[tuple[Over, Span], list[Aggregate]] = {}
    for a in dict.fromkeys(wanted):
        if a.over in GROUPS:
            together.setdefault((a.over, a.span), []).append(a)
        else:
            found[a] = reducer.of(a)
    for (over, span), some in together.items():
        found |= dict(zip(some, reducer.of_groups(over, span, some), strict=True))
    return found
