"""What is bad in a source: counted, shown, and refused where there is too much of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.percent import percent
from segmentry.engines.base import BAD_SHARE_LIMIT
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.raw import N_EXAMPLES, Raw
from segmentry.engines.duckdb.typed import Typed
from segmentry.engines.expressions import Reference, quoted
from segmentry.errors import DataError

WORDS = {"time": "date", "instant": "date"}
"""What a kind is called for people; every other one is a number."""


@dataclass(frozen=True)
class Badness:
    """Rejected rows, and values of used columns that cannot be read."""

    connection: Connection
    raw: Raw
    source: str
    used: Mapping[Reference, Typed]

    def tell(self, audit: Audit, *, allowed: bool) -> int:
        """Put what was found into the audit, and count the bad rows.

        Raises
        ------
        DataError
            E2004 if more than ``BAD_SHARE_LIMIT`` of the rows are bad and that is not allowed.
        """
        for reference, typed in self.used.items():
            if typed.note:
                audit.add(self._note(reference, typed))
        bad = {r: t for r, t in self.used.items() if t.n_bad}
        findings = [self._bad_rows()] if self.raw.n_rejected else []
        findings += [self._bad_values(r, t) for r, t in bad.items()]
        for finding in findings:
            audit.add(finding)
        n_bad = self.raw.n_rejected + self._n_rows_with(bad)
        if n_bad > BAD_SHARE_LIMIT * self._n_rows and not allowed:
            raise self._too_many(findings, n_bad)
        return n_bad

    @property
    def _n_rows(self) -> int:
        return self.raw.n_rows + self.raw.n_rejected

    def _n_rows_with(self, bad: Mapping[Reference, Typed]) -> int:
        if not bad:
            return 0
        either = " OR ".join(f"({t.bad})" for t in bad.values())
        sql = f"SELECT count(*) FILTER ({either}) FROM {quoted(self.raw.table)}"
        return int(self.connection.rows(sql)[0][0])

    def _note(self, reference: Reference, typed: Typed) -> Finding:
        return Finding(
            typed.doubt or "reading",
            f"{reference.column}: {typed.note}",
            severity="warning" if typed.doubt else "info",
            source=self.source,
            column=reference.column,
        )

    def _bad_values(self, reference: Reference, typed: Typed) -> Finding:
        column = self.raw.columns[reference.column]
        rows = self.connection.rows(
            f"SELECT row, value FROM (SELECT row_number() OVER () AS row, "
            f"CAST({column.sql} AS VARCHAR) AS value, {typed.bad} AS bad "
            f"FROM {quoted(self.raw.table)}) WHERE bad LIMIT {N_EXAMPLES}"
        )
        kind, one = WORDS.get(typed.kind, "number"), typed.n_bad == 1
        values = f"1 value that is no {kind}" if one else f"{typed.n_bad} values that are no {kind}"
        return Finding(
            "bad_value",
            f"{reference.column} has {values}",
            severity="warning",
            source=self.source,
            column=reference.column,
            count=typed.n_bad,
            total=self.raw.n_rows,
            examples=tuple(f"row {row}, {reference.column}: {value!r}" for row, value in rows),
            done="counted as missing",
        )

    def _bad_rows(self) -> Finding:
        n = self.raw.n_rejected
        rows = "1 row is" if n == 1 else f"{n} rows are"
        return Finding(
            "bad_row",
            f"{rows} cut short, too long or damaged",
            severity="warning",
            source=self.source,
            count=n,
            total=self._n_rows,
            examples=self.raw.rejected,
            done="left out",
        )

    def _too_many(self, findings: list[Finding], n_bad: int) -> DataError:
        worst = max(findings, key=lambda f: f.count or 0)
        shown = f", such as {worst.examples[0]}" if worst.examples else ""
        return DataError(
            f"{n_bad} of {self._n_rows} rows are bad, more than {percent(BAD_SHARE_LIMIT)}: "
            f"{worst.sentence}{shown}",
            code="E2004",
            where=self.source,
            hint="mend the data, or go on without what is bad with --allow-bad-rows",
        )
