"""Texts and numbers read as times: one way of writing, several in one column, or units since 1970.

What lives here: the choice among ways. What does not: the ways themselves (``dates``) and the
casts (``readings``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from segmentry.engines.dates import (
    BETWEEN,
    ISO,
    DateFormat,
    formats_of,
    likely_formats,
    possible_formats,
)
from segmentry.engines.duckdb.amounts import LEAST_SHARE
from segmentry.engines.duckdb.readings import (
    NUMBER_TIMES,
    ZONED,
    compact_date,
    in_years,
    iso_time,
    since_1970,
)
from segmentry.engines.duckdb.texts import TextColumn, joined
from segmentry.engines.duckdb.typed import Typed
from segmentry.engines.expressions import literal

MOST_WAYS = 4
"""Ways of writing dates that are told apart in one column."""

LOOKED_AT = 200
"""Values that tell in which ways a column may be written; a rarer way is looked for if need be."""

_ZONE = re.compile(ZONED)


@dataclass(frozen=True)
class _Written:
    """A way to write dates, as SQL, and how many rows only it reads."""

    form: DateFormat
    sql: str
    kind: str
    n_read: int = 0


def as_time(text: TextColumn, *, compact: bool = True) -> Typed:
    """Read as a time in the way with the fewest failures, or in several ways.

    Parameters
    ----------
    text : TextColumn
        The column.
    compact : bool
        Whether numbers and labels such as ``20110103`` or ``2011-01`` may be times.
    """
    formats = likely_formats(text.sample[:LOOKED_AT], compact=compact)
    if compact and text.counts.n_numbers >= LEAST_SHARE * text.counts.n_said:
        number = _of_number(text)
        if not formats:
            return number
        return min(_in_formats(text, formats), number, key=lambda r: r.n_bad)
    return _in_formats(text, formats or (ISO,), compact=compact)


def as_declared(text: TextColumn, way: str) -> Typed:
    """Read in the way that a project file states: ``time``, ``zoned``, a format or several."""
    if way in NUMBER_TIMES:
        sql = in_years(NUMBER_TIMES[way].format(f"try_cast({text.sql} AS DOUBLE)"))
        kind = "time" if way.startswith("days") else "instant"
        return replace(text.reading(sql, kind), way=way)
    forms = (ISO,) if way in {"time", "zoned"} else formats_of(way)
    return _together(text, [_written(text, f) for f in forms])


def _in_formats(text: TextColumn, formats: Sequence[DateFormat], *, compact: bool = False) -> Typed:
    """Take the way that reads most, then ways that read what is left; tell ties."""
    first, twin = _foremost(text, [_written(text, f) for f in _preferred(text, formats)], "true")
    chosen, doubts = [first], [twin] if twin else []
    if not _n_left(text, chosen):
        return _read(text, chosen, doubts)
    forms = possible_formats(text.sample, compact=compact)
    while _n_left(text, chosen) and len(chosen) < MOST_WAYS:
        rest = [_written(text, f) for f in _preferred(text, forms) if f not in _forms(chosen)]
        unread = " AND ".join(f"({w.sql}) IS NULL" for w in chosen)
        best, twin = _foremost(text, rest, unread) if rest else (None, None)
        if best is None or not best.n_read:
            break
        same = [w.form for w in chosen if w.form.shape.pattern == best.form.shape.pattern]
        doubts += [f for f in (twin, *same) if f is not None]
        chosen.append(best)
    return _read(text, chosen, doubts)


def _read(text: TextColumn, chosen: Sequence[_Written], doubts: Sequence[DateFormat]) -> Typed:
    reading = _together(text, chosen)
    return _doubtful(reading, chosen, doubts) if doubts else reading


def _preferred(text: TextColumn, formats: Sequence[DateFormat]) -> list[DateFormat]:
    """Put the day first where the file writes decimal commas, as the same people do."""
    if text.raw.decimal != ",":
        return list(formats)
    return sorted(formats, key=lambda f: (f.pattern or "").startswith("%m"))


def _forms(chosen: Sequence[_Written]) -> set[DateFormat]:
    return {w.form for w in chosen}


def _n_left(text: TextColumn, chosen: Sequence[_Written]) -> int:
    return text.counts.n_said - sum(w.n_read for w in chosen)


def _foremost(
    text: TextColumn, ways: Sequence[_Written], where: str
) -> tuple[_Written, DateFormat | None]:
    """Find the way that reads most of some rows, and one that reads as many, but otherwise."""
    read = text.number_of(*(f"({where}) AND ({w.sql}) IS NOT NULL" for w in ways))
    counted = [replace(w, n_read=n) for w, n in zip(ways, read, strict=True)]
    best = max(counted, key=lambda w: w.n_read)
    for rival in counted:
        if rival is best or rival.n_read != best.n_read or not best.n_read:
            continue
        differ = f"({where}) AND ({best.sql}) IS DISTINCT FROM ({rival.sql})"
        both = f"({best.sql}) IS NOT NULL AND ({rival.sql}) IS NOT NULL"
        if text.number_of(f"{differ} AND {both}")[0]:
            return best, rival.form
    return best, None


def _doubtful(reading: Typed, chosen: Sequence[_Written], doubts: Sequence[DateFormat]) -> Typed:
    """Tell that dates could be read otherwise too, or that ways in one column contradict."""
    first, others = chosen[0].form, " or ".join(dict.fromkeys(f.way for f in doubts))
    if all(f in _forms(chosen) for f in doubts):
        last = chosen[-1].form
        said = f"some dates can only be read as {last.way}, most as {others}, which is taken first"
    elif len(chosen) == 1:
        said = f"dates were read as {first.way}, and could all be read as {others} too"
    else:
        said = f"dates read as {reading.way} could be read as {others} too"
    note = joined(f"{said}; state the format in 'types' of the source to be sure", reading.note)
    return replace(reading, note=note, doubt="ambiguous_date")


def _together(text: TextColumn, chosen: Sequence[_Written]) -> Typed:
    kind = "instant" if any(w.kind == "instant" for w in chosen) else "time"
    if len(chosen) == 1:
        sql, n_read = chosen[0].sql, chosen[0].n_read
        # ISO 8601 can be told from one value alone, so that only other formats are remembered.
        return replace(text.reading(sql, kind, n_read or None), way=chosen[0].form.pattern)
    sql = f"coalesce({', '.join(w.sql for w in chosen)})"
    said = ", ".join(f"{w.form.name} ({w.n_read})" for w in chosen if w.n_read)
    reading = text.reading(sql, kind)
    note = joined(f"dates are written in {len(chosen)} ways: {said}" if said else "", reading.note)
    return replace(reading, note=note, way=BETWEEN.join(w.form.way for w in chosen))


def _written(text: TextColumn, form: DateFormat) -> _Written:
    """Write a way as SQL, with zones where the sample has some."""
    shown = [t for t in text.sample if form.shape.match(t)]
    if form.pattern is None:
        zoned = bool(text.number_of(f"regexp_matches({text.sql}, {literal(ZONED)})")[0])
        return _Written(form, in_years(iso_time(text.sql, zoned=zoned)), _kind(zoned=zoned))
    zoned = "%z" in form.pattern or any(_ZONE.search(t) for t in shown)
    listed = (*form.zoned_patterns, *form.patterns) if zoned else form.patterns
    patterns = ", ".join(literal(p) for p in dict.fromkeys(listed))
    return _Written(form, in_years(f"try_strptime({text.sql}, [{patterns}])"), _kind(zoned=zoned))


def _kind(*, zoned: bool) -> str:
    return "instant" if zoned else "time"


def _of_number(text: TextColumn) -> Typed:
    """Read numbers as units since 1970, as days of a spreadsheet, or as 20110103.0."""
    number = f"try_cast({text.sql} AS DOUBLE)"
    found = since_1970(text.connection, text.raw.table, number)
    if found is None:
        return text.reading(compact_date(number), "time")
    sql, name = found
    reading = text.reading(in_years(sql), "time" if name.startswith("days") else "instant")
    return replace(reading, note=joined(f"numbers are {name}", reading.note), way=name)
