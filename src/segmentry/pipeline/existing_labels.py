"""The segments that rows have already: which column holds them, and what it holds.

What lives here: finding, refusing and reading them, from a project's column or as they were handed
in. What does not: the comparison (``existing``).
"""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Real
from typing import Any

import numpy as np

from segmentry.domain.project import Project
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureTable
from segmentry.errors import MathsError, ProjectFileError, nearest

KEY = "segments.existing"

MOST_SEGMENTS = 200
"""More than this name entities or places; nobody acts on so many segments."""

Labels = tuple[str | None, ...]
"""An existing segment for each entity; None where it has none."""


def existing_column(table: FeatureTable, project: Project) -> str | None:
    """Find the column of existing segments, also where its name was taken by a feature."""
    found = _columns(table, project)
    return found[0] if len(found) == 1 else None


def _columns(table: FeatureTable, project: Project) -> tuple[str, ...]:
    """Name the columns that a project may mean: its own name, or the one that it gave way to."""
    name = project.segments.existing
    beside = ("column", *(source.name for source in project.sources))
    meant = {name, *(f"{name} ({place})" for place in beside)}
    return tuple(c.name for c in table.with_role(Role.OVERLAY) if c.name in meant)


def unusable(project: Project, table: FeatureTable) -> list[ProjectFileError]:
    """Refuse a column of existing segments that is not there, or that holds no segments."""
    name = project.segments.existing
    if name is None:
        return []
    columns = _columns(table, project)
    if not columns:
        known = [c.name for c in table.with_role(Role.OVERLAY, Role.CLUSTER, Role.OUTCOME)]
        what, hint = f"no column {name!r} lies beside the entities", nearest(name, known)
    elif len(columns) > 1:
        told = " and ".join(map(repr, columns))
        what, hint = f"{name!r} may be {told}", "give one of the two columns another name"
    else:
        what = _no_segments(table, columns[0])
        hint = "name a column of few texts or whole numbers"
    return [ProjectFileError(what, code="E1002", key=KEY, hint=hint)] if what else []


def _no_segments(table: FeatureTable, column: str) -> str:
    """Say why the values of a column are no segments; nothing where they may be."""
    if table.column(column).kind is Kind.NUMBER:
        values = table.numbers(column)
        if (values[~np.isnan(values)] % 1.0 != 0.0).any():
            return f"{column!r} holds amounts, not segments"
    return _wrong_number(labels_of(table, column), repr(column))


def _wrong_number(labels: Iterable[str | None], called: str) -> str:
    """Say why labels are too few or too many for segments; nothing where they may be."""
    known = {label for label in labels if label is not None}
    if not known:
        return f"no entity has a value in {called}"
    if len(known) == 1:
        return f"{called} holds one value only, {known.pop()!r}, so that it tells nobody apart"
    if len(known) > MOST_SEGMENTS:
        return (
            f"{called} has {len(known):,} different values, and at most {MOST_SEGMENTS} are "
            "segments"
        )
    return ""


def labels_of(table: FeatureTable, column: str) -> Labels:
    """Give the existing segment of each entity; whole numbers are written as such."""
    if table.column(column).kind is Kind.NUMBER:
        return tuple(None if np.isnan(v) else f"{v:.0f}" for v in table.numbers(column))
    codes, levels = table.categories(column)
    return tuple(levels[c] if c >= 0 else None for c in codes)


def given_labels(existing: Any, n_rows: int) -> Labels | None:
    """Read existing segments that were handed in; None where there are none.

    Parameters
    ----------
    existing : array-like of shape (n_rows,) or None
        Texts, whole numbers or what else can be written; None, NaN and NaT are missing.
    n_rows : int

    Returns
    -------
    tuple of str or None

    Raises
    ------
    MathsError
        If there is not one for each row, or they are no segments: amounts, one value, or more than
        200 values.
    """
    if existing is None:
        return None
    given = np.asarray(existing, dtype=object)
    if given.shape != (n_rows,):
        msg = f"existing has shape {given.shape}, but there are {n_rows} rows"
        raise MathsError(msg)
    labels = tuple(map(_label, given))
    if wrong := _wrong_number(labels, "'existing'"):
        raise MathsError(wrong)
    return labels


def _label(value: Any) -> str | None:
    """Write a segment as a project's column would: a whole number as such."""
    # What is missing, such as NaN, does not equal itself; pandas' NA has no truth.
    if value is None or str(value) == "<NA>" or value != value:  # noqa: PLR0124
        return None
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    if value % 1 != 0:
        msg = f"'existing' holds amounts such as {value}, not segments"
        raise MathsError(msg)
    return f"{value:.0f}"
