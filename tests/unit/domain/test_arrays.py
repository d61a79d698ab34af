"""Between Arrow and NumPy."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.domain.arrays import (
    codes_of,
    flags_of,
    floats_of,
    gaps_of,
    instants_of,
    known_of,
    marks_of,
    numbers_of,
    texts_of,
    values_of,
    wholes_of,
)

NUMBERS = st.lists(st.none() | st.floats(allow_nan=False), max_size=70)


@given(NUMBERS, st.integers(0, 9))
def test_numbers_go_there_and_back(numbers: list[float | None], start: int) -> None:
    whole = pa.array(numbers, pa.float64())
    part = whole.slice(min(start, len(whole)))
    found = floats_of(pa.chunked_array([part.slice(0, 3), part.slice(3)]))
    assert numbers_of(found).equals(part)


@pytest.mark.parametrize("type_", ["int8", "uint16", "int32", "int64"])
def test_whole_numbers_keep_their_width(type_: str) -> None:
    values = np.array([1, 2, 3], type_)
    column = wholes_of(values)
    assert column.equals(pa.array([1, 2, 3], type_))
    assert values_of(column.slice(1)).tolist() == [2, 3]
    assert values_of(column).dtype == values.dtype


@given(st.lists(st.none() | st.booleans(), max_size=70), st.integers(0, 9))
def test_marks_and_gaps_are_those_of_arrow(marks: list[bool | None], start: int) -> None:
    part = pa.array(marks, pa.bool_()).slice(min(start, len(marks)))
    assert marks_of(part).tolist() == [bool(m) for m in part.to_pylist()]
    assert gaps_of(part).tolist() == [m is None for m in part.to_pylist()]
    known = part.fill_null(False)
    assert flags_of(marks_of(known)).equals(known)


@given(st.lists(st.text(max_size=5), max_size=9))
def test_texts_become_a_column(words: list[str]) -> None:
    assert texts_of(words).equals(pa.array(words, pa.string()))


def test_codes_are_wide() -> None:
    column = pa.chunked_array([pa.array([3, 1], pa.int8()), pa.array([2], pa.int8())])
    assert codes_of(column).tolist() == [3, 1, 2]
    assert codes_of(column).dtype == np.int64


@pytest.mark.parametrize("at", [None, datetime(2011, 12, 9, 12, 50, 0, 7, tzinfo=UTC)])
def test_a_moment_stands_in_every_row(at: datetime | None) -> None:
    type_ = pa.timestamp("us", tz="UTC")
    assert instants_of(at, 3).equals(pa.array([at] * 3, type_))


def test_no_chunk_is_no_number() -> None:
    assert floats_of(pa.chunked_array([], pa.float64())).tolist() == []
    assert known_of(pa.array([None, 1]).slice(1)).tolist() == [True]


def test_pandas_stays_where_it_is() -> None:
    code = (
        "import sys, pyarrow as pa, numpy as np;"
        "from segmentry.domain.arrays import floats_of, numbers_of, wholes_of;"
        "column = numbers_of(np.array([1.0, np.nan]));"
        "numbers_of(floats_of(pa.chunked_array([column, column])));"
        "floats_of(pa.chunked_array([wholes_of(np.arange(3))]));"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
