"""Events of each day, of all and of each level of each label: what volumes are watched by.

What lives here: counting by the engine. What does not: what counts tell (``watch.volume``).
"""

from __future__ import annotations

from datetime import datetime

import numpy as np

from segmentry.domain.arrays import codes_of
from segmentry.domain.audit import Audit
from segmentry.domain.formula import LABELS
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project, Shape
from segmentry.domain.release import Release
from segmentry.engines.base import Engine
from segmentry.features.rows import DAY_MICROS, instant
from segmentry.pipeline import events as of_events
from segmentry.pipeline.opening import opened_sources
from segmentry.pipeline.span import at_micros
from segmentry.pipeline.texts import Texts
from segmentry.watch.volume import Daily

MOST_LEVELS = 100
"""A label with more levels, such as an item's number, is not watched level by level."""


def daily_events(
    project: Project,
    engine: Engine,
    release: Release,
    *,
    until: datetime | None = None,
    allow_bad_rows: bool = False,
) -> tuple[Daily, datetime] | None:
    """Count a project's events by day, in UTC.

    Parameters
    ----------
    project : Project
    engine : Engine
    release : Release
    until : datetime or None
        Events from here on are left out.
    allow_bad_rows : bool

    Returns
    -------
    Daily, and datetime, or None
        Whole days: the one in which the last event lies is the last, unless ``until`` parts it. The
        instant is a microsecond after the last event. None where no source holds events with a
        time, or there is none.
    """
    project = of_events.with_alike_kinds(project)
    audit = Audit()
    texts = Texts.of(project, audit, release.columns, release.texts)
    relations = opened_sources(project, engine, audit, allow_bad_rows, Silent(), release.columns)
    logs = [r for r in relations if r.source.shape is Shape.EVENTS]
    events = of_events.canonical_events(logs, engine, texts, cut=until) if logs else None
    if events is None or "micros" not in events.table.columns:
        return None
    table = events.table
    if until is not None:
        table = table.filter(table["micros"] < instant(until))
    table = table.mutate(day=(table["micros"] / DAY_MICROS).floor().cast("int64"))
    grouped = table.group_by("day").aggregate(n=table.count(), last=table["micros"].max())
    rows = engine.to_arrow(grouped.order_by("day"))
    if rows.num_rows == 0:
        return None
    days, counts = codes_of(rows["day"]), codes_of(rows["n"])
    last = int(codes_of(rows["last"])[-1])
    end = until or at_micros(last + 1)
    first, n_days = int(days[0]), int(days[-1]) + 1 - int(days[0])
    if until is not None:
        # Days without events at the end count; a day that the cut parts does not.
        n_days = instant(until) // DAY_MICROS - first
    kept = days - first < n_days
    totals = np.zeros(max(n_days, 0), dtype=np.int64)
    totals[days[kept] - first] = counts[kept]
    levels = {}
    for label in LABELS:
        words = events.words.get(label)
        if label not in table.columns or words is None or not 2 <= len(words) <= MOST_LEVELS:
            continue
        named = table.select("day", level=table[label]).filter(lambda t: t["level"].notnull())
        cells = engine.to_arrow(named.group_by(["day", "level"]).aggregate(n=named.count()))
        at = codes_of(cells["day"]) - first
        own, sizes = codes_of(cells["level"]), codes_of(cells["n"])
        for code, word in enumerate(words.to_pylist()):
            mine = (own == code) & (at < n_days)
            found = np.zeros(max(n_days, 0), dtype=np.int64)
            found[at[mine]] = sizes[mine]
            levels[label, str(word)] = found
    return Daily(first, totals, levels), end
