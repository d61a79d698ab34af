"""What the values of a column mean: each demand on a column answered by a cast and its failures.

A text column is a number, a date or a truth value if at least ``LEAST_SHARE`` of its values can be
read so (all of them for a truth value); a value that then cannot be read is *bad*: NULL, counted
and shown. Codes such as ``C536379`` or ``00123`` make a column text even where most values could
be numbers. A column that is mapped as, or calculated with like, a number or time is read as one
whatever the share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from segmentry.engines.dates import ISO, DateFormat, likely_formats
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.raw import Raw, RawColumn, counted
from segmentry.engines.expressions import Demand, Reference, literal, quoted

LEAST_SHARE = 0.95
"""Share of a text column's values that must be readable as a kind for the column to be of it."""

MOST_CODES_SHARE = 0.01
"""Share of values that look like codes from which on a column of digits is text."""

SAMPLE = 2_000
"""Values that are looked at one by one to see how dates and numbers are written."""

WHOLE_NUMBER_LIMIT = 2**53

INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
BIG_INTEGERS = {"UBIGINT", "HUGEINT", "UHUGEINT"}
TRUTHS = (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"))


@dataclass(frozen=True, slots=True)
class Typed:
    """A column read as something."""

    sql: str
    kind: str
    """``number``, ``integer``, ``truth``, ``time`` (wall clock), ``instant`` (with zone), ``text``."""
    n_bad: int = 0
    bad: str = "false"
    """Which rows hold a value that could not be read."""
    note: str = ""
    """What a reader should know of how it was read."""
    pattern: str | None = None
    """The date format that it was read by, where it has one."""


@dataclass(frozen=True, slots=True)
class _Counts:
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
        self._typed: dict[Reference, Typed] = {}

    def prepare(self, references: Iterable[Reference]) -> None:
        """Count for many columns at once what ``typed`` will ask of each."""
        names = {r.column for r in references if r.demand is not Demand.TEXT}
        texts = [n for n in self._raw.columns if n in names and self._is_text(self._raw.columns[n])]
        self._count_missing(texts)

    def _count_missing(self, names: list[str]) -> None:
        missing = [n for n in names if n not in self._counts]
        if missing:
            self._count(missing)

    def typed(self, reference: Reference) -> Typed:
        """Read a column as what a reference demands."""
        if reference not in self._typed:
            self._typed[reference] = self._answer(reference)
        return self._typed[reference]

    def _answer(self, reference: Reference) -> Typed:
        column = self._raw.columns[reference.column]
        if self._is_text(column) and reference.demand is Demand.TEXT:
            return self._text(column)
        if self._is_text(column):
            self._count_missing([reference.column])
            declared = self._as_declared(column)
            if declared is not None:
                return declared
            return {
                Demand.NUMBER: self._as_number,
                Demand.TIME: self._as_time,
                Demand.ENTITY: self._entity_of_text,
                Demand.ANY: self._by_content,
            }[reference.demand](column)
        return _Native(self._connection, self._raw, column).typed(reference.demand)

    def _as_declared(self, column: RawColumn) -> Typed | None:
        """Read a column as the project says, whatever its values look like."""
        declared = self._declared.get(column.name)
        if declared is None:
            return None
        if declared == "text":
            return self._text(column)
        if declared in {"number", "integer"}:
            return self._as_number(column)
        if declared == "boolean":
            return self._as_truth(column) or self._as_number(column)
        form = ISO if declared in {"time", "zoned"} else DateFormat(declared, ISO.shape, declared)
        return self._in_format(column, form)

    @staticmethod
    def _is_text(column: RawColumn) -> bool:
        return column.type == "VARCHAR" or column.type.startswith("ENUM")

    def _count(self, names: list[str]) -> None:
        number = "try_cast(value AS DOUBLE)"
        conditions = [
            "value IS NOT NULL",
            f"isfinite({number})",
            _whole(number),
            "CAST(try_cast(value AS BIGINT) AS VARCHAR) = value",
            "regexp_matches(value, '^([A-Za-z]+[-_ ]?[0-9]|0[0-9])')",
        ]
        values = {n: self._raw.columns[n].sql for n in names}
        found = counted(self._connection, self._raw.table, values, conditions)
        self._counts |= {n: _Counts(*counts) for n, counts in found.items()}

    def _sample(self, column: RawColumn) -> list[str]:
        value = column.sql
        rows = self._connection.rows(
            f"SELECT {value} FROM {quoted(self._raw.table)} WHERE {value} IS NOT NULL LIMIT {SAMPLE}"
        )
        return [str(r[0]) for r in rows]

    def _number_of(self, sql: str) -> int:
        statement = f"SELECT count(*) FILTER ({sql}) FROM {quoted(self._raw.table)}"
        return int(self._connection.rows(statement)[0][0])

    def _text(self, column: RawColumn) -> Typed:
        return Typed(column.sql, "text")

    def _by_content(self, column: RawColumn) -> Typed:
        counts = self._counts[column.name]
        if counts.n == 0:
            return Typed("CAST(NULL AS DOUBLE)", "number")
        enough = LEAST_SHARE * counts.n
        if counts.n_numbers >= enough:
            codes = counts.n_codes > MOST_CODES_SHARE * counts.n
            return self._text(column) if codes else self._plain_number(column)
        truth = self._as_truth(column)
        if truth is not None:
            return truth
        sample = self._sample(column)
        if _mostly(sample, _looks_grouped):
            number = self._as_number(column)
            if counts.n - number.n_bad >= enough:
                return number
        if likely_formats(sample, compact=False):
            time = self._as_time(column, compact=False)
            if counts.n - time.n_bad >= enough:
                return time
        return self._text(column)

    def _plain_number(self, column: RawColumn) -> Typed:
        counts = self._counts[column.name]
        whole = counts.n_whole == counts.n_numbers
        return self._reading(
            column,
            self._number_sql(column, whole=whole),
            "integer" if whole else "number",
            counts.n_numbers,
        )

    def _number_sql(self, column: RawColumn, *, whole: bool) -> str:
        """Write the cast, without guards where nothing has to be guarded against."""
        counts = self._counts[column.name]
        if counts.n_numbers < counts.n:
            return _finite(f"try_cast({column.sql} AS DOUBLE)", whole=whole)
        number = f"CAST({column.sql} AS DOUBLE)"
        return f"CAST({number} AS BIGINT)" if whole else number

    def _reading(
        self, column: RawColumn, sql: str, kind: str, n_read: int, note: str = ""
    ) -> Typed:
        bad = f"({column.sql}) IS NOT NULL AND ({sql}) IS NULL"
        return Typed(sql, kind, self._counts[column.name].n - n_read, bad, note)

    def _as_number(self, column: RawColumn) -> Typed:
        """Read as a number: plain, with grouped thousands, with a decimal comma, or yes and no."""
        counts = self._counts[column.name]
        plain = self._plain_number(column)
        if counts.n_numbers >= LEAST_SHARE * counts.n:
            return plain
        truth = self._as_truth(column)
        if truth is not None:
            return truth
        best = plain
        for name, sql in _grouped(column.sql):
            n_read = self._number_of(f"({sql}) IS NOT NULL")
            if counts.n - n_read < best.n_bad:
                best = self._reading(column, sql, "number", n_read, f"numbers written like {name}")
        return best

    def _as_truth(self, column: RawColumn) -> Typed | None:
        n = self._counts[column.name].n
        words = sorted({w.lower() for w in self._sample(column)[:200]})
        for yes, no in TRUTHS:
            if not words or not set(words) <= {yes, no}:
                continue
            value = f"lower({column.sql})"
            if self._number_of(f"{value} IN ({literal(yes)}, {literal(no)})") == n:
                return Typed(f"{value} = {literal(yes)}", "truth")
        return None

    def _as_time(self, column: RawColumn, *, compact: bool = True) -> Typed:
        """Read as a time in the format with the fewest failures."""
        formats = likely_formats(self._sample(column), compact=compact) or (ISO,)
        readings = [self._in_format(column, f) for f in formats]
        if compact:
            readings += self._epochs(column)
        best = min(readings, key=lambda r: r.n_bad)
        rivals = [r for r in readings if r is not best and r.n_bad == best.n_bad]
        differing = [r for r in rivals if self._differ(best, r)]
        if not differing:
            return best
        note = (
            f"dates were read as {best.note}, and could all be read as {differing[0].note} too; "
            f"to be sure, state the format, such as strptime({quoted(column.name)}, '%d/%m/%Y')"
        )
        return replace(best, note=note)

    def _differ(self, one: Typed, other: Typed) -> bool:
        return self._number_of(f"({one.sql}) IS DISTINCT FROM ({other.sql})") > 0

    def _in_format(self, column: RawColumn, form: DateFormat) -> Typed:
        value, kind = column.sql, "time"
        if form.pattern is None:
            zoned = self._number_of(f"regexp_matches({value}, {literal(_ZONED)})") > 0
            type_, kind = ("TIMESTAMPTZ", "instant") if zoned else ("TIMESTAMP", "time")
            dated = f"regexp_matches({value}, '^[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}')"
            read = f"CASE WHEN {dated} THEN try_cast({value} AS {type_}) END"
        else:
            patterns = ", ".join(literal(p) for p in form.patterns)
            read = f"try_strptime({value}, [{patterns}])"
        sql = f"CASE WHEN year({read}) BETWEEN 1000 AND 9999 THEN {read} END"
        n_read = self._number_of(f"({sql}) IS NOT NULL")
        reading = self._reading(column, sql, kind, n_read, note=form.name)
        # A zone can be told from one value alone, so ISO 8601 needs no memory.
        return replace(reading, pattern=form.pattern)

    def _epochs(self, column: RawColumn) -> list[Typed]:
        counts = self._counts[column.name]
        if counts.n_numbers < LEAST_SHARE * counts.n:
            return []
        number = f"try_cast({column.sql} AS DOUBLE)"
        found = _epoch(self._connection, self._raw.table, number)
        return [self._reading(column, found[0], "instant", counts.n_numbers, found[1])] if found else []

    def _entity_of_text(self, column: RawColumn) -> Typed:
        """Keep ids as they are written, as integers only where nothing is lost by it."""
        counts = self._counts[column.name]
        if column.is_loose and counts.n_canonical == counts.n:
            return Typed(f"try_cast({column.sql} AS BIGINT)", "integer")
        if column.is_loose and counts.n_whole == counts.n and counts.n_codes == 0:
            # 17850.0 is how some tools write 17850 in a column with gaps.
            return Typed(f"try_cast(try_cast({column.sql} AS DOUBLE) AS BIGINT)", "integer")
        return self._text(column)


@dataclass(frozen=True)
class _Native:
    """A column that has a type of its own."""

    connection: Connection
    raw: Raw
    column: RawColumn

    def typed(self, demand: Demand) -> Typed:
        """Read it as what is demanded."""
        if demand is Demand.TEXT:
            return Typed(f"CAST({self.column.sql} AS VARCHAR)", "text")
        if demand is Demand.ENTITY:
            return self._entity()
        if demand is Demand.TIME and self.kind in {"integer", "number"}:
            return self._time_of_number()
        return Typed(self._canonical(), self.kind)

    @cached_property
    def kind(self) -> str:
        type_ = self.column.type
        if type_ in INTEGERS:
            return "integer"
        if type_ in BIG_INTEGERS or type_ in {"FLOAT", "DOUBLE"} or type_.startswith("DECIMAL"):
            return "number"
        if type_ == "BOOLEAN":
            return "truth"
        if type_ == "TIMESTAMP WITH TIME ZONE":
            return "instant"
        return "time" if type_ == "DATE" or type_.startswith("TIMESTAMP") else "text"

    def _canonical(self) -> str:
        value, type_ = self.column.sql, self.column.type
        if self.kind == "integer":
            return f"CAST({value} AS BIGINT)"
        if self.kind == "number" and not type_.startswith("DECIMAL"):
            return f"CAST({value} AS DOUBLE)"
        if self.kind == "time":
            return f"CAST({value} AS TIMESTAMP)"
        return f"CAST({value} AS VARCHAR)" if self.kind == "text" else value

    def _entity(self) -> Typed:
        value = self.column.sql
        if self.kind == "integer":
            return Typed(self._canonical(), "integer")
        if self.kind == "number":
            number = f"CAST({value} AS DOUBLE)"
            statement = (
                f"SELECT count({value}), count(*) FILTER ({_whole(number)}) "
                f"FROM {quoted(self.raw.table)}"
            )
            n, n_whole = self.connection.rows(statement)[0]
            if n == n_whole:
                return Typed(f"CAST({value} AS BIGINT)", "integer")
        return Typed(f"CAST({value} AS VARCHAR)", "text")

    def _time_of_number(self) -> Typed:
        """Read numbers as YYYYMMDD, or as seconds and the like since 1970."""
        number = f"CAST({self.column.sql} AS DOUBLE)"
        table = quoted(self.raw.table)
        dates = f"try_strptime(CAST(try_cast({number} AS BIGINT) AS VARCHAR), '%Y%m%d')"
        compact = f"CASE WHEN {number} BETWEEN 10000101 AND 99991231 THEN {dates} END"
        n, n_dates = self.connection.rows(f"SELECT count({number}), count({compact}) FROM {table}")[0]
        bad = f"({self.column.sql}) IS NOT NULL AND ({{}}) IS NULL"
        found = _epoch(self.connection, self.raw.table, number)
        if found and n_dates < LEAST_SHARE * n:
            return Typed(found[0], "instant", 0, "false", found[1])
        return Typed(compact, "time", n - n_dates, bad.format(compact), "YYYYMMDD")


_ZONED = r"[0-9]:[0-9]{2}(:[0-9.]+)? ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)$"

_EPOCHS = (
    (1e11, 1e6, "seconds since 1970"),
    (1e14, 1e3, "milliseconds since 1970"),
    (1e17, 1.0, "microseconds since 1970"),
)


def _epoch(connection: Connection, table: str, number: str) -> tuple[str, str] | None:
    """Tell which unit since 1970 makes the median of a column a date from 1973 on."""
    median = connection.rows(f"SELECT quantile_disc({number}, 0.5) FROM {quoted(table)}")[0][0]
    if median is None or median < 1e8:
        return None
    for limit, micros, name in _EPOCHS:
        if median < limit:
            return f"make_timestamptz(CAST(round({number} * {micros:.0f}) AS BIGINT))", name
    return None


def _whole(number: str) -> str:
    return f"{number} = floor({number}) AND abs({number}) < {WHOLE_NUMBER_LIMIT}"


def _finite(number: str, *, whole: bool) -> str:
    """Write a number that is there and finite; as BIGINT where all are whole."""
    target = f"try_cast({number} AS BIGINT)" if whole else number
    return f"CASE WHEN isfinite({number}) THEN {target} END"


def _grouped(value: str) -> tuple[tuple[str, str], ...]:
    """Write the readings of numbers with signs of currency, grouped digits or a decimal comma."""
    bare = rf"regexp_replace({value}, '^[£$€] ?| ?[%£$€]$', '', 'g')"
    thousands = r"^[-+]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?$"
    comma = r"^[-+]?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?$"
    return (
        (
            "1,234.5",
            f"CASE WHEN regexp_matches({bare}, '{thousands}') "
            f"THEN try_cast(replace({bare}, ',', '') AS DOUBLE) END",
        ),
        (
            "1.234,5",
            f"CASE WHEN regexp_matches({bare}, '{comma}') "
            f"THEN try_cast(replace(replace({bare}, '.', ''), ',', '.') AS DOUBLE) END",
        ),
    )


def _looks_grouped(text: str) -> bool:
    return text.lstrip("-+£$€ ")[:1].isdigit() and all(c in "0123456789.,-+£$€% " for c in text)


def _mostly(texts: list[str], test: object) -> bool:
    assert callable(test)
    return bool(texts) and sum(bool(test(t)) for t in texts) >= LEAST_SHARE * len(texts)
