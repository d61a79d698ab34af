"""Between Arrow's columns and NumPy's arrays, without a copy and without pandas.

What lives here: columns of numbers, one way and the other. PyArrow's own ways load pandas first,
which takes longer than most of what is done with the numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa


_FLOATS = {"halffloat": "float16", "float": "float32", "double": "float64"}
"""What Arrow calls otherwise than NumPy does."""


def floats_of(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """Give numbers of a column as floats, NaN where they are null."""
    import pyarrow as pa

    array = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    array = array.cast(pa.float64(), safe=False)
    values = values_of(array)
    return np.where(known_of(array), values, np.nan) if array.null_count else values


def known_of(array: pa.Array) -> NDArray[np.bool_]:
    """Tell which values of a column with nulls are known."""
    bits = np.frombuffer(array.buffers()[0], np.uint8)
    whole = np.unpackbits(bits, count=array.offset + len(array), bitorder="little")
    return whole[array.offset :].view(np.bool_)


def values_of(array: pa.Array) -> NDArray[Any]:
    """Give the numbers of a column as they lie; what stands for a null may be any."""
    kind = np.dtype(_FLOATS.get(str(array.type), str(array.type)))
    if not len(array):
        return np.zeros(0, kind)
    whole = np.frombuffer(array.buffers()[1], kind, array.offset + len(array))
    return whole[array.offset :]


def numbers_of(values: NDArray[np.float64]) -> pa.Array:
    """Give numbers as an Arrow column, NaN as null."""
    import pyarrow as pa

    known = ~np.isnan(values)
    bits = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
    data = pa.py_buffer(np.ascontiguousarray(values, np.float64))
    return pa.Array.from_buffers(pa.float64(), len(values), [bits, data])


def wholes_of(values: NDArray[np.integer[Any]]) -> pa.Array:
    """Give whole numbers as an Arrow column of the same width."""
    import pyarrow as pa

    data = pa.py_buffer(np.ascontiguousarray(values))
    type_ = pa.type_for_alias(values.dtype.name)
    return pa.Array.from_buffers(type_, len(values), [None, data])
