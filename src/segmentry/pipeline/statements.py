"""Features at several cuts: what an engine is asked is written once, and carried out at each.

What lives here: keeping the statements of one set of events. What does not: their form
(``features.compile``), the instants in them (``features.template``), which cuts (``snapshots``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.project import Project
from segmentry.domain.table import ENTITY
from segmentry.domain.window import Window
from segmentry.engines.base import Engine, Textual
from segmentry.features.compile import compile_features
from segmentry.features.template import STANDINS, Template, template
from segmentry.pipeline.behaviour import in_pieces
from segmentry.pipeline.events import Events

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


@dataclass
class Statements:
    """The statements over a project's events, each written when it is first needed."""

    events: Events
    project: Project
    engine: Engine
    latest: int
    """All cuts lie before this instant, in microseconds since 1970."""
    _kept: dict[tuple[tuple[FeatureSpec, ...], Window], list[Template]] = field(
        default_factory=dict
    )

    def features(self, specs: Sequence[FeatureSpec], window: Window) -> pa.Table:
        """Compute features at a cut, sorted by entity.

        Parameters
        ----------
        specs : sequence of FeatureSpec
        window : Window
            A statement is kept for all windows that differ by their cut alone.

        Returns
        -------
        pyarrow.Table
            As ``behaviour.build`` computes it: positions of entities, a column for each spec.
        """
        import pyarrow as pa

        found = [self._computed(t, window) for t in self._statements(tuple(specs), window)]
        return pa.concat_tables(found).sort_by(ENTITY)

    def _statements(
        self, specs: tuple[FeatureSpec, ...], window: Window
    ) -> Sequence[Template | ir.Table]:
        engine = self.engine
        if not isinstance(engine, Textual):
            return [self._written(specs, rows, window) for rows in self._pieces]
        key = specs, replace(window, as_of=STANDINS[0])
        if key not in self._kept:
            self._kept[key] = [self._template(engine, specs, rows, window) for rows in self._pieces]
        return self._kept[key]

    def _template(
        self, engine: Textual, specs: tuple[FeatureSpec, ...], rows: ir.Table, window: Window
    ) -> Template:
        return template(
            lambda w: engine.text_of(self._written(specs, rows, w)),
            window,
            time_zone=self.project.time_zone,
        )

    @cached_property
    def _pieces(self) -> list[ir.Table]:
        table = self.events.table
        counted = self.engine.to_arrow(table.aggregate(n=table.count()))
        return in_pieces(self.events, table, int(counted["n"][0].as_py()))

    @cached_property
    def _codes(self) -> dict[str, dict[str, int]]:
        return self.events.codes

    def _written(self, specs: tuple[FeatureSpec, ...], rows: ir.Table, window: Window) -> ir.Table:
        zone, codes = self.project.time_zone, self._codes
        latest = self.latest
        return compile_features(specs, rows, window, time_zone=zone, codes=codes, latest=latest)

    def _computed(self, statement: Template | ir.Table, window: Window) -> pa.Table:
        if isinstance(statement, Template) and isinstance(self.engine, Textual):
            return self.engine.compute(statement.at(window.as_of), {})
        return self.engine.to_arrow(statement)
