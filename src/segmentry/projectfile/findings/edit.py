"""Edits of a project that act on a finding: one value each.

What lives here: what an edit is, how it reads, and the project with it. What does not: writing it
into the text of a project file (``amend``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from segmentry.domain.project import Project, Source, frozen_mapping
from segmentry.domain.role import Role


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a project file.

    ``where`` adds a condition of rows to keep, ``role`` gives ``name`` (a column) a role,
    ``field`` maps ``name`` (a canonical field) to an expression, ``deduplicate`` sets that key.
    """

    what: Literal["where", "role", "field", "deduplicate"]
    value: str
    name: str = ""

    def __str__(self) -> str:
        """Read as the line of the project file that it asks for."""
        if self.what == "role":
            return f"features.roles.{self.name}: {self.value}"
        if self.what == "field":
            return f"columns.{self.name}: {self.value}"
        return f"{self.what}: {self.value}"


def applied(project: Project, edit: Edit, index: int | None = None) -> Project:
    """Give the project with an edit: of one source, or of all where ``index`` is None."""
    if edit.what == "role":
        roles = {**project.features.roles, edit.name: Role(edit.value)}
        return replace(project, features=replace(project.features, roles=frozen_mapping(roles)))
    sources = tuple(
        _edited(source, edit) if index in {None, i} else source
        for i, source in enumerate(project.sources)
    )
    return replace(project, sources=sources)


def _edited(source: Source, edit: Edit) -> Source:
    if edit.what == "where":
        return replace(source, where=both(source.where, edit.value))
    if edit.what == "deduplicate":
        return replace(source, deduplicate="last")
    return replace(source, columns=frozen_mapping({**source.columns, edit.name: edit.value}))


def both(first: str | None, second: str) -> str:
    """Join two conditions, so that rows have to meet both.

    Examples
    --------
    >>> both(None, "a > 0"), both("a > 0 or b", "c is not null")
    ('a > 0', '(a > 0 or b) and c is not null')
    """
    if not first:
        return second
    either = re.search(r"\bor\b", first, re.IGNORECASE)
    return f"({first}) and {second}" if either else f"{first} and {second}"


def holds(project: Project, source: Source, edit: Edit) -> bool:
    """Tell whether a project says already what an edit asks for."""
    if edit.what == "role":
        return project.features.roles.get(edit.name) == edit.value
    if edit.what == "field":
        return source.columns.get(edit.name) == edit.value
    if edit.what == "deduplicate":
        return source.deduplicate == edit.value
    return source.where is not None and edit.value in source.where
