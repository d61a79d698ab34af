"""Micro-segments beneath their segments, as one table.

What lives here: laying the tree out. What does not: its words, which the run wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmentry.domain.micro import Whole
from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, numbers
from segmentry.render.feature_words import Document, names
from segmentry.render.palette import look_of


def micro_view(documents: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give what the report shows of micro-segments; None where none were looked for."""
    told = documents.get("evidence", {}).get("micro")
    if not told:
        return None
    divided = [b for b in told["segments"] if b["parts"]]
    return {
        "sentence": told["sentence"],
        # Where none were looked for, the tree's own sentence says so of all of them.
        "whole": [
            b["sentence"]
            for b in told["segments"]
            if not b["parts"] and b["whole"] != Whole.NO_GROUPS
        ],
        "table": _table(divided, documents) if divided else None,
    }


def _table(branches: list[Document], documents: Mapping[str, Any]) -> Table:
    segments = documents["segments"]["segments"]
    known, sizes = names(segments), {int(s["id"]): s for s in segments}
    n_columns = len(documents["summary"].get("matrix_columns", ()))
    rows: list[tuple[Cell, ...]] = []
    for branch in branches:
        own = sizes[int(branch["id"])]
        rows.append(
            (
                Cell(
                    known[int(branch["id"])],
                    slot=look_of(int(branch["id"])).slot,
                    is_marked=True,
                ),
                *numbers(fmt.whole(own["size"]), fmt.ABSENT, fmt.share(own["share"])),
                Cell(_explained(branch, n_columns)),
            )
        )
        rows += [
            (
                Cell(f"{part['id']} {part.get('name', '')}".strip()),
                *numbers(
                    fmt.whole(part["size"]),
                    fmt.share(part["share_of_parent"]),
                    fmt.share(part["share"]),
                ),
                Cell("; ".join(part["traits"])),
            )
            for part in branch["parts"]
        ]
    head = (
        Cell("Segment"),
        *numbers("Size", "Of the segment", "Of everyone"),
        Cell("What sets it apart from its segment"),
    )
    return Table("Segments and their micro-segments", head, tuple(rows))


def _explained(branch: Document, n_columns: int) -> str:
    n = branch["n_columns"]
    where = f" in {n} of {n_columns} columns" if n < n_columns else ""
    return (
        f"Its parts explain {fmt.share(branch['explained'])} of how it scatters{where}; by chance "
        f"{fmt.share(branch['by_chance'])}; {fmt.share(branch['fidelity'])} lie where the "
        "hierarchy had them"
    )
