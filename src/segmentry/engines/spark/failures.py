"""Where Spark's errors end, Java's among them: what failed, where, and what to try."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from segmentry.engines.connecting import scrubbed
from segmentry.errors import DataError, EngineError, SegmentryError

_CONDITIONS: tuple[tuple[str, str, str, str | None], ...] = (
    ("TABLE_OR_VIEW_NOT_FOUND", "E3005", "a table is not there",
     "check 'table', with its schema: schema.table"),
    ("SCHEMA_NOT_FOUND", "E3005", "a schema is not there", "check 'table'"),
    ("PATH_NOT_FOUND", "E2001", "there is no such file or folder", "check 'path'"),
    ("UNABLE_TO_INFER_SCHEMA", "E2003", "no Parquet file is there",
     "check 'path': Spark reads Parquet files and folders of them"),
    ("FAILED_READ_FILE", "E2002", "a file cannot be read", "check that all files are Parquet"),
    ("CANNOT_READ_FILE_FOOTER", "E2002", "a file cannot be read",
     "check that all files are Parquet"),
    ("PARQUET_TYPE_ILLEGAL", "E2002", "a column has a type that Spark does not read",
     "write times in microseconds"),
    ("NUMERIC_VALUE_OUT_OF_RANGE", "E3003", "a number is too large to be summed exactly",
     "leave such rows out with 'where', or divide the amount in its expression"),
    ("ARITHMETIC_OVERFLOW", "E3003", "a number is too large to be summed exactly",
     "leave such rows out with 'where', or divide the amount in its expression"),
    ("CAST_OVERFLOW", "E3003", "a number is too large", "leave such rows out with 'where'"),
    ("PATH_ALREADY_EXISTS", "E3001", "there is something already", "give another path"),
    ("INSUFFICIENT_PERMISSIONS", "E3006", "Spark does not permit it", "ask for SELECT"),
    ("JAVA_GATEWAY_EXITED", "E3004", "Java did not start",
     "install a Java runtime of version 17 or later, and set JAVA_HOME"),
)  # fmt: skip


@dataclass(frozen=True)
class Failures:
    """Translates what Spark raises; tokens never get out."""

    where: str
    secrets: tuple[str, ...] = ()

    @contextmanager
    def translated(self, sql: str | None = None) -> Iterator[None]:
        """Turn errors of Spark into errors of the house, the statement attached."""
        try:
            yield
        except Exception as error:
            if not _is_ours(error):
                raise
            raise self._of(error, sql) from None

    def _of(self, error: Exception, sql: str | None) -> SegmentryError:
        said, condition = self.said(error), condition_of(error)
        # What an executor raised stands in the text of what the driver raises.
        text = f"{condition} {error}"
        for name, code, what, hint in _CONDITIONS:
            if name in text:
                told = f"{what}: {said}"
                if code.startswith("E2"):
                    return DataError(told, code=code, where=self.where, hint=hint)
                return EngineError(told, code=code, where=self.where, hint=hint, sql=sql)
        if "Permission denied" in text or "AccessControlException" in text:
            return EngineError(
                f"files may not be read: {said}",
                code="E3006",
                where=self.where,
                hint="the user that Spark runs as needs to read the path",
            )
        if condition == "" and _is_lost(error):
            return self.not_connected(error)
        return EngineError(f"a statement failed: {said}", code="E3001", where=self.where, sql=sql)

    def not_connected(self, error: Exception) -> EngineError:
        """Say why there is no session."""
        return EngineError(
            f"Spark cannot be reached: {self.said(error)}",
            code="E3004",
            where=self.where,
            hint="check 'connection', that Java 17 or later is there, and that Spark runs",
        )

    def said(self, error: Exception) -> str:
        """Give the first line of what was said, without tokens and without Java's stack."""
        cause = getattr(error, "java_exception", None)
        text = str(error)
        if cause is not None:
            while cause.getCause() is not None:
                cause = cause.getCause()
            text = str(cause.getMessage() or cause.toString())
        lines = [line for line in text.strip().splitlines() if line.strip()]
        return scrubbed(lines[0] if lines else type(error).__name__, self.secrets)


def condition_of(error: Exception) -> str:
    """Give Spark's own name for a failure; empty where it has none."""
    ask: Any = getattr(error, "getCondition", None)
    return str(ask() or "") if callable(ask) else ""


def _is_ours(error: Exception) -> bool:
    module = type(error).__module__.split(".")[0]
    return module in {"pyspark", "py4j", "grpc"} or _is_lost(error)


def _is_lost(error: Exception) -> bool:
    known = sys.modules.get("py4j.protocol")
    return isinstance(error, ConnectionError) or (
        known is not None and isinstance(error, known.Py4JError)
    )
