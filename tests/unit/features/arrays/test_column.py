"""Arrow columns as arrays: what is known, what is exact, what is too large."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from segmentry.features.arrays.column import BeyondArraysError, column_of, fine, told_apart


def read(values: list[Any], type_: Any) -> Any:
    # In two chunks of a larger array, as a table that was filtered has them.
    array = pa.array([None, *values], type_).slice(1)
    return column_of(pa.chunked_array([array.slice(0, 1), array.slice(1)]))


def test_decimals_are_whole_numbers_with_a_divisor() -> None:
    column = read([Decimal("1.5"), None, Decimal("-0.000000001")], pa.decimal128(38, 9))
    assert column.values.tolist() == [1_500_000_000, 0, -1]
    assert column.divisor == 10**9
    assert column.known.tolist() == [True, False, True]
    assert column.numbers.tolist() == [1.5, 0.0, -1e-9]


@pytest.mark.parametrize("value", ["9223372037", "-9223372037"])
def test_decimals_beyond_64_bits_are_refused(value: str) -> None:
    with pytest.raises(BeyondArraysError, match="64 bits"):
        read([Decimal(value)], pa.decimal128(38, 9))


def test_words_are_places_in_their_order() -> None:
    column = read(["b", None, "ä", "a", "b"], pa.string())
    assert column.words.to_pylist() == ["a", "b", "ä"]
    assert column.values[column.known].tolist() == [1, 2, 0, 1]
    assert column.is_one_of([1]).tolist() == [True, False, False, False, True]


def test_what_is_not_known_is_in_nothing() -> None:
    column = read([1, None, 3], pa.int16())
    assert column.is_one_of([0, 1, 3]).tolist() == [True, False, True]
    assert column.is_one_of([]).tolist() == [False, False, False]
    assert column.compared(-1, "above").tolist() == [True, False, True]
    assert column.compared(2, "below").tolist() == [True, False, False]
    bound = float(column.numbers[0])
    assert column.compared(bound, "at least").tolist()[0]
    assert column.compared(bound, "at most").tolist()[0]


def test_a_number_is_one_of_some_whatever_it_is_counted_in() -> None:
    column = read([Decimal(2), Decimal("2.5"), None], pa.decimal128(38, 9))
    assert column.is_one_of([2, 10**12]).tolist() == [True, False, False]
    assert read([2, 3], pa.int8()).is_one_of([2, 1_000]).tolist() == [True, False]


def test_other_widths_are_read_as_they_are() -> None:
    assert read([0.5, 1.5], pa.float32()).values.tolist() == [0.5, 1.5]
    assert read([1, 2**63 - 1], pa.uint64()).values.dtype == np.int64
    with pytest.raises(BeyondArraysError, match="64 bits"):
        read([1, 2**63], pa.uint64())


def test_nothing_and_truths_are_columns_too() -> None:
    nothing = read([None, None], pa.null())
    assert not nothing.known.any()
    assert read([True, False], pa.bool_()).values.tolist() == [1, 0]
    assert len(column_of(pa.chunked_array([], pa.int64())).values) == 0


def test_fractions_are_counted_in_billionths() -> None:
    column = read([0.1, None, 2.5], pa.float64()).exact
    assert column.values.tolist() == [100_000_000, 0, 2_500_000_000]
    assert column.known.tolist() == [True, False, True]
    with pytest.raises(BeyondArraysError, match="64 bits"):
        fine(np.array([1e10]))
    with pytest.raises(BeyondArraysError, match="64 bits"):
        fine(np.array([np.inf]))


def test_texts_are_told_apart_inside_their_group() -> None:
    rng = np.random.default_rng(0)
    texts = [None if v == 9 else f"s{v}" for v in rng.integers(0, 10, 50_000)]
    group = np.sort(rng.integers(0, 90, 50_000))
    order = rng.permutation(50_000)
    edges = np.searchsorted(group, np.arange(91))
    found = told_apart(pa.chunked_array([texts[:7], texts[7:]], pa.string()), order, edges)
    assert found.known.tolist() == [texts[i] is not None for i in order]
    for a, b in pairwise(edges.tolist()):
        pairs = {(texts[order[i]], int(found.values[i])) for i in range(a, b) if texts[order[i]]}
        assert len(pairs) == len({t for t, _ in pairs}) == len({v for _, v in pairs})
