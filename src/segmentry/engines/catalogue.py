"""The only place that turns a URL into an engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.errors import EngineError

if TYPE_CHECKING:
    from segmentry.engines.base import Engine


def open_engine(
    url: str = "duckdb://", *, threads: int | None = None, scratch: Path | None = None
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
    scheme = url.partition("://")[0]
    if scheme != "duckdb":
        raise EngineError(
            f"no engine is called {scheme!r}", code="E3002", where=url, hint="known: 'duckdb'"
        )
    from segmentry.engines.duckdb.engine import DuckDBEngine

    return DuckDBEngine(threads=threads, scratch=scratch)
