"""Where psycopg's errors end: what failed, where, and what to try."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from segmentry.engines.connecting import scrubbed
from segmentry.errors import EngineError

_KINDS: tuple[tuple[str, str, str, str], ...] = (
    ("22003", "E3003", "a number is too large to be summed exactly",
     "leave such rows out with 'where', or divide the amount in its expression"),
    ("42P01", "E3005", "a table is not there", "check 'table', with its schema: schema.table"),
    ("42501", "E3006", "the database does not permit it",
     "the role needs SELECT on the table, USAGE on its schema and TEMPORARY on the database"),
    ("57014", "E3001", "the statement was cancelled",
     "raise statement_timeout of the role, or read a smaller view"),
    ("53100", "E3001", "the database's disk is full", "free space, or set temp_tablespaces"),
    ("53", "E3001", "the database has no resources left", "try when it has less to do"),
    ("57P", "E3004", "the database ended the connection", "try again"),
    ("08", "E3004", "the connection was lost", "check the network, and try again"),
    ("22", "E3001", "a value cannot be computed with", "leave such rows out with 'where'"),
)  # fmt: skip
"""Beginnings of SQL states, the longest match first."""


@dataclass(frozen=True)
class Failures:
    """Translates what psycopg raises; passwords never get out."""

    where: str
    secrets: tuple[str, ...] = ()

    @contextmanager
    def translated(self, sql: str | None = None) -> Iterator[None]:
        """Turn errors of a statement into errors of the house, the statement attached."""
        import psycopg

        try:
            yield
        except psycopg.Error as error:
            # Not "from error": what psycopg says of a connection may hold its password.
            raise self._of_statement(error, sql) from None

    def _of_statement(self, error: Exception, sql: str | None) -> EngineError:
        state = str(getattr(error, "sqlstate", None) or "")
        said = self.said(error)
        for beginning, code, what, hint in _KINDS:
            if state.startswith(beginning):
                return EngineError(
                    f"{what}: {said}", code=code, where=self.where, hint=hint, sql=sql
                )
        if not state:
            hint = "check the network, and try again"
            what = f"the connection was lost: {said}"
            return EngineError(what, code="E3004", where=self.where, hint=hint, sql=sql)
        return EngineError(f"a statement failed: {said}", code="E3001", where=self.where, sql=sql)

    def not_connected(self, error: Exception) -> EngineError:
        """Say why there is no connection."""
        said = self.said(error)
        hint = "check host, port, database, user and password of 'connection'"
        if "no password supplied" in said or "authentication failed" in said:
            hint = "give the password as ${NAME} in 'connection', and export NAME"
        return EngineError(
            f"the database cannot be reached: {said}", code="E3004", where=self.where, hint=hint
        )

    def said(self, error: Exception) -> str:
        """Give the first line of what was said, without passwords."""
        lines = str(error).strip().splitlines()
        return scrubbed(lines[0] if lines else type(error).__name__, self.secrets)
