"""Money without a name."""

from __future__ import annotations

import pytest

from segmentry.projectfile.centlike import looks_like_money, unnamed_amount
from surveys import column, fields


@pytest.mark.parametrize(
    ("values", "is_money"),
    [
        ([11.77, 12.0, 77.0, 20.76], True),
        ([1.0, 5.5, 0.3, 120.4], False),
        ([1.234, 5.678], False),
        ([-11.77, 12.5], False),
        ([1, 2, 3], False),
        (["11.77", "a"], False),
    ],
)
def test_money_ends_in_cents(values: list, is_money: bool) -> None:
    assert looks_like_money(column("column4", values)) is is_money


def test_only_a_column_without_a_name_is_judged_by_its_values() -> None:
    ids, cents = [1, 1, 2, 2], [1.25, 2.35, 4.55, 3.0]
    found = unnamed_amount(fields({"user_id": ids, "column2": cents}))
    assert found is not None
    assert found.name == "column2"
    assert unnamed_amount(fields({"user_id": ids, "score": cents})) is None
    assert unnamed_amount(fields({"user_id": ids, "column2": cents, "column3": cents})) is None
