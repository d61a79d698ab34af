"""What was merged or split by hand, and its price, as one table.

What lives here: laying the figures out. What does not: their words, which the run wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, numbers
from segmentry.render.feature_words import Document


def reshaped_view(documents: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give what the report shows of segments made by hand; None where there are none."""
    told = documents.get("evidence", {}).get("reshaped")
    if not told:
        return None
    rows = tuple(
        (Cell(str(f["name"])), *numbers(_shown(f, "before"), _shown(f, "after")))
        for f in told["price"]["figures"]
    )
    head = (Cell("Figure"), *numbers("Before", "After"))
    return {
        "sentence": told["sentence"],
        "table": Table("What it cost in quality", head, rows),
        "from_run": told["from_run"],
    }


def scores_by_hand(evidence: Document) -> Document | None:
    """Give the silhouette of segments made by hand as scores of a candidate; None of others."""
    figures = evidence.get("reshaped", {}).get("price", {}).get("figures", ())
    own = next((f for f in figures if f["name"] == "silhouette"), None)
    if own is None:
        return None
    return {
        "silhouette": own["after"],
        "silhouette_low": own["after_low"],
        "silhouette_high": own["after_high"],
    }


def _shown(figure: Document, when: str) -> str:
    value, low, high = (figure.get(f"{when}{part}") for part in ("", "_low", "_high"))
    if value is None:
        return fmt.ABSENT
    if low is None or high is None:
        return fmt.fixed(value)
    return f"{fmt.fixed(value)} ({fmt.interval(fmt.fixed(low), fmt.fixed(high))})"
