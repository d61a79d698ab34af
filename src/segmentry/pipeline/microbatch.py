"""The same features for a few entities: whose events are new, or who is being looked at.

What lives here: specs written down once for a layout of events, and computed at any cut over the
events of the entities that are asked for. What does not: what a feature is (``features``), which
entities are asked for, where their events lie (``stores.lake``, or any relation).

A feature of an entity depends on its own events alone, given the constants that were learned (the
shares and words of a release). So the features of some entities are those of the full batch, and
are computed in the very same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.project import Project
from segmentry.domain.release import Release
from segmentry.domain.table import ENTITY, FeatureColumn, FeatureTable
from segmentry.domain.window import Window
from segmentry.engines.base import Engine
from segmentry.engines.catalogue import open_engine
from segmentry.errors import UsageError
from segmentry.features.choose import possible_features
from segmentry.features.families import share_feature
from segmentry.pipeline.behaviour import feature_columns
from segmentry.pipeline.figures import Way
from segmentry.stores.lake import Lake
from segmentry.stores.lakemanifest import MICROS

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""Cuts lie before it, as changes of clocks do that zones tell of."""


@dataclass(frozen=True)
class Prepared:
    """Features that are written down, for events of one layout in one engine.

    What is looked up in a release is looked up once; at each call only the cut changes.
    """

    specs: tuple[FeatureSpec, ...]
    columns: tuple[FeatureColumn, ...]
    window: Window
    """Its cut does not matter."""
    time_zone: str
    schema: pa.Schema
    engine: Engine

    @cached_property
    def _way(self) -> Way:
        return Way(self.engine, self.time_zone)

    @property
    def fields(self) -> tuple[str, ...]:
        """Name the columns of events that the features need, beside entity and instant."""
        return tuple(n for n in self.schema.names if n not in {ENTITY, MICROS})

    def of_rows(self, events: pa.Table, as_of: datetime) -> FeatureTable:
        """Compute the features of everybody in some events.

        Parameters
        ----------
        events : pyarrow.Table
            All events of these entities, in any order, with the columns of ``schema``.
        as_of : datetime
            The cut.

        Returns
        -------
        FeatureTable
            A row for each entity with an event before the cut.
        """
        at = replace(self.window, as_of=as_of)
        rows = events.select(self.schema.names).cast(self.schema)
        found = self._way.over_arrays(self.specs, rows, at)
        if found is None:
            # In an engine that is gone afterwards, as a call leaves nothing behind.
            scratch = open_engine(threads=1)
            try:
                way = replace(self._way, engine=scratch)
                found = way.stated(self.specs, scratch.take_in(rows), at)
            finally:
                scratch.close()
        return FeatureTable.of(found, self.columns, at.as_of)

    def of_lake(self, lake: Lake, entities: Sequence[Any], as_of: datetime) -> FeatureTable:
        """Compute the features of some entities of a lake (see ``of_rows``)."""
        return self.of_rows(lake.read(entities, self.fields), as_of)

    def of_relation(
        self, events: ir.Table, entities: Iterable[Any], as_of: datetime
    ) -> FeatureTable:
        """Compute the features of some entities where the events lie.

        Meant for engines with an index on (entity, instant): only these entities are looked up.

        Parameters
        ----------
        events : ibis table
            A relation of the engine with the columns of ``schema``.
        entities : iterable of int or str
        as_of : datetime

        Returns
        -------
        FeatureTable
        """
        at = replace(self.window, as_of=as_of)
        asked = list(dict.fromkeys(entities))
        pieces = [asked[i : i + _AT_ONCE] for i in range(0, len(asked), _AT_ONCE)] or [[]]
        rows = events.select(*self.schema.names)
        found = [
            self._way.of(self.specs, rows.filter(rows[ENTITY].isin(some)), at) for some in pieces
        ]
        import pyarrow as pa

        return FeatureTable.of(pa.concat_tables(found), self.columns, at.as_of)


_AT_ONCE = 50
"""Entities that are named in one statement: longer lists make engines slow."""


def prepared(schema: pa.Schema, project: Project, release: Release, engine: Engine) -> Prepared:
    """Write down the features of a release for events of a layout.

    Parameters
    ----------
    schema : pyarrow.Schema
        Columns of the events, ``entity_id`` and ``micros`` among them.
    project : Project
        The release's.
    release : Release
        Says which features, with which learned constants.
    engine : Engine

    Returns
    -------
    Prepared
        With those columns of the release that events tell.

    Raises
    ------
    UsageError
        If code of the project makes a feature of the release.
    """
    import pyarrow as pa

    specs = released_specs(schema.names, project, release.columns)
    if made := [s for s in specs if not s.is_compiled and s.family is None]:
        raise UsageError(
            f"the feature {made[0].name!r} is made by {made[0].formula}, and code is run for whole "
            "files only",
            hint="assign whole files, or say the feature as a formula",
        )
    needed = {ENTITY, MICROS, *(n for s in specs for n in s.needs)}
    kept = pa.schema([f for f in schema if f.name in needed])
    window = release.window or Window(LATEST)
    columns = feature_columns(specs, project)
    return Prepared(specs, columns, window, project.time_zone, kept, engine)


def released_specs(
    fields: Iterable[str], project: Project, columns: Iterable[FeatureColumn]
) -> tuple[FeatureSpec, ...]:
    """Give the features of a release's columns, in the order of these.

    Parameters
    ----------
    fields : iterable of str
        What the events have; ``micros`` stands for their instants.
    project : Project
    columns : iterable of FeatureColumn

    Returns
    -------
    tuple of FeatureSpec
        Columns that no event tells are not in it.
    """
    known = {"at" if f == MICROS else f for f in fields}
    possible = possible_features(known, project.features, project.windows)
    found = []
    for column in columns:
        if column.share is not None:
            spec = share_feature(column.share)
            found += [spec] if known.issuperset(spec.needs) else []
        elif column.name in possible:
            found.append(possible[column.name])
    return tuple(found)
