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


def test_columns_that_are_missing_in_the_same_rows_are_told_once() -> None:
    first = [i % 3 == 0 for i in range(N)]
    names = [f"c{i}" for i in range(8)]
    columns = {n: [j if f else None for j, f in enumerate(first)] for n in names}
    columns["other"] = [None if f else 1 for f in first]
    given = dict.fromkeys([*names, "other"], Role.OVERLAY)
    told = list(missing(look_at({**columns, "b": list(range(N))}, roles=given)))
    assert [f.columns for f in told] == [tuple(names), ("other",)]
    assert told[0].count == N - sum(first)
    assert told[0].sentence.endswith("'c5' and 2 more, all at once")


def test_features_are_told_one_by_one_for_each_has_an_edit_of_its_own() -> None:
    gaps = [None, 1.5, 2.5, 3.5] * 100
    told = list(missing(look_at({"a": gaps, "b": gaps, "c": list(range(N))})))
    assert [str(f.edit) for f in told] == [
        "features.roles.a: overlay",
        "features.roles.b: overlay",
    ]
