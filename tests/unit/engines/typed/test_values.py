"""Kinds of values, literals, and what may stand beside what."""

from __future__ import annotations

import ibis
import pytest

from segmentry.engines.typed.values import (
    Kind,
    Operand,
    Refused,
    kind_of,
    number_of,
    time_of,
    together,
)

TABLE = ibis.table(
    {"i": "int64", "d": "decimal(10, 2)", "f": "float64", "s": "string", "day": "date",
     "at": "timestamp", "z": "timestamp('UTC')", "b": "boolean", "l": "array<int64>"},
    name="t",
)  # fmt: skip


def test_every_type_that_is_read_is_of_one_kind() -> None:
    kinds = {name: kind_of(TABLE[name]) for name in TABLE.columns if name != "l"}
    assert kinds == {
        "i": Kind.INTEGER, "d": Kind.DECIMAL, "f": Kind.FLOAT, "s": Kind.TEXT, "day": Kind.DATE,
        "at": Kind.TIME, "z": Kind.INSTANT, "b": Kind.TRUTH,
    }  # fmt: skip
    with pytest.raises(Refused, match="array"):
        kind_of(TABLE["l"])


@pytest.mark.parametrize(
    ("text", "type_"),
    [("7", "int64"), ("1.50", "decimal(3, 2)"), ("0.001", "decimal(3, 3)"), ("1e3", "float64")],
)
def test_numbers_are_typed_as_duckdb_types_them(text: str, type_: str) -> None:
    assert number_of(text).type() == ibis.dtype(type_).copy(
        nullable=number_of(text).type().nullable
    )


def test_a_number_beyond_64_bits_is_refused() -> None:
    with pytest.raises(Refused, match="too large"):
        number_of("9223372036854775808")


def test_one_floating_point_number_makes_all_of_them_floating() -> None:
    values = together([Operand(TABLE["i"]), Operand(TABLE["d"]), Operand(TABLE["f"])])
    assert {str(v.type()) for v in values} == {"float64"}


def test_a_date_beside_a_time_becomes_one() -> None:
    values = together([Operand(TABLE["day"]), Operand(TABLE["at"])])
    assert {kind_of(v) for v in values} == {Kind.TIME}


@pytest.mark.parametrize("text", ["31.12.2024", "2024-13-01", "2024-12-31 25:00", "yesterday"])
def test_a_text_that_is_no_iso_time_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="write it like"):
        time_of(text, Kind.TIME)


def test_kinds_that_have_nothing_in_common_are_refused() -> None:
    with pytest.raises(Refused, match="stand beside each other"):
        together([Operand(TABLE["s"]), Operand(TABLE["i"])])
