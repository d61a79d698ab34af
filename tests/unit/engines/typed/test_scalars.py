"""The walk over a syntax tree: what is written, what is refused, and by which name."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa
import pytest

from segmentry.engines.base import Capabilities
from segmentry.engines.expressions import read_expression
from segmentry.engines.typed.scalars import OPERATORS, WHY, Dialect, Writer, known_functions
from segmentry.engines.typed.values import Refused

TABLE = ibis.memtable(pa.table({"a": [4, None, -3], "b": [2, 0, 0], "s": ["x", None, "y"]}))


def write(sql: str, **refused: str) -> Any:
    dialect = Dialect("here", Capabilities(refused), {})
    read = read_expression(sql, TABLE.columns, key="", source="", functions=known_functions())
    assert read.tree is not None
    return Writer({n: TABLE[n] for n in TABLE.columns}, dialect).write(read.tree)


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


def test_a_refusal_names_the_construct_the_engine_and_the_reason() -> None:
    with pytest.raises(Refused, match="'lower' is not computed on here: engines disagree"):
        write("lower(s) = 'x'")
    with pytest.raises(Refused, match="not known to give the same"):
        write("md5(s) = 'x'")


def test_what_an_engine_declares_is_refused_with_its_reason() -> None:
    with pytest.raises(Refused, match="greatest of texts is not computed on here: no order"):
        write("greatest(s, 'x')", **{"greatest of texts": "no order"})


def test_no_construct_is_both_written_and_refused() -> None:
    assert set(OPERATORS) & set(WHY) == set()
