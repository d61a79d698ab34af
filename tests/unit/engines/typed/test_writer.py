"""The walk over a syntax tree: what is refused, and by which name."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa
import pytest

from segmentry.engines.base import Capabilities
from segmentry.engines.expressions import read_expression
from segmentry.engines.typed.rules import known_functions, writer_of
from segmentry.engines.typed.values import Refused
from segmentry.engines.typed.writer import Dialect

TABLE = ibis.memtable(pa.table({"a": [4, None, -3], "b": [2, 0, 0], "s": ["x", None, "y"]}))


def write(sql: str, **refused: str) -> Any:
    dialect = Dialect("here", Capabilities(refused), {})
    read = read_expression(sql, TABLE.columns, key="", source="", functions=known_functions())
    assert read.tree is not None
    return writer_of({n: TABLE[n] for n in TABLE.columns}, dialect).write(read.tree)


def test_a_refusal_names_the_construct_the_engine_and_the_reason() -> None:
    with pytest.raises(Refused, match="'lower' is not computed on here: engines disagree"):
        write("lower(s) = 'x'")
    with pytest.raises(Refused, match="not known to give the same"):
        write("md5(s) = 'x'")


def test_what_an_engine_declares_is_refused_with_its_reason() -> None:
    with pytest.raises(Refused, match="greatest of texts is not computed on here: no order"):
        write("greatest(s, 'x')", **{"greatest of texts": "no order"})
