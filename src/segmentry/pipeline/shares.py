"""What shares are learned from: events of each level, and steps from kind to kind.

What lives here: counting on the engine, before the cut. What does not: which levels are worth a
share, and whether entities differ in them (``features/shares.py``), the specs
(``features/families.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from segmentry.domain.arrays import codes_of, floats_of
from segmentry.domain.audit import Finding
from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import LABELS
from segmentry.domain.percent import percent
from segmentry.domain.project import Project
from segmentry.domain.role import Facet
from segmentry.domain.table import ENTITY
from segmentry.domain.window import Window
from segmentry.engines.base import Engine
from segmentry.features.derived.paths import pairs_of, step_spec
from segmentry.features.shares import (
    MOST_ITEMS,
    Family,
    Level,
    chosen_levels,
    chosen_steps,
    family,
)
from segmentry.features.terms import steps
from segmentry.pipeline.events import Events
from segmentry.pipeline.figures import Way

if TYPE_CHECKING:
    import ibis.expr.types as ir

_ALL_STEPS = FeatureSpec(
    "steps", steps(by="kind"), Facet.ENGAGEMENT, "steps", "number of steps", "never missing"
)


def with_few_words(events: Events, before: ir.Table, engine: Engine) -> list[str]:
    """Name the label fields that are worth shares: items only where few were seen by the cut."""
    fields = [f for f in LABELS if f in events.fields]
    if "item" in fields and len(events.words["item"]) > MOST_ITEMS:
        counted = engine.to_arrow(before.aggregate(n=before["item"].nunique()))
        if int(counted["n"][0].as_py()) > MOST_ITEMS:
            fields.remove("item")
    return fields


def learned(events: Events, rows: ir.Table, field: str, engine: Engine) -> Family | None:
    """Learn the shares of a field from a sample of the entities; None where all are alike."""
    rows = rows.filter(rows[field].notnull())
    pairs = rows.group_by(ENTITY, field).aggregate(n=rows.count())
    counted = engine.to_arrow(pairs.select(ENTITY, code=pairs[field], n=pairs["n"]))
    code, n = (codes_of(counted[c]) for c in ("code", "n"))
    words = events.words[field].to_pylist()
    _, entity = np.unique(codes_of(counted[ENTITY]), return_inverse=True)
    n_entities = int(entity.max(initial=-1)) + 1
    n_events = np.bincount(code, weights=n, minlength=len(words))
    known_to = np.bincount(code, minlength=len(words))
    levels = [
        Level(str(w), int(e), int(k))
        for w, e, k in zip(words, n_events, known_to, strict=True)
        if e
    ]
    chosen, has_rest = chosen_levels(levels, n_entities=n_entities)
    if len(chosen) + has_rest < 2:
        return None
    column = np.full(len(words), len(chosen), dtype=np.int64)
    for j, word in enumerate(chosen):
        column[words.index(word)] = j
    counts = np.zeros((n_entities, len(chosen) + 1))
    np.add.at(counts, (entity, column[code]), n)
    width = len(chosen) + has_rest
    return family(field, chosen, counts[:, :width], has_rest=has_rest)


def of_steps(
    events: Events, rows: ir.Table, project: Project, window: Window | None, engine: Engine
) -> Family | None:
    """Learn the shares of steps from kind to kind; None where all of them are alike.

    Parameters
    ----------
    events : Events
    rows : ibis table
        The events of some of the entities, before the cut.
    project : Project
    window : Window or None
        Its look-back is that of the features.
    engine : Engine

    Returns
    -------
    Family or None
        The steps that most entities take first.
    """
    words = events.words["kind"].to_pylist()
    told = rows.filter(rows["kind"].notnull())
    counted = engine.to_arrow(told.group_by("kind").aggregate(n=told.count())).to_pylist()
    ranked = sorted(counted, key=lambda row: (-row["n"], words[row["kind"]]))
    pairs = pairs_of([str(words[row["kind"]]) for row in ranked])
    specs = [*(step_spec(a, b) for a, b in pairs), _ALL_STEPS]
    found = Way(engine, project.time_zone, events.codes).of(specs, rows, window)
    # In the order of the entities, so that sums over them are the same wherever they lie.
    taken = found.sort_by(ENTITY)
    counts = [floats_of(taken[s.name]) for s in specs]
    return chosen_steps(pairs, np.column_stack(counts[:-1]), counts[-1]) if pairs else None


def asked_in_vain(name: str, found: Family) -> Finding:
    """Say that a family that was asked for differs between entities hardly more than by luck."""
    share = found.dispersion.reliability
    return Finding(
        "shares_are_luck",
        f"What {name!r} tells differs between entities hardly more than the luck of few events "
        f"explains: {percent(share)} of its spread would be real.",
        column=name,
        done="built, as features.include asks for it",
    )


def not_telling(field: str, found: Family, counting: Sequence[str]) -> Finding:
    """Say that entities differ in a field hardly more than by luck, and what that leaves out."""
    share = found.dispersion.reliability
    also = f", and {' and '.join(counting)} with them" if counting else ""
    return Finding(
        "shares_are_luck",
        f"Shares of events by {field} differ between entities hardly more than the luck of few "
        f"events explains: {percent(share)} of their spread would be real.",
        column=field,
        done=f"left out{also}; 'share_{field}' under features.include takes them in",
    )
