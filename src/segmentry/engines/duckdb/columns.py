"""What the values of a column mean: each demand on a column answered by a cast and its failures.

What lives here: the rules, and looking at many columns at once. What does not: reading numbers
(``amounts``), times (``times``) and columns of files that know types (``native``).

A text column is a number or a date if at least ``LEAST_SHARE`` of its values can be read so, and a
truth value if all can; a value that then cannot be read is *bad*: NULL, counted and shown. Codes
such as ``C536379`` or ``00123`` make a column text even where most values could be numbers. A
column that is mapped as, or calculated with like, a number or time is read as one whatever the
share, and so is one whose type the project declares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from segmentry.engines.dates import looks_dated
from segmentry.engines.duckdb.amounts import (
    LEAST_SHARE,
    as_grouped,
    as_number,
    as_truth,
)
from segmentry.engines.duckdb.cleaning import counted
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.native import NativeColumn
from segmentry.engines.duckdb.raw import Raw, RawColumn
from segmentry.engines.duckdb.readings import CODE, MARKS, is_mark, is_whole
from segmentry.engines.duckdb.texts import Counts, TextColumn
from segmentry.engines.duckdb.times import as_declared, as_time
from segmentry.engines.duckdb.typed import Typed
from segmentry.engines.expressions import Demand, Reference, literal, quoted
from segmentry.engines.numerals import WAYS, look_like_phones, looks_like_number

MOST_CODES_SHARE = 0.01
"""Share of values that look like codes from which on a column of digits is text."""

SAMPLE = 2_000
"""Values that are looked at one by one to see how dates and numbers are written."""

LOOKED_AT, LEAST_LOOK_SHARE = 200, 0.8
"""Values that tell whether a column of texts may be numbers or dates at all, and their share."""


class Columns:
    """Answers what a source's columns mean, looking at the data once per question."""

    def __init__(
        self, connection: Connection, raw: Raw, declared: Mapping[str, str] | None = None
    ) -> None:
        self._connection = connection
        self._raw = raw
        self._declared = declared or {}
        self._counts: dict[str, Counts] = {}
        self._samples: dict[str, list[str]] = {}
        self._typed: dict[Reference, Typed] = {}

    def prepare(self, references: Iterable[Reference]) -> None:
        """Look at many columns at once for what ``typed`` will ask of each."""
        names = {r.column for r in references if not self._is_taken_as_text(r)}
        texts = [n for n, c in self._raw.columns.items() if n in names and c.is_text]
        self._count([n for n in texts if n not in self._counts])
        unclear = [n for n in texts if self._counts[n].n_numbers < self._counts[n].n]
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
        if self._is_taken_as_text(reference):
            return _text(column)
        text = self.texts(column.name)
        declared = self._declared.get(column.name)
        if declared is not None:
            return _as_declared(text, declared)
        return {
            Demand.NUMBER: as_number,
            Demand.TIME: as_time,
            Demand.ENTITY: _as_entity,
            Demand.ANY: _by_content,
        }[reference.demand](text)

    def _is_taken_as_text(self, reference: Reference) -> bool:
        """Tell whether the answer is known without a look at the values."""
        if reference.demand in {Demand.TEXT, Demand.HOLDER}:
            return True
        # A file that knows types says that its ids are texts.
        is_loose = self._raw.columns[reference.column].is_loose
        is_id = reference.demand is Demand.ENTITY and reference.column not in self._declared
        return is_id and not is_loose

    def texts(self, name: str) -> TextColumn:
        """Give a column of texts with what is known of it."""
        column = self._raw.columns[name]
        if name not in self._counts:
            self._count([name])
        sample = partial(self._sample, column)
        return TextColumn(self._connection, self._raw, column, self._counts[name], sample)

    def _count(self, names: list[str]) -> None:
        number = "try_cast(value AS DOUBLE)"
        conditions = [
            "value IS NOT NULL",
            f"isfinite({number})",
            is_whole(number),
            "CAST(try_cast(value AS BIGINT) AS VARCHAR) = value",
            f"regexp_matches(value, {literal(CODE)})",
            is_mark("value"),
        ]
        values = {n: self._raw.columns[n].sql for n in names}
        found = counted(self._connection, self._raw.table, values, conditions)
        self._counts |= {n: Counts(*counts) for n, counts in found.items()}

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


def _as_declared(text: TextColumn, declared: str) -> Typed:
    """Read a column as the project says, whatever its values look like."""
    if declared == "text":
        return _text(text.column)
    if declared in {"number", "integer"}:
        return as_number(text)
    if declared == "boolean":
        return as_truth(text) or as_number(text)
    return as_grouped(text, declared) if declared in WAYS else as_declared(text, declared)


def _by_content(text: TextColumn) -> Typed:
    counts = text.counts
    if counts.n == 0:
        return Typed("CAST(NULL AS DOUBLE)", "number")
    if counts.n_said and counts.n_numbers >= LEAST_SHARE * counts.n_said:
        codes = counts.n_codes > MOST_CODES_SHARE * counts.n_said
        return _text(text.column) if codes else as_number(text)
    most_bad = (1 - LEAST_SHARE) * counts.n_said
    readings = (r for r in _other_readings(text) if r is not None and r.n_bad <= most_bad)
    return next(readings, _text(text.column)) if counts.n_said else _text(text.column)


def _other_readings(text: TextColumn) -> Iterator[Typed | None]:
    yield as_truth(text)
    if _are_mostly(looks_like_number, text.sample) and not look_like_phones(text.sample):
        yield as_number(text)
    if _are_mostly(looks_dated, text.sample):
        yield as_time(text, compact=False)


def _are_mostly(look: Callable[[str], bool], sample: Sequence[str]) -> bool:
    """Say whether the first values have a look, so that counting all of them is worth a scan."""
    said = [t for t in sample[:LOOKED_AT] if t.lower() not in MARKS]
    return bool(said) and sum(map(look, said)) >= LEAST_LOOK_SHARE * len(said)


def _as_entity(text: TextColumn) -> Typed:
    """Keep ids as they are written, as integers only where nothing is lost by it."""
    counts, column = text.counts, text.column
    if column.is_loose and counts.n_canonical == counts.n:
        return Typed(f"CAST({column.sql} AS BIGINT)", "integer")
    if column.is_loose and counts.n_whole == counts.n and counts.n_codes == 0:
        # 17850.0 is how some tools write 17850 in a column with gaps.
        return Typed(f"CAST(CAST({column.sql} AS DOUBLE) AS BIGINT)", "integer")
    return _text(column)


def _text(column: RawColumn) -> Typed:
    return Typed(column.sql, "text")
