"""What the values of a column mean: each demand on a column answered by a cast and its failures.

A text column is a number or a date if at least ``LEAST_SHARE`` of its values can be read so, and a
truth value if all can; a value that then cannot be read is *bad*: NULL, counted and shown. Codes
such as ``C536379`` or ``00123`` make a column text even where most values could be numbers. A
column that is mapped as, or calculated with like, a number or time is read as one whatever the
share, and so is one whose type the project declares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from segmentry.engines.dates import ISO, DateFormat, likely_formats
from segmentry.engines.duckdb.cleaning import counted
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.native import NativeColumn
from segmentry.engines.duckdb.raw import Raw, RawColumn
from segmentry.engines.duckdb.readings import (
    CODE,
    GROUPED,
    TRUTHS,
    ZONED,
    finite,
    grouped,
    in_years,
    is_whole,
    looks_grouped,
    since_1970,
)
from segmentry.engines.duckdb.typed import Typed
from segmentry.engines.expressions import Demand, Reference, literal, quoted

LEAST_SHARE = 0.95
"""Share of a text column's values that must be readable as a kind for the column to be of it."""

MOST_CODES_SHARE = 0.01
"""Share of values that look like codes from which on a column of digits is text."""

SAMPLE = 2_000
"""Values that are looked at one by one to see how dates and numbers are written."""


@dataclass(frozen=True, slots=True)
class _Counts:
    """Values of a column, and how many of them can be read as what."""

    n: int
    n_numbers: int
    n_whole: int
    n_canonical: int
    n_codes: int


class Columns:
    """Answers what a source's columns mean, looking at the data once per question."""

    def __init__(
        self, connection: Connection, raw: Raw, declared: Mapping[str, str] | None = None
    ) -> None:
        self._connection = connection
        self._raw = raw
        self._declared = declared or {}
        self._counts: dict[str, _Counts] = {}
        self._samples: dict[str, list[str]] = {}
        self._typed: dict[Reference, Typed] = {}

    def prepare(self, references: Iterable[Reference]) -> None:
        """Look at many columns at once for what ``typed`` will ask of each."""
        names = {r.column for r in references if r.demand is not Demand.TEXT}
        texts = [n for n, c in self._raw.columns.items() if n in names and c.is_text]
        self._count([n for n in texts if n not in self._counts])
        unclear = [n for n in texts if self._counts[n].n_numbers < LEAST_SHARE * self._counts[n].n]
        self._look(unclear)

    def typed(self, reference: Reference) -> Typed:
        """Read a column as what a reference demands."""
        if reference not in self._typed:
            self._typed[reference] = self._answer(reference)
        return self._typed[reference]

    def _answer(self, reference: Reference) -> Typed:
        column = self._raw.columns[reference.column]
        if not column.is_text:
            return NativeColumn(self._connection, self._raw, column).typed(reference.demand)
        if reference.demand is Demand.TEXT:
            return _text(column)
        if column.name not in self._counts:
            self.prepare([reference])
        declared = self._declared.get(column.name)
        if declared is not None:
            return self._as_declared(column, declared)
        return {
            Demand.NUMBER: self._as_number,
            Demand.TIME: self._as_time,
            Demand.ENTITY: self._as_entity,
            Demand.ANY: self._by_content,
        }[reference.demand](column)

    def _as_declared(self, column: RawColumn, declared: str) -> Typed:
        """Read a column as the project says, whatever its values look like."""
        if declared == "text":
            return _text(column)
        if declared in {"number", "integer"}:
            return self._as_number(column)
        if declared == "boolean":
            return self._as_truth(column) or self._as_number(column)
        if declared in GROUPED:
            return self._as_grouped(column, declared)
        form = ISO if declared in {"time", "zoned"} else DateFormat(declared, ISO.shape, declared)
        return self._in_format(column, form)

    def _count(self, names: list[str]) -> None:
        number = "try_cast(value AS DOUBLE)"
        conditions = [
            "value IS NOT NULL",
            f"isfinite({number})",
            is_whole(number),
            "CAST(try_cast(value AS BIGINT) AS VARCHAR) = value",
            f"regexp_matches(value, {literal(CODE)})",
        ]
        values = {n: self._raw.columns[n].sql for n in names}
        found = counted(self._connection, self._raw.table, values, conditions)
        self._counts |= {n: _Counts(*counts) for n, counts in found.items()}

    def _look(self, names: list[str]) -> None:
        """Take the first values of many columns with one statement."""
        if not names:
            return
        values = ", ".join(self._raw.columns[n].sql for n in names)
        rows = self._connection.rows(
            f"SELECT {values} FROM {quoted(self._raw.table)} LIMIT {SAMPLE}"
        )
        for name, found in zip(names, zip(*rows, strict=True), strict=True):
            self._samples[name] = list(dict.fromkeys(str(v) for v in found if v is not None))

    def _sample(self, column: RawColumn) -> list[str]:
        """Give some distinct values."""
        if not self._samples.get(column.name):
            # Empty where the first rows hold no value of a sparse column.
            value = column.sql
            rows = self._connection.rows(
                f"SELECT {value} FROM {quoted(self._raw.table)} "
                f"WHERE {value} IS NOT NULL LIMIT {SAMPLE}"
            )
            self._samples[column.name] = list(dict.fromkeys(str(r[0]) for r in rows))
        return self._samples[column.name]

    def _number_of(self, condition: str) -> int:
        statement = f"SELECT count(*) FILTER ({condition}) FROM {quoted(self._raw.table)}"
        return int(self._connection.rows(statement)[0][0])

    def _reading(self, column: RawColumn, sql: str, kind: str, n_read: int | None = None) -> Typed:
        """Give a reading with its failures, counted unless their number is known."""
        if n_read is None:
            n_read = self._number_of(f"({sql}) IS NOT NULL")
        bad = f"({column.sql}) IS NOT NULL AND ({sql}) IS NULL"
        return Typed(sql, kind, self._counts[column.name].n - n_read, bad)

    def _by_content(self, column: RawColumn) -> Typed:
        counts = self._counts[column.name]
        if counts.n == 0:
            return Typed("CAST(NULL AS DOUBLE)", "number")
        if counts.n_numbers >= LEAST_SHARE * counts.n:
            codes = counts.n_codes > MOST_CODES_SHARE * counts.n
            return _text(column) if codes else self._plain_number(column)
        truth = self._as_truth(column)
        if truth is not None:
            return truth
        sample = self._sample(column)
        most_bad = (1 - LEAST_SHARE) * counts.n
        if sum(map(looks_grouped, sample)) >= LEAST_SHARE * len(sample):
            number = self._as_number(column)
            if number.n_bad <= most_bad:
                return number
        if likely_formats(sample, compact=False):
            time = self._as_time(column, compact=False)
            if time.n_bad <= most_bad:
                return time
        return _text(column)

    def _plain_number(self, column: RawColumn) -> Typed:
        """Cast to a number, without guards where nothing has to be guarded against."""
        counts = self._counts[column.name]
        whole = counts.n_whole == counts.n_numbers
        if counts.n_numbers < counts.n:
            sql = finite(f"try_cast({column.sql} AS DOUBLE)", whole=whole)
        else:
            number = f"CAST({column.sql} AS DOUBLE)"
            sql = f"CAST({number} AS BIGINT)" if whole else number
        return self._reading(column, sql, "integer" if whole else "number", counts.n_numbers)

    def _as_number(self, column: RawColumn) -> Typed:
        """Read as a number: plain, yes and no, with grouped digits or with a decimal comma."""
        counts = self._counts[column.name]
        best = self._plain_number(column)
        if counts.n_numbers >= LEAST_SHARE * counts.n:
            return best
        truth = self._as_truth(column)
        if truth is not None:
            return truth
        for way in GROUPED:
            other = self._as_grouped(column, way)
            best = other if other.n_bad < best.n_bad else best
        return best

    def _as_grouped(self, column: RawColumn, way: str) -> Typed:
        reading = self._reading(column, grouped(column.sql, way), "number")
        return replace(reading, note=f"numbers are written like {way}", way=way)

    def _as_truth(self, column: RawColumn) -> Typed | None:
        words = {w.lower() for w in self._sample(column)}
        for yes, no in TRUTHS:
            if words and words <= {yes, no}:
                value = f"lower({column.sql})"
                either = f"{value} = {literal(yes)} OR {value} = {literal(no)}"
                if self._number_of(either) == self._counts[column.name].n:
                    return Typed(f"{value} = {literal(yes)}", "truth")
        return None

    def _as_time(self, column: RawColumn, *, compact: bool = True) -> Typed:
        """Read as a time in the format with the fewest failures."""
        formats = likely_formats(self._sample(column), compact=compact) or (ISO,)
        readings = [self._in_format(column, f) for f in formats]
        if compact:
            readings += self._epochs(column)
        best = min(readings, key=lambda r: r.n_bad)
        for rival in readings:
            if rival is not best and rival.n_bad == best.n_bad and self._differ(best, rival):
                note = (
                    f"dates were read as {best.way}, and could all be read as {rival.way} too; "
                    "state the format in 'types' of the source to be sure"
                )
                return replace(best, note=note, is_ambiguous=True)
        return best

    def _differ(self, one: Typed, other: Typed) -> bool:
        return self._number_of(f"({one.sql}) IS DISTINCT FROM ({other.sql})") > 0

    def _in_format(self, column: RawColumn, form: DateFormat) -> Typed:
        value, kind = column.sql, "time"
        if form.pattern is None:
            zoned = self._number_of(f"regexp_matches({value}, {literal(ZONED)})") > 0
            type_, kind = ("TIMESTAMPTZ", "instant") if zoned else ("TIMESTAMP", "time")
            dated = f"regexp_matches({value}, '^[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}')"
            time = f"CASE WHEN {dated} THEN try_cast({value} AS {type_}) END"
        else:
            patterns = ", ".join(literal(p) for p in form.patterns)
            time = f"try_strptime({value}, [{patterns}])"
        # ISO 8601 can be told from one value alone, so that only other formats are remembered.
        return replace(self._reading(column, in_years(time), kind), way=form.pattern)

    def _epochs(self, column: RawColumn) -> list[Typed]:
        counts = self._counts[column.name]
        number = f"try_cast({column.sql} AS DOUBLE)"
        if counts.n_numbers < LEAST_SHARE * counts.n:
            return []
        found = since_1970(self._connection, self._raw.table, number)
        if found is None:
            return []
        reading = self._reading(column, found[0], "instant", counts.n_numbers)
        return [replace(reading, note=f"numbers are {found[1]}")]

    def _as_entity(self, column: RawColumn) -> Typed:
        """Keep ids as they are written, as integers only where nothing is lost by it."""
        counts = self._counts[column.name]
        if column.is_loose and counts.n_canonical == counts.n:
            return Typed(f"CAST({column.sql} AS BIGINT)", "integer")
        if column.is_loose and counts.n_whole == counts.n and counts.n_codes == 0:
            # 17850.0 is how some tools write 17850 in a column with gaps.
            return Typed(f"CAST(CAST({column.sql} AS DOUBLE) AS BIGINT)", "integer")
        return _text(column)


def _text(column: RawColumn) -> Typed:
    return Typed(column.sql, "text")
