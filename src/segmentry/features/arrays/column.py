"""A column of numbers: whole numbers with a divisor, places of words, or floats.

What lives here: reading Arrow columns, and what of a value is known. What does not: rows in order
(``rows``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import known_of, values_of, whole_of
from segmentry.domain.formula import Operator
from segmentry.maths.stretches import Places, shared_out

if TYPE_CHECKING:
    import pyarrow as pa

FINE = 10**9
"""What numbers with a fraction are counted in: nine digits, as ``features.rows.EXACT`` has."""

COMPARISONS: dict[Operator, Callable[..., Any]] = {
    "above": np.greater,
    "below": np.less,
    "at least": np.greater_equal,
    "at most": np.less_equal,
}

_MOST = float(2**62)

_FEW_TEXTS = 20_000
"""Texts that are told apart at once."""


TOO_LARGE = "a number is beyond 64 bits"


class BeyondArraysError(Exception):
    """Numbers are too large for 64 bits; the statement (``features.compile``) has wider ones."""


@dataclass(frozen=True)
class Column:
    """Values of some rows; a number is ``values / divisor``."""

    values: NDArray[Any]
    known: NDArray[np.bool_] | None = None
    """Which values are known; None where all are."""
    divisor: int = 1
    words: pa.Array | None = None
    """What ``values`` are places in, for columns of text: in ascending order."""

    def take(self, rows: NDArray[Any] | slice) -> Column:
        """Give the values of some rows: by place, by mask, or all from one to another."""
        known = None if self.known is None else self.known[rows]
        return replace(self, values=self.values[rows], known=known)

    @property
    def is_whole(self) -> bool:
        """Say whether values are whole numbers, or counts of a fine unit."""
        return self.values.dtype.kind in "iu"

    @property
    def numbers(self) -> NDArray[np.float64]:
        """Give the numbers that the values stand for."""
        values = self.values.astype(np.float64, copy=False)
        return values if self.divisor == 1 else values / self.divisor

    @property
    def exact(self) -> Column:
        """Give a column of whole numbers that can be added up exactly.

        Raises
        ------
        BeyondArraysError
            For numbers beyond 64 bits.
        """
        if self.is_whole and FINE % self.divisor == 0:
            return self
        numbers = self.numbers if self.known is None else np.where(self.known, self.numbers, 0.0)
        return fine(numbers, self.known)

    def is_one_of(self, values: list[int]) -> NDArray[np.bool_]:
        """Say of each value whether it is known and one of some."""
        found: NDArray[np.bool_] = np.zeros(len(self.values), np.bool_)
        for value in values:
            found |= self.values == value * self.divisor
        return found if self.known is None else found & self.known

    def compared(self, bound: float, operator: Operator) -> NDArray[np.bool_]:
        """Say of each value whether it is known and, say, above a bound (``COMPARISONS``)."""
        numbers: NDArray[Any] = self.values if self.divisor == 1 else self.numbers
        found: NDArray[np.bool_] = COMPARISONS[operator](numbers, bound)
        return found if self.known is None else found & self.known


def fine(numbers: NDArray[np.float64], known: NDArray[np.bool_] | None = None) -> Column:
    """Count numbers in billionths, rounded to the nearest.

    Raises
    ------
    BeyondArraysError
        For numbers beyond 64 bits.
    """
    counted = np.rint(numbers * FINE)
    if len(counted) and not np.abs(counted).max() < _MOST:
        raise BeyondArraysError(TOO_LARGE)
    return Column(counted.astype(np.int64), known, FINE)


def column_of(data: pa.ChunkedArray) -> Column:
    """Read an Arrow column.

    Parameters
    ----------
    data : pyarrow.ChunkedArray
        Whole numbers, decimals, floats, truth values, or texts.

    Raises
    ------
    BeyondArraysError
        For decimals beyond 64 bits.
    """
    import pyarrow as pa

    array = whole_of(data)
    kind = array.type
    if pa.types.is_null(kind):
        nothing = np.zeros(len(array), np.int64)
        return Column(nothing, nothing.astype(np.bool_), words=pa.array([], pa.string()))
    known = known_of(array) if array.null_count else None
    if pa.types.is_decimal(kind):
        return _of_decimals(array, known)
    if is_text(kind) or pa.types.is_dictionary(kind):
        return _of_words(array, known)
    if pa.types.is_boolean(kind):
        array = array.cast(pa.int8())
    values = values_of(array)
    if values.dtype == np.uint64:
        if len(values) and values.max() > np.iinfo(np.int64).max:
            raise BeyondArraysError(TOO_LARGE)
        values = values.astype(np.int64)
    return Column(values if known is None else np.where(known, values, values.dtype.type(0)), known)


def is_text(kind: pa.DataType) -> bool:
    """Say whether a column holds texts."""
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def told_apart(texts: pa.ChunkedArray, order: Places, edges: Places) -> Column:
    """Give numbers to the texts of each group, alike where they are and only there.

    Parameters
    ----------
    texts : pyarrow.ChunkedArray
    order : ndarray of int of shape (n,)
        The rows of the groups, one group's after the other's.
    edges : ndarray of int of shape (n_groups + 1,)

    Notes
    -----
    Texts of few groups at once find each other in a processor's own cache: several times as fast
    as one list of them all, and no list is ever sorted.
    """
    import pyarrow as pa

    array = whole_of(texts).take(pa.array(order))
    values = np.zeros(len(order), np.int32)
    for low, high in pairwise(edges[shared_out(edges, _FEW_TEXTS)].tolist()):
        coded = array.slice(low, high - low).dictionary_encode()
        values[low:high] = values_of(coded.indices)
    known = known_of(array) if array.null_count else None
    return Column(values if known is None else np.where(known, values, 0), known)


def _of_decimals(array: pa.Array, known: NDArray[np.bool_] | None) -> Column:
    import pyarrow as pa

    if array.type.bit_width != 128:
        array = array.cast(pa.decimal128(38, array.type.scale))
    parts = np.frombuffer(array.buffers()[1], np.int64)
    parts = parts[2 * array.offset : 2 * (array.offset + len(array))].reshape(-1, 2)
    low, high = parts[:, 0], parts[:, 1]
    if known is not None:
        low, high = np.where(known, low, 0), np.where(known, high, 0)
    if (high != low >> 63).any():
        raise BeyondArraysError(TOO_LARGE)
    return Column(np.ascontiguousarray(low), known, 10**array.type.scale)


def _of_words(array: pa.Array, known: NDArray[np.bool_] | None) -> Column:
    import pyarrow as pa
    import pyarrow.compute as pc

    coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    words = coded.dictionary.cast(pa.string())
    order = pc.sort_indices(words)
    place = np.empty(len(order), np.int64)
    place[values_of(order)] = np.arange(len(order))
    indices = values_of(coded.indices)
    if known is not None:
        indices = np.where(known, indices, 0)
    values = place[indices] if len(order) else np.zeros(len(array), np.int64)
    return Column(values, known, words=words.take(order))
