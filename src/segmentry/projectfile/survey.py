"""Looking at data before anything is known of it: a profile of each column.

What lives here: opening the files, a sample of rows spread over the whole, one ``Column`` each,
and a second sample of whole entities. What does not: what the columns mean (``behaviour``,
``roles``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segmentry.domain.arrays import codes_of, floats_of
from segmentry.projectfile.names import words

if TYPE_CHECKING:
    import ibis.expr.types as ir

SAMPLE_ROWS = 200_000
"""Rows looked at: enough to see a level that one row in ten thousand has."""

SAMPLE_CELLS = 20_000_000
"""A wide file is looked at in fewer rows, to keep memory in bounds."""

ROWS_ENOUGH = 5
"""Rows of an entity in the sample from which on they stand for all its rows."""

FEWEST_TEXTS, SOME_TEXTS = 50, 200
"""Distinct values that a column of texts has at least, and those that are looked at."""

WORDS_OF_TEXT = 4
"""Words that the text in the middle has at least: fewer name a thing."""

LOWER_WORDS = 0.5
"""Share of words without a capital or digit in front: titles, names and addresses have fewer."""

MOST_LEVELS = 200
"""More distinct values than these are not listed one by one."""


@dataclass(frozen=True)
class Column:
    """What a sample of a column shows.

    ``kind`` is ``number``, ``text``, ``bool`` or ``time``. Counts are of the sample's rows.
    """

    name: str
    kind: str
    values: pa.Array = field(repr=False, compare=False)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of its name."""
        return words(self.name)

    @cached_property
    def n(self) -> int:
        """Rows that hold a value."""
        return int(len(self.values) - self.values.null_count)

    @cached_property
    def missing_share(self) -> float:
        """Share of rows without a value."""
        return 1 - self.n / max(len(self.values), 1)

    @cached_property
    def codes(self) -> NDArray[np.int64]:
        """A number for each distinct value, -1 where there is none."""
        return codes_of(self._encoded.indices.fill_null(-1))

    @cached_property
    def n_distinct(self) -> int:
        """Distinct values in the sample."""
        return len(self._encoded.dictionary)

    @cached_property
    def distinct_share(self) -> float:
        """Distinct values per row that holds one."""
        return self.n_distinct / max(self.n, 1)

    @cached_property
    def is_unique(self) -> bool:
        """Whether no value repeats (in a sample of at least two)."""
        return self.n > 1 and self.n_distinct == self.n

    @cached_property
    def is_constant(self) -> bool:
        """Whether there is at most one value."""
        return self.n_distinct <= 1

    @cached_property
    def numbers(self) -> NDArray[np.float64]:
        """The values as float64, NaN where there is none or it is no number."""
        if self.kind not in {"number", "bool"}:
            return np.full(len(self.values), np.nan)
        return floats_of(self.values)

    @cached_property
    def present(self) -> NDArray[np.float64]:
        """The finite numbers."""
        return self.numbers[np.isfinite(self.numbers)]

    @cached_property
    def is_whole(self) -> bool:
        """Whether all its values are whole numbers."""
        found = self.present
        return bool(self.kind == "number" and len(found) and np.all(found == np.floor(found)))

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Its distinct values as text, most frequent first, where they are few."""
        if self.n_distinct > MOST_LEVELS:
            return ()
        counts = np.bincount(self.codes[self.codes >= 0], minlength=self.n_distinct)
        order = np.argsort(-counts, kind="stable")
        texts = self._encoded.dictionary.to_pylist()
        return tuple(str(texts[i]) for i in order)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Up to 2,000 distinct values as text."""
        return tuple(str(v) for v in self._encoded.dictionary.slice(0, 2000).to_pylist())

    @cached_property
    def mean_length(self) -> float:
        """Mean length of its distinct texts."""
        return float(np.mean([len(t) for t in self.texts])) if self.texts else 0.0

    @cached_property
    def is_prose(self) -> bool:
        """Whether its texts are sentences somebody wrote: several words, most in lower case."""
        if self.kind != "text" or self.n_distinct <= FEWEST_TEXTS or self.distinct_share <= 0.5:
            return False
        some = [t for t in self.texts[:SOME_TEXTS] if t.strip()]
        if not some or float(np.median([len(t.split()) for t in some])) < WORDS_OF_TEXT:
            return False
        words_ = [w for t in some for w in t.split()]
        is_word = [w[0].isalpha() and not w[0].isupper() for w in words_]
        return float(np.mean(is_word)) >= LOWER_WORDS

    @cached_property
    def is_binary(self) -> bool:
        """Whether it has two values, or one value and gaps."""
        return self.n_distinct == 2 or (self.n_distinct == 1 and 0 < self.missing_share < 1)

    @cached_property
    def distinct_texts(self) -> list[str]:
        """All distinct values as text, in the order of ``codes``."""
        return [str(v) for v in self._encoded.dictionary.to_pylist()]

    @cached_property
    def _encoded(self) -> pa.DictionaryArray:
        return self.values.dictionary_encode()


@dataclass(frozen=True)
class Survey:
    """The columns of some files, and how many rows there are.

    ``table`` is where the rest of the rows can be read; None where the columns hold all of them.
    """

    columns: tuple[Column, ...]
    n_rows: int
    table: ir.Table | None
    counted: dict[str, tuple[int, int]] = field(default_factory=dict, compare=False)
    """What ``count_distinct`` found so far, since it reads all rows."""

    def get(self, name: str) -> Column:
        """Give a column by its exact name."""
        return next(c for c in self.columns if c.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns."""
        return tuple(c.name for c in self.columns)

    def count_distinct(self, name: str) -> tuple[int, int]:
        """Count values and distinct values of a column over all rows, exactly."""
        if self.table is None:
            column = self.get(name)
            return column.n, column.n_distinct
        if name not in self.counted:
            values = self.table[name]
            row = self.table.aggregate(n=values.count(), distinct=values.nunique()).to_pyarrow()
            self.counted[name] = (int(row["n"][0].as_py()), int(row["distinct"][0].as_py()))
        return self.counted[name]

    def whole_entities(self, name: str) -> Survey:
        """Look again at all rows of some entities, so that one can see what varies inside one."""
        parts = -(-self.n_rows // max(len(self.columns[0].values), 1))
        n, n_distinct = self.count_distinct(name)
        if self.table is None or n >= ROWS_ENOUGH * parts * n_distinct:
            return self
        chosen = self.table.filter(self.table[name].hash() % parts == 0)
        return Survey(columns_of(chosen.to_pyarrow()), self.n_rows, self.table)


def survey(table: ir.Table, n_rows: int) -> Survey:
    """Look at a table: all rows where they are few, otherwise rows spread evenly over it."""
    most = max(min(SAMPLE_ROWS, SAMPLE_CELLS // max(len(table.columns), 1)), 1000)
    step = -(-n_rows // most) if n_rows else 1
    sample = _every(table, step).to_pyarrow()
    if step == 1:
        return Survey(columns_of(sample), sample.num_rows, None)
    return Survey(columns_of(sample), n_rows, table)


def _every(table: ir.Table, step: int) -> ir.Table:
    if step <= 1:
        return table
    import ibis

    position = "row position"
    while position in table.columns:
        position += "_"
    numbered = table.mutate(**{position: ibis.row_number()})
    return numbered.filter(numbered[position] % step == 0).drop(position)


def columns_of(sample: pa.Table) -> tuple[Column, ...]:
    """Profile each column of a sample."""
    return tuple(_column(n, sample[n].combine_chunks()) for n in sample.column_names)


def _column(name: str, values: Any) -> Column:
    if isinstance(values, pa.ChunkedArray):  # combine_chunks of no chunk at all
        values = pa.array([], type=values.type)
    kind = values.type
    if pa.types.is_dictionary(kind):
        values = values.dictionary_decode()
        kind = values.type
    if pa.types.is_boolean(kind):
        return Column(name, "bool", values)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return Column(name, "number", _no_nan(values))
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return Column(name, "time", values)
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        values = _as_text(values)
    return _text(name, values)


def _text(name: str, values: pa.Array) -> Column:
    """Read texts that are all numbers but for blanks as numbers: a blank is how some write null."""
    stripped = pc.utf8_trim_whitespace(values)
    blank = pc.equal(stripped, "")
    if pc.any(blank).as_py():
        values = pc.if_else(blank, pa.scalar(None, values.type), values)
        try:
            return Column(name, "number", pc.utf8_trim_whitespace(values).cast(pa.float64()))
        except pa.ArrowInvalid:
            pass
    return Column(name, "text", values)


def _no_nan(values: pa.Array) -> pa.Array:
    if not pa.types.is_floating(values.type):
        return values
    return pc.if_else(pc.is_nan(values), pa.scalar(None, values.type), values)


def _as_text(values: pa.Array) -> pa.Array:
    return pa.array([None if v is None else str(v) for v in values.to_pylist()], type=pa.string())


def varying_share(entities: NDArray[np.int64], values: NDArray[np.int64]) -> float:
    """Measure in which share of the entities with several rows a column has several values."""
    known = (entities >= 0) & (values >= 0)
    keys, found = entities[known], values[known]
    if not len(keys):
        return 0.0
    width = int(found.max()) + 1
    pairs = np.unique(keys * width + found)
    rows = np.bincount(keys)
    distinct = np.bincount(pairs // width, minlength=len(rows))
    several = rows > 1
    return float(np.mean(distinct[several] > 1)) if several.any() else 0.0
