"""Deciding who is segmented, and whether rows are events or one row per entity.

What lives here: candidates for the entity, and the choice of shape together with entity and time.
What does not: the other fields of events (``fields``) and the roles of other columns (``roles``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from segmentry.domain.project import ROW_NUMBER, Shape
from segmentry.errors import DataError
from segmentry.projectfile.names import PERSONAL, known, singular, weights
from segmentry.projectfile.survey import Column, Survey
from segmentry.projectfile.timing import Time

NEARLY_UNIQUE = 1.02
"""Rows per entity up to which a table holds one row per entity, with a few repeats by mistake."""


FEWEST = 20
"""A column with fewer values tells what kind an entity is of, not which one it is."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is segmented: shape, entity, time, and how sure that is.

    ``entity`` and ``time`` are SQL or columns; ``columns`` are those that they use up.
    """

    shape: Shape
    entity: str
    entity_reason: str
    time: Time | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Counted:
    column: Column
    score: float
    n: int
    n_distinct: int

    @property
    def rows_each(self) -> float:
        return self.n / max(self.n_distinct, 1)


def entity_score(column: Column) -> float:
    """Rate how much a column's name and type say that it names an entity; 0: not at all."""
    if column.kind not in {"text", "number"} or column.words[:1] == ("number",):
        return 0.0
    nouns, ids, rest = _cut(column)
    if column.kind == "number" and not column.is_whole and not (nouns and ids):
        return 0.0
    if not nouns:
        return 45.0 if ids in (["id"], ["index"]) and not rest else 0.0
    best = max(weights("entities")[w] for w in nouns)
    if rest == ["name"]:
        return best - 25
    other = known("codes") | known("demographic") | known("times") | {"name"}
    if rest and (not ids or set(rest) & other):
        return 0.0
    return best - (0 if ids else 8) - 15 * len(rest)


def _cut(column: Column) -> tuple[list[str], list[str], list[str]]:
    """Cut a name into words for entities, words for ids, and others."""
    entities, id_words, fillers = weights("entities"), known("id_words"), known("fillers")
    names = [w for w in column.words if not w.isdigit()]
    ids = [w for w in names if w in id_words]
    # Plural without an id is a count: visits, users.
    names = [singular(w) if ids else w for w in names]
    nouns = [w for w in names if w in entities]
    return nouns, ids, [w for w in names if w not in {*entities, *id_words, *fillers}]


def choose_subject(survey: Survey, times: list[Time]) -> Subject:
    """Choose shape, entity and time.

    Raises
    ------
    DataError
        If rows repeat per person, but nothing tells when they happened (E2009).
    """
    found = sorted(_candidates(survey, times), key=lambda c: -c.score)
    time = times[0] if times else None
    for candidate in found:
        if candidate.rows_each <= NEARLY_UNIQUE:
            return _table(candidate, found)
        if time is not None and (time.is_good or candidate.rows_each >= 1.2):
            return _events(candidate, found, times)
        if candidate.score >= PERSONAL:
            raise _no_time(candidate, survey)
    return _keyless(survey)


def subject_given(survey: Survey, entity: str, times: list[Time]) -> Subject:
    """Settle shape and time for an entity that was named.

    Raises
    ------
    DataError
        If it repeats, but nothing tells when the rows happened (E2009).
    """
    if entity == ROW_NUMBER:
        return Subject(Shape.TABLE, ROW_NUMBER, "given")
    named = _Counted(survey.get(entity), 100.0, *survey.count_distinct(entity))
    if named.rows_each <= NEARLY_UNIQUE:
        return replace(_table(named, [named]), entity_reason="given")
    if not times:
        raise _no_time(named, survey)
    return replace(_events(named, [named], times), entity_reason="given")


def _candidates(survey: Survey, times: list[Time]) -> list[_Counted]:
    has_time = bool(times) and times[0].is_good
    found = []
    for column in survey.columns:
        score = entity_score(column)
        if has_time and not set(column.words) - known("id_words"):
            # A bare id in a log numbers its rows.
            score = min(score, 20.0)
        if score > 0:
            found.append(_Counted(column, score, *survey.count_distinct(column.name)))
    return [c for c in found if c.n_distinct >= FEWEST or _is_certain(c)]


def _is_certain(candidate: _Counted) -> bool:
    """Believe a name that says who and id, whatever the number of values."""
    return candidate.score >= PERSONAL and bool(set(candidate.column.words) & known("id_words"))


def _table(chosen: _Counted, found: list[_Counted]) -> Subject:
    repeats = chosen.n - chosen.n_distinct
    notes = _others(chosen, found)
    if repeats:
        notes += (
            f"{repeats} rows repeat a {chosen.column.name!r}, at which a run stops: add"
            " deduplicate: last to keep the last row of each, or set shape: events",
        )
    reason = "its values do not repeat: one row each" if not repeats else "it hardly ever repeats"
    return Subject(Shape.TABLE, chosen.column.name, reason, None, notes)


def _events(chosen: _Counted, found: list[_Counted], times: list[Time]) -> Subject:
    time = times[0]
    reason = f"{chosen.n_distinct:,} values, {chosen.rows_each:.1f} rows each"
    notes = list(_others(chosen, found))
    if chosen.score < PERSONAL:
        notes.append(
            f"no column names a person: {chosen.column.name!r} is taken as the entity"
            " (override with --entity)"
        )
    rivals = [t for t in times[1:] if t.score > time.score - 15]
    if rivals or not time.is_good:
        others = ", ".join(repr(t.sql) for t in times[1:4])
        notes.append(
            f"the time of a row may be {time.sql!r}"
            + (f", or {others}" if others else ", which may be a fact about the entity instead")
            + " (override with --time)"
        )
    return Subject(Shape.EVENTS, chosen.column.name, reason, time, tuple(notes))


def _others(chosen: _Counted, found: list[_Counted]) -> tuple[str, ...]:
    names = [repr(c.column.name) for c in found if c is not chosen and c.score >= PERSONAL]
    if not names:
        return ()
    return (f"the entity is {chosen.column.name!r}; it might be {' or '.join(names)} (--entity)",)


def _no_time(candidate: _Counted, survey: Survey) -> DataError:
    name = candidate.column.name
    return DataError(
        f"{name!r} repeats ({candidate.n:,} rows, {candidate.n_distinct:,} values), so rows are"
        " events, but no column tells when they happened",
        code="E2009",
        hint=f"name a date or time column with --time; columns: {_listed(survey.names)}",
    )


def _keyless(survey: Survey) -> Subject:
    keys = [c for c in survey.columns if _is_key(c, survey)]
    if keys:
        return Subject(Shape.TABLE, keys[0].name, "its values do not repeat: one row each")
    return Subject(
        Shape.TABLE,
        ROW_NUMBER,
        "no column names the rows, so each row is an entity, numbered from 1",
        notes=(
            "no column names who a row is about: each row is an entity of its own, numbered by its"
            " place in the file (name a key with --entity)",
        ),
    )


def _is_key(column: Column, survey: Survey) -> bool:
    named = set(column.words) & known("id_words") and (column.kind == "text" or column.is_whole)
    if not named or not column.is_unique:
        return False
    n, n_distinct = survey.count_distinct(column.name)
    return n == n_distinct == survey.n_rows


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:20]) + (" and more" if len(names) > 20 else "")
