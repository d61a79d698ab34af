"""Ibis expressions as Spark SQL, its functions that Ibis has no name for, and its types."""

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

NAME = "Spark"

CAPABILITIES = Capabilities(
    {
        **SOURCE_REFUSALS,
        "floor of floating-point numbers": "numbers beyond 64 bits would be cut off",
        "ceil of floating-point numbers": "numbers beyond 64 bits would be cut off",
        "floating-point numbers cast to whole ones": "Spark cuts off where others round",
    }
)

_TYPES = {
    "tinyint": "int8",
    "smallint": "int16",
    "int": "int32",
    "bigint": "int64",
    "float": "float32",
    "double": "float64",
    "boolean": "boolean",
    "string": "string",
    "date": "date",
    "timestamp_ntz": "timestamp",
    "timestamp": "timestamp('UTC')",
}


def read_type(type_: str) -> str | None:
    """Give Ibis' name of a type of Spark; None where it is not read."""
    if type_.startswith("decimal"):
        return type_
    return "string" if type_.startswith(("char", "varchar")) else _TYPES.get(type_)


def compiled(expression: ir.Table) -> str:
    """Write an expression as one statement.

    Raises
    ------
    EngineError
        E3001 for what Ibis cannot write for Spark.
    """
    return written(expression, _compiler(), NAME)


@cache
def _compiler() -> Any:
    import ibis
    import sqlglot.expressions as sge
    from ibis.backends.sql.compilers.pyspark import PySparkCompiler
    from ibis.config import Config

    class Options(Config):  # type: ignore[misc]
        """What Ibis' own backend would have set: it needs pandas, and its compiler does not."""

        treat_nan_as_null: bool = False

    if ibis.options.pyspark is None:
        ibis.options.pyspark = Options()

    class Compiler(PySparkCompiler):  # type: ignore[misc]
        """Ibis' compiler, but for what it lacks or writes that is not equal on other engines."""

        __slots__ = ()

        def visit_ExtractMicrosecond(self, op: Any, *, arg: Any) -> Any:  # noqa: ARG002, N802
            # Micros below the second, for times before 1970 too.
            micros = self.f.unix_micros(self.cast(arg, ibis.dtype("timestamp('UTC')")))
            return self.f.pmod(micros, sge.convert(1_000_000))

        def visit_ExtractSecond(self, op: Any, *, arg: Any) -> Any:  # noqa: ARG002, N802
            return self.f.second(arg)

    return Compiler()


def table_of(name: str, schema: Schema, source: object) -> ir.Table:
    """Give a view of the session as an expression."""
    import ibis.expr.operations as ops

    node = ops.DatabaseTable(name=name, schema=schema, source=source, namespace=ops.Namespace())
    return node.to_expr()


@cache
def dialect() -> Dialect:
    """Give what writing expressions needs: functions have the names that ``typed`` asks for."""
    # These two take the signs first.
    ltrim, rtrim = (declared(n, ("string", "string"), "string") for n in ("ltrim", "rtrim"))
    functions: dict[str, Callable[..., Any]] = {
        "quotient": declared("div", ("int64", "int64"), "int64"),
        "trim": declared("btrim", ("string", "string"), "string"),
        "ltrim": lambda text, signs: ltrim(signs, text),
        "rtrim": lambda text, signs: rtrim(signs, text),
        "split_part": declared("split_part", ("string", "string", "int32"), "string"),
    }
    return Dialect(NAME, CAPABILITIES, functions)
