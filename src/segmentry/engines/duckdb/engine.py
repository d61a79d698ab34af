"""The DuckDB engine: opening a source, telling what is bad in it, computing expressions.

What lives here: the order of the work and what is told of it. What does not: loading files
(``raw``), what values mean (``columns``), the connection and its errors (``connection``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.project import ROW_NUMBER, Shape, Source
from segmentry.domain.role import Role
from segmentry.engines.base import BAD_SHARE_LIMIT, ROLE_PREFIX, Relation
from segmentry.engines.duckdb.columns import Columns, Typed
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.raw import N_EXAMPLES, Raw, load
from segmentry.engines.expressions import (
    Demand,
    Expression,
    Reference,
    find_column,
    quoted,
    read_expression,
)
from segmentry.engines.files import find_files
from segmentry.errors import DataError, EngineError, ProjectFileError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

FIELD_DEMANDS = {
    "entity": Demand.ENTITY,
    "time": Demand.TIME,
    "amount": Demand.NUMBER,
    "quantity": Demand.NUMBER,
}
"""What a mapped field needs to be; every other one is a label, so it is taken as text."""

KIND_DEMANDS = {"number": Demand.NUMBER, "text": Demand.TEXT, "time": Demand.TIME}


class DuckDBEngine:
    """Reads files and computes expressions in this process."""

    name = "duckdb"

    def __init__(self, *, threads: int | None = None, scratch: Path | None = None) -> None:
        self._connection = Connection(threads=threads, scratch=scratch)
        self._n_opened = 0
        self._n_kept = 0

    def open(
        self,
        source: Source,
        *,
        folder: str,
        audit: Audit,
        allow_bad_rows: bool = False,
        roles: Mapping[str, Role] | None = None,
        kinds: Mapping[str, str] | None = None,
        key: str = "sources[0]",
    ) -> Relation:
        """Open a source (see ``Engine.open``)."""
        files = find_files(source.path, folder)
        self._n_opened += 1
        raw = load(self._connection, files, f"source_{self._n_opened}", audit)
        opening = _Opening(self._connection, source, raw, key, roles, kinds or {}, self._functions)
        opening.check()
        n_bad = opening.count_bad(audit, allow_bad_rows=allow_bad_rows)
        audit.facts.setdefault("date_formats", {})[source.name] = opening.date_formats
        name = f"source {self._n_opened} typed"
        self._connection.run(f"CREATE VIEW {quoted(name)} AS {opening.statement}")
        return Relation(
            source,
            self._connection.table(name),
            n_rows=raw.n_rows + raw.n_rejected,
            n_bad_rows=n_bad,
            n_left_out=opening.n_left_out,
            entity=opening.entity,
        )

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression."""
        return self._connection.to_arrow(expression)

    def keep(self, expression: ir.Table) -> ir.Table:
        """Compute an expression into a scratch table."""
        self._n_kept += 1
        return self._connection.keep(expression, f"kept_{self._n_kept}")

    def close(self) -> None:
        """Close the connection and remove its scratch files."""
        self._connection.close()

    @cached_property
    def _functions(self) -> frozenset[str]:
        rows = self._connection.rows(
            "SELECT DISTINCT lower(function_name) FROM duckdb_functions() "
            "WHERE function_type IN ('scalar', 'macro')"
        )
        return frozenset(str(r[0]) for r in rows)


class _Opening:
    """A source on its way from raw columns to a typed relation."""

    def __init__(
        self,
        connection: Connection,
        source: Source,
        raw: Raw,
        key: str,
        roles: Mapping[str, Role] | None,
        kinds: Mapping[str, str],
        functions: frozenset[str],
    ) -> None:
        self._connection = connection
        self._source = source
        self._raw = raw
        self._key = key
        self._roles = roles
        self._kinds = kinds
        self._functions = functions
        self._columns = Columns(connection, raw, source.types)
        self._outputs, self._where = self._read()

    @property
    def entity(self) -> str | None:
        """Name the output column that is the key."""
        mapped = self._source.columns.get("entity")
        if mapped is None or mapped == ROW_NUMBER:
            return None
        return self._entity_name

    @property
    def _is_mapped(self) -> bool:
        return self._source.shape is Shape.EVENTS and bool(self._source.columns)

    @property
    def _entity_name(self) -> str:
        return "entity" if self._is_mapped else "entity_id"

    def _read(self) -> tuple[dict[str, Expression], Expression | None]:
        """Read every expression of the source; refuse all that cannot be read, at once."""
        problems: list[ProjectFileError] = []

        def read(sql: str, key: str, demand: Demand) -> Expression | None:
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

        outputs = {
            self._entity_name if field == "entity" else field: read(
                sql, f"columns.{field}", FIELD_DEMANDS.get(field, Demand.TEXT)
            )
            for field, sql in self._source.columns.items()
            if sql != ROW_NUMBER
        }
        problems += [
            ProjectFileError.missing_column(
                name, self._raw.columns, source=self._source.name, key=f"{self._key}.types.{name}"
            )
            for name in self._source.types
            if name not in self._raw.columns
        ]
        where = self._source.where
        condition = read(where, "where", Demand.ANY) if where else None
        if problems:
            raise ProjectFileError.all_of(problems)
        found = {name: e for name, e in outputs.items() if e is not None}
        return {**found, **self._own_columns(found)}, condition

    def _own_columns(self, mapped: Mapping[str, Expression]) -> dict[str, Expression]:
        """Give the source's own columns that lie beside the mapped ones."""
        if self._is_mapped:
            roles = self._roles or {}
            found = {find_column(n, self._raw.columns): n for n, r in roles.items() if r is not Role.ID}
            return {
                f"{ROLE_PREFIX}{name}": self._own(column, name)
                for column, name in found.items()
                if column is not None
            }
        key = mapped["entity_id"].plain if "entity_id" in mapped else None
        return {
            self._own_name(c, mapped): self._own(c, c) for c in self._raw.columns if c != key
        }

    def _own_name(self, column: str, mapped: Mapping[str, Expression]) -> str:
        # The key is called entity_id in every table, so another column of that name gives way.
        return f"{column}_1" if mapped and column.lower() == "entity_id" else column

    def _own(self, column: str, name: str) -> Expression:
        demand = KIND_DEMANDS.get(self._kinds.get(name, ""), Demand.ANY)
        return Expression(column, f"features.roles.{name}", (Reference(column, demand),))

    def check(self) -> None:
        """Type what is referred to, and refuse expressions that the engine cannot carry out."""
        self._columns.prepare(r for e in self._expressions for r in e.references)
        problems = []
        for name, expression in (*self._outputs.items(), ("where", self._where)):
            if expression is None or (expression.plain and name not in FIELD_DEMANDS):
                continue
            problem = self._problem(name, expression)
            if problem is not None:
                problems.append(problem)
        if problems:
            raise ProjectFileError.all_of(problems)

    @property
    def _expressions(self) -> list[Expression]:
        return [*self._outputs.values(), *([self._where] if self._where else [])]

    def _problem(self, name: str, expression: Expression) -> ProjectFileError | None:
        try:
            described = self._connection.rows(
                f"DESCRIBE SELECT {self._written(expression)} AS result FROM {self._inner([expression])}"
            )
        except EngineError as error:
            return ProjectFileError(
                f"{expression.sql!r} cannot be computed: {error.what}",
                code="E1005",
                where=expression.key,
                key=expression.key,
            )
        found = str(described[0][1])
        wanted = {"where": _is_truth, "amount": _is_number, "quantity": _is_number, "time": _is_time}
        if name in wanted and not wanted[name](found):
            needs = {"where": "true or false", "time": "a date or time"}.get(name, "a number")
            return ProjectFileError(
                f"{expression.sql!r} must give {needs}, and gives {found}",
                code="E1005",
                where=expression.key,
                key=expression.key,
            )
        return None

    def _alias(self, reference: Reference) -> str:
        return f"{reference.demand} {reference.column}"

    def _written(self, expression: Expression) -> str:
        return expression.written(self._alias)

    def _inner(self, expressions: list[Expression]) -> str:
        """Write the subquery that gives each reference its typed value."""
        references = dict.fromkeys(r for e in expressions for r in e.references)
        values = ",\n".join(
            f"{self._columns.typed(r).sql} AS {quoted(self._alias(r))}" for r in references
        )
        return f"(SELECT {values}\nFROM {quoted(self._raw.table)})"

    @cached_property
    def statement(self) -> str:
        """Write the typed relation as a query."""
        if self._where is None and all(e.plain for e in self._outputs.values()):
            # Without a query in the query, which thousands of columns are slow to pass through.
            return f"SELECT {self._plain_outputs}\nFROM {quoted(self._raw.table)}"
        outputs = ",\n".join(f"{self._written(e)} AS {quoted(n)}" for n, e in self._outputs.items())
        where = f"\nWHERE {self._written(self._where)}" if self._where else ""
        return f"SELECT {outputs}\nFROM {self._inner(self._expressions)}{where}"

    @property
    def _plain_outputs(self) -> str:
        typed = {n: self._columns.typed(e.references[0]) for n, e in self._outputs.items()}
        return ",\n".join(f"{t.sql} AS {quoted(n)}" for n, t in typed.items())

    @cached_property
    def n_left_out(self) -> int:
        """Count the rows that ``where`` leaves out."""
        if self._where is None:
            return 0
        kept = self._connection.rows(
            f"SELECT count(*) FROM {self._inner([self._where])} WHERE {self._written(self._where)}"
        )
        return self._raw.n_rows - int(kept[0][0])

    def _used(self) -> dict[Reference, Typed]:
        """Give the references whose bad values count."""
        used = [e for n, e in self._outputs.items() if self._is_used(n, e)]
        used += [self._where] if self._where else []
        return {r: self._columns.typed(r) for e in used for r in e.references}

    def _is_used(self, name: str, expression: Expression) -> bool:
        if self._is_mapped or name == "entity_id":
            return True
        if self._roles is None or expression.plain is None:
            return False
        return self._roles.get(expression.plain) is not Role.ID

    @property
    def date_formats(self) -> dict[str, str]:
        """Name the date format of each column that was read by one."""
        patterns = {r.column: t.pattern for r, t in self._used().items()}
        return {column: pattern for column, pattern in patterns.items() if pattern is not None}

    def count_bad(self, audit: Audit, *, allow_bad_rows: bool) -> int:
        """Count and tell bad values and rejected rows; refuse too many of them."""
        used = self._used()
        for reference, typed in used.items():
            if typed.note and (" " in typed.note):
                audit.add(self._note(reference, typed))
        bad = {r: t for r, t in used.items() if t.n_bad}
        findings = [self._bad_values(r, t, allowed=allow_bad_rows) for r, t in bad.items()]
        if self._raw.n_rejected:
            findings.insert(0, self._bad_rows())
        for finding in findings:
            audit.add(finding)
        n_bad = self._raw.n_rejected + self._n_rows_with(bad)
        n_rows = self._raw.n_rows + self._raw.n_rejected
        if n_bad > BAD_SHARE_LIMIT * n_rows and not allow_bad_rows:
            raise self._too_many(findings, n_bad, n_rows)
        return n_bad

    def _n_rows_with(self, bad: Mapping[Reference, Typed]) -> int:
        if not bad:
            return 0
        either = " OR ".join(f"({t.bad})" for t in bad.values())
        sql = f"SELECT count(*) FILTER ({either}) FROM {quoted(self._raw.table)}"
        return int(self._connection.rows(sql)[0][0])

    def _note(self, reference: Reference, typed: Typed) -> Finding:
        is_ambiguous = "could all be read" in typed.note
        return Finding(
            "ambiguous_date" if is_ambiguous else "reading",
            f"{reference.column}: {typed.note}",
            severity="warning" if is_ambiguous else "info",
            source=self._source.name,
            column=reference.column,
        )

    def _bad_values(self, reference: Reference, typed: Typed, *, allowed: bool) -> Finding:
        column = self._raw.columns[reference.column]
        rows = self._connection.rows(
            f"SELECT row, value FROM (SELECT row_number() OVER () AS row, "
            f"CAST({column.sql} AS VARCHAR) AS value, {typed.bad} AS bad "
            f"FROM {quoted(self._raw.table)}) WHERE bad LIMIT {N_EXAMPLES}"
        )
        kind = {"integer": "number", "truth": "number", "instant": "date"}.get(typed.kind, typed.kind)
        kind = "date" if kind == "time" else kind
        return Finding(
            "bad_value",
            f"{reference.column} has {typed.n_bad} values that are no {kind}",
            severity="warning",
            source=self._source.name,
            column=reference.column,
            count=typed.n_bad,
            total=self._raw.n_rows,
            examples=tuple(f"row {row}, {reference.column}: {value!r}" for row, value in rows),
            done="counted as missing" + (", as --allow-bad-rows asks" if allowed else ""),
        )

    def _bad_rows(self) -> Finding:
        return Finding(
            "bad_row",
            f"{self._raw.n_rejected} rows are cut short, too long or damaged",
            severity="warning",
            source=self._source.name,
            count=self._raw.n_rejected,
            total=self._raw.n_rows + self._raw.n_rejected,
            examples=self._raw.rejected,
            done="left out",
        )

    def _too_many(self, findings: list[Finding], n_bad: int, n_rows: int) -> DataError:
        worst = max(findings, key=lambda f: f.count or 0)
        shown = f", such as {worst.examples[0]}" if worst.examples else ""
        return DataError(
            f"{n_bad} of {n_rows} rows are bad, more than {BAD_SHARE_LIMIT:.0%}: "
            f"{worst.sentence}{shown}",
            code="E2004",
            where=self._source.name,
            hint="mend the data, or go on without these values with --allow-bad-rows",
        )


def _is_number(type_: str) -> bool:
    return type_.rstrip("0123456789(),") in {
        "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
        "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN", "BIGNUM",
    }  # fmt: skip


def _is_truth(type_: str) -> bool:
    return type_ == "BOOLEAN"


def _is_time(type_: str) -> bool:
    return type_ == "DATE" or type_.startswith("TIMESTAMP")
