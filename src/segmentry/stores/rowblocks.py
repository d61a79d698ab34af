"""Rows of numbers out of Parquet, block by block, as often as wanted and never all in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from segmentry.errors import DataError, nearest

BATCH_ROWS = 262_144


def numeric_columns(path: Path, wanted: Sequence[str] | None = None) -> tuple[str, ...]:
    """Name the columns of a Parquet file that can be read as rows of numbers.

    Parameters
    ----------
    path : Path
    wanted : sequence of str or None
        Those asked for, in this order; all where None.

    Raises
    ------
    DataError
        If the file is missing or not Parquet, or a column is missing or does not hold numbers.
    """
    if not path.is_file():
        raise DataError("there is no such file", code="E2001", where=str(path))
    try:
        schema = pq.read_schema(path)
    except pa.ArrowInvalid as error:
        what = f"this is not a Parquet file that can be read: {error}"
        raise DataError(what, code="E2002", where=str(path)) from error
    names = tuple(schema.names if wanted is None else wanted)
    for name in names:
        if name not in schema.names:
            what = f"there is no column {name!r}"
            hint = nearest(name, schema.names)
            raise DataError(what, code="E2002", where=str(path), hint=hint)
        kind = schema.field(name).type
        if not (
            pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
        ):
            what = f"column {name!r} holds {kind}, not numbers"
            hint = "name the columns to read, such as columns=['a', 'b']"
            raise DataError(what, code="E2002", where=str(path), hint=hint)
    return names


def parquet_rows(
    path: Path, columns: Sequence[str] | None = None, *, batch_rows: int = BATCH_ROWS
) -> Iterator[NDArray[np.float32]]:
    """Read numeric columns of a Parquet file in single precision, in the file's order.

    Parameters
    ----------
    path : Path
    columns : sequence of str or None
        Those that are read, in this order; all where None.
    batch_rows : int

    Yields
    ------
    ndarray of shape (n_rows, n_columns)
        Stored column by column, as the file is. Missing values are NaN.
    """
    with pq.ParquetFile(path) as file:
        names = list(columns) if columns is not None else file.schema_arrow.names
        for batch in file.iter_batches(batch_rows, columns=names):
            block = np.empty((len(names), len(batch)), dtype=np.float32)
            for j, name in enumerate(names):
                block[j] = batch.column(name).to_numpy(zero_copy_only=False)
            yield block.T
