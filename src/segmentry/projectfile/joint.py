"""Guessing a project from files of several kinds: what each is, and how it leads to the entity.

What lives here: the shape of each file, its way to the entity, and the project that comes out. What
does not: how files relate (``relatives``), fields and roles of one file (``guess``, ``tabular``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
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
from segmentry.projectfile.guessed import Flags, Guess
from segmentry.projectfile.kinds import several_kinds
from segmentry.projectfile.meanings import meanings_of
from segmentry.projectfile.money import currency
from segmentry.projectfile.names import known, singular, snake, words
from segmentry.projectfile.parts import (
    Part,
    as_changes,
    as_events,
    as_table,
    leaves,
    put_group,
    time_of,
)
from segmentry.projectfile.relatives import Family, FileKind, Reference, family, references
from segmentry.projectfile.states import span_of
from segmentry.projectfile.survey import Survey
from segmentry.projectfile.timing import times

OUTCOME_DAYS = (90.0, 30.0)
"""Horizons of an outcome that is an event; the first that fits three times into its history."""

_CAREFUL = (Role.OUTCOME, Role.TREATMENT, Role.ID, Role.OVERLAY, Role.CLUSTER)
"""Where two files disagree on a column of one name, the more careful role holds."""


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
        parts, lost = _parts(files, tied, found)
        return _joined(parts, tied, flags, home, (*tied.notes, *lost, *notes))


def _untied(files: Sequence[FileKind], flags: Flags) -> UsageError:
    names = ", ".join(f.name for f in files)
    asked = f" to {flags.entity!r}" if flags.entity is not None else ""
    return UsageError(
        f"no two of the files {names} lead{asked or ' to one entity'}: no column of one is found in"
        " a key of another",
        hint="run init for one file, and add other sources by hand with 'key: {source, from, to}'",
    )


def _parts(
    files: Sequence[FileKind], tied: Family, found: Sequence[Reference]
) -> tuple[list[Part], list[str]]:
    """Decide what each file becomes, those that others stand on after all others."""
    parts: dict[int, Part] = {}
    lost: list[str] = []
    bridges = _bridges(files, tied)
    for i, file in enumerate(files):
        if i not in tied.ways:
            why = f"no column of it leads to {tied.entity!r}"
            describes = [r.told(files) for r in found if r.parent == i]
            lost.append(_left_out(file, "; ".join([why, *describes])))
            continue
        try:
            part = _part(i, files, tied, bridges)
        except DataError as error:
            lost.append(_left_out(file, error.what))
            continue
        if isinstance(part, str):
            if not any(i in {r.parent for r in way} for way in tied.ways.values() if len(way) > 1):
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
    kept = [_by_path(parts[i], parts, files) for i in sorted(parts)]
    return kept, [*_ways_through(kept, files), *lost]


def _ways_through(parts: Sequence[Part], files: Sequence[FileKind]) -> list[str]:
    """Tell of files that only lead from one key to the other, and what else they could do."""
    names = {f.paths[0]: f.name for f in files}
    hops = [h for p in parts for h in p.key if h.path is not None and not h.take]
    told = [
        f"{names[h.path or '']!r} leads from {h.start!r} to {h.to!r} and describes neither; for"
        f" features of each {h.start!r} first, rolled up by {h.to!r}, make it a source and set"
        f" accounts: {{key: {h.to}, source: {names[h.path or '']}}}"
        for h in hops
    ]
    return list(dict.fromkeys(told))


def _left_out(file: FileKind, why: str) -> str:
    return f"left out: {file.name!r} ({why})"


def _bridges(files: Sequence[FileKind], tied: Family) -> dict[int, int]:
    """Find files without a time of their own that detail the rows of one that has a time."""
    found = {}
    for i, way in tied.ways.items():
        if len(way) > 1 and time_of(files[i].survey) is None:
            parent = way[0].parent
            if time_of(files[parent].survey) is not None and span_of(files[parent].survey) is None:
                found[i] = parent
    return found


def _part(
    i: int, files: Sequence[FileKind], tied: Family, bridges: Mapping[int, int]
) -> Part | str:
    """Decide what one file becomes; a text says why it becomes nothing."""
    file, own, way = files[i], tied.own[i], tied.ways[i]
    seen = file.survey
    n, n_distinct = seen.count_distinct(own)
    key = _lookups(i, files, tied)
    why = way[0].told(files) if way else f"{n_distinct:,} values, {n / n_distinct:.1f} rows each"
    is_single = n == n_distinct == seen.n_rows
    if i == tied.home or (is_single and not (leaves(file) and times(seen))):
        part = as_table(file, own)
    elif (span := span_of(seen)) is not None and not leaves(file):
        part = as_changes(file, own, span)
    elif i in bridges:
        parent = files[bridges[i]]
        time = time_of(parent.survey)
        if time is None:
            return f"rows have no time, nor has {parent.name!r}, which they detail"
        key = (replace(key[0], take=frozen_mapping({"time": time.sql})), *key[1:])
        part = as_events(file, own, None)
        put_group(part, seen.get(own), parent.name)
        part.reasons["key"] = f"{parent.name} tells when"
    else:
        time = next(iter(times(seen)), None) if leaves(file) else time_of(seen)
        if time is None:
            return "rows repeat, and no column tells when they happened"
        part = as_events(file, own, time)
    part.key = key
    part.reasons["columns.entity"] = why
    if key:
        steps = " -> ".join([r.key for r in way])
        part.reasons["key"] = "; ".join(filter(None, (part.reasons.get("key"), f"by {steps}")))
    return part


def _lookups(i: int, files: Sequence[FileKind], tied: Family) -> tuple[KeyMap, ...]:
    """Write the way to the entity: the last step ends at the entity's own values."""
    way = tied.ways[i]
    return tuple(
        KeyMap(one.key, after.column, source=files[one.parent].name) for one, after in pairwise(way)
    )


def _by_path(part: Part, parts: Mapping[int, Part], files: Sequence[FileKind]) -> Part:
    """Look keys up in a file where it is no source."""
    names = {p.file.name for p in parts.values()}
    paths = {f.name: f.paths[0] for f in files}
    part.key = tuple(
        hop if hop.source in names else replace(hop, source=None, path=paths[hop.source or ""])
        for hop in part.key
    )
    return part


def _joined(
    parts: Sequence[Part],
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
            roles=frozen_mapping({n: r for n, (r, _) in roles.items()}),
            measures=measures,
            kinds=frozen_mapping(meanings_of([p.event for p in logs if p.event])),
        ),
        outcomes=outcomes,
        folder=home,
    )
    left = [repr(n) for n, (r, _) in roles.items() if r is Role.OUTCOME]
    left = [f"taken as outcomes, so never features: {', '.join(left)}"] if left else []
    told = (*notes, *left, *(n for p in parts for n in p.notes))
    return Guess(project, told, frozen_mapping(reasons))


def _roles(parts: Sequence[Part], flags: Flags) -> dict[str, tuple[Role, str]]:
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


def _measures(logs: Sequence[Part], roles: Mapping[str, tuple[Role, str]]) -> tuple[str, ...]:
    """Take measures that no role of another file forbids; a role of behaviour gives way."""
    names = dict.fromkeys(n for p in logs for n in p.measures)
    return tuple(n for n in names if n not in roles)


def _sources(parts: Sequence[Part]) -> tuple[tuple[Source, ...], dict[str, str]]:
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


def _outcomes(parts: Sequence[Part]) -> tuple[Outcome, ...]:
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


def _objective(parts: Sequence[Part], outcomes: Sequence[Outcome]) -> tuple[Objective, str]:
    if outcomes:
        return "retention", "a file tells who left"
    if any(p.is_purchase for p in parts):
        return "retention", "some of the events are purchases: who comes back?"
    if any(p.event == "usage" for p in parts):
        return "adoption", "the events are the use of a product"
    return "engagement", "the events are activity"


def _name(home: Path, parts: Sequence[Part]) -> str:
    folders = {Path(home, path).parent.name for p in parts for path in p.file.paths}
    name = folders.pop() if len(folders) == 1 else parts[0].file.name
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "project"


def _entity_name(tied: Family, parts: Sequence[Part]) -> str:
    """Call the entity by its key, or by the file of its own where the key says nothing."""
    said = [w for w in words(tied.entity) if w not in known("id_words")]
    if said:
        return snake(tied.entity)
    named = next((p.file.name for p in parts if p.shape is Shape.TABLE), tied.entity)
    return "_".join([*(singular(w) for w in words(named)), *words(tied.entity)])
