"""The order of rows changes no bit of a feature; ``tests/proof/order.py`` is the longer proof."""

from __future__ import annotations

import pytest

from plainly.oracle import CASES
from plainly.order import fixed_log, shuffles


@pytest.mark.parametrize(
    ("name", "threads"), [("leap day", 1), ("Berlin forward, a short look-back, few words", 2)]
)
def test_the_order_of_rows_changes_no_bit(name: str, threads: int) -> None:
    case = CASES[name]
    log = fixed_log(case, 2_000)
    first, *others = shuffles(case, log, 12, threads=threads)
    assert first.num_rows > 50
    assert len(others) == 12
    assert [i for i, found in enumerate(others) if not found.equals(first)] == []
