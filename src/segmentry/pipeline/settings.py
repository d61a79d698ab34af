"""Settings that only the data can confirm."""

from __future__ import annotations

from segmentry.cluster.catalogue import METHODS
from segmentry.domain.project import Project
from segmentry.domain.role import Facet, Kind, Role
from segmentry.domain.table import FeatureTable
from segmentry.errors import ProjectFileError, nearest
from segmentry.pipeline.existing_labels import existing_column, unusable

FILLERS = (Role.CLUSTER, Role.OVERLAY)
"""Roles of columns by whose levels gaps may be filled: an outcome would leak into features, and so
would the segments that there are already."""

AFTER = ("active_after", "events_after", "value_after")
"""What is counted after the judging cut of events, whether or not a project names it."""

NO_OUTCOME = "name one below outcomes, or give a column the role 'outcome'"


def check_settings(project: Project, table: FeatureTable) -> None:
    """Refuse methods, weights, demands and columns of ``prepare`` that name nothing.

    Raises
    ------
    ProjectFileError
        With every such name at once.
    """
    methods = () if project.segments.methods == "auto" else project.segments.methods
    weighable = {*(c.name for c in table.columns), *map(str, Facet)}
    weighable |= {c.family for c in table.columns if c.family is not None}
    problems = [
        ProjectFileError(
            f"there is no method {name!r}",
            code="E1002",
            key="segments.methods",
            hint=nearest(name, METHODS),
        )
        for name in methods
        if name not in METHODS
    ]
    problems += [
        ProjectFileError(
            f"the weight {name!r} is of no feature or facet",
            code="E1002",
            key=f"segments.weights.{name}",
            hint=nearest(name, weighable),
        )
        for name in project.segments.weights
        if name not in weighable
    ]
    problems += _demands(project, table)
    problems += _guidance(project, table)
    problems += _preparation(project, table)
    problems += unusable(project, table)
    if problems:
        raise ProjectFileError.all_of(problems)


def _demands(project: Project, table: FeatureTable) -> list[ProjectFileError]:
    """Refuse outcomes and features that segments are asked about and that are not there."""
    asked = project.segments
    outcomes = [*(o.name for o in project.outcomes)]
    outcomes += [c.name for c in table.with_role(Role.OUTCOME)]
    problems = []
    if asked.must_differ_in is not None and asked.must_differ_in not in outcomes:
        problems.append(
            ProjectFileError(
                f"there is no outcome {asked.must_differ_in!r}",
                code="E1002",
                key="segments.must_differ_in",
                hint=nearest(asked.must_differ_in, outcomes) if outcomes else NO_OUTCOME,
            )
        )
    features = [c.name for c in table.with_role(Role.CLUSTER)]
    named = () if asked.act_upon == "auto" else asked.act_upon
    return problems + [
        ProjectFileError(
            f"{name!r} shapes no segment, so that it cannot tell any apart",
            code="E1002",
            key="segments.act_upon",
            hint=nearest(name, features),
        )
        for name in named
        if name not in features
    ]


def _guidance(project: Project, table: FeatureTable) -> list[ProjectFileError]:
    """Refuse to weigh features by no outcome, or with nobody left to judge by."""
    name, key = project.segments.guided_by, "segments.guided_by"
    if name is None:
        return []
    outcomes = [*(o.name for o in project.outcomes), *AFTER]
    outcomes += [c.name for c in table.with_role(Role.OUTCOME)]
    if name not in outcomes:
        what = f"there is no outcome {name!r}"
        return [ProjectFileError(what, code="E1002", key=key, hint=nearest(name, outcomes))]
    if project.split is None:
        what = "features that an outcome weighs need entities held out, to judge the segments by"
        return [ProjectFileError(what, code="E1002", key=key, hint="split: {train: 0.7}")]
    return []


def _preparation(project: Project, table: FeatureTable) -> list[ProjectFileError]:
    """Refuse what ``prepare`` says of columns that are not there, or not of that kind."""
    asked = project.prepare
    features = [c for c in table.with_role(Role.CLUSTER) if c.share is None]
    numbers = {c.name for c in features if c.kind is Kind.NUMBER}
    categories = {c.name for c in features if c.kind is Kind.CATEGORY}
    fillers = {c.name for c in table.with_role(*FILLERS) if c.kind is Kind.CATEGORY}
    existing = existing_column(table, project)
    fillers -= {existing}
    marked = () if asked.indicate_missing == "all" else asked.indicate_missing
    named = [
        ("impute.columns", asked.impute.columns, numbers, "number"),
        ("transform.columns", asked.transform.columns, numbers, "number"),
        ("scale.columns", asked.scale.columns, numbers, "number"),
        ("encode.columns", asked.encode.columns, categories, "category"),
        ("order", asked.order, categories, "category"),
        ("indicate_missing", marked, numbers | categories, "feature"),
    ]
    problems = [
        _unknown(f"there is no {kind} {name!r} to prepare", f"{key}.{name}", name, known)
        for key, names, known, kind in named
        for name in names
        if name not in known
    ]
    rules = {"impute": asked.impute.default}
    rules |= {f"impute.columns.{c}": rule for c, rule in asked.impute.columns.items()}
    problems += [
        _unknown(
            f"gaps cannot be filled by {rule.column!r}: it is no category that shapes or "
            "describes segments"
            + (", but holds those that there are" if rule.column == existing else ""),
            f"{key}.by",
            rule.column,
            fillers,
        )
        for key, rule in rules.items()
        if rule.column is not None and rule.column not in fillers
    ]
    return problems


def _unknown(what: str, key: str, name: str, known: set[str]) -> ProjectFileError:
    at = f"prepare.{key}"
    return ProjectFileError(what, code="E1002", key=at, hint=nearest(name, known))
