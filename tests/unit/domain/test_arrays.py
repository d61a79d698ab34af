"""Between Arrow and NumPy."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.domain.arrays import floats_of, known_of, numbers_of, values_of, wholes_of

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
