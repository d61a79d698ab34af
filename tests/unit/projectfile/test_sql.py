"""Names and texts in SQL."""

from __future__ import annotations

import pytest

from segmentry.projectfile.sql import quote


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("InvoiceNo", "InvoiceNo"),
        ("order", '"order"'),
        ("unit price", '"unit price"'),
        ('a "b"', '"a ""b"""'),
        ("2024", '"2024"'),
        ("Größe", '"Größe"'),
    ],
)
def test_a_name_is_quoted_where_sql_needs_it(name: str, wanted: str) -> None:
    assert quote(name) == wanted
