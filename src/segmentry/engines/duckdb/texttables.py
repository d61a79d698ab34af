"""A table of texts that grows file by file, and is tidied once all are in.

What lives here: what delimited texts and workbooks have in common. What does not: reading their
rows (``csvfiles``, ``sheets``).
"""

from __future__ import annotations

from collections.abc import Sequence

from segmentry.domain.audit import Audit, Finding
from segmentry.engines.duckdb.cleaning import clean
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.raw import Raw, count_rows, loose
from segmentry.engines.duckdb.tidying import Tidied, tidied
from segmentry.engines.expressions import quoted


class TextTable:
    """A table with a text column for each name that any of some files has."""

    def __init__(
        self,
        connection: Connection,
        table: str,
        source: str,
        columns: Sequence[Sequence[str]],
    ) -> None:
        self.connection = connection
        self.table = table
        self.n_footers = 0
        """Lines about the table that never became rows."""
        self.starts: list[int] = []
        """The row with which each file begins."""
        self._source = source
        self._files = columns
        self._names = list(dict.fromkeys(n for names in columns for n in names))
        fields = ", ".join(f"{quoted(n)} VARCHAR" for n in self._names)
        connection.run(f"CREATE TABLE {quoted(table)} ({fields})")

    def begin_file(self) -> None:
        """Remember where the rows of the next file begin."""
        asked = f"SELECT coalesce(max(rowid) + 1, 0) FROM {quoted(self.table)}"
        self.starts.append(int(self.connection.rows(asked)[0][0]))

    def finished(self, audit: Audit) -> Raw:
        """Clean the texts, take out what is no row or column, and tell what was done."""
        clean(self.connection, self.table, self._names)
        self._tell_gaps(audit)
        found = tidied(self.connection, self.table, self._names, self.starts)
        self._tell(found, audit)
        columns = loose([n for n in self._names if n not in found.dropped])
        return Raw(self.table, columns, count_rows(self.connection, self.table))

    def _tell_gaps(self, audit: Audit) -> None:
        """Tell which columns some of the files lack."""
        n_files = len(self._files)
        for name in self._names:
            n_lacking = sum(name not in names for names in self._files)
            if n_lacking:
                audit.add(
                    Finding(
                        "missing_column",
                        f"{name} is missing in {n_lacking} of {n_files} files",
                        severity="warning",
                        source=self._source,
                        column=name,
                        count=n_lacking,
                        total=n_files,
                        done="counted as missing",
                    )
                )

    def _tell(self, found: Tidied, audit: Audit) -> None:
        for code, n, one, many in (
            (
                "footer",
                found.n_footers + self.n_footers,
                "1 line about the table",
                "{} lines about the table",
            ),
            ("repeated_header", found.n_headers, "1 repeated header", "{} repeated headers"),
        ):
            if n:
                said = f"{one if n == 1 else many.format(n)} left out"
                audit.add(Finding(code, said, source=self._source, count=n, done="left out"))
        for name, why in found.dropped.items():
            said = f"the column {name!r} is left out: {why}"
            audit.add(Finding("dropped_column", said, source=self._source, column=name))
