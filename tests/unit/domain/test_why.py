"""What is told of one entity."""

from __future__ import annotations

from segmentry.domain.why import Change, Counterfactual, Reason, Why
from segmentry.stores.documents import plain


def test_it_has_a_plain_form_without_nulls() -> None:
    reason = Reason("orders", None, "median", 10.0, 2.0, 4.0, 1.0, "orders not known")
    change = Counterfactual(2, "B", (Change("orders", None, 3.0),), 0.6, 0.1, "With orders 3.")
    told = plain(Why("7", 1, "A", 0.9, True, False, 2, "B", (reason,), (), change, "", ("7.",)))
    assert told["reasons"][0]["sentence"] == "orders not known"
    assert "value" not in told["reasons"][0]
    assert told["counterfactual"]["changes"] == [{"feature": "orders", "after": 3.0}]
