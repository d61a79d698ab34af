"""Variations of a chosen partition as people read them: one table, the largest effect first."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from segmentry.cli.compare_words import NOTHING, print_table, say
from segmentry.domain.percent import percent

if TYPE_CHECKING:
    from segmentry.domain.comparison import Sensitivity, Variation


def print_sensitivity(found: Sensitivity) -> None:
    """Print variations to standard output."""
    numbers = range(1, len(found.shares) + 1)
    say(f"choice: {found.method}, {found.n_segments} segments")
    print_table(
        ["decision", "variant", "k", "smallest", "keep", "ARI", *(f"{s}" for s in numbers)],
        [_cells(v, found) for v in found.variations if v.jaccards],
    )
    shares = ", ".join(
        f"{s} {percent(share)}" for s, share in zip(numbers, found.shares, strict=True)
    )
    say("smallest: share of entities in the variant's smallest segment")
    say("keep: share of entities that keep their segment, each matched with its like")
    say("ARI: adjusted Rand index with the choice on the same entities (1: the same segments)")
    say(f"under each segment its Jaccard index with what is most like it; shares: {shares}")
    for variation in found.variations:
        if not variation.jaccards:
            what = f" ({variation.variant})" if variation.variant else ""
            say(f"{NOTHING} {variation.decision}{what}: {variation.missing}")
    for line in (*found.notes, found.sentence):
        say(line)


def _cells(variation: Variation, found: Sensitivity) -> list[str]:
    own = [f"{j:.2f}" for j in variation.jaccards]
    own += [""] * (len(found.shares) - len(own))
    return [
        variation.decision,
        variation.variant,
        str(variation.n_segments),
        "" if isnan(variation.smallest_share) else f"{variation.smallest_share:.3f}",
        "" if isnan(variation.kept_share) else percent(variation.kept_share),
        f"{variation.ari:.2f}",
        *own,
    ]
