"""Rows of numbers out of Parquet, block by block, as often as wanted and never all in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

BATCH_ROWS = 262_144


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
