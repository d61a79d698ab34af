"""What every search for findings is given: the sample, all rows, and what the columns mean.

What lives here: the value, and reading a project's expressions so that they can be asked of all
rows. What does not: any search.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar, cast

from segmentry.domain.project import ROW_NUMBER, Project, Shape, Source
from segmentry.domain.role import Role
from segmentry.errors import ProjectFileError, SegmentryError
from segmentry.projectfile.findings.rows import Rows
from segmentry.projectfile.names import known, singular
from segmentry.projectfile.survey import Column, Survey

_T = TypeVar("_T")


@dataclass(frozen=True)
class Look:
    """A source, seen twice: a sample in memory (``survey``) and all of its rows (``rows``).

    ``roles`` are those in force; ``advised`` are a fresh guess's, which differ where somebody
    changed the project file, and ``reasons`` say why, by column.
    """

    survey: Survey
    rows: Rows
    project: Project
    source: Source
    today: datetime
    advised: Mapping[str, Role] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What several searches ask alike, once answered."""

    def once(self, name: str, answer: Callable[[], _T]) -> _T:
        """Give an answer that is worked out once, however many searches ask."""
        if name not in self.answers:
            self.answers[name] = answer()
        return cast("_T", self.answers[name])

    @property
    def is_events(self) -> bool:
        """Whether an entity may have many rows: events, or states one after the other."""
        return self.source.shape is not Shape.TABLE

    @property
    def n_rows(self) -> int:
        """Rows in all."""
        return self.rows.n_rows

    @property
    def is_whole(self) -> bool:
        """Whether the sample holds all rows, so that what it shows is exact."""
        return self.survey.table is None

    @property
    def roles(self) -> Mapping[str, Role]:
        """The roles in force."""
        return self.project.features.roles

    def role(self, column: str) -> Role:
        """Give the role of a table's column; what is not listed shapes the segments."""
        return self.roles.get(column, Role.CLUSTER)

    def field(self, name: str) -> Column | None:
        """Give the column that a field is mapped to, where it is a plain column."""
        sql = self.source.columns.get(name)
        return self.survey.get(sql) if sql in self.survey.names else None

    def sql(self, name: str) -> str | None:
        """Write a field so that it can be asked of all rows; None where it is not mapped."""
        sql = self.source.columns.get(name)
        return None if sql is None or sql == ROW_NUMBER else self._checked(sql, name)

    @cached_property
    def entity(self) -> str | None:
        """The entity, as SQL over the rows."""
        return self.sql("entity")

    @cached_property
    def kept(self) -> str:
        """The rows that the project keeps: those with an entity that ``where`` lets through."""
        parts = [f"{self.entity} IS NOT NULL"] if self.entity else []
        parts += [self.where] if self.where else []
        return " AND ".join(parts) or "true"

    @cached_property
    def where(self) -> str | None:
        """The condition in force, as SQL over the rows; None where there is none, or none known."""
        if self.source.where is None:
            return None
        checked = self._checked(self.source.where, "where")
        return f"({checked})" if checked else None

    @property
    def used(self) -> frozenset[str]:
        """The columns that the fields of events use up."""
        return frozenset().union(*map(self.columns_in, self.source.columns.values()))

    def columns_in(self, sql: str) -> frozenset[str]:
        """Name the columns that an expression refers to; none where it cannot be read."""
        return self.once(f"columns in {sql}", lambda: self._columns_in(sql))

    def _columns_in(self, sql: str) -> frozenset[str]:
        from segmentry.engines.expressions import read_expression

        if sql == ROW_NUMBER:
            return frozenset()
        try:
            read = read_expression(
                sql, self.rows.names, key="", source=self.source.name, functions=self._functions
            )
        except ProjectFileError:
            return frozenset()
        return frozenset(reference.column for reference in read.references)

    def filled(self, columns: Sequence[Column]) -> list[int]:
        """Count the rows that hold a value of each column, as the survey reads them."""
        if self.is_whole:
            return [c.n for c in columns]
        return self.rows.count_values([c.name for c in columns])

    def is_used(self, column: Column) -> bool:
        """Tell whether anything is made of a column."""
        if not self.is_events:
            return self.role(column.name) is not Role.ID
        role = self.roles.get(column.name, Role.ID)
        return column.name in self.source.columns.values() or role is not Role.ID

    @property
    def features(self) -> tuple[Column, ...]:
        """The columns of a table that shape the segments."""
        if self.is_events:
            return ()
        key = self.source.columns.get("entity")
        return tuple(
            c for c in self.survey.columns if c.name != key and self.role(c.name) is Role.CLUSTER
        )

    def _checked(self, sql: str, name: str) -> str | None:
        """Read an expression as a run would; None where it cannot be asked of these rows."""
        from segmentry.engines.expressions import read_expression

        try:
            read = read_expression(
                sql, self.rows.names, key=name, source=self.source.name, functions=self._functions
            )
            written = read.written(lambda reference: reference.column)
            self.rows.ask(f"({written})", "LIMIT 0")
        except (ProjectFileError, SegmentryError):
            # The run will tell what is wrong with it; here it only means: not known.
            return None
        return written

    @cached_property
    def _functions(self) -> frozenset[str]:
        found = self.rows.ask(
            "DISTINCT lower(function_name)",
            "WHERE function_type IN ('scalar', 'macro')",
            table="duckdb_functions()",
        )
        return frozenset(str(row[0]) for row in found)


def says(column: Column, *wanted: str) -> bool:
    """Tell whether a column's name holds one of some words, in the singular or plural."""
    return bool(
        {singular(w) for w in column.words} & set(wanted) or set(column.words) & set(wanted)
    )


def head(column: Column) -> str:
    """Give the last word of a name that is no id word and no number: what it speaks of."""
    names = [w for w in column.words if not w.isdigit() and w not in known("id_words")]
    return singular(names[-1]) if names else ""
