"""Expressions as an engine's statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segmentry.errors import EngineError

if TYPE_CHECKING:
    import ibis.expr.types as ir


def written(expression: ir.Table, compiler: Any, engine: str) -> str:
    """Write an expression as one statement.

    Parameters
    ----------
    expression : ibis table
    compiler : Ibis' compiler of the engine
    engine : str
        What the engine is called.

    Raises
    ------
    EngineError
        E3001 for what Ibis cannot write for the engine.
    """
    import ibis.common.exceptions as ibis_errors
    import sqlglot

    try:
        tree = compiler.to_sqlglot(expression.unbind())
        return str(tree.sql(compiler.dialect, unsupported_level=sqlglot.ErrorLevel.RAISE))
    except (ibis_errors.IbisError, sqlglot.UnsupportedError) as error:
        raise EngineError(f"{engine} cannot compute this: {error}", code="E3001") from error
