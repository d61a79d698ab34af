"""The column of the segments that a project already has: which it is, and what it holds.

What lives here: finding, refusing and reading it. What does not: the comparison (``existing``).
"""

from __future__ import annotations

import numpy as np

from segmentry.domain.project import Project
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureTable
from segmentry.errors import ProjectFileError, nearest

KEY = "segments.existing"

MOST_SEGMENTS = 200
"""More than this name entities or places; nobody acts on so many segments."""

Labels = tuple[str | None, ...]
"""An existing segment for each entity; None where it has none."""


def existing_column(table: FeatureTable, name: str) -> str | None:
    """Find the column of existing segments, also where its name was taken by a feature."""
    found = [c.name for c in table.with_role(Role.OVERLAY)]
    alike = [n for n in found if n.startswith(f"{name} (")]
    return name if name in found else next(iter(alike), None)


def unusable(project: Project, table: FeatureTable) -> list[ProjectFileError]:
    """Refuse a column of existing segments that is not there, or that holds no segments."""
    name = project.segments.existing
    if name is None:
        return []
    column = existing_column(table, name)
    if column is None:
        known = [c.name for c in table.with_role(Role.OVERLAY, Role.CLUSTER, Role.OUTCOME)]
        what, hint = f"no column {name!r} lies beside the entities", nearest(name, known)
    else:
        what, hint = _no_segments(table, column), "name a column of few texts or whole numbers"
    return [ProjectFileError(what, code="E1002", key=KEY, hint=hint)] if what else []


def _no_segments(table: FeatureTable, column: str) -> str:
    """Say why the values of a column are no segments; nothing where they may be."""
    if table.column(column).kind is Kind.NUMBER:
        values = table.numbers(column)
        if (values[~np.isnan(values)] % 1.0 != 0.0).any():
            return f"{column!r} holds amounts, not segments"
    count = len({v for v in labels_of(table, column) if v is not None})
    if not count:
        return f"no entity has a value in {column!r}"
    if count > MOST_SEGMENTS:
        return (
            f"{column!r} has {count:,} different values, and at most {MOST_SEGMENTS} are segments"
        )
    return ""


def labels_of(table: FeatureTable, column: str) -> Labels:
    """Give the existing segment of each entity; whole numbers are written as such."""
    if table.column(column).kind is Kind.NUMBER:
        return tuple(None if np.isnan(v) else f"{v:.0f}" for v in table.numbers(column))
    codes, levels = table.categories(column)
    return tuple(levels[c] if c >= 0 else None for c in codes)
