"""Preparations beside each other as people read them: one table, the least agreement first."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from segmentry.cli.compare_words import NOTHING, print_table, say

if TYPE_CHECKING:
    from segmentry.domain.preparations import Preparations, Prepared

HEADINGS = (
    *("", "prepare", "variant", "columns", "k", "smallest", "largest", "seeds", "comes back"),
    *("weakest", "ranks told", "ARI with own", "neighbours (own space)", "silhouette (own space)"),
)


def print_preparations(found: Preparations) -> None:
    """Print preparations to standard output."""
    say(f"choice: {found.method}, {found.n_segments} segments, {found.n_searched:,} rows")
    print_table(
        HEADINGS, [_cells(row, is_taken=i == found.preferred) for i, row in enumerate(found.rows)]
    )
    for line in (*_LEGEND, *_marks(found), *found.notes, found.sentence):
        say(line)


_LEGEND = (
    "= is what the rule would take; nothing is changed by it",
    "comes back: agreement of fits when entities are drawn again, the mean and the range of the"
    " middle nine tenths of 20 draws, the same for all; weakest: mean Jaccard index of the segment"
    " that comes back worst",
    "ranks told: share of the ranks of the features that lies between segments, each feature"
    " counting alike; ranks are the same however a column is bent or scaled",
    "ARI with own: adjusted Rand index with the project's own segments, with its 95 % interval over"
    " entities",
    "neighbours, silhouette: each in the space of its own preparation, so that they cannot be"
    " compared from row to row: a space of fewer or lumpier columns has higher ones",
)


def _cells(row: Prepared, *, is_taken: bool) -> list[str]:
    mark = ("=" if is_taken else " ") + ("!" if row.faults else " ")
    return [
        mark,
        row.decision or "the project's own",
        row.variant,
        f"{row.n_columns}",
        f"{row.n_segments}",
        f"{row.smallest_share:.3f}",
        f"{row.largest_share:.3f}",
        NOTHING if isnan(row.seed_ari) else f"{row.seed_ari:.2f}",
        str(row.comes_back),
        f"{row.weakest:.2f}",
        f"{row.told:.3f}",
        str(row.own_ari) if row.decision else NOTHING,
        f"{row.neighbours:.2f}",
        str(row.silhouette),
    ]


def _marks(found: Preparations) -> list[str]:
    told = [f"! {row.name}: {'; '.join(row.faults)}" for row in found.rows if row.faults]
    if any(isnan(row.seed_ari) for row in found.rows):
        told.append(f"{NOTHING} in seeds: nothing about the method is drawn")
    return told + [f"{NOTHING} {name}: {why}" for name, why in found.left_out.items()]
