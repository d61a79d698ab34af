"""Columns that may name the entity, each with a score: by name first, by content where none helps.

What lives here: rating one column, and setting aside candidates that another one beats whatever
the scores. What does not: the shape of the rows and the choice itself (``entity``).
"""

from __future__ import annotations

from dataclasses import dataclass

from segmentry.projectfile.idlike import (
    has_id_word,
    is_name_of_something,
    is_unnamed,
    looks_coded,
    looks_hashed,
)
from segmentry.projectfile.names import PERSONAL, known, singular, weights
from segmentry.projectfile.survey import Column, Survey, varying_share
from segmentry.projectfile.timing import Time

FEWEST = 20
"""A column with fewer values tells what kind an entity is of, not which one it is."""

_CALLED = frozenset(["name", "login", "handle", "nick", "nickname", "screen", "text", "label"])
"""Words after a person's that tell how they are called."""

_BELONGING = 44.0
"""An organisation without an id is where somebody belongs, sooner than who is meant."""

ORDER = 54.0
"""An order with several rows stands for who made it: before shops and goods, after people."""

MOSTLY_MISSING = 0.5
SELDOM_MISSING = 0.05


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that may name the entity; counts are of all rows."""

    column: Column
    score: float
    n: int
    n_distinct: int
    is_order: bool = False

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @property
    def rows_each(self) -> float:
        """Rows per value."""
        return self.n / max(self.n_distinct, 1)

    @property
    def is_person(self) -> bool:
        """Whether it stands for a person."""
        return self.score >= PERSONAL

    @property
    def is_bare_id(self) -> bool:
        """Whether its name says id and nothing else."""
        said = set(self.column.words)
        return not said - known("id_words") and not said & set(weights("entities"))

    @property
    def is_contact(self) -> bool:
        """Whether it is how somebody is called or reached, which an id would spare."""
        said = set(self.column.words)
        return bool(said & {"email", "phone", "mail"}) or "name" in said


@dataclass(frozen=True, slots=True)
class Candidates:
    """All candidates, the best first, and which were set aside for another."""

    found: tuple[Candidate, ...]
    notes: tuple[str, ...] = ()


def entity_score(column: Column) -> float:
    """Rate how much a column's name and type say that it names an entity; 0: not at all."""
    if column.kind not in {"text", "number"} or _is_count(column):
        return 0.0
    nouns, ids, rest = _cut(column)
    fractions = column.kind == "number" and not column.is_whole
    if fractions and not (nouns and ids):
        return 0.0
    if nouns:
        return 0.0 if _are_several(column, ids) else _noun_score(nouns, ids, rest)
    return 45.0 if ids in (["id"], ["index"]) and not rest else 0.0


def _noun_score(nouns: list[str], ids: list[str], rest: list[str]) -> float:
    if not ids and set(nouns) <= known("organisations"):
        return _BELONGING
    best = max(weights("entities")[w] for w in nouns)
    if rest and set(rest) <= _CALLED:
        return best - 25
    other = known("codes") | known("demographic") | known("times") | {"name"}
    if rest and (not ids or set(rest) & other):
        return 0.0
    return best - (0 if ids else 8) - 15 * len(rest)


def _is_count(column: Column) -> bool:
    """Tell "number of customers" from "customer number" and from "number client"."""
    names = [w for w in column.words if not w.isdigit()]
    named = len(names) == 2 and names[1] in weights("entities")
    return names[:1] == ["number"] and not named


def _are_several(column: Column, ids: list[str]) -> bool:
    """Tell "nb_followers" from "follower_id": where only "number" is said, several are counted."""
    last = column.words[-1]
    return set(ids) == {"number"} and singular(last) != last


def _cut(column: Column) -> tuple[list[str], list[str], list[str]]:
    """Cut a name into words for entities, words for ids, and others."""
    entities, id_words, fillers = weights("entities"), known("id_words"), known("fillers")
    names = [w for w in column.words if not w.isdigit()]
    ids = [w for w in names if w in id_words]
    # Plural without an id is a count: visits, users.
    names = [singular(w) if ids else w for w in names]
    nouns = [w for w in names if w in entities]
    return nouns, ids, [w for w in names if w not in {*entities, *id_words, *fillers}]


def candidates(survey: Survey, times: list[Time]) -> Candidates:
    """Find all candidates, the best first; columns earlier in the file win ties."""
    has_time = bool(times) and times[0].is_good
    found = [c for c in _named(survey, has_time=has_time) if c.n > 0]
    taken = {c.name for c in found}
    found += [c for c in _orders(survey) if c.name not in taken]
    if has_time or any(is_unnamed(c) for c in survey.columns):
        used = {n for t in times for n in t.columns}
        taken = {c.name for c in found} | used
        found += _strangers([c for c in survey.columns if c.name not in taken], survey)
    found = [c for c in found if c.n_distinct >= FEWEST or _is_certain(c)]
    return _set_aside(sorted(found, key=lambda c: -c.score))


def _named(survey: Survey, *, has_time: bool) -> list[Candidate]:
    found = []
    for column in survey.columns:
        score = entity_score(column)
        if score <= 0:
            continue
        one = Candidate(column, score, *survey.count_distinct(column.name))
        if has_time and one.is_bare_id and one.rows_each < 1.2:
            # A bare id in a log numbers its rows.
            one = Candidate(column, min(score, 20.0), one.n, one.n_distinct)
        found.append(one)
    return found


def _is_certain(candidate: Candidate) -> bool:
    """Believe a name that says who and id, whatever the number of values."""
    said = set(candidate.column.words) & known("id_words")
    return candidate.is_person and bool(said - {"code", "index"})


def _orders(survey: Survey) -> list[Candidate]:
    """Find orders, receipts and baskets with several rows each."""
    found = []
    for column in survey.columns:
        names = [w for w in column.words if not w.isdigit()]
        ids, rest = set(names) & known("id_words"), [w for w in names if w not in known("id_words")]
        fits = column.kind == "text" or column.is_whole
        if fits and ids and len(rest) == 1 and singular(rest[0]) in weights("orders"):
            one = Candidate(column, ORDER, *survey.count_distinct(column.name), is_order=True)
            found += [one] if one.rows_each >= 1.2 else []
    return found


def _strangers(columns: list[Column], survey: Survey) -> list[Candidate]:
    """Find ids of nobody knows what, by their values."""
    found = []
    for column in columns:
        score = _stranger_score(column)
        if score > 0 and column.n_distinct >= FEWEST:
            one = Candidate(column, score, *survey.count_distinct(column.name))
            found += [one] if one.rows_each >= 1.5 else []
    return found


def _stranger_score(column: Column) -> float:
    said = {singular(w) for w in column.words}
    other = ("items", "orders", "sessions", "categories", "kinds", "channels", "texts")
    is_other = any(said & set(weights(o)) for o in other) or said & known("codes")
    if is_other or (said & known("demographic") and not looks_hashed(column)):
        return 0.0
    rest = [w for w in column.words if w not in known("id_words")]
    plain = is_unnamed(column) and (column.is_whole or column.kind == "text")
    rules = (
        (34.0, has_id_word(column) and rest and is_name_of_something(column)),
        (33.0, looks_hashed(column)),
        (32.0, looks_coded(column)),
        (31.0, plain),
    )
    return next((score for score, holds in rules if holds), 0.0)


def _set_aside(found: list[Candidate]) -> Candidates:
    kept, notes = [], []
    for one in found:
        other = _fuller(one, found)
        if other is not None:
            missing = f"{100 * one.column.missing_share:.0f} %"
            notes.append(
                f"{one.name!r} is missing in {missing} of the rows, so the entity is"
                f" {other.name!r} (--entity {one.name} takes the rows that have it)"
            )
        elif not (_is_often_missing(one) and not _is_certain(one)) and not _is_where(one, found):
            kept.append(one)
    return Candidates(tuple(kept), tuple(notes))


def _is_often_missing(one: Candidate) -> bool:
    return one.column.missing_share > MOSTLY_MISSING


def _fuller(one: Candidate, found: list[Candidate]) -> Candidate | None:
    """Find another that names everybody where this one seldom does."""
    if not _is_often_missing(one) or not _is_certain(one):
        return None
    full = (c for c in found if c.column.missing_share < SELDOM_MISSING and c.rows_each >= 1.2)
    return next((c for c in full if c is not one and not c.is_order and c.score >= 38), None)


def _is_where(one: Candidate, found: list[Candidate]) -> bool:
    """Tell an organisation that finer ids belong to: a taxi's company says whose it is."""
    said = set(one.column.words)
    if not said & known("organisations") or said & known("id_words"):
        return False
    finer = (
        c
        for c in found
        if has_id_word(c.column)
        and not c.is_order
        and not set(c.column.words) & set(weights("sessions"))
        and 1.5 * one.n_distinct <= c.n_distinct <= 0.5 * c.n
    )
    return any(varying_share(c.column.codes, one.column.codes) <= 0.02 for c in finer)
