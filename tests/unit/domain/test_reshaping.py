"""What merging and splitting cost, as a value."""

from __future__ import annotations

from segmentry.domain.reshaping import Figure, Price, Reshaping
from segmentry.stores.documents import plain


def test_what_was_not_measured_is_absent_from_a_document() -> None:
    price = Price((Figure("stability of 'A'", 0.9, 0.8, 1.0),), -0.1, -0.2, 0.0, 3, 100, "Told.")
    told = plain(Reshaping("merge", ("A", "B"), ("C",), "run", "release", price, "Done."))
    assert told["price"]["figures"] == [
        {"name": "stability of 'A'", "before": 0.9, "before_low": 0.8, "before_high": 1.0}
    ]
    assert (told["of"], told["into"]) == (["A", "B"], ["C"])
