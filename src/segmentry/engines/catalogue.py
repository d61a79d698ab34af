"""The only place that turns a URL into an engine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.domain.project import Source
from segmentry.engines.connecting import filled, without_secrets
from segmentry.errors import EngineError, ProjectFileError

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from segmentry.engines.base import Engine

DEFAULT = "duckdb://"
POSTGRES = frozenset({"postgresql", "postgres"})
SPARK = frozenset({"spark", "sc"})
_DIALECTS = {"duckdb": "duckdb", "postgresql": "postgres", "spark": "spark"}
ENGINES = tuple(_DIALECTS)
"""Names of the engines that features can be written for."""


def open_engine(
    url: str = DEFAULT, *, threads: int | None = None, scratch: Path | None = None
) -> Engine:
    """Open an engine.

    Parameters
    ----------
    url : str, default="duckdb://"
        Which engine, and where.
    threads : int or None
        How many threads it may use; None is one per core. Results do not depend on it.
    scratch : Path or None
        A folder for what does not fit in memory; None is a temporary one, removed on close.

    Returns
    -------
    Engine

    Raises
    ------
    EngineError
        E3002 if no engine has that name.
    """
    scheme = scheme_of(url)
    if scheme in POSTGRES:
        from segmentry.engines.postgres.engine import PostgresEngine

        return PostgresEngine(url)
    if scheme in SPARK:
        from segmentry.engines.spark.engine import SparkEngine

        return SparkEngine(url, threads=threads)
    if scheme != "duckdb":
        raise EngineError(
            f"no engine is called {scheme!r}",
            code="E3002",
            where=without_secrets(url),
            hint="known: duckdb, postgresql, spark, sc (Spark Connect)",
        )
    from segmentry.engines.duckdb.engine import DuckDBEngine

    return DuckDBEngine(threads=threads, scratch=scratch)


def statement(expression: ir.Table, engine: str) -> str:
    """Write an expression as an engine's statement, laid out for reading; nothing is opened.

    Parameters
    ----------
    expression : ibis table
        Over tables that need not be there.
    engine : str
        One of ``ENGINES``.

    Raises
    ------
    EngineError
        E3001 for what cannot be written for the engine.
    """
    import sqlglot

    if engine == "postgresql":
        from segmentry.engines.postgres.compiler import compiled
    elif engine == "spark":
        from segmentry.engines.spark.compiler import compiled
    else:
        from segmentry.engines.duckdb.connection import compiled
    dialect = _DIALECTS[engine]
    return str(sqlglot.parse_one(compiled(expression), dialect=dialect).sql(dialect, pretty=True))


def scheme_of(url: str) -> str:
    """Name the engine of a URL; one that a variable holds whole is looked up in it."""
    text = filled(url, os.environ) if url.strip().startswith("${") else url
    return text.partition("://")[0].strip().lower()


def url_of(sources: Sequence[Source]) -> str:
    """Give the engine that reads some sources: files go to DuckDB, all else to its connection.

    Raises
    ------
    ProjectFileError
        E1002 if they lie in several engines.
    """
    first = sources[0].connection
    for i, source in enumerate(sources):
        if source.connection != first:
            raise ProjectFileError(
                f"source {source.name!r} lies elsewhere than {sources[0].name!r}",
                code="E1002",
                where=source.name,
                hint="all sources of a project have one 'connection', or are files; copy one over",
                key=f"sources[{i}].connection",
            )
    return first or DEFAULT
