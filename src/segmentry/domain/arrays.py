"""Between Arrow's columns and NumPy's arrays, without a copy and without pandas.

What lives here: columns of numbers, one way and the other. PyArrow's own ways load pandas first,
which takes longer than most of what is done with the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from segmentry.maths.rounding import round_significant

if TYPE_CHECKING:
    import pyarrow as pa


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_FLOATS = {"halffloat": "float16", "float": "float32", "double": "float64"}
"""What Arrow calls otherwise than NumPy does."""


ROUNDED = {b"significant digits": b"12"}
"""What a column says of itself whose numbers are rounded already."""


def floats_of(column: pa.ChunkedArray | pa.Array) -> NDArray[np.float64]:
    """Give numbers of a column as floats, NaN where they are null."""
    import pyarrow as pa

    array = whole_of(column)
    if not pa.types.is_float64(array.type):
        array = array.cast(pa.float64(), safe=False)
    values = values_of(array)
    return np.where(known_of(array), values, np.nan) if array.null_count else values


def whole_of(data: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Give a column in one piece; what is one already is not copied."""
    import pyarrow as pa

    if isinstance(data, pa.Array):
        return data
    if data.num_chunks == 1:
        return data.chunk(0)
    return pa.concat_arrays(data.chunks) if data.num_chunks else pa.array([], data.type)


def known_of(array: pa.Array) -> NDArray[np.bool_]:
    """Tell which values of a column with nulls are known."""
    bits = np.frombuffer(array.buffers()[0], np.uint8)
    whole = np.unpackbits(bits, count=array.offset + len(array), bitorder="little")
    return whole[array.offset :].view(np.bool_)


def gaps_of(column: pa.ChunkedArray | pa.Array) -> NDArray[np.bool_]:
    """Tell which values of a column are null."""
    array = whole_of(column)
    return ~known_of(array) if array.null_count else np.zeros(len(array), dtype=np.bool_)


def marks_of(column: pa.ChunkedArray | pa.Array) -> NDArray[np.bool_]:
    """Give a column of true and false as flags; null is false."""
    array = whole_of(column)
    if not len(array):
        return np.zeros(0, dtype=np.bool_)
    bits = np.frombuffer(array.buffers()[1], np.uint8)
    whole = np.unpackbits(bits, count=array.offset + len(array), bitorder="little")
    marks = whole[array.offset :].view(np.bool_)
    return marks & known_of(array) if array.null_count else marks


def codes_of(column: pa.ChunkedArray | pa.Array) -> NDArray[np.int64]:
    """Give a column of whole numbers without nulls in 64 bits."""
    import pyarrow as pa

    array = whole_of(column)
    return values_of(array if pa.types.is_int64(array.type) else array.cast(pa.int64()))


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


def rounded_of(column: pa.ChunkedArray) -> pa.Array:
    """Round numbers to 12 significant digits; what is not finite becomes null.

    A column that is so already, as counts are, is not copied.
    """
    import pyarrow as pa

    whole = whole_of(column)
    given = floats_of(whole)
    rounded = plain(given)
    n_unknown = np.isnan(rounded).sum()
    if (
        pa.types.is_float64(column.type)
        and column.null_count == n_unknown
        and np.array_equal(rounded, given, equal_nan=True)
    ):
        return whole
    return numbers_of(rounded)


def plain(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round numbers to 12 significant digits; what is not finite becomes NaN."""
    rounded = round_significant(values)
    rounded[~np.isfinite(rounded)] = np.nan
    return rounded


def rounded_field(name: str) -> pa.Field:
    """Describe a column of numbers that went through ``rounded_of`` or ``plain``."""
    import pyarrow as pa

    return pa.field(name, pa.float64(), metadata=ROUNDED)


def wholes_of(values: NDArray[np.integer[Any]]) -> pa.Array:
    """Give whole numbers as an Arrow column of the same width."""
    import pyarrow as pa

    data = pa.py_buffer(np.ascontiguousarray(values))
    type_ = pa.type_for_alias(values.dtype.name)
    return pa.Array.from_buffers(type_, len(values), [None, data])


def flags_of(values: NDArray[np.bool_]) -> pa.Array:
    """Give true and false as an Arrow column."""
    import pyarrow as pa

    bits = pa.py_buffer(np.packbits(values, bitorder="little"))
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, bits])


def texts_of(words: Sequence[str]) -> pa.Array:
    """Give texts as an Arrow column."""
    import pyarrow as pa

    coded = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, coded)]).astype(np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(coded))]
    return pa.Array.from_buffers(pa.string(), len(coded), buffers)


def instants_of(at: datetime | None, n: int) -> pa.Array:
    """Give the same moment, or none, as often as asked, in UTC."""
    import pyarrow as pa

    type_ = pa.timestamp("us", tz="UTC")
    if at is None:
        return pa.nulls(n, type_)
    micros = (at - EPOCH) // timedelta(microseconds=1)
    return wholes_of(np.full(n, micros, np.int64)).cast(type_)
