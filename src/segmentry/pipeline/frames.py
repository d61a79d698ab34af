"""Data frames in memory: one row per entity, without a file, an engine or a project.

What lives here: anything that speaks Arrow as one kind of table, and its columns as features by
the rules that tables in files follow (``tables``). What does not: learning the recipe
(``prepare``), and the estimator that needs both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.audit import Audit
from segmentry.domain.project import Source
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import ENTITY, FeatureColumn, FeatureTable
from segmentry.errors import DataError, UsageError, nearest
from segmentry.pipeline import tables

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

LARGEST = 1e15
"""Columns as given hold no larger numbers: sums of squares are in single precision at times."""

SOURCE = Source("the data frame", "")
"""Whose columns findings speak of."""


def is_frame(data: object) -> bool:
    """Tell whether something is a table that speaks Arrow (the PyCapsule interface)."""
    speaks = hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__")
    return speaks and len(getattr(data, "shape", (0, 0))) == 2


def is_pandas(data: object) -> bool:
    """Tell whether something is of pandas, without importing it."""
    return type(data).__module__.partition(".")[0] == "pandas"


def as_arrow(data: Any) -> pa.Table:
    """Give a data frame as an Arrow table with plain types; the index of pandas is left out.

    Parameters
    ----------
    data : pandas, Polars, PyArrow, DuckDB or any other table that exports itself as Arrow

    Returns
    -------
    pyarrow.Table
        Text of every kind as ``string``, also the values of categories; durations in days.

    Raises
    ------
    DataError
        E2002 if a column holds what is neither number, truth, text nor time, or if two columns
        have one name.
    """
    import pyarrow as pa

    try:
        if is_pandas(data):
            table = pa.Table.from_pandas(data, preserve_index=False)
        else:
            table = pa.table(data)
    except (ValueError, TypeError) as error:  # Arrow's own failures are either
        raise DataError(
            f"the data frame cannot be read as Arrow: {str(error).splitlines()[0]}",
            code="E2002",
            hint="give every column one type and a name of its own",
        ) from error
    names = table.column_names
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"several columns are called {', '.join(map(repr, twice))}"
        raise DataError(msg, code="E2002", hint="give every column a name of its own")
    plain = [_plain(name, column) for name, column in zip(names, table.columns, strict=True)]
    return pa.Table.from_arrays(plain, names)


def _plain(name: str, values: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = values.type
    if pa.types.is_dictionary(kind):
        # Chunk by chunk: not every kind of text can be cast while it is encoded.
        chunks = [c.dictionary.cast(pa.string()).take(c.indices) for c in values.chunks]
        return pa.chunked_array(chunks, type=pa.string())
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return values.cast(pa.string())
    if pa.types.is_null(kind):
        return values.cast(pa.float64())
    if pa.types.is_duration(kind):
        micros = values.cast(pa.duration("us"), safe=False).cast(pa.int64())
        return pc.divide(micros.cast(pa.float64(), safe=False), float(tables.DAY_MICROS))
    is_moment = pa.types.is_timestamp(kind) or pa.types.is_date(kind)
    is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    if is_moment or is_number or pa.types.is_boolean(kind) or pa.types.is_string(kind):
        return values
    raise DataError(
        f"the column {name!r} holds {kind}, which is no number, truth, text or time",
        code="E2002",
        hint="leave the column out, or turn it into one of these",
    )


def holds_more_than_numbers(data: Any) -> bool:
    """Tell whether a data frame has text, dates or gaps in it."""
    import pyarrow as pa

    def is_plain(values: pa.ChunkedArray) -> bool:
        is_number = pa.types.is_integer(values.type) or pa.types.is_floating(values.type)
        return (is_number or pa.types.is_boolean(values.type)) and not values.null_count

    return not all(is_plain(column) for column in as_arrow(data).columns)


def parted(
    data: Any, name: str | None, *, is_needed: bool = True
) -> tuple[Any, FeatureTable | None]:
    """Take the column out of a data frame that shapes nothing and says what happened.

    Parameters
    ----------
    data : array-like or data frame
    name : str or None
        None takes nothing out.
    is_needed : bool, default=True
        Whether a column that is not there is refused.

    Returns
    -------
    data
        The rest: an Arrow table where anything was taken out of another frame than pandas'.
    outcome : FeatureTable or None
        The column as an outcome, in the order of its rows.

    Raises
    ------
    UsageError
        E1101 if there is no such column.
    """
    if name is None:
        return data, None
    rows = data if is_pandas(data) or not is_frame(data) else as_arrow(data)
    names = [str(n) for n in getattr(rows, "columns" if is_pandas(data) else "column_names", ())]
    if name in names:
        if is_pandas(data):
            return data.drop(columns=name), _outcome(as_arrow(data[[name]]))
        return rows.drop_columns([name]), _outcome(rows.select([name]))
    if not is_needed:
        return data, None
    msg = f"must_differ_in names the column {name!r}, which X does not have"
    raise UsageError(msg, hint=nearest(name, names) if names else "give a data frame that has it")


def _outcome(column: pa.Table) -> FeatureTable:
    keyed = _keyed(column)
    roles = dict.fromkeys(column.column_names, Role.OUTCOME)
    plans = tables.planned(keyed, roles, SOURCE, Audit(), None)
    day = tables.reference_day(keyed, plans, Audit(), None)
    return FeatureTable.of(tables.values_of(keyed, plans, day), tuple(p.column for p in plans), day)


@dataclass(frozen=True)
class Learnt:
    """What has to be remembered of a data frame to read another one as it was read."""

    columns: tuple[FeatureColumn, ...]
    day: datetime | None
    """From which dates are counted back."""

    @property
    def needs_a_frame(self) -> bool:
        """Tell whether plain numbers could not stand for these columns."""
        return any(
            c.kind is Kind.CATEGORY or c.name.endswith(tables.DAYS_AGO) for c in self.columns
        )


def learn_features(rows: pa.Table, audit: Audit) -> tuple[FeatureTable, Learnt]:
    """Make the columns of a table features, by the rules for tables in files.

    Parameters
    ----------
    rows : pyarrow.Table
        One row per entity, plain types (``as_arrow``).
    audit : Audit
        Gets the columns that are no features, with the reason.

    Returns
    -------
    table : FeatureTable
        In the order of the rows, entities numbered from 1.
    learnt : Learnt

    Raises
    ------
    DataError
        E2007 if no column is a feature.
    """
    keyed = _keyed(rows)
    plans = tables.planned(keyed, {}, SOURCE, audit, None)
    if not plans:
        reasons = "; ".join(f.sentence for f in audit.findings)
        raise DataError(f"no column can be a feature: {reasons}", code="E2007")
    day = tables.reference_day(keyed, plans, audit, None)
    columns = tuple(plan.column for plan in plans)
    return FeatureTable.of(tables.values_of(keyed, plans, day), columns, day), Learnt(columns, day)


def same_features(rows: pa.Table, learnt: Learnt) -> FeatureTable:
    """Read another table as an earlier one was read.

    Parameters
    ----------
    rows : pyarrow.Table
        With the columns of the earlier one.
    learnt : Learnt

    Returns
    -------
    FeatureTable
        In the order of the rows.
    """
    import pyarrow as pa

    keyed = _keyed(rows)
    plans = tables.planned(keyed, {}, SOURCE, Audit(), _present(learnt.columns, keyed))
    try:
        values = tables.values_of(keyed, plans, learnt.day)
        return FeatureTable.of(values, learnt.columns, learnt.day)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        told = str(error).splitlines()[0]
        msg = f"a column has another type than the features were made from: {told}"
        raise DataError(msg, code="E2002", hint="give the columns the types they had") from error


def _present(columns: Iterable[FeatureColumn], rows: pa.Table) -> tuple[FeatureColumn, ...]:
    names = set(rows.column_names)
    wanted = tuple(columns)
    gone = [
        c.name
        for c in wanted
        if c.name not in names and c.name.removesuffix(tables.DAYS_AGO) not in names
    ]
    if gone:
        raise DataError(f"the data frame lacks {', '.join(map(repr, gone))}", code="E2002")
    return wanted


def table_of_numbers(X: NDArray[np.float64], names: Iterable[str]) -> pa.Table:
    """Give a plain array as a table."""
    import pyarrow as pa

    return pa.table(dict(zip(names, (pa.array(column) for column in X.T), strict=True)))


def _keyed(rows: pa.Table) -> pa.Table:
    """Give rows numbers; a column that bears the key's name gives way."""
    import pyarrow as pa

    taken = set(rows.column_names)
    names = []
    for name in rows.column_names:
        given = name
        while given.lower() == ENTITY or (given != name and given in taken):
            given += "_"
        names.append(given)
    numbers = pa.array(np.arange(1, rows.num_rows + 1, dtype=np.int64))
    return rows.rename_columns(names).add_column(0, ENTITY, numbers)


def refuse_beyond_range(values: NDArray[np.float64], names: tuple[str, ...]) -> None:
    """Refuse columns as given whose squares leave the range in which distances are measured.

    Raises
    ------
    ValueError
        With the first such column.
    """
    largest = np.abs(values).max(axis=0, initial=0.0)
    for name in (n for n, v in zip(names, largest, strict=True) if v > LARGEST):
        msg = (
            f"column {name!r} holds numbers beyond {LARGEST:g}, whose squares leave the range in "
            "which distances are measured: divide it beforehand"
        )
        raise ValueError(msg)
