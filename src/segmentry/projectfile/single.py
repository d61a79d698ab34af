"""Guessing a project from one kind of file.

What lives here: the order of the guesses, what flags override, and the project that comes out.
What does not: files of several kinds (``joint``), and each single guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from segmentry.domain.project import (
    ROW_NUMBER,
    FeatureChoice,
    Objective,
    Project,
    Shape,
    Source,
    frozen_mapping,
)
from segmentry.domain.role import Role
from segmentry.errors import UsageError, nearest
from segmentry.projectfile.entity import Subject, choose_subject, subject_given
from segmentry.projectfile.fields import Fields, find_event, find_fields, find_item_name
from segmentry.projectfile.findings.examine import with_findings
from segmentry.projectfile.guessed import Flags, Found, Guess
from segmentry.projectfile.meanings import meanings_of
from segmentry.projectfile.measures import find_measures, unused
from segmentry.projectfile.money import currency, find_money, purchase_kinds
from segmentry.projectfile.names import known, snake, words
from segmentry.projectfile.opening import opened_files, source_names
from segmentry.projectfile.orders import find_shared_order
from segmentry.projectfile.panel import is_regular
from segmentry.projectfile.rows import conditions
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Survey
from segmentry.projectfile.tabular import describe_entities, names_told, table_roles
from segmentry.projectfile.timing import Time, times
from segmentry.projectfile.undone import undone_by

MOST_LISTED = 40
"""Columns up to which every role is written down; of wider tables only the unusual ones."""


def guess_alone(paths: Sequence[Path], given: Flags, home: Path, *, search: bool) -> Guess:
    """Guess a project from files with the same columns (see ``guess``)."""
    with opened_files(paths, home) as opened:
        seen = opened.survey
        given = _spelled(given, seen)
        subject = _subject(seen, given)
        if subject.shape is Shape.EVENTS:
            found = events_found(seen, subject, given, opened.sources[0].name)
        else:
            found = _table(seen, subject, given)
        found.notes += opened.notes
        made = _guess(found, subject, given, opened.sources, seen, home)
        return with_findings(made, seen, opened.table) if search else made


def _spelled(flags: Flags, seen: Survey) -> Flags:
    """Check the columns that flags name, and spell them as the data does."""
    names = ("entity", "order", "item", "kind", "channel")
    plain: dict[str, Any] = {
        f: _column(v, seen) for f in names if (v := getattr(flags, f)) is not None
    }
    for name in ("time", "amount"):
        sql = getattr(flags, name)
        # One word can only be a column; anything longer may be an expression, which run checks.
        if sql is not None and (sql in seen.names or re.fullmatch(r"\w+", sql)):
            plain[name] = _column(sql, seen)
    roles = {_column(c, seen): r for c, r in flags.roles.items()}
    return replace(flags, **plain, roles=frozen_mapping(roles))


def _column(name: str, seen: Survey) -> str:
    if name in seen.names or name == ROW_NUMBER:
        return name
    same = [n for n in seen.names if n.lower() == name.lower()]
    if len(same) == 1:
        return same[0]
    raise UsageError(f"there is no column {name!r}", hint=nearest(name, seen.names))


def _subject(seen: Survey, flags: Flags) -> Subject:
    found = times(seen)
    if flags.time is not None:
        known_time = [t for t in found if t.sql == flags.time]
        used = (flags.time,) if flags.time in seen.names else ()
        reason = known_time[0].reason if known_time else "given"
        found = [Time(flags.time, used, 100.0, reason)]
    if flags.entity is not None:
        return subject_given(seen, flags.entity, found)
    return choose_subject(seen, found)


def events_found(seen: Survey, subject: Subject, flags: Flags, name: str) -> Found:
    """Find the fields, measures and roles of rows that are events of a known subject."""
    inside = seen.whole_entities(subject.entity)
    fields = Fields(inside, inside.get(subject.entity).codes)
    fields.put("entity", subject.entity, (subject.entity,), subject.entity_reason)
    if subject.time is not None:
        fields.put("time", subject.time.sql, subject.time.columns, subject.time.reason)
    _put_given(fields, flags)
    find_fields(fields)
    find_shared_order(fields, subject.time.columns if subject.time is not None else ())
    find_money(fields)
    period = _period(seen, subject)
    if period is not None and "kind" not in fields.columns and "order" not in fields.columns:
        fields.used.add(period)
        fields.event = "record"
        fields.reasons["event"] = f"a row for each {period!r}, whatever was done in it"
    find_event(fields, name)
    found = Found(fields.columns, {}, fields.reasons, [*subject.notes, *fields.notes])
    found.event = fields.event
    bought = purchase_kinds(fields)
    is_paid = found.event is None and "amount" in fields.columns
    found.is_purchase = bool(bought) or is_paid or found.event == "purchase"
    kind = fields.column("kind")
    found.meanings = meanings_of(kind.levels) if kind is not None else {}
    if kind is not None and len(bought) < kind.n_distinct:
        some = "some of the events are purchases"
        found.purchases = some if bought else "the events are worth money"
    _keep_rows(found, fields, seen)
    found.told = describe_entities(fields)
    found.notes += names_told(found.told)
    find_item_name(fields, found.told)
    _measure(found, fields)
    if found.event == "churn":
        found.notes.append(
            "every row tells that somebody left, so segments would tell how they left, not what"
            " they did before: use it as an outcome beside a log of what they did"
        )
    if "amount" not in fields.columns:
        found.notes.append(
            "no column tells an amount, so there are no features of value (--amount)"
        )
    return found


def _period(seen: Survey, subject: Subject) -> str | None:
    """Name the column that tells the period of a row, where each entity has one row for each."""
    if subject.time is None or subject.time.sql not in seen.names:
        return subject.period
    time, entity = seen.get(subject.time.sql), seen.get(subject.entity)
    return time.name if is_regular(time, entity, seen) else None


def _measure(found: Found, fields: Fields) -> None:
    """Take numbers of single events as measures, and tell what nothing takes."""
    measures = [c.name for c in find_measures(fields) if c.name not in found.told]
    found.measures = tuple(measures)
    if measures:
        found.reasons["measures"] = "numbers that differ from event to event"
    found.notes += unused(fields, {*found.told, *measures})


def _put_given(fields: Fields, flags: Flags) -> None:
    for name in ("amount", "order", "item", "kind", "channel"):
        sql = getattr(flags, name)
        if sql is not None:
            used = (sql,) if sql in fields.survey.names else ()
            fields.put(name, sql, used, "given")
    fields.used.update(flags.roles)


def _keep_rows(found: Found, fields: Fields, seen: Survey) -> None:
    entity = fields.columns["entity"]
    kept = []
    missing = seen.n_rows - seen.count_distinct(entity)[0]
    if missing:
        share = f"{100 * missing / seen.n_rows:.2g} %"
        kept.append((f"{quote(entity)} is not null", _of_nobody(missing, share)))
    kept += conditions(fields)
    # What says which rows are left out says nothing of those that stay.
    fields.used.update(c.name for c in fields.free() if undone_by(c))
    found.where = [condition for condition, _ in kept]
    if kept:
        found.reasons["where"] = "; ".join(reason for _, reason in kept)


def _of_nobody(n: int, share: str) -> str:
    return f"1 row ({share}) names nobody" if n == 1 else f"{n:,} rows ({share}) name nobody"


def _table(seen: Survey, subject: Subject, flags: Flags) -> Found:
    told, notes = table_roles(seen, subject.entity, subject.ids, flags.roles)
    reasons = {"entity": subject.entity_reason}
    return Found({"entity": subject.entity}, told, reasons, [*subject.notes, *notes])


def _guess(
    found: Found,
    subject: Subject,
    flags: Flags,
    sources: tuple[Source, ...],
    seen: Survey,
    home: Path,
) -> Guess:
    roles = {n: t.role for n, t in found.told.items()} | dict(flags.roles)
    if len(roles) > MOST_LISTED:
        roles = {n: r for n, r in roles.items() if r is not Role.CLUSTER}
    objective, why = _objective(found, subject, seen, sources[0].name)
    if flags.objective is not None:
        objective, why = flags.objective, "given"
    written = tuple(
        replace(
            source,
            shape=subject.shape,
            columns=frozen_mapping(found.columns),
            event=found.event,
            where=" and ".join(found.where) or None,
        )
        for source in sources
    )
    project = Project(
        name=flags.name or _project_name(sources),
        sources=written,
        entity=_called(subject, roles),
        objective=objective,
        currency=currency(_money_names(found, seen)),
        features=FeatureChoice(
            roles=frozen_mapping(roles),
            measures=found.measures,
            kinds=frozen_mapping(found.meanings),
        ),
        folder=home,
    )
    reasons = _reasons(found, subject, roles, flags) | {"objective": why}
    return Guess(project, (*_role_notes(found), *found.notes), frozen_mapping(reasons))


def _called(subject: Subject, roles: Mapping[str, Role]) -> str:
    if subject.entity != ROW_NUMBER:
        return snake(subject.entity)
    return "text" if Role.TEXT in roles.values() else "row"


def _project_name(sources: tuple[Source, ...]) -> str:
    return re.sub(r"[^a-z0-9]+", "-", source_names(sources).lower()).strip("-") or "project"


def _money_names(found: Found, seen: Survey) -> tuple[str, ...]:
    amount = found.columns.get("amount", "")
    named = tuple(n for n in seen.names if n in amount)
    return named or tuple(c.name for c in seen.columns if c.kind == "number")


def _reasons(
    found: Found, subject: Subject, roles: Mapping[str, Role], flags: Flags
) -> dict[str, str]:
    reasons = {"sources[0].shape": _shape_reason(subject)}
    for name, reason in found.reasons.items():
        at = f"sources[0].{name if name in _OF_SOURCE else f'columns.{name}'}"
        reasons["features.measures" if name == "measures" else at] = reason
    for name in roles:
        told = found.told.get(name)
        given = name in flags.roles or told is None
        reasons[f"features.roles.{name}"] = "given" if given or told is None else told.reason
    return reasons


_OF_SOURCE = frozenset(["where", "event"])


def _shape_reason(subject: Subject) -> str:
    if subject.shape is Shape.TABLE:
        return "one row per entity"
    if subject.time is None:
        return "rows repeat per entity, without a time"
    return "rows repeat per entity and have a time"


def _objective(found: Found, subject: Subject, seen: Survey, name: str) -> tuple[Objective, str]:
    if subject.shape is Shape.TABLE:
        outcomes = {w for n, t in found.told.items() if t.role is Role.OUTCOME for w in words(n)}
        if outcomes & known("leaving"):
            return "retention", "an outcome tells who left"
        return "none", "nothing tells what the segments are for"
    if found.is_purchase:
        return "retention", f"{found.purchases}: who comes back?"
    said = {w for c in seen.columns for w in c.words} | set(words(name))
    if said & known("usages"):
        return "adoption", "the events are the use of a product"
    return "engagement", "the events are activity"


def _role_notes(found: Found) -> list[str]:
    """Tell which columns were taken out of the features because they may be labels."""
    notes = []
    for role, what in ((Role.OUTCOME, "outcomes"), (Role.TREATMENT, "an experiment's arm")):
        named = [repr(n) for n, t in found.told.items() if t.role is role]
        if named:
            notes.append(
                f"taken as {what}, so never features: {', '.join(named[:8])}"
                + (" and more" if len(named) > 8 else "")
            )
    return notes
