"""Panels without a date: the column that numbers the periods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from segmentry.projectfile.panel import period_beside
from surveys import look

N = 30 * 12
STORES = [i // 12 for i in range(N)]
WEEKS = [i % 12 for i in range(N)]
SALES = [float(7 * i % 101) for i in range(N)]


def period(columns: dict[str, Sequence[Any]]) -> str | None:
    seen = look({"store": STORES, **columns})
    found = period_beside(seen.get("store"), seen)
    return None if found is None else found.name


def test_each_week_of_each_shop_once_is_a_panel() -> None:
    assert period({"week": WEEKS, "sales": SALES}) == "week"
    assert period({"sales": SALES, "month no": WEEKS}) == "month no"


@pytest.mark.parametrize(
    "columns",
    [
        {"week": [w // 2 for w in WEEKS], "sales": SALES},  # two rows a week
        {"week": [37 * i % 97 for i in range(N)], "sales": SALES},  # seldom the same weeks
        {"week": WEEKS},  # nothing is measured
        {"line": WEEKS, "sales": SALES},  # lines are no periods
        {"week": [w % 3 for w in WEEKS], "sales": SALES},
    ],
)
def test_other_rows_are_none(columns: dict[str, Sequence[Any]]) -> None:
    assert period(columns) is None


def test_a_few_weeks_may_be_missing() -> None:
    kept = [i for i in range(N) if i % 10]
    columns = {"store": STORES, "week": WEEKS, "sales": SALES}
    seen = look({n: [v[i] for i in kept] for n, v in columns.items()})
    found = period_beside(seen.get("store"), seen)
    assert found is not None
    assert found.name == "week"
