"""Names of tables and types of their columns."""

from __future__ import annotations

import pytest

from segmentry.domain.project import Shape
from segmentry.engines.postgres.tables import read_column, split_name


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("orders", (None, "orders")),
        ("shop.orders", ("shop", "orders")),
        ('"Shop"."a.b"', ("Shop", "a.b")),
        ('"say ""hi"""', (None, 'say "hi"')),
    ],
)
def test_names_are_split_at_the_dot_outside_quotes(
    written: str, parts: tuple[str | None, str]
) -> None:
    assert split_name(written) == parts


@pytest.mark.parametrize(
    ("type_", "shape", "read"),
    [
        ("integer", Shape.EVENTS, "int64"),
        ("real", Shape.EVENTS, "float64"),
        ("numeric(10,2)", Shape.EVENTS, "decimal(10, 2)"),
        ("numeric", Shape.EVENTS, "decimal(38, 9)"),
        ("numeric", Shape.TABLE, "float64"),
        ("numeric(50,2)", Shape.EVENTS, "decimal(38, 9)"),
        ("character(3)", Shape.EVENTS, "string"),
        ("character varying(20)", Shape.EVENTS, "string"),
        ("timestamp(3) without time zone", Shape.EVENTS, "timestamp"),
        ("timestamp with time zone", Shape.EVENTS, "timestamp('UTC')"),
        ("json", Shape.EVENTS, None),
        ("integer[]", Shape.EVENTS, None),
        ("money", Shape.EVENTS, None),
    ],
)
def test_types_are_read_as_plain_ones_or_not_at_all(
    type_: str, shape: Shape, read: str | None
) -> None:
    column = read_column("a", type_, shape)
    assert (None if column is None else column.type) == read
