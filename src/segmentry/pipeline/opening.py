"""Opening a project's sources: each is read, its keys are looked up, repeated events go.

What lives here: the order of that work, and all problems of all sources at once. What does not:
reading files (``engines``), and what becomes of the rows (``sources``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from segmentry.domain.audit import Audit
from segmentry.domain.formula import LABELS
from segmentry.domain.progress import Progress
from segmentry.domain.project import Project, Shape, Source
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureColumn
from segmentry.engines.base import Engine, Relation
from segmentry.errors import ProjectFileError
from segmentry.features.choose import is_feature
from segmentry.pipeline import events as of_events
from segmentry.pipeline import tables as of_tables
from segmentry.pipeline.changes import OPEN
from segmentry.pipeline.lookups import looked_up
from segmentry.pipeline.refusals import refused
from segmentry.pipeline.repeats import once_each, own_columns


def opened_sources(
    project: Project,
    engine: Engine,
    audit: Audit,
    allow_bad_rows: bool,  # noqa: FBT001 - one of the arguments handed on
    progress: Progress,
    like: Sequence[FeatureColumn] | None,
) -> list[Relation]:
    """Open every source; report the problems of all of them at once.

    Raises
    ------
    ProjectFileError
        With file-independent keys; the reader of the project file adds lines.
    DataError
    """
    roles = of_events.read_roles(project)
    kinds = of_tables.role_kinds(like) if like is not None else {}
    kinds |= dict.fromkeys(project.features.measures, "number")
    relations: list[Relation] = []
    problems: list[ProjectFileError] = of_events.unknown_features(project)
    problems += refused(project, engine) if not problems else []
    if problems and project.sources[0].connection is not None:
        # Nothing is read from a database for a run that cannot be.
        raise ProjectFileError.all_of(problems)
    for i, source in enumerate(project.sources):
        progress.advance(i, len(project.sources))
        key = f"sources[{i}]"
        try:
            relation = open_source(
                source, project, engine, audit, allow_bad_rows, roles, kinds, key=key
            )
            relations.append(looked_up(relation, project, engine, audit, place=key))
        except ProjectFileError as error:
            problems += error.problems or (error,)
    problems += _unknown_roles(project, relations, like) if not problems else []
    if problems:
        raise ProjectFileError.all_of(problems)
    relations = once_each(relations, engine, audit)
    wanted = frozenset(n for n, r in roles.items() if r is not Role.ID)
    return [own_columns(r, wanted) if r.source.deduplicate == "rows" else r for r in relations]


def open_source(
    source: Source,
    project: Project,
    engine: Engine,
    audit: Audit,
    allow_bad_rows: bool,  # noqa: FBT001 - one of the arguments handed on
    roles: Mapping[str, Role],
    kinds: Mapping[str, str],
    *,
    key: str,
) -> Relation:
    """Open one source with the columns that it is asked for.

    A table of changes is read as a log is, with all of its columns beside the fields: each is an
    attribute, unless its role is *id*. So is a log whose rows are compared as a whole.
    """
    folder = str(project.folder)
    asked = source
    if source.shape is Shape.CHANGES:
        asked = source.plain(Shape.EVENTS, source.columns)
    if source.shape is Shape.CHANGES or source.deduplicate == "rows":
        bare = engine.open(
            asked, folder=folder, audit=Audit(), allow_bad_rows=True, roles={}, key=key
        )
        given = roles
        if source.deduplicate == "rows":
            # An id tells two events apart, whatever else it is good for.
            given = {n: r for n, r in roles.items() if r is not Role.ID}
        mapped = set(source.columns.values()) if source.shape is Shape.CHANGES else set()
        roles = {n: given.get(n, Role.CLUSTER) for n in bare.columns if n not in mapped}
    relation = engine.open(
        asked,
        folder=folder,
        audit=audit,
        allow_bad_rows=allow_bad_rows,
        roles=roles,
        kinds=kinds,
        key=key,
    )
    return replace(relation, source=source)


def _unknown_roles(
    project: Project, relations: Sequence[Relation], like: Iterable[FeatureColumn] | None
) -> list[ProjectFileError]:
    """Refuse roles of what is neither a column nor a feature.

    Existing segments are compared with, and weights count, when segments are found: neither need be
    there for others.
    """
    columns = [c for r in relations for c in r.columns]
    columns += [f"{r.source.name}{OPEN}" for r in relations if r.source.shape is Shape.CHANGES]
    roles = project.features.roles
    is_needed = {n: like is None or roles[n] is not Role.WEIGHT for n in roles}
    given = {n: f"features.roles.{n}" for n in roles if is_needed[n]}
    given |= {n: f"features.measures[{i}]" for i, n in enumerate(project.features.measures)}
    given |= {o.column: f"outcomes[{i}].column" for i, o in enumerate(project.outcomes) if o.column}
    given |= {n: f"harmonise.{n}" for n in project.harmonise if n not in LABELS}
    existing = project.segments.existing
    if existing is not None and like is None:
        given[existing] = "segments.existing"
    elif existing is not None:
        given.pop(existing, None)
    sources = ", ".join(r.source.name for r in relations)
    return [
        ProjectFileError.missing_column(name, columns, source=sources, key=key)
        for name, key in given.items()
        if name not in columns and not is_feature(name, project.features, project.windows)
    ]
