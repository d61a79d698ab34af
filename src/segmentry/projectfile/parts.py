"""What one file of several becomes: a table, a table of changes, events, or events for outcomes.

What lives here: the source that a file makes when it is known whose rows it holds. What does not:
how files lead to the entity (``relatives``), and the project out of all of them (``joint``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from segmentry.domain.project import KeyMap, Shape
from segmentry.domain.role import Role
from segmentry.errors import DataError
from segmentry.projectfile.entity import Subject
from segmentry.projectfile.guessed import Flags, Found
from segmentry.projectfile.names import known, singular, weights, words
from segmentry.projectfile.relatives import FileKind
from segmentry.projectfile.roles import role_of
from segmentry.projectfile.servicing import served
from segmentry.projectfile.single import events_found
from segmentry.projectfile.states import Span
from segmentry.projectfile.survey import Column, Survey, columns_of
from segmentry.projectfile.tabular import table_roles
from segmentry.projectfile.timing import Time, times

if TYPE_CHECKING:
    import pyarrow as pa

RARELY = 0.95
"""Distinct values per row from which on an id repeats by mistake, if it repeats."""

LEAVERS = frozenset(["churned", "churner", "cancellation", "attrition", "leaver"])
"""Words in the names of files that log who left."""

NAMED = ("ticket", "churn", "trip", "login", "play", "view", "usage")
"""Kinds of events that the name of a file may tell."""


@dataclass
class Part:
    """What one file becomes."""

    file: FileKind
    shape: Shape
    columns: dict[str, str]
    key: tuple[KeyMap, ...] = ()
    event: str | None = None
    where: str | None = None
    combine: str = "last"
    use: str = "features"
    roles: dict[str, tuple[Role, str]] = field(default_factory=dict)
    measures: tuple[str, ...] = ()
    reasons: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    is_purchase: bool = False


def time_of(seen: Survey) -> Time | None:
    """Give when a row happened, where a column may tell."""
    found = times(seen)
    return found[0] if found and found[0].score > 0 else None


def put_group(part: Part, column: Column, parent: str) -> None:
    """Let rows of one order, or of one session, be told as one by the key that leads there."""
    for name, vocabulary in (("order", "orders"), ("session", "sessions")):
        said = {singular(w) for w in (*column.words, *words(parent))}
        if name not in part.columns and said & set(weights(vocabulary)):
            part.columns[name] = column.name
            part.reasons[f"columns.{name}"] = f"rows of one row of {parent}"
            return


def as_table(file: FileKind, own: str) -> Part:
    """Take a file with one row per entity as what describes it."""
    part = Part(file, Shape.TABLE, {"entity": own})
    part.reasons["shape"] = "one row per entity"
    try:
        told, _ = table_roles(file.survey, own, (), {})
    except DataError:
        told = {c.name: role_of(c, file.survey) for c in file.survey.columns if c.name != own}
    for name, one in told.items():
        role, why = one.role, one.reason
        alone = role_of(file.survey.get(name), file.survey)
        if role is Role.CLUSTER and alone.role is Role.OVERLAY:
            # By itself a table has to be segmented by something; beside events it need not.
            role, why = alone.role, alone.reason
        if role is Role.CLUSTER and _groups(file.survey.get(name)):
            role, why = Role.OVERLAY, "a category beside behaviour: describes who they are"
        part.roles[name] = role, why
    return part


def _groups(column: Column) -> bool:
    """Tell words that say who somebody is from those that say what they bought into."""
    bought = {"plan", "tier", "package", "edition", "level", "licence", "license", "membership"}
    return column.kind == "text" and not {singular(w) for w in column.words} & bought


def as_changes(file: FileKind, own: str, span: Span) -> Part:
    """Take rows with a beginning and an end as states of the entity."""
    seen = file.survey
    columns = {"entity": own, "time": span.start, "until": span.end}
    part = Part(file, Shape.CHANGES, columns)
    part.reasons |= {"shape": "rows have a beginning and an end", "columns.time": "the beginning",
                     "columns.until": f"the end; {span.told}"}  # fmt: skip
    codes = seen.get(own).codes
    if span.overlap(codes) > 0.1:
        part.combine = "sum"
        part.reasons["combine"] = "several rows of an entity are open at once"
    for column in seen.columns:
        if column.name in {own, span.start, span.end}:
            continue
        one = role_of(column, seen)
        is_name = column.is_unique and column.kind != "time"
        role = Role.ID if is_name else one.role
        part.roles[column.name] = role, "names the row" if is_name else one.reason
    return part


def as_events(file: FileKind, own: str, time: Time | None) -> Part:
    """Take rows as events; without a time of their own it comes from another file."""
    seen = file.survey
    inside = Survey(columns_of(_filled(seen, own)), seen.n_rows, seen.table)
    subject = Subject(Shape.EVENTS, own, "", time)
    found: Found = events_found(inside, subject, Flags(), file.name)
    part = Part(file, Shape.EVENTS, dict(found.columns))
    part.event = None if "kind" in found.columns else _event(file, found)
    part.where = " and ".join(found.where) or None
    part.is_purchase = found.is_purchase and part.event not in NAMED
    part.measures = found.measures
    _serve(part)
    part.roles = {
        n: (t.role, t.reason) for n, t in found.told.items() if t.role is not Role.CLUSTER
    }
    part.reasons |= {f"columns.{n}": why for n, why in found.reasons.items() if n in part.columns}
    part.reasons |= {n: found.reasons[n] for n in ("where",) if n in found.reasons}
    part.reasons["shape"] = "rows repeat per entity and have a time"
    if part.event is not None:
        part.reasons["event"] = f"by the name of {file.name!r}"
    part.notes = tuple(
        f"{file.name}: {n}" for n in found.notes if n.startswith("not used") or "missing" in n
    )
    part.notes += _repeated(file, own)
    if leaves(file):
        part.use = "outcomes"
        part.event = part.event if part.event == "cancellation" else "churn"
        part.roles, part.measures, part.notes = {}, (), ()
        part.columns = {n: c for n, c in part.columns.items() if n in {"entity", "time"}}
        part.reasons["use"] = "who left must not shape the segments that are judged by it"
    return part


def _serve(part: Part) -> None:
    """Take measures that are fields of service out of the plain ones."""
    columns = [c for c in part.file.survey.columns if c.name in part.measures]
    for one in served(columns, part.columns):
        part.columns[one.field] = one.sql
        part.reasons[f"columns.{one.field}"] = one.reason
        part.measures = tuple(n for n in part.measures if n != one.column)


def _repeated(file: FileKind, own: str) -> tuple[str, ...]:
    """Tell of ids of events that repeat for a few rows, as they do where rows were sent twice."""
    notes = []
    for column in file.survey.columns:
        if (
            column.name == own
            or not set(column.words) & known("id_words")
            or column.distinct_share < RARELY
        ):
            continue
        n, n_distinct = file.survey.count_distinct(column.name)
        if RARELY * n <= n_distinct < n:
            notes.append(
                f"{file.name}: {n - n_distinct:,} of {n:,} rows repeat a {column.name!r}; if they"
                f" are the same events: columns: {{id: {column.name}}} and deduplicate: id"
            )
    return tuple(notes)


def _filled(seen: Survey, own: str) -> pa.Table:
    """Give the sampled rows that name somebody."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = pa.table({c.name: c.values for c in seen.columns})
    return table.filter(pc.is_valid(table[own]))


def leaves(file: FileKind) -> bool:
    """Tell whether a file is a log of who left."""
    said = {singular(w) for w in words(file.name)} | set(words(file.name))
    return bool(said & (known("event_churn") | LEAVERS))


def _event(file: FileKind, found: Found) -> str:
    """Name what a row is by the name of its file."""
    said = [singular(w) for w in words(file.name)]
    for kind in NAMED:
        if set(said) & known(f"event_{kind}"):
            return kind
    if {"amount", "order"} & set(found.columns):
        return "purchase"
    plain = [w for w in said if w not in {"event", "log", "data", "table", "history", "record"}]
    return plain[-1] if plain and plain[-1].isidentifier() else "event"
