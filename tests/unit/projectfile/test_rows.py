"""Which rows are left out."""

from __future__ import annotations

from typing import Any

from segmentry.projectfile.rows import conditions
from surveys import fields

N = 100
USERS = [i // 5 for i in range(N)]


def kept(order: list[str] | None, quantity: list[int], **more: Any) -> list[str]:
    columns = {"user_id": USERS, "n": quantity, **more}
    if order is not None:
        columns["InvoiceNo"] = order
    looking = fields(columns)
    looking.put("quantity", "n", ("n",), "given")
    if order is not None:
        looking.put("order", "InvoiceNo", ("InvoiceNo",), "given")
    return [sql for sql, _ in conditions(looking)]


def marked(mark: str, every: int) -> list[str]:
    return [f"{mark if i % every == 0 else ''}{1000 + i}" for i in range(N)]


def test_a_letter_on_negative_orders_marks_cancellations() -> None:
    sizes = [-2 if i % 10 == 0 else 3 for i in range(N)]
    assert kept(marked("C", 10), sizes) == ["not starts_with(InvoiceNo, 'C')"]


def test_a_letter_on_other_orders_marks_nothing() -> None:
    assert kept(marked("W", 10), [3] * N) == []


def test_a_letter_on_most_orders_marks_nothing() -> None:
    assert kept(marked("C", 1), [-2] * N) == []


def test_a_status_that_undoes_a_row_leaves_it_out() -> None:
    status = ["done", "Cancelled", "in transit", "it's refunded"] * 25
    assert kept(None, [1] * N, order_status=status) == [
        "coalesce(order_status, '') not in ('Cancelled', 'it''s refunded')"
    ]


def test_a_status_of_done_rows_only_leaves_nothing_out() -> None:
    assert kept(None, [1] * N, status=["done", "shipped"] * 50) == []
    assert kept(None, [1] * N, status=["cancelled"] * N) == []


def test_a_yes_that_undoes_a_row_leaves_it_out() -> None:
    undone = [i % 5 == 0 for i in range(N)]
    assert kept(None, [1] * N, is_refunded=undone) == ["not coalesce(is_refunded, false)"]
