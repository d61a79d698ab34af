"""Cutting column names into words, and the vocabularies."""

from __future__ import annotations

import pytest

from segmentry.projectfile.names import known, singular, snake, weights, words


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("CustomerID", ("customer", "id")),
        ("cust_id", ("customer", "id")),
        ("CUST_ID", ("customer", "id")),
        ("customerid", ("customer", "id")),
        ("Customer ID", ("customer", "id")),
        ("InvoiceNo", ("invoice", "number")),
        ("orderdate", ("order", "date")),
        ("event_ts", ("event", "timestamp")),
        ("AcceptedCmp3", ("accepted", "cmp", "3")),
        ("HTTPStatusCode", ("http", "status", "code")),
        ("default.payment.next.month", ("default", "payment", "next", "month")),
        ("Annual Income (k$)", ("annual", "income", "k")),
        ("CLIENTNUM", ("client", "number")),
        ("paid", ("paid",)),
        ("Größe", ("größe",)),
        ("💶", ()),
    ],
)
def test_names_are_cut_into_words(name: str, wanted: tuple[str, ...]) -> None:
    assert words(name) == wanted


def test_a_name_is_written_in_one_way() -> None:
    assert [snake(n) for n in ("CustomerID", "CUST_ID", "💶")] == [
        "customer_id",
        "customer_id",
        "entity",
    ]


def test_a_plural_is_read_as_its_singular() -> None:
    assert [singular(w) for w in ("orders", "class", "gas")] == ["order", "class", "gas"]


def test_words_of_yaml_are_words_here() -> None:
    assert "y" in known("classes")
    assert words("no") == ("number",)


def test_weights_are_numbers() -> None:
    assert weights("entities")["customer"] > weights("entities")["session"] > 0
