"""Ibis expressions as PostgreSQL, and the functions of PostgreSQL that Ibis has no name for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from segmentry.engines.base import Capabilities
from segmentry.engines.typed.builtin import declared
from segmentry.engines.typed.opening import SOURCE_REFUSALS
from segmentry.engines.typed.statement import written
from segmentry.engines.typed.writer import Dialect

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.expr.schema import Schema

NAME = "PostgreSQL"

CAPABILITIES = Capabilities(
    {
        **SOURCE_REFUSALS,
        "key: path": "a file lies outside of the database",
        "greatest of texts": "the database sorts texts by a language of its own",
        "least of texts": "the database sorts texts by a language of its own",
    }
)


def compiled(expression: ir.Table) -> str:
    """Write an expression as one statement.

    Raises
    ------
    EngineError
        E3001 for what Ibis cannot write for PostgreSQL.
    """
    return written(expression, _compiler(), NAME)


@cache
def _compiler() -> Any:  # noqa: C901 - one short method for each construct
    import sqlglot.expressions as sge
    from ibis.backends.sql.compilers.postgres import PostgresCompiler

    class Compiler(PostgresCompiler):  # type: ignore[misc]
        """Ibis' compiler, but for what it writes that is not equal on other engines."""

        __slots__ = ()

        def visit_Cast(self, op: Any, *, arg: Any, to: Any) -> Any:  # noqa: N802 - Ibis' name
            if op.arg.dtype.is_floating() and to.is_decimal():
                # The cast itself keeps 15 digits; as text a number has all that tell it apart.
                arg = sge.Cast(this=arg, to=sge.DataType.build("text"))
            if op.arg.dtype.is_boolean() and to.is_numeric():
                # PostgreSQL makes four-byte numbers of true and false, and no others.
                arg = sge.Cast(this=arg, to=sge.DataType.build("int"))
            return super().visit_Cast(op, arg=arg, to=to)

        def visit_SortKey(self, op: Any, *, arg: Any, **more: Any) -> Any:  # noqa: N802
            return super().visit_SortKey(op, arg=by_bytes(op.arg, arg), **more)

        def visit_Less(self, op: Any, *, left: Any, right: Any) -> Any:  # noqa: N802
            return self.binop(sge.LT, by_bytes(op.left, left), right)

        def visit_LessEqual(self, op: Any, *, left: Any, right: Any) -> Any:  # noqa: N802
            return self.binop(sge.LTE, by_bytes(op.left, left), right)

        def visit_Greater(self, op: Any, *, left: Any, right: Any) -> Any:  # noqa: N802
            return self.binop(sge.GT, by_bytes(op.left, left), right)

        def visit_GreaterEqual(self, op: Any, *, left: Any, right: Any) -> Any:  # noqa: N802
            return self.binop(sge.GTE, by_bytes(op.left, left), right)

    def by_bytes(op: Any, written: Any) -> Any:
        """Sort texts by their bytes, as other engines do, whatever language the database has."""
        if not op.dtype.is_string():
            return written
        return sge.Collate(this=written, expression=sge.to_identifier("C", quoted=True))

    return Compiler()


def type_name(type_: Any) -> str:
    """Write a type as PostgreSQL names it; texts sort by their bytes, as everywhere else."""
    from ibis.backends.sql.datatypes import PostgresType

    if type_.is_decimal():
        # Without digits said, so that nothing is rounded on its way into a table.
        return "numeric"
    name = str(PostgresType.to_string(type_))
    return f'{name} COLLATE "C"' if type_.is_string() else name


def table_of(name: str, schema: Schema, source: object) -> ir.Table:
    """Give a table of the session as an expression."""
    import ibis.expr.operations as ops

    node = ops.DatabaseTable(name=name, schema=schema, source=source, namespace=ops.Namespace())
    return node.to_expr()


@cache
def dialect() -> Dialect:
    """Give what writing expressions needs: functions have the names that ``typed`` asks for."""
    functions: dict[str, Callable[..., Any]] = {
        "quotient": declared("int8div", ("int64", "int64"), "int64"),
        "trim": declared("btrim", ("string", "string"), "string"),
        "ltrim": declared("ltrim", ("string", "string"), "string"),
        "rtrim": declared("rtrim", ("string", "string"), "string"),
        "split_part": declared("split_part", ("string", "string", "int32"), "string"),
    }
    return Dialect(NAME, CAPABILITIES, functions)
