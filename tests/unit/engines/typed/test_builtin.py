"""Functions of an engine that Ibis has no name for."""

from __future__ import annotations

import ibis

from segmentry.engines.typed.builtin import declared


def test_a_declared_function_is_called_by_its_name() -> None:
    table = ibis.table({"s": "string"}, name="t")
    two = declared("btrim", ("string", "string"), "string")
    three = declared("split_part", ("string", "string", "int32"), "string")
    sql = ibis.to_sql(table.select(a=two(table["s"], " "), b=three(table["s"], "-", 1)), "postgres")
    assert "BTRIM" in sql.upper()
    assert "SPLIT_PART" in sql.upper()
