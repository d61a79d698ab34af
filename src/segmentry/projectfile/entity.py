"""Deciding who is segmented, and whether rows are events or one row per entity.

What lives here: the choice of shape together with entity and time. What does not: which columns
may name an entity (``candidates``), the other fields of events (``fields``) and the roles of other
columns (``roles``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from segmentry.domain.project import ROW_NUMBER, Shape
from segmentry.errors import DataError
from segmentry.projectfile.candidates import FEWEST, Candidate, Candidates, candidates
from segmentry.projectfile.fields import Fields, find_fields, head_score
from segmentry.projectfile.idlike import (
    has_id_word,
    is_name_of_something,
    is_unnamed,
    looks_hashed,
    names_by_value,
)
from segmentry.projectfile.names import known, weights
from segmentry.projectfile.panel import period_beside
from segmentry.projectfile.survey import Column, Survey
from segmentry.projectfile.timing import Time

NEARLY_UNIQUE = 1.02
"""Rows per entity up to which a table holds one row per entity, with a few repeats by mistake."""

SELDOM_TWICE = 1.6
"""Rows per entity up to which rows without a time are things of their own, such as stays."""

SESSION = 38.0
"""From this score on, a candidate that is no person may stand for one."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is segmented: shape, entity, time, and how sure that is.

    ``entity`` and ``time`` are SQL or columns. ``time`` is None for tables, and for events that
    tell who did what, not when. ``ids`` are columns that name something else. ``period`` is the
    column that numbers the periods where each row is one, such as a shop's week.
    """

    shape: Shape
    entity: str
    entity_reason: str
    time: Time | None = None
    notes: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    period: str | None = None


def choose_subject(survey: Survey, times: list[Time]) -> Subject:
    """Choose shape, entity and time.

    Raises
    ------
    DataError
        If rows repeat per person, but nothing tells when they happened or what was done (E2009).
    """
    all_ = candidates(survey, times)
    subject = _choose(all_, survey, times)
    return replace(subject, notes=(*all_.notes, *subject.notes)) if all_.notes else subject


def _choose(all_: Candidates, survey: Survey, times: list[Time]) -> Subject:
    found = all_.found
    time = times[0] if times else None
    for candidate in found:
        if candidate.rows_each <= NEARLY_UNIQUE:
            return _table(_spared(candidate, found), found)
        if time is not None and (time.is_good or candidate.rows_each >= 1.2):
            return _events(candidate, found, times)
        if _may_lack_time(candidate):
            subject = _without_time(candidate, found, survey)
            if subject is not None:
                return subject
    return _keyless(survey, found)


def _may_lack_time(candidate: Candidate) -> bool:
    """Tell whether a candidate is believed without a time to bear it out."""
    if is_unnamed(candidate.column):
        return names_by_value(candidate.column)
    return candidate.score >= SESSION and not candidate.is_bare_id


def subject_given(survey: Survey, entity: str, times: list[Time]) -> Subject:
    """Settle shape and time for an entity that was named.

    Raises
    ------
    DataError
        If it repeats, but nothing tells when the rows happened or what was done (E2009).
    """
    if entity == ROW_NUMBER:
        return Subject(Shape.TABLE, ROW_NUMBER, "given")
    named = Candidate(survey.get(entity), 100.0, *survey.count_distinct(entity))
    if named.rows_each <= NEARLY_UNIQUE:
        return replace(_table(named, (named,)), entity_reason="given")
    if not times:
        period = period_beside(named.column, survey)
        if period is None and not _has_mix(survey, named):
            raise _no_time(named, survey)
        return replace(_untimed(named, (named,), period), entity_reason="given")
    return replace(_events(named, (named,), times), entity_reason="given")


def _spared(chosen: Candidate, found: tuple[Candidate, ...]) -> Candidate:
    """Prefer a plain id to a name or an address where both tell rows apart."""
    if not chosen.is_contact:
        return chosen
    bare = (c for c in found if c.is_bare_id and c.n == c.n_distinct >= chosen.n_distinct)
    return next(bare, chosen)


def _table(chosen: Candidate, found: tuple[Candidate, ...]) -> Subject:
    repeats = chosen.n - chosen.n_distinct
    notes = _others(chosen, found)
    if repeats:
        notes += (
            f"{repeats:,} {'row repeats' if repeats == 1 else 'rows repeat'} a {chosen.name!r}, at"
            " which a run stops: add"
            " deduplicate: last to keep the last row of each, or set shape: events",
        )
    reason = "its values do not repeat: one row each" if not repeats else "it hardly ever repeats"
    return Subject(Shape.TABLE, chosen.name, reason, None, notes)


def _events(chosen: Candidate, found: tuple[Candidate, ...], times: list[Time]) -> Subject:
    time = times[0]
    notes = list(_about(chosen, found))
    rivals = [t for t in times[1:] if t.score > time.score - 15]
    if rivals or not time.is_good:
        others = ", ".join(repr(t.sql) for t in times[1:4])
        notes.append(
            f"the time of a row may be {time.sql!r}"
            + (f", or {others}" if others else ", which may be a fact about the entity instead")
            + " (override with --time)"
        )
    return Subject(Shape.EVENTS, chosen.name, _reason(chosen), time, tuple(notes))


def _untimed(
    chosen: Candidate, found: tuple[Candidate, ...], period: Column | None = None
) -> Subject:
    name = None if period is None else period.name
    why = (
        "no column tells when a row happened, so features tell how much was done and of what, and"
        " nothing of when (name a date or time column with --time)"
        if name is None
        else f"each row is one {name!r} of one {chosen.name!r}, which numbers a time but tells no"
        " date, so features tell how much, and nothing of when (name a date with --time)"
    )
    notes = (*_about(chosen, found), why)
    return Subject(Shape.EVENTS, chosen.name, _reason(chosen), None, notes, period=name)


def _without_time(
    chosen: Candidate, found: tuple[Candidate, ...], survey: Survey
) -> Subject | None:
    """Settle rows that repeat for somebody, but have no time; None if another may do better."""
    mixed, seldom = _has_mix(survey, chosen), chosen.rows_each <= SELDOM_TWICE
    if seldom and _n_measures(survey) >= (3 if mixed else 1):
        return _rows_of(chosen, survey)
    period = period_beside(chosen.column, survey)
    if mixed or period is not None:
        return _untimed(chosen, found, period)
    pair = _key_of_two(survey, chosen)
    if pair is not None:
        return _numbered(
            f"{pair[0]!r} and {pair[1]!r} together tell rows apart, neither does alone: each row is"
            " an entity of its own, numbered by its place in the file",
            ids=pair,
        )
    if chosen.is_person and (chosen.n_distinct >= FEWEST or has_id_word(chosen.column)):
        raise _no_time(chosen, survey)
    return None


def _has_mix(survey: Survey, chosen: Candidate) -> bool:
    """Tell whether something says of rows without a time what was done."""
    fields = Fields(survey, chosen.column.codes)
    fields.put("entity", chosen.name, (chosen.name,), "")
    find_fields(fields)
    item = fields.column("item")
    # A shop beside a customer may be half of a key.
    is_place = (
        item is not None
        and not head_score(item, weights("items"))
        and (set(item.words) & set(weights("entities")))
    )
    return "kind" in fields.columns or (item is not None and not is_place)


def _n_measures(survey: Survey) -> int:
    """Count columns that tell how much of something: with a few, a row says a lot by itself."""
    numbers = [c for c in survey.columns if c.kind == "number" and not c.is_constant]
    return sum(not is_name_of_something(c) for c in numbers)


def _rows_of(chosen: Candidate, survey: Survey) -> Subject:
    note = (
        f"{chosen.name!r} repeats for a few ({chosen.rows_each:.2f} rows each) and nothing tells"
        " when: each row is an entity of its own, so somebody may be in two segments (--entity)"
    )
    keys = [c for c in survey.columns if _is_key(c, survey)]
    if keys:
        reason = "its values do not repeat: one row each"
        return Subject(Shape.TABLE, keys[0].name, reason, None, (note,), (chosen.name,))
    return _numbered(note, ids=(chosen.name,))


def _key_of_two(survey: Survey, chosen: Candidate) -> tuple[str, str] | None:
    """Find two columns that name something and together never repeat."""
    named = [c for c in survey.columns if _may_be_part(c)][:8]
    for one, other in combinations(named, 2):
        if chosen.name in {one.name, other.name} and not (one.is_unique or other.is_unique):
            pairs = np.stack([one.codes, other.codes])
            if len(np.unique(pairs, axis=1).T) == len(one.codes):
                return one.name, other.name
    return None


def _may_be_part(column: Column) -> bool:
    said = set(column.words)
    is_id = bool(said & known("id_words")) or bool(said & set(weights("entities")))
    counts = column.words[:1] == ("number",) or said & set(weights("orders"))
    return is_id and not counts and (column.kind == "text" or column.is_whole)


def _about(chosen: Candidate, found: tuple[Candidate, ...]) -> tuple[str, ...]:
    notes = _others(chosen, found)
    if not chosen.is_person and not chosen.is_bare_id:
        notes += (
            f"no column names a person: {chosen.name!r} is taken as the entity"
            " (override with --entity)",
        )
    return notes


def _others(chosen: Candidate, found: tuple[Candidate, ...]) -> tuple[str, ...]:
    names = [repr(c.name) for c in found if c is not chosen and c.is_person]
    if not names:
        return ()
    return (f"the entity is {chosen.name!r}; it might be {' or '.join(names)} (--entity)",)


def _reason(chosen: Candidate) -> str:
    values = "1 value" if chosen.n_distinct == 1 else f"{chosen.n_distinct:,} values"
    return f"{values}, {chosen.rows_each:.1f} rows each"


def _no_time(candidate: Candidate, survey: Survey) -> DataError:
    return DataError(
        f"{candidate.name!r} repeats ({candidate.n:,} rows, {candidate.n_distinct:,} values), so"
        " rows are events, but no column tells when they happened",
        code="E2009",
        hint=f"name a date or time column with --time; columns: {_listed(survey.names)}",
    )


def _keyless(survey: Survey, found: tuple[Candidate, ...]) -> Subject:
    keys = [c for c in survey.columns if _is_key(c, survey)]
    if keys:
        return Subject(Shape.TABLE, keys[0].name, "its values do not repeat: one row each")
    repeated = [c.name for c in found if c.is_bare_id] or [
        c.name for c in survey.columns if _is_repeated_id(c)
    ]
    if repeated:
        return _numbered(
            f"{repeated[0]!r} repeats and nothing tells when: each row is an entity of its own,"
            " numbered by its place in the file (name a key with --entity)",
            ids=tuple(repeated[:1]),
        )
    return _numbered(
        "no column names who a row is about: each row is an entity of its own, numbered by its"
        " place in the file (name a key with --entity)"
    )


def _numbered(note: str, *, ids: tuple[str, ...] = ()) -> Subject:
    return Subject(
        Shape.TABLE,
        ROW_NUMBER,
        "no column names the rows, so each row is an entity, numbered from 1",
        notes=(note,),
        ids=ids,
    )


def _is_repeated_id(column: Column) -> bool:
    said = set(column.words)
    is_id = said & known("sure_ids") and not said & (known("demographic") | known("codes"))
    return bool(is_id and is_name_of_something(column) and column.distinct_share > 0.3)


def _is_key(column: Column, survey: Survey) -> bool:
    named = set(column.words) & known("id_words") and (column.kind == "text" or column.is_whole)
    if not (named or looks_hashed(column)) or not column.is_unique:
        return False
    n, n_distinct = survey.count_distinct(column.name)
    return n == n_distinct == survey.n_rows


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:20]) + (" and more" if len(names) > 20 else "")
