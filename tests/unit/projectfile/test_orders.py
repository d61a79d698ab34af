"""Orders that no name tells, found by what their lines share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from segmentry.projectfile.orders import find_shared_order
from surveys import fields

N = 360
ORDER = [i // 3 for i in range(N)]
BUYER = [o // 3 for o in ORDER]
MINUTE = [f"2024-01-{1 + o % 28:02d} 10:{o // 28:02d}" for o in ORDER]
NAMES = [f"#{1001 + o}" for o in ORDER]


def order(name: str, values: Sequence[Any], **more: Sequence[Any]) -> str | None:
    columns = {"user_id": BUYER, "at": MINUTE, name: values, "price": [1.5] * N, **more}
    looking = fields({n: v for n, v in columns.items() if v})
    looking.put("time", "at", ("at",), "given")
    find_shared_order(looking, ("at",))
    return looking.columns.get("order")


def test_what_lines_of_one_person_and_moment_share_is_the_order() -> None:
    assert order("Name", NAMES) == "Name"
    assert order("ref key", [7_000 + o for o in ORDER]) == "ref key"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Name", [f"#{i}" for i in range(N)]),  # a line's own number
        ("Name", [f"#{b}" for b in BUYER]),  # the person
        ("Name", [f"#{o % 50}" for o in ORDER]),  # of several persons
        ("Name", [f"#{i // 6}" for i in range(N)]),  # of several moments
        ("Name", ["red", "blue", "green"] * (N // 3)),
        ("session", NAMES),
        ("sku", NAMES),
        ("points", ORDER),  # a number without a word for ids
    ],
)
def test_what_lines_do_not_share_is_none(name: str, values: Sequence[Any]) -> None:
    assert order(name, values) is None


def test_without_money_or_pieces_lines_are_not_of_orders() -> None:
    assert order("Name", NAMES, price=[]) is None


def test_a_named_order_stands() -> None:
    looking = fields({"user_id": BUYER, "at": MINUTE, "order_no": ORDER, "Name": NAMES})
    looking.put("order", "order_no", ("order_no",), "given")
    find_shared_order(looking, ("at",))
    assert looking.columns["order"] == "order_no"
