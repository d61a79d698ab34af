"""Derived features in their order: inputs, a model that is learned once, answers.

What lives here: what models are learned from, and when. What does not: the models
(``features.derived``), and engine features (``behaviour``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from segmentry.domain.arrays import floats_of
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.feature import Derived, FeatureSpec
from segmentry.domain.project import Project
from segmentry.domain.table import ENTITY, FeatureColumn
from segmentry.domain.window import Window
from segmentry.engines.base import Engine
from segmentry.features.derived.catalogue import families_of, read, written
from segmentry.features.derived.family import Family, Known, Unfit, Values
from segmentry.pipeline.events import Events
from segmentry.pipeline.figures import Way

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

HORIZON_DAYS = 90.0
"""How far forecasts look ahead where the project does not say."""


@dataclass
class _Fitting:
    """One family at work: what it needs, and what it learned."""

    family: Family
    wanted: tuple[FeatureSpec, ...]
    inputs: tuple[FeatureSpec, ...]
    model: Mapping[str, Any] | None = None
    apart: pa.Table | None = None
    """Inputs that look at some of the events only."""


@dataclass
class Models:
    """The families of derived features that a table gets."""

    known: Known
    fittings: list[_Fitting]
    learned: dict[str, Derived] = field(default_factory=dict)
    """What each family learned, or had learned before."""

    @classmethod
    def of(
        cls,
        events: Events,
        before: ir.Table,
        specs: Sequence[FeatureSpec],
        project: Project,
        window: Window | None,
        engine: Engine,
        like: Iterable[FeatureColumn] | None,
    ) -> Models:
        """Say which families are wanted, and what each needs.

        ``like`` are columns of an earlier table: its models are used as they are.
        """
        kept = {c.derived.family: c.derived for c in like or () if c.derived is not None}
        wanted = families_of(specs)
        known = Known(events.fields)
        if wanted and like is None:
            known = _known(events, before, wanted, project, engine)
        found = cls(known, [])
        for family in wanted:
            own = tuple(s for s in specs if s.family == family.name)
            if like is None:
                fitting = _Fitting(family, own, family.inputs(known))
            elif family.name in kept:
                _, model, inputs = read(kept[family.name])
                fitting = _Fitting(family, own, inputs, model)
                found.learned[family.name] = kept[family.name]
            else:
                continue
            if family.meaning is not None:
                fitting.apart = _apart(events, before, fitting, project, window, engine)
            found.fittings.append(fitting)
        return found

    def hidden(self, own: Sequence[FeatureSpec]) -> list[FeatureSpec]:
        """Give the inputs that are no features of the table themselves."""
        names = {s.name for s in own}
        inputs = [s for f in self.fittings if f.apart is None for s in f.inputs]
        return [s for s in dict.fromkeys(inputs) if s.name not in names]

    def applied(self, data: pa.Table, audit: Audit) -> tuple[pa.Table, list[FeatureSpec]]:
        """Put derived features beside their inputs, and say what they mean."""
        import pyarrow as pa

        built: list[FeatureSpec] = []
        for fitting in self.fittings:
            family, values = fitting.family, _values(data, fitting)
            if fitting.model is None:
                try:
                    fitting.model = family.fit(values, self.known)
                except Unfit as reason:
                    audit.add(_unfit(fitting, str(reason)))
                    continue
                self.learned[family.name] = written(family, fitting.model)
            answers = family.apply(fitting.model, values)
            told = family.sentences(fitting.model)
            for spec in fitting.wanted:
                if spec.name in answers:
                    column = answers[spec.name]
                    numbers = pa.array(column, mask=np.isnan(column), type=pa.float64())
                    data = data.append_column(spec.name, numbers)
                    built.append(replace(spec, sentence=told.get(spec.name, spec.sentence)))
        return data, built


def _known(
    events: Events,
    before: ir.Table,
    wanted: Sequence[Family],
    project: Project,
    engine: Engine,
) -> Known:
    """Look up, before the cut, what the families want to know."""
    kinds: tuple[str, ...] = ()
    n_items = 0
    needs = {n for f in wanted for s in f.features for n in s.needs}
    if {"kind"} <= needs & events.fields:
        words = events.words["kind"].to_pylist()
        rows = before.filter(before["kind"].notnull())
        counted = engine.to_arrow(rows.group_by("kind").aggregate(n=rows.count())).to_pylist()
        ranked = sorted(counted, key=lambda row: (-row["n"], words[row["kind"]]))
        kinds = tuple(str(words[row["kind"]]) for row in ranked)
    if {"item"} <= needs & events.fields:
        counted = engine.to_arrow(before.aggregate(n=before["item"].nunique())).to_pylist()
        n_items = int(counted[0]["n"])
    asked = project.windows.outcome_days
    return Known(events.fields, kinds, n_items, asked or HORIZON_DAYS)


def _apart(
    events: Events,
    before: ir.Table,
    fitting: _Fitting,
    project: Project,
    window: Window | None,
    engine: Engine,
) -> pa.Table:
    """Compute inputs from the events of a meaning; from all where no kinds have it."""
    words = project.features.kinds.get(str(fitting.family.meaning), ())
    codes = events.codes
    rows = before
    if words and "kind" in events.fields:
        numbers = [codes["kind"][w] for w in words if w in codes["kind"]]
        # A word that occurs nowhere has no number; none at all is asked for as -1.
        rows = before.filter(before["kind"].isin(numbers or [-1]))
    return Way(engine, project.time_zone, codes).of(fitting.inputs, rows, window)


def _values(data: pa.Table, fitting: _Fitting) -> Values:
    """Give the inputs as arrays, in the order of the table's rows."""
    import pyarrow.compute as pc

    source = data
    if fitting.apart is not None:
        places = pc.index_in(data[ENTITY], value_set=fitting.apart[ENTITY])
        source = fitting.apart.take(places.combine_chunks())
    return {s.name: floats_of(source[s.name]) for s in fitting.inputs}


def _unfit(fitting: _Fitting, reason: str) -> Finding:
    names = ", ".join(s.name for s in fitting.wanted)
    return Finding(
        "derived_not_built",
        f"Derived features could not be learned: {reason}.",
        "warning",
        done=f"left out: {names}",
    )
