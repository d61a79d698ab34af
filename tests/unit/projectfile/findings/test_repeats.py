"""Columns that repeat another."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from looks import look_at, only
from segmentry.domain.role import Role
from segmentry.projectfile.findings.repeats import same_columns
from segmentry.seeds import stream

RNG = stream(0, "repeats")
MONTHLY = RNG.gamma(2, 30, 100).round(2)


def test_a_multiple_is_told_with_its_factor() -> None:
    found = only(same_columns, look_at({"mrr": MONTHLY, "arr": MONTHLY * 12}))
    assert found.columns == ("mrr", "arr")
    assert "12 times" in found.sentence
    assert str(found.edit) == "features.roles.arr: id"


@settings(max_examples=8, deadline=None)
@given(factor=st.floats(-1e6, 1e6).filter(lambda f: abs(f) > 1e-3))
def test_any_factor_is_found_and_one_cell_is_enough_to_differ(factor: float) -> None:
    assert len(list(same_columns(look_at({"a": MONTHLY, "b": MONTHLY * factor})))) == 1
    other = MONTHLY * factor
    other[37] *= 1.01
    assert not list(same_columns(look_at({"a": MONTHLY, "b": other})))


def test_the_same_levels_in_other_words() -> None:
    codes = RNG.integers(0, 3, 100)
    columns = {"code": [f"{c}" + "x" for c in codes], "name": [f"level {c}" for c in codes]}
    assert "other words" in only(same_columns, look_at(columns)).sentence


def test_texts_that_do_not_repeat_always_match_and_are_not_told() -> None:
    columns = {"name": [f"n{i}" for i in range(100)], "mail": [f"m{i}" for i in range(100)]}
    assert not list(same_columns(look_at(columns)))
    same = {"name": columns["name"], "login": columns["name"]}
    assert "is the same as" in only(same_columns, look_at(same)).sentence


def test_only_two_features_are_one_too_many() -> None:
    columns = {"mrr": MONTHLY, "arr": MONTHLY * 12}
    found = only(same_columns, look_at(columns, roles={"arr": Role.OVERLAY}))
    assert (found.severity, found.edit) == ("info", None)


def test_gaps_count_as_a_difference() -> None:
    with_gap = [None, *MONTHLY[1:].tolist()]
    assert not list(same_columns(look_at({"a": MONTHLY, "b": with_gap})))


def test_constants_and_keys_are_not_compared() -> None:
    ids = list(range(100))
    columns = {"id": ids, "row": ids, "one": [1] * 100, "two": [2] * 100}
    assert not list(same_columns(look_at(columns, {"entity": "id"})))
