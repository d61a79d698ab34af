"""A source of typed columns on its way to a relation: its expressions read, refused or written.

What lives here: what a mapped field has to be, and all problems of a source at once. What does
not: how an engine finds its tables and types (its own room), single constructs (``scalars``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.project import NUMBER_FIELDS, ROW_NUMBER, Shape, Source, frozen_mapping
from segmentry.domain.role import Role
from segmentry.engines.base import ENTITY_ID, ROLE_PREFIX
from segmentry.engines.expressions import Demand, Expression, Reference, read_expression
from segmentry.engines.missing import BLANKS, WORDS
from segmentry.engines.typed.functions import WIDEST, as_text
from segmentry.engines.typed.rules import known_functions, writer_of
from segmentry.engines.typed.times import as_naive
from segmentry.engines.typed.values import NUMBERS, TIMES, Kind, Refused, as_float, kind_of
from segmentry.engines.typed.writer import Dialect
from segmentry.errors import ProjectFileError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

TYPES, ROW_NUMBERS, DEDUPLICATE = "types", "row_number", "deduplicate"
"""Options of a source that an engine may refuse, as its capabilities name them."""

NO_ORDER = "its rows have no order, so there is no first and no last"
TYPED_ALREADY = "its columns have types of their own, so no text is read as something else"

SOURCE_REFUSALS: Mapping[str, str] = frozen_mapping(
    {
        TYPES: TYPED_ALREADY,
        ROW_NUMBERS: f"{NO_ORDER}; map the column that tells entities apart",
        DEDUPLICATE: f"{NO_ORDER}; keep the rows that count in a view",
        "text": "what was written stays where it is, and is scored in this process",
    }
)
"""What sources of typed columns without an order refuse."""


@dataclass(frozen=True)
class Raw:
    """A source's own columns, under their own names."""

    table: ir.Table
    unread: Mapping[str, str] = field(default_factory=frozen_mapping)
    """Columns of a type that is not read, and that type."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Name all columns, those that are not read among them."""
        return (*self.table.columns, *self.unread)


def refused_options(source: Source, key: str, dialect: Dialect) -> ProjectFileError:
    """Refuse the options of a source that an engine cannot carry out, all at once."""
    asked = {
        TYPES: bool(source.types),
        ROW_NUMBERS: source.columns.get("entity") == ROW_NUMBER
        or (source.shape is Shape.TABLE and "entity" not in source.columns),
        DEDUPLICATE: source.deduplicate is not None,
    }
    places = {ROW_NUMBERS: "columns.entity"}
    problems = [
        ProjectFileError(
            f"{option!r} is not possible on {dialect.engine}: {reason}",
            code="E1009",
            where=source.name,
            key=f"{key}.{places.get(option, option)}",
        )
        for option, is_asked in asked.items()
        if is_asked and (reason := dialect.capabilities.reason(option)) is not None
    ]
    return ProjectFileError.all_of(problems)


class Opening:
    """The expressions of a source over its columns, written for an engine."""

    def __init__(
        self,
        source: Source,
        raw: Raw,
        key: str,
        *,
        dialect: Dialect,
        compute: Callable[[ir.Table], pa.Table],
        roles: Mapping[str, Role] | None,
        kinds: Mapping[str, str] | None,
    ) -> None:
        self._source, self._raw, self._key = source, raw, key
        self._engine, self._compute = dialect.engine, compute
        bare = dialect.functions["trim"]
        self._columns = {n: _cleaned(raw.table[n], bare) for n in raw.table.columns}
        self._writer = writer_of(self._columns, dialect)
        self._roles, self._kinds = roles, kinds or {}
        refused = refused_options(source, key, dialect)
        self._problems: list[ProjectFileError] = list(refused.problems or _alone(refused))

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

    @cached_property
    def outputs(self) -> dict[str, Any]:
        """Write every column of the relation.

        Raises
        ------
        ProjectFileError
            E1004, E1005 or E1009 for each that cannot be, all at once.
        """
        found: dict[str, Any] = {}
        self._condition  # noqa: B018 - read here, so that its problems are told with the others
        for name, sql in self._source.columns.items():
            if sql == ROW_NUMBER:
                continue
            out = self._entity_name if name == "entity" else name
            value = self._written(sql, f"columns.{name}", self._shaper(name))
            found |= {} if value is None else {out: value}
        if not self._problems:
            found |= self._own_columns()
        if self._problems:
            raise ProjectFileError.all_of(self._problems)
        return found

    @cached_property
    def _condition(self) -> Any:
        where = self._source.where
        return None if where is None else self._written(where, "where", self._as_condition)

    @cached_property
    def table(self) -> ir.Table:
        """Write the relation: rows that ``where`` keeps, columns that are mapped."""
        outputs, rows = self.outputs, self._raw.table
        kept = rows if self._condition is None else rows.filter(self._condition)
        return kept.select(**outputs)

    def _written(self, sql: str, key: str, shaped: Callable[[Any], Any]) -> Any:
        try:
            expression = read_expression(
                sql,
                self._raw.columns,
                key=f"{self._key}.{key}",
                source=self._source.name,
                functions=known_functions(),
            )
            return shaped(self._value(expression))
        except ProjectFileError as error:
            self._problems.extend(error.problems or (error,))
        except Refused as reason:
            self._problems.append(self._refusal(sql, f"{self._key}.{key}", str(reason)))
        return None

    def _refusal(self, sql: str, key: str, reason: str) -> ProjectFileError:
        return ProjectFileError(
            f"{sql!r} cannot be computed on {self._engine}: {reason}",
            code="E1009",
            where=key,
            hint="write it another way, or in a view that the source reads",
            key=key,
        )

    def _value(self, expression: Expression) -> Any:
        for reference in expression.references:
            if reference.column in self._raw.unread:
                type_ = self._raw.unread[reference.column]
                raise Refused(f"column {reference.column!r} is of the type {type_}")
        if expression.tree is None:
            return self._columns[expression.references[0].column]
        return self._writer.write(expression.tree)

    def _shaper(self, name: str) -> Callable[[Any], Any]:
        if name in {"entity", ENTITY_ID}:
            # The second one is where a lookup starts: keys are read alike on both of its sides.
            return self._as_entity
        if name in {"time", "until"}:
            return _as_time
        return _as_number if name in NUMBER_FIELDS else as_text

    def _as_condition(self, value: Any) -> Any:
        if kind_of(value) is not Kind.TRUTH:
            raise Refused(f"it must give true or false, and gives {kind_of(value)}")
        return value

    def _as_entity(self, value: Any) -> Any:
        kind = kind_of(value)
        if kind is Kind.INTEGER:
            return value.cast("int64")
        if kind in NUMBERS and self._is_whole(value):
            return value.cast("int64")
        return as_text(value)

    def _is_whole(self, value: Any) -> bool:
        """Say whether a column of numbers with a fraction holds none that has one."""
        numbers = value.name("value").as_table()
        broken = numbers["value"] != numbers["value"].round(0)
        counted = self._compute(numbers.aggregate(n=numbers.count(where=broken)))
        return not counted["n"][0].as_py()

    def _own_columns(self) -> dict[str, Any]:
        """Give the source's own columns that lie beside the mapped ones."""
        if self._is_mapped:
            wanted = [n for n, r in (self._roles or {}).items() if r is not Role.ID]
            return {
                f"{ROLE_PREFIX}{n}": value
                for n in wanted
                if n in self._raw.columns and (value := self._own(n)) is not None
            }
        key = self._source.columns.get("entity")
        is_keyed = bool(self._source.columns)
        names = [n for n in self._raw.table.columns if n != key]
        return {_given_way(n, self._raw.columns) if is_keyed else n: self._own(n) for n in names}

    def _own(self, name: str) -> Any:
        wanted = self._kinds.get(name)
        at = f"features.roles.{name}"
        expression = Expression(name, at, (Reference(name, Demand.ANY),))
        try:
            value = self._value(expression)
            if wanted == "text":
                return as_text(value)
            if wanted == "number":
                return _as_number(value)
            return _as_time(value) if wanted == "time" else _canonical(value)
        except Refused as reason:
            self._problems.append(self._refusal(name, at, str(reason)))
            return None

    def tell_unread(self, audit: Audit) -> None:
        """Tell which columns of a table are left out for their type."""
        if self._is_mapped:
            return
        for name, type_ in self._raw.unread.items():
            audit.add(
                Finding(
                    "column_not_read",
                    f"{name} is of the type {type_}, which is not read",
                    source=self._source.name,
                    column=name,
                    done="left out; a view can give it a plain type",
                )
            )


def _cleaned(column: Any, trim: Callable[..., Any]) -> Any:
    """Write a text without blanks around it, null where it stands for nothing, as of files."""
    import ibis

    if not column.type().is_string():
        return column
    bare = trim(column, BLANKS)
    says = ~bare.lower().isin(["", *WORDS])
    return ibis.cases((says, bare), else_=ibis.null("string"))


def _alone(error: ProjectFileError) -> tuple[ProjectFileError, ...]:
    return (error,) if error.code == "E1009" else ()


def _given_way(name: str, columns: tuple[str, ...]) -> str:
    """Rename a column that is called as the key of every table is."""
    given = name
    while name.lower() == ENTITY_ID and given in columns:
        given += "_"
    return given


def _as_time(value: Any) -> Any:
    if kind_of(value) not in TIMES:
        raise Refused(f"it must give a date or time, and gives {kind_of(value)}")
    return as_naive(value) if kind_of(value) is Kind.DATE else value


def _as_number(value: Any) -> Any:
    if kind_of(value) not in NUMBERS | {Kind.TRUTH}:
        raise Refused(f"it must give a number, and gives {kind_of(value)}")
    # Ibis does not follow how many digits a computed decimal has.
    is_computed = kind_of(value) is Kind.DECIMAL and not _is_column(value)
    return value.cast(WIDEST) if is_computed else _canonical(value)


def _is_column(value: Any) -> bool:
    import ibis.expr.operations as ops

    return isinstance(value.op(), ops.Field)


def _canonical(value: Any) -> Any:
    kind = kind_of(value)
    if kind is Kind.INTEGER:
        return value.cast("int64")
    if kind is Kind.FLOAT:
        return as_float(value)
    return as_naive(value) if kind is Kind.DATE else value
