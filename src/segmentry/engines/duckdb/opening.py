"""A source on its way from raw columns to a typed relation: what it asks of its columns, as SQL.

What lives here: reading the expressions of a source and writing the query of its relation. What
does not: how a column answers a demand (``columns``), and what is told of it (``badness``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from segmentry.domain.project import NUMBER_FIELDS, ROW_NUMBER, Shape, Source
from segmentry.domain.role import Role
from segmentry.engines.base import ENTITY_ID, ROLE_PREFIX
from segmentry.engines.duckdb.cleaning import counted, suspect
from segmentry.engines.duckdb.columns import Columns
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.native import INTEGERS, OTHER_NUMBERS
from segmentry.engines.duckdb.raw import Raw
from segmentry.engines.duckdb.typed import Typed
from segmentry.engines.expressions import Demand, Expression, Reference, quoted, read_expression
from segmentry.errors import EngineError, ProjectFileError

FIELD_DEMANDS = {
    "entity": Demand.ENTITY,
    ENTITY_ID: Demand.ENTITY,
    "time": Demand.TIME,
    "until": Demand.TIME,
    "order": Demand.HOLDER,
    "session": Demand.HOLDER,
    **dict.fromkeys(NUMBER_FIELDS, Demand.NUMBER),
    # True and false count as 1 and 0.
    "reopened": Demand.ANY,
    "escalated": Demand.ANY,
}
"""What a mapped field needs to be; every other one is a label, so it is taken as text."""

KIND_DEMANDS = {"number": Demand.NUMBER, "text": Demand.TEXT, "time": Demand.TIME}

RESULTS = {
    "where": "true or false",
    "time": "a date or time",
    "until": "a date or time",
    **dict.fromkeys(NUMBER_FIELDS, "a number"),
}
"""What the result of an expression has to be."""


class Opening:
    """The expressions of a source over its raw columns."""

    def __init__(
        self,
        connection: Connection,
        source: Source,
        raw: Raw,
        key: str,
        *,
        roles: Mapping[str, Role] | None,
        kinds: Mapping[str, str] | None,
        functions: frozenset[str],
    ) -> None:
        self._connection = connection
        self._source = source
        self._raw = raw
        self._key = key
        self._roles = roles
        self._kinds = kinds or {}
        self._functions = functions
        self._outputs, self._where = self._read()
        self._raw = self._looked_through()
        self._columns = Columns(connection, self._raw, source.types)

    @property
    def entity(self) -> str | None:
        """Name the output column that is the key."""
        mapped = self._source.columns.get("entity")
        return None if mapped in {None, ROW_NUMBER} else self._entity_name

    @property
    def _is_mapped(self) -> bool:
        return self._source.shape is Shape.EVENTS and bool(self._source.columns)

    @property
    def _entity_name(self) -> str:
        return "entity" if self._is_mapped else ENTITY_ID

    def _read(self) -> tuple[dict[str, Expression], Expression | None]:
        """Read every expression of the source; refuse all that cannot be read, at once."""
        problems = self._unknown_types()
        outputs: dict[str, Expression] = {}
        for field, sql in self._source.columns.items():
            if sql != ROW_NUMBER:
                name = self._entity_name if field == "entity" else field
                demand = FIELD_DEMANDS.get(field, Demand.TEXT)
                found = self._expression(sql, f"columns.{field}", demand, problems)
                outputs |= {name: found} if found else {}
        where = self._source.where
        condition = self._expression(where, "where", Demand.ANY, problems) if where else None
        if problems:
            raise ProjectFileError.all_of(problems)
        return {**outputs, **self._own_columns(outputs)}, condition

    def _expression(
        self, sql: str, key: str, demand: Demand, problems: list[ProjectFileError]
    ) -> Expression | None:
        try:
            return read_expression(
                sql,
                self._raw.columns,
                key=f"{self._key}.{key}",
                source=self._source.name,
                demand=demand,
                functions=self._functions,
            )
        except ProjectFileError as error:
            problems.extend(error.problems or (error,))
            return None

    def _unknown_types(self) -> list[ProjectFileError]:
        known, source = self._raw.columns, self._source
        return [
            ProjectFileError.missing_column(
                name, known, source=source.name, key=f"{self._key}.types.{name}"
            )
            for name in source.types
            if name not in known
        ]

    def _own_columns(self, mapped: Mapping[str, Expression]) -> dict[str, Expression]:
        """Give the source's own columns that lie beside the mapped ones."""
        if self._is_mapped:
            return {
                f"{ROLE_PREFIX}{name}": self._own(name)
                for name, role in (self._roles or {}).items()
                if role is not Role.ID and name in self._raw.columns
            }
        key = mapped[ENTITY_ID].plain if ENTITY_ID in mapped else None
        return {self._own_name(c): self._own(c) for c in self._raw.columns if c != key}

    def _looked_through(self) -> Raw:
        """Find the texts that can be taken as they lie: once, instead of on every later scan."""
        used = {r.column for e in self._expressions for r in e.references}
        known = self._raw.columns.values()
        texts = [c for c in known if c.name in used and c.type == "VARCHAR" and not c.is_loose]
        found = counted(
            self._connection,
            self._raw.table,
            {c.name: quoted(c.name) for c in texts},
            [suspect("value")],
        )
        clean = {c.name: replace(c, is_clean=True) for c in texts if found[c.name] == (0,)}
        return replace(self._raw, columns={**self._raw.columns, **clean})

    def _own_name(self, column: str) -> str:
        # The key is called entity_id in every table, so another column of that name gives way.
        is_taken = bool(self._source.columns) and column.lower() == ENTITY_ID
        name = column
        while is_taken and name in self._raw.columns:
            name += "_"
        return name

    def _own(self, column: str) -> Expression:
        demand = KIND_DEMANDS.get(self._kinds.get(column, ""), Demand.ANY)
        return Expression(column, f"features.roles.{column}", (Reference(column, demand),))

    @property
    def _expressions(self) -> list[Expression]:
        return [*self._outputs.values(), *([self._where] if self._where else [])]

    def check(self) -> None:
        """Refuse expressions that the engine cannot carry out, all at once.

        Raises
        ------
        ProjectFileError
            E1005 for each.
        """
        self._columns.prepare(r for e in self._expressions for r in e.references)
        named = [*self._outputs.items(), *([("where", self._where)] if self._where else [])]
        # A column by itself can only fail where its type is asked for.
        # Where nothing is mapped yet, a column may be called time or amount and be neither.
        wanted = RESULTS if self._is_mapped else {}
        checked = [(wanted.get(n) if e is not self._where else RESULTS["where"], e)
                   for n, e in named]  # fmt: skip
        risky = [(w, e) for w, e in checked if not e.plain or w is not None]
        problems = [p for w, e in risky if (p := self._problem(w, e)) is not None]
        if problems:
            raise ProjectFileError.all_of(problems)

    def _problem(self, wanted: str | None, expression: Expression) -> ProjectFileError | None:
        written, inner = expression.written(_alias), self._inner([expression])
        try:
            rows = self._connection.rows(f"DESCRIBE SELECT {written} AS result FROM {inner}")
        except EngineError as error:
            what = f"{expression.sql!r} cannot be computed: {error.what}"
        else:
            found = str(rows[0][1])
            if wanted is None or _fits(found, wanted):
                return None
            what = f"{expression.sql!r} must give {wanted}, and gives {found}"
        return ProjectFileError(what, code="E1005", where=expression.key, key=expression.key)

    def _inner(self, expressions: list[Expression]) -> str:
        """Write the subquery that gives each reference its typed value."""
        references = dict.fromkeys(r for e in expressions for r in e.references)
        values = ",\n".join(
            f"{self._columns.typed(r).sql} AS {quoted(_alias(r))}" for r in references
        )
        return f"(SELECT {values}\nFROM {quoted(self._raw.table)})"

    @cached_property
    def statement(self) -> str:
        """Write the typed relation as a query."""
        outputs = self._outputs.items()
        if self._where is None and all(e.plain for _, e in outputs):
            # Without a query in the query, which thousands of columns are slow to pass through.
            typed = ((n, self._columns.typed(e.references[0]).sql) for n, e in outputs)
            values = ",\n".join(f"{sql} AS {quoted(n)}" for n, sql in typed)
            return f"SELECT {values}\nFROM {quoted(self._raw.table)}"
        values = ",\n".join(f"{e.written(_alias)} AS {quoted(n)}" for n, e in outputs)
        where = f"\nWHERE {self._where.written(_alias)}" if self._where else ""
        return f"SELECT {values}\nFROM {self._inner(self._expressions)}{where}"

    @cached_property
    def n_left_out(self) -> int:
        """Count the rows that ``where`` leaves out."""
        if self._where is None:
            return 0
        inner, where = self._inner([self._where]), self._where.written(_alias)
        kept = self._connection.rows(f"SELECT count(*) FROM {inner} WHERE {where}")
        return self._raw.n_rows - int(kept[0][0])

    @cached_property
    def used(self) -> dict[Reference, Typed]:
        """Give the references whose bad values count."""
        used = [e for n, e in self._outputs.items() if self._is_used(n, e)]
        used += [self._where] if self._where else []
        return {r: self._columns.typed(r) for e in used for r in e.references}

    def _is_used(self, name: str, expression: Expression) -> bool:
        if self._is_mapped or name == ENTITY_ID:
            return True
        return self._roles is not None and self._roles.get(expression.sql) is not Role.ID

    @property
    def ways(self) -> dict[str, str]:
        """Name, for each column that needs it remembered, the way in which it was read."""
        return {r.column: t.way for r, t in self.used.items() if t.way is not None}


def _alias(reference: Reference) -> str:
    return f"{reference.demand} {reference.column}"


def _fits(type_: str, wanted: str) -> bool:
    if wanted == "true or false":
        return type_ == "BOOLEAN"
    if wanted == "a number":
        return type_ in INTEGERS | OTHER_NUMBERS | {"BOOLEAN"} or type_.startswith("DECIMAL")
    return type_ == "DATE" or type_.startswith("TIMESTAMP")
