"""When the events lie: the default cut, stray dates, and the events before the cut.

What lives here: questions about instants of the canonical relation. What does not: the rule for
stray dates (``cut``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from segmentry.domain.arrays import codes_of
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.project import Project
from segmentry.domain.table import ENTITY
from segmentry.domain.window import Window
from segmentry.engines.base import Engine
from segmentry.errors import DataError
from segmentry.features.rows import DAY_MICROS, instant
from segmentry.pipeline.cut import Bulk, bulk_of
from segmentry.pipeline.events import EPOCH, Events

if TYPE_CHECKING:
    import ibis.expr.types as ir

N_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Span:
    """How many events there are, and when they lie in UTC (None where events have no time)."""

    n_events: int
    first: datetime | None = None
    last: datetime | None = None


def at_micros(micros: int) -> datetime:
    """Give microseconds since 1970 as an instant in UTC."""
    return EPOCH + timedelta(microseconds=micros)


def default_window(
    events: Events, project: Project, engine: Engine, audit: Audit, as_of: datetime | None
) -> tuple[Window, datetime]:
    """Set the cut: where it is asked for, else a microsecond after the last event.

    Returns
    -------
    window : Window
    since : datetime
        Where the bulk of the events begins: what is earlier is stray.

    Raises
    ------
    DataError
        E2009 if there is no event.
    """
    table = events.table
    dated = table.select("micros", day=(table["micros"] / DAY_MICROS).floor())
    by_day = dated.group_by("day").aggregate(n=dated.count(), last=dated["micros"].max())
    rows = engine.to_arrow(by_day.order_by("day"))
    if rows.num_rows == 0:
        raise no_events(is_timed=True)
    days = codes_of(rows["day"])
    bulk = bulk_of(days, codes_of(rows["n"]))
    last = rows["last"].to_pylist()[int(np.searchsorted(days, bulk.last_day))]
    cut = as_of or at_micros(last + 1)
    _tell_strays(events, bulk, engine, audit, is_default=as_of is None)
    windows = project.windows
    window = Window(
        cut if cut.tzinfo else cut.replace(tzinfo=UTC),
        windows.lookback_days,
        windows.recent_days,
        windows.decay_half_life_days,
        pause_minutes=windows.pause_minutes,
    )
    return window, at_micros(bulk.first_day * DAY_MICROS)


def no_events(*, is_timed: bool) -> DataError:
    """Refuse a log without a single event that could count."""
    what = "both an entity and a time" if is_timed else "an entity"
    mapped = "'entity' and 'time' are" if is_timed else "'entity' is"
    return DataError(
        f"no event has {what}",
        code="E2009",
        hint=f"check which columns {mapped} mapped to, and 'where'",
    )


def _tell_strays(
    events: Events, bulk: Bulk, engine: Engine, audit: Audit, *, is_default: bool
) -> None:
    micros = events.table["micros"]
    first, after = bulk.first_day * DAY_MICROS, (bulk.last_day + 1) * DAY_MICROS
    if bulk.n_after:
        done = "left out of the default cut" if is_default else "the cut was given"
        found = events.table.filter(micros >= after)
        _tell_stray(events, found, bulk.n_after, "after", done, engine, audit)
    if bulk.n_before:
        done = "kept, and days since the first event are long for these entities"
        found = events.table.filter(micros < first)
        _tell_stray(events, found, bulk.n_before, "before", done, engine, audit)


def _tell_stray(
    events: Events,
    found: ir.Table,
    count: int,
    side: str,
    done: str,
    engine: Engine,
    audit: Audit,
) -> None:
    # One instant of each entity: single events stay where they are.
    firsts = found.group_by(ENTITY).aggregate(micros=found["micros"].min())
    shown = firsts.order_by("micros", ENTITY).limit(N_EXAMPLES)
    examples = events.named(engine.to_arrow(shown)).to_pylist()
    lies = "1 event lies" if count == 1 else f"{count} events lie"
    audit.add(
        Finding(
            "stray_date",
            f"{lies} far {side} all others",
            severity="warning",
            column="time",
            count=count,
            examples=tuple(
                f"{at_micros(r['micros']).replace(tzinfo=None)}, entity {r[ENTITY]}"
                for r in examples
            ),
            done=done,
        )
    )


def events_before(events: Events, window: Window, engine: Engine) -> tuple[ir.Table, Span]:
    """Give the events before the cut, and when they lie.

    Raises
    ------
    DataError
        E2008 if there is none.
    """
    table = events.table.filter(events.table["micros"] < instant(window.as_of))
    micros = table["micros"]
    row = engine.to_arrow(table.aggregate(n=table.count(), first=micros.min(), last=micros.max()))
    n, first, last = (row[c][0].as_py() for c in ("n", "first", "last"))
    if n == 0:
        bounds = engine.to_arrow(events.table.aggregate(first=events.table["micros"].min()))
        earliest = bounds["first"][0].as_py()
        found = "" if earliest is None else f"; the first one is at {at_micros(earliest)}"
        raise DataError(
            f"there is no event before {window.as_of.isoformat()}{found}",
            code="E2008",
            hint="give a later --as-of, or check 'where' and the column mapped as time",
        )
    return table, Span(int(n), at_micros(first), at_micros(last))


def all_events(events: Events, engine: Engine) -> tuple[ir.Table, Span]:
    """Give the events of a log without time.

    Raises
    ------
    DataError
        E2009 if there is none.
    """
    n = int(engine.to_arrow(events.table.aggregate(n=events.table.count()))["n"][0].as_py())
    if n == 0:
        raise no_events(is_timed=False)
    return events.table, Span(n)


def tell_later_entities(
    events: Events, n_entities: int, window: Window, engine: Engine, audit: Audit
) -> None:
    """Tell how many entities a given cut leaves without any event."""
    table = events.table
    counted = engine.to_arrow(table.aggregate(n=table[ENTITY].nunique()))
    n_later = int(counted["n"][0].as_py()) - n_entities
    if n_later:
        audit.add(
            Finding(
                "after_cut",
                f"{n_later} entities have events only from the cut ({window.as_of:%Y-%m-%d %H:%M} "
                "UTC) on",
                severity="warning",
                count=n_later,
                done="left out; a later --as-of takes them in",
            )
        )
