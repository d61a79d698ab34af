"""Types of Spark, and what is written otherwise than Ibis writes it."""

from __future__ import annotations

import ibis
import pytest

from segmentry.engines.spark.compiler import compiled, read_type, table_of

TABLE = table_of("t", ibis.schema({"at": "timestamp", "f": "float64"}), "here")


@pytest.mark.parametrize(
    ("type_", "read"),
    [
        ("bigint", "int64"),
        ("decimal(18,2)", "decimal(18,2)"),
        ("varchar(20)", "string"),
        ("timestamp", "timestamp('UTC')"),
        ("timestamp_ntz", "timestamp"),
        ("array<int>", None),
        ("binary", None),
    ],
)
def test_types_are_read_as_plain_ones_or_not_at_all(type_: str, read: str | None) -> None:
    assert read_type(type_) == read


def test_what_ibis_lacks_for_spark_is_written() -> None:
    sql = compiled(TABLE.select(a=TABLE["at"].microsecond(), b=TABLE["at"].second()))
    assert "PMOD(UNIX_MICROS(" in sql
    assert "SECOND(`t0`.`at`)" in sql


def test_numbers_are_written_without_ibis_backend_being_loaded() -> None:
    assert "CAST(`t0`.`f` AS DECIMAL(38, 9))" in compiled(
        TABLE.select(x=TABLE["f"].cast("decimal(38, 9)"))
    )
