"""Records come back as they were, and nothing else comes in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import pytest

from segmentry.domain.role import Role
from segmentry.stores.records import from_plain, to_plain


@dataclass(frozen=True)
class Inner:
    names: tuple[str, ...]


@dataclass(frozen=True)
class Outer:
    text: str
    number: float
    count: int
    yes: bool
    role: Role
    way: Literal["up", "down"]
    at: datetime
    maybe: float | None
    inners: tuple[Inner, ...] = ()


OUTER = Outer("a", 0.1, 3, True, Role.OVERLAY, "up", datetime(2026, 1, 1, tzinfo=UTC), None,
              (Inner(("x", "y")),))  # fmt: skip
PLAIN = {
    "text": "a",
    "number": 0.1,
    "count": 3,
    "yes": True,
    "role": "overlay",
    "way": "up",
    "at": "2026-01-01T00:00:00+00:00",
    "inners": [{"names": ["x", "y"]}],
}


def test_a_record_comes_back_as_it_was() -> None:
    assert to_plain(OUTER) == PLAIN
    assert from_plain(Outer, PLAIN) == OUTER


def test_a_field_with_a_default_may_be_missing() -> None:
    assert from_plain(Outer, {k: v for k, v in PLAIN.items() if k != "inners"}).inners == ()


def test_a_whole_number_serves_as_a_real_one() -> None:
    assert from_plain(Outer, PLAIN | {"number": 2}).number == 2.0


@pytest.mark.parametrize("field", [k for k in PLAIN if k != "inners"])
def test_a_missing_field_is_named(field: str) -> None:
    with pytest.raises(ValueError, match=f"lacks '{field}'"):
        from_plain(Outer, {k: v for k, v in PLAIN.items() if k != field})


def test_an_unknown_field_is_named() -> None:
    with pytest.raises(ValueError, match="no field 'extra'"):
        from_plain(Outer, PLAIN | {"extra": 1})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", 1),
        ("text", None),
        ("number", "0.1"),
        ("number", True),
        ("number", float("nan")),
        ("number", 10**400),
        ("count", 1.0),
        ("count", True),
        ("yes", 1),
        ("role", "king"),
        ("role", ["overlay"]),
        ("way", "left"),
        ("way", {}),
        ("at", "2026-01-01T00:00:00"),
        ("at", 5),
        ("maybe", "x"),
        ("inners", {}),
        ("inners", [3]),
        ("inners", [{"names": "xy"}]),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"cannot be"):
        from_plain(Outer, PLAIN | {field: value})


def test_an_instant_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="isoformat"):
        from_plain(Outer, PLAIN | {"at": "yesterday"})


def test_a_list_is_no_record() -> None:
    with pytest.raises(ValueError, match="Outer cannot be"):
        from_plain(Outer, [PLAIN])
