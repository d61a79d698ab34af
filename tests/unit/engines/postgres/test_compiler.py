"""What is written otherwise than Ibis writes it, because that is not equal elsewhere."""

from __future__ import annotations

from typing import Any

import ibis
import pytest

from segmentry.engines.postgres.compiler import compiled, table_of, type_name
from segmentry.errors import EngineError

SCHEMA = ibis.schema({"s": "string", "f": "float64", "b": "boolean", "d": "decimal(10, 2)"})
TABLE = table_of("t", SCHEMA, "here")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (TABLE["f"].cast("decimal(38, 9)"), 'CAST(CAST("t0"."f" AS TEXT) AS DECIMAL(38, 9))'),
        (TABLE["b"].cast("int64"), 'CAST(CAST("t0"."b" AS INT) AS BIGINT)'),
        (TABLE["s"] < "x", '"t0"."s" COLLATE "C" < \'x\''),
        (TABLE["f"] < 1, '"t0"."f" < CAST(1'),
    ],
)
def test_casts_and_comparisons(value: Any, written: str) -> None:
    assert written.split("CAST(1", maxsplit=1)[0] in compiled(TABLE.select(x=value))


def test_texts_are_sorted_by_their_bytes_in_windows_too() -> None:
    place = ibis.row_number().over(ibis.window(order_by=TABLE["s"]))
    for expression in (TABLE.order_by("s"), TABLE.mutate(n=place)):
        assert 'COLLATE "C"' in compiled(expression)


def test_tables_of_our_own_round_nothing_and_sort_by_bytes() -> None:
    assert [type_name(t) for t in SCHEMA.types] == [
        *('VARCHAR COLLATE "C"', "DOUBLE PRECISION", "BOOLEAN", "numeric"),
    ]


def test_what_cannot_be_written_is_an_error_of_the_house() -> None:
    with pytest.raises(EngineError, match="PostgreSQL cannot compute this") as refused:
        compiled(TABLE.select(x=TABLE["s"].levenshtein("x").as_timestamp("ms")))
    assert refused.value.code == "E3001"
