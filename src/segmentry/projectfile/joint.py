"""Guessing a project from files of several kinds: what each is, and how it leads to the entity.

What lives here: the shape of each file, its way to the entity, and the project that comes out. What
does not: how files relate (``relatives``), fields and roles of one file (``guess``, ``tabular``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from segmentry.domain.project import (
    FeatureChoice,
    KeyMap,
    Objective,
    Outcome,
    Project,
    Shape,
    Source,
    frozen_mapping,
)
from segmentry.domain.role import Role
from segmentry.errors import DataError, UsageError
from segmentry.projectfile.entity import Subject
from segmentry.projectfile.guess import Flags, Found, Guess, events_found
from segmentry.projectfile.idlike import has_id_word
from segmentry.projectfile.kinds import several_kinds
from segmentry.projectfile.money import currency
from segmentry.projectfile.names import known, singular, snake, words
from segmentry.projectfile.relatives import Family, FileKind, family, references
from segmentry.projectfile.roles import role_of
from segmentry.projectfile.states import Span, span_of
from segmentry.projectfile.survey import Column, Survey, columns_of
from segmentry.projectfile.tabular import table_roles
from segmentry.projectfile.timing import Time, times

OUTCOME_DAYS = (90.0, 30.0)
"""Horizons of an outcome that is an event; the first that fits three times into its history."""

_CAREFUL = (Role.OUTCOME, Role.TREATMENT, Role.ID, Role.OVERLAY, Role.CLUSTER)
"""Where two files disagree on a column of one name, the more careful role holds."""

RARELY = 0.95
"""Distinct values per row from which on an id repeats by mistake, if it repeats."""

_NAMED = ("ticket", "churn", "trip", "login", "play", "view", "usage")


@dataclass
class _Part:
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


def guess_jointly(paths: Sequence[Path], flags: Flags, home: Path) -> Guess | None:
    """Guess a project from files of several kinds.

    Parameters
    ----------
    paths : sequence of Path
        A folder, a glob or several files.
    flags : Flags
        ``entity``, ``roles``, ``objective`` and ``name`` are heeded; other columns belong to one
        file, so they are corrected in the project file.
    home : Path
        Where the project file will lie.

    Returns
    -------
    Guess or None
        None where the files are of one kind.

    Raises
    ------
    UsageError
        If no two of the files lead to one entity.
    """
    with several_kinds(paths, home) as opened:
        if opened is None:
            return None
        files, notes = opened
        found = references(files)
        tied = family(files, found, flags.entity)
        if tied is None:
            raise _untied(files, flags)
        parts, lost = _parts(files, tied)
        return _joined(parts, tied, flags, home, (*tied.notes, *lost, *notes))


def _untied(files: Sequence[FileKind], flags: Flags) -> UsageError:
    names = ", ".join(f.name for f in files)
    asked = f" to {flags.entity!r}" if flags.entity is not None else ""
    return UsageError(
        f"no two of the files {names} lead{asked or ' to one entity'}: no column of one is found in"
        " a key of another",
        hint="run init for one file, and add other sources by hand with 'key: {source, from, to}'",
    )


def _parts(files: Sequence[FileKind], tied: Family) -> tuple[list[_Part], list[str]]:
    """Decide what each file becomes, those that others stand on after all others."""
    parts: dict[int, _Part] = {}
    lost: list[str] = []
    bridges = _bridges(files, tied)
    for i, file in enumerate(files):
        if i not in tied.ways:
            lost.append(_left_out(file, f"no column of it leads to {tied.entity!r}"))
            continue
        try:
            part = _part(i, files, tied, bridges)
        except DataError as error:
            lost.append(_left_out(file, error.what))
            continue
        if isinstance(part, str):
            lost.append(_left_out(file, part))
        else:
            parts[i] = part
    for child, parent in bridges.items():
        if child not in parts or parent not in parts:
            continue
        finer, coarser = parts[child], parts[parent]
        if "amount" in finer.columns or "amount" not in coarser.columns:
            del parts[parent]
            lost.append(
                f"{files[parent].name!r} tells whose and when the rows of {files[child].name!r}"
                " are, and makes no events of its own: they would count twice"
            )
        else:
            del parts[child]
            lost.append(
                _left_out(files[child], f"it details {files[parent].name!r}, which tells the money")
            )
    return [_by_path(parts[i], parts, files) for i in sorted(parts)], lost


def _left_out(file: FileKind, why: str) -> str:
    return f"left out: {file.name!r} ({why})"


def _bridges(files: Sequence[FileKind], tied: Family) -> dict[int, int]:
    """Find files without a time of their own that detail the rows of one that has a time."""
    found = {}
    for i, way in tied.ways.items():
        if len(way) > 1 and _time(files[i].survey) is None:
            parent = way[0].parent
            if _time(files[parent].survey) is not None and span_of(files[parent].survey) is None:
                found[i] = parent
    return found


def _part(
    i: int, files: Sequence[FileKind], tied: Family, bridges: Mapping[int, int]
) -> _Part | str:
    """Decide what one file becomes; a text says why it becomes nothing."""
    file, own, way = files[i], tied.own[i], tied.ways[i]
    seen = file.survey
    n, n_distinct = seen.count_distinct(own)
    key = _lookups(i, files, tied)
    why = way[0].told(files) if way else f"{n_distinct:,} values, {n / n_distinct:.1f} rows each"
    if i == tied.home or n == n_distinct == seen.n_rows:
        part = _table(file, own)
    elif (span := span_of(seen)) is not None and not _leaves(file):
        part = _changes(file, own, span)
    elif i in bridges:
        parent = files[bridges[i]]
        time = _time(parent.survey)
        if time is None:  # pragma: no cover - a bridge has a time
            return "nothing tells when"
        key = (replace(key[0], take=frozen_mapping({"time": time.sql})), *key[1:])
        part = _events(file, own, None)
        part.reasons["key"] = f"{parent.name} tells when"
    else:
        time = next(iter(times(seen)), None) if _leaves(file) else _time(seen)
        if time is None:
            return "rows repeat, and no column tells when they happened"
        part = _events(file, own, time)
    part.key = key
    part.reasons["columns.entity"] = why
    if key:
        steps = " -> ".join([r.key for r in way])
        part.reasons["key"] = "; ".join(filter(None, (part.reasons.get("key"), f"by {steps}")))
    return part


def _time(seen: Survey) -> Time | None:
    found = times(seen)
    return found[0] if found and found[0].score > 0 else None


def _lookups(i: int, files: Sequence[FileKind], tied: Family) -> tuple[KeyMap, ...]:
    """Write the way to the entity: the last step ends at the entity's own values."""
    way = tied.ways[i]
    return tuple(
        KeyMap(one.key, after.column, source=files[one.parent].name)
        for one, after in zip(way, way[1:], strict=False)
    )


def _by_path(part: _Part, parts: Mapping[int, _Part], files: Sequence[FileKind]) -> _Part:
    """Look keys up in a file where it is no source."""
    names = {p.file.name for p in parts.values()}
    paths = {f.name: f.paths[0] for f in files}
    part.key = tuple(
        hop if hop.source in names else replace(hop, source=None, path=paths[hop.source or ""])
        for hop in part.key
    )
    return part


def _table(file: FileKind, own: str) -> _Part:
    """Take a file with one row per entity as what describes it."""
    part = _Part(file, Shape.TABLE, {"entity": own})
    part.reasons["shape"] = "one row per entity"
    try:
        told, _ = table_roles(file.survey, own, (), {})
    except DataError:
        told = {c.name: role_of(c, file.survey) for c in file.survey.columns if c.name != own}
    for name, one in told.items():
        role, why = one.role, one.reason
        if role is Role.CLUSTER and _groups(file.survey.get(name)):
            role, why = Role.OVERLAY, "a category beside behaviour: describes who they are"
        part.roles[name] = role, why
    return part


def _groups(column: Column) -> bool:
    """Tell words that say who somebody is from those that say what they bought into."""
    bought = {"plan", "tier", "package", "edition", "level", "licence", "license", "membership"}
    return column.kind == "text" and not {singular(w) for w in column.words} & bought


def _changes(file: FileKind, own: str, span: Span) -> _Part:
    """Take rows with a beginning and an end as states of the entity."""
    seen = file.survey
    columns = {"entity": own, "time": span.start, "until": span.end}
    part = _Part(file, Shape.CHANGES, columns)
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


def _events(file: FileKind, own: str, time: Time | None) -> _Part:
    """Take rows as events; without a time of their own it comes from another file."""
    seen = file.survey
    inside = Survey(columns_of(_filled(seen, own)), seen.n_rows, seen.table)
    subject = Subject(Shape.EVENTS, own, "", time)
    found: Found = events_found(inside, subject, Flags(), file.name)
    part = _Part(file, Shape.EVENTS, dict(found.columns))
    part.event = None if "kind" in found.columns else _event(file, found)
    part.where = " and ".join(found.where) or None
    part.is_purchase = found.is_purchase and part.event not in _NAMED
    part.measures = found.measures
    part.roles = {n: (t.role, t.reason) for n, t in found.told.items() if t.role is not Role.CLUSTER}
    part.reasons |= {f"columns.{n}": why for n, why in found.reasons.items() if n in part.columns}
    part.reasons |= {n: found.reasons[n] for n in ("where",) if n in found.reasons}
    part.reasons["shape"] = "rows repeat per entity and have a time"
    if part.event is not None:
        part.reasons["event"] = f"by the name of {file.name!r}"
    part.notes = tuple(
        f"{file.name}: {n}" for n in found.notes if n.startswith("not used") or "missing" in n
    )
    part.notes += _repeated(file, own)
    if _leaves(file):
        part.use, part.event = "outcomes", part.event or "churn"
        part.roles, part.measures, part.notes = {}, (), ()
        part.columns = {n: c for n, c in part.columns.items() if n in {"entity", "time"}}
        part.reasons["use"] = "who left must not shape the segments that are judged by it"
    return part


def _repeated(file: FileKind, own: str) -> tuple[str, ...]:
    """Tell of ids of events that repeat for a few rows, as they do where rows were sent twice."""
    notes = []
    for column in file.survey.columns:
        if column.name == own or not has_id_word(column) or column.distinct_share < RARELY:
            continue
        n, n_distinct = file.survey.count_distinct(column.name)
        if RARELY * n <= n_distinct < n:
            notes.append(
                f"{file.name}: {n - n_distinct:,} of {n:,} rows repeat a {column.name!r}; if they"
                f" are the same events: columns: {{id: {column.name}}} and deduplicate: id"
            )
    return tuple(notes)


def _filled(seen: Survey, own: str):  # type: ignore[no-untyped-def]
    """Give the sampled rows that name somebody."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = pa.table({c.name: c.values for c in seen.columns})
    return table.filter(pc.is_valid(table[own]))


def _leaves(file: FileKind) -> bool:
    """Tell whether a file is a log of who left."""
    said = {singular(w) for w in words(file.name)} | set(words(file.name))
    return bool(said & (known("event_churn") | {"cancellation", "attrition", "churner", "leaver"}))


def _event(file: FileKind, found: Found) -> str:
    """Name what a row is by the name of its file."""
    said = [singular(w) for w in words(file.name)]
    for kind in _NAMED:
        if set(said) & known(f"event_{kind}"):
            return kind
    if {"amount", "order"} & set(found.columns):
        return "purchase"
    plain = [w for w in said if w not in {"event", "log", "data", "table", "history", "record"}]
    return plain[-1] if plain and plain[-1].isidentifier() else "event"


def _joined(
    parts: Sequence[_Part],
    tied: Family,
    flags: Flags,
    home: Path,
    notes: tuple[str, ...],
) -> Guess:
    """Put the parts together into one project."""
    logs = [p for p in parts if p.shape is Shape.EVENTS and p.use == "features"]
    profile = any(p.shape is Shape.TABLE for p in parts)
    if not logs and not profile:
        raise UsageError(
            "no file tells what entities do",
            hint="give a file with a time for each row, or one with one row for each entity",
        )
    roles = _roles(parts, flags)
    measures = _measures(logs, roles)
    sources, reasons = _sources(parts)
    for name, (_, why) in roles.items():
        reasons[f"features.roles.{name}"] = why
    if measures:
        reasons["features.measures"] = "numbers that differ from event to event"
    outcomes = _outcomes(parts)
    objective, why = _objective(parts, outcomes)
    reasons["objective"] = "given" if flags.objective else why
    columns = [c.name for p in parts for c in p.file.survey.columns if c.kind == "number"]
    project = Project(
        name=flags.name or _name(home, parts),
        sources=sources,
        entity=_entity_name(tied, parts),
        objective=flags.objective or objective,
        currency=currency(tuple(columns)),
        features=FeatureChoice(
            roles=frozen_mapping({n: r for n, (r, _) in roles.items()}), measures=measures
        ),
        outcomes=outcomes,
        folder=home,
    )
    left = [repr(n) for n, (r, _) in roles.items() if r is Role.OUTCOME]
    left = [f"taken as outcomes, so never features: {', '.join(left)}"] if left else []
    told = (*notes, *left, *(n for p in parts for n in p.notes))
    return Guess(project, told, frozen_mapping(reasons))


def _roles(parts: Sequence[_Part], flags: Flags) -> dict[str, tuple[Role, str]]:
    found: dict[str, tuple[Role, str]] = {}
    mapped = {c for p in parts for c in p.columns.values()}
    in_logs = {c.name for p in parts if p.shape is Shape.EVENTS for c in p.file.survey.columns}
    for part in parts:
        for name, (role, why) in part.roles.items():
            # A role of a field would take the column out of the events that need it.
            if name in mapped or (role is Role.CLUSTER and name in in_logs):
                continue
            before = found.get(name)
            if before is None or _CAREFUL.index(role) < _CAREFUL.index(before[0]):
                found[name] = role, why
    known_names = {c.name for p in parts for c in p.file.survey.columns}
    for name, role in flags.roles.items():
        if name not in known_names:
            raise UsageError(f"there is no column {name!r}", hint="see the columns of the files")
        found[name] = role, "given"
    return found


def _measures(
    logs: Sequence[_Part], roles: Mapping[str, tuple[Role, str]]
) -> tuple[str, ...]:
    """Take measures that no role of another file forbids; a role of behaviour gives way."""
    names = dict.fromkeys(n for p in logs for n in p.measures)
    return tuple(n for n in names if n not in roles)


def _sources(parts: Sequence[_Part]) -> tuple[tuple[Source, ...], dict[str, str]]:
    sources: list[Source] = []
    reasons: dict[str, str] = {}
    for part in parts:
        for place, path in enumerate(part.file.paths):
            at = f"sources[{len(sources)}]"
            reasons |= {f"{at}.{n}": why for n, why in part.reasons.items()}
            name = part.file.name if not place else f"{part.file.name}-{place + 1}"
            sources.append(
                Source(
                    name,
                    path,
                    part.shape,
                    frozen_mapping(part.columns),
                    event=part.event,
                    where=part.where,
                    key=part.key,
                    combine=part.combine,  # type: ignore[arg-type]
                    use=part.use,  # type: ignore[arg-type]
                )
            )
    return tuple(sources), reasons


def _outcomes(parts: Sequence[_Part]) -> tuple[Outcome, ...]:
    found = []
    for part in (p for p in parts if p.use == "outcomes"):
        days = _history(part.file.survey, part.columns["time"])
        horizon = next((d for d in OUTCOME_DAYS if days >= 3 * d), OUTCOME_DAYS[-1])
        event = part.event or "churn"
        found.append(Outcome(event, event=event, horizon_days=horizon))
    return tuple({o.name: o for o in found}.values())


def _history(seen: Survey, time: str) -> float:
    """Give the days between the first and the last time, where it is a plain column."""
    if time not in seen.names or seen.get(time).kind != "time":
        return 0.0
    import pyarrow as pa
    import pyarrow.compute as pc

    ends = pc.min_max(seen.get(time).values.cast(pa.timestamp("us")))
    low, high = ends["min"].as_py(), ends["max"].as_py()
    return 0.0 if low is None else float((high - low).total_seconds() / 86_400)


def _objective(
    parts: Sequence[_Part], outcomes: Sequence[Outcome]
) -> tuple[Objective, str]:
    if outcomes:
        return "retention", "a file tells who left"
    if any(p.is_purchase for p in parts):
        return "retention", "some of the events are purchases: who comes back?"
    if any(p.event == "usage" for p in parts):
        return "adoption", "the events are the use of a product"
    return "engagement", "the events are activity"


def _name(home: Path, parts: Sequence[_Part]) -> str:
    folders = {Path(home, path).parent.name for p in parts for path in p.file.paths}
    name = folders.pop() if len(folders) == 1 else parts[0].file.name
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "project"


def _entity_name(tied: Family, parts: Sequence[_Part]) -> str:
    """Call the entity by its key, or by the file that has one row for each where the key is bare."""
    said = [w for w in words(tied.entity) if w not in known("id_words")]
    if said:
        return snake(tied.entity)
    named = next((p.file.name for p in parts if p.shape is Shape.TABLE), tied.entity)
    return "_".join([*(singular(w) for w in words(named)), *words(tied.entity)])
