"""Columns that hold nothing, the same everywhere, or too little."""

from __future__ import annotations

from looks import look_at, only
from segmentry.domain.role import Role
from segmentry.projectfile.findings.emptiness import constant, missing, nearly_constant

N = 400


def test_missing_values_are_counted_from_a_fifth_on() -> None:
    columns = {"a": [1.5, *[None] * 299, *[2.5] * 100], "b": [None] * 79 + [1] * 321}
    found = only(missing, look_at(columns))
    assert (found.columns, found.count, found.severity) == (("a",), 299, "warning")


def test_what_shapes_no_segment_is_only_noted() -> None:
    columns = {"a": [1.5, *[None] * 299, *[2.5] * 100], "b": list(range(N))}
    found = only(missing, look_at(columns, roles={"a": Role.OVERLAY}))
    assert (found.severity, found.edit) == ("info", None)


def test_constant_and_empty_columns_are_told_together() -> None:
    columns = {"a": [1] * N, "b": [None] * N, "c": list(range(N)), "d": ["x"] * N}
    found = only(constant, look_at(columns))
    assert (found.columns, found.count, found.total) == (("a", "b", "d"), 3, 4)


def test_a_flag_that_two_rows_have_is_nearly_constant() -> None:
    columns = {"rare": [1, 1] + [0] * 398, "usual": [1, 1, 1] + [0] * 397}
    found = only(nearly_constant, look_at(columns))
    assert (found.columns, found.count) == (("rare",), 2)
    assert str(found.edit) == "features.roles.rare: overlay"
