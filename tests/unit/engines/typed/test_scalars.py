"""Operators mean what DuckDB makes of them."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa
import pytest

from segmentry.engines.base import Capabilities
from segmentry.engines.expressions import read_expression
from segmentry.engines.typed.rules import known_functions, writer_of
from segmentry.engines.typed.writer import Dialect

TABLE = ibis.memtable(pa.table({"a": [4, None, -3], "b": [2, 0, 0], "s": ["x", None, "y"]}))


def write(sql: str, **refused: str) -> Any:
    dialect = Dialect("here", Capabilities(refused), {})
    read = read_expression(sql, TABLE.columns, key="", source="", functions=known_functions())
    assert read.tree is not None
    return writer_of({n: TABLE[n] for n in TABLE.columns}, dialect).write(read.tree)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("a / b", [2.0, None, float("-inf")]),
        ("CASE WHEN a > 0 THEN a ELSE b END", [4, 0, 0]),
        ("coalesce(a, 9)", [4, 9, -3]),
        ("a IS NULL OR s = 'y'", [False, True, True]),
        ("a BETWEEN -3 AND 0", [False, None, True]),
        ("s NOT IN ('x')", [False, None, True]),
        ("a IS DISTINCT FROM b", [True, True, True]),
    ],
)
def test_operators_mean_what_duckdb_makes_of_them(sql: str, expected: list[Any]) -> None:
    assert TABLE.select(x=write(sql)).to_pyarrow()["x"].to_pylist() == expected
