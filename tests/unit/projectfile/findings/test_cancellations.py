"""What was taken back: marked orders, statuses, amounts below zero."""

from __future__ import annotations

from looks import look_at, only
from segmentry.projectfile.findings.cancellations import cancellations, refunds, undone

MAPPING = {
    "entity": "who",
    "time": "at",
    "order": "order_no",
    "item": "sku",
    "quantity": "qty",
}
SOLD = [
    ("a", "2024-01-01", "1001", "s1", 2),
    ("a", "2024-01-02", "1002", "s2", 1),
    ("b", "2024-01-03", "1003", "s1", 5),
    ("b", "2024-01-04", "1004", "s3", 1),
]
BACK = [
    ("a", "2024-01-05", "C1005", "s1", -2),  # of the first row
    ("b", "2024-01-01", "C1006", "s1", -5),  # before its original was sold
    ("b", "2024-01-06", "C1007", "s9", -1),  # of nothing
]


def log(rows: list[tuple[object, ...]]) -> dict[str, list[object]]:
    return {
        name: list(values)
        for name, values in zip(
            ("who", "at", "order_no", "sku", "qty"), zip(*rows, strict=True), strict=True
        )
    }


def test_cancellations_are_counted_with_their_originals() -> None:
    look = look_at(log(SOLD + BACK), MAPPING)
    found = only(cancellations, look)
    assert (found.count, found.total) == (3, 7)
    assert "1 have their original" in found.sentence
    assert found.edit is not None
    assert look.rows.count([found.edit.value]) == [4]


def test_a_letter_of_ordinary_orders_is_no_mark() -> None:
    positive = [(who, at, f"C{order}", sku, abs(qty)) for who, at, order, sku, qty in SOLD]
    assert not list(cancellations(look_at(log(positive), MAPPING)))


def test_negative_rows_without_a_mark_are_refunds() -> None:
    look = look_at(log([*SOLD, *BACK, ("a", "2024-01-09", "1010", "s1", -7)]), MAPPING)
    found = only(refunds, look)
    assert (found.count, found.examples) == (1, ("-7",))
    assert found.edit is not None
    # The condition that would leave them out leaves out the marked ones as well.
    assert look.rows.count([found.edit.value]) == [4]
    assert not list(refunds(look_at(log(SOLD + BACK), MAPPING)))


def test_orders_undone_by_their_status() -> None:
    status = ["completed", "Refunded", "completed", "cancelled"]
    look = look_at({**log(SOLD), "order_status": status}, MAPPING)
    found = only(undone, look)
    assert (found.count, found.examples) == (2, ("Refunded", "cancelled"))
    assert found.edit is not None
    assert look.rows.count([found.edit.value]) == [2]


def test_orders_undone_by_a_yes() -> None:
    look = look_at({**log(SOLD), "is_canceled": [0, 1, 0, None]}, MAPPING)
    found = only(undone, look)
    assert found.count == 1
    assert found.sentence == "1 row (25.0 %) was undone, says 'is_canceled'"
    assert found.edit is not None
    assert look.rows.count([found.edit.value]) == [3]


def test_the_columns_may_be_called_anything() -> None:
    odd = {"n": "who", "mark": "at", "count": "order_no", "day": "sku", "select": "qty"}
    back = {new: log(SOLD + BACK)[old] for new, old in odd.items()}
    mapping = {"entity": "n", "time": "mark", "order": '"count"', "item": "day"}
    mapping |= {"order": "count", "quantity": "select"}
    assert only(cancellations, look_at(back, mapping)).count == 3
