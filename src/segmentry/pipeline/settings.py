"""Settings that only the data can confirm."""

from __future__ import annotations

from segmentry.cluster.catalogue import METHODS
from segmentry.domain.project import Project
from segmentry.domain.role import Facet
from segmentry.domain.table import FeatureTable
from segmentry.errors import ProjectFileError, nearest


def check_settings(project: Project, table: FeatureTable) -> None:
    """Refuse methods and weights that name nothing.

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
    if problems:
        raise ProjectFileError.all_of(problems)
