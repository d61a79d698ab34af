"""Settings that only the data can confirm, and those that this version does not act on yet."""

from __future__ import annotations

from segmentry.cluster.search import METHODS
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.project import Project
from segmentry.domain.role import Facet
from segmentry.domain.table import FeatureTable
from segmentry.errors import ProjectFileError, nearest


def check_settings(project: Project, table: FeatureTable, audit: Audit) -> None:
    """Refuse methods and weights that name nothing; tell outcomes that are not measured.

    Raises
    ------
    ProjectFileError
        With every such name at once.
    """
    methods = () if project.segments.methods == "auto" else project.segments.methods
    weighable = {*(c.name for c in table.columns), *map(str, Facet)}
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
    if problems:
        raise ProjectFileError.all_of(problems)
    for outcome in project.outcomes:
        if outcome.event is not None:
            audit.add(_not_measured(outcome.name))


def _not_measured(name: str) -> Finding:
    return Finding(
        "outcome_not_measured",
        f"The outcome {name!r} is an event after the cut; this version measures outcomes that are "
        "columns of a source.",
        "warning",
        done="not measured",
    )
