"""Guided segments beside plain ones as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.cli.compare_words import NOTHING, print_table, say
from segmentry.domain.percent import percent

if TYPE_CHECKING:
    from segmentry.domain.bounded import Bounded
    from segmentry.domain.guidance import Guided, Side

MOST_FEATURES = 12
"""Features whose factors are shown; all of them are in the document for machines."""


def print_guided(found: Guided) -> None:
    """Print both partitions to standard output."""
    say(
        f"choice: {found.method}, {found.n_segments} segments; outcome: {found.outcome} "
        f"({found.basis})"
    )
    say(
        f"{found.n_learned:,} entities learned from, {found.n_held_out:,} held out; the forecast "
        f"correlates with the outcome's ranks at {found.correlation:.2f} where it was not learned"
    )
    shown = found.guides[:MOST_FEATURES]
    print_table(
        ["feature", "tells", "counts"],
        [[g.feature, percent(g.share, finely=True), f"{g.factor:.2f}"] for g in shown],
    )
    if len(found.guides) > len(shown):
        say(f"and {len(found.guides) - len(shown)} features that tell less")
    print_table(
        [
            *("features", "structure", "explained", "silhouette (plain)", "silhouette (guided)"),
            *("seeds", "smallest"),
        ],
        [_side("plain", found.plain), _side("guided", found.guided)],
    )
    print_table(
        ["segment", "", "held out", found.outcome],
        [
            [name, f"{s.id}", f"{s.n:,}", _mean(s.mean)]
            for name, side in (("plain", found.plain), ("guided", found.guided))
            for s in side.segments
        ],
    )
    gains = ", ".join(f"{100 * g:+.1f}" for g in found.gains)
    say(f"gain in points, of each of {len(found.gains)} splits: {gains}")
    for line in (*_LEGEND, *_faults(found), *found.notes, found.sentence):
        say(line)


_LEGEND = (
    "tells: share of the outcome's ranks that a feature tells beside the others, learned from",
    "counts: the factor of a feature's weight; the mean squared distance stays what it was",
    "explained: share of the outcome's variance between segments, beyond chance, on entities held"
    " out; of a yes-or-no outcome the square of Cramer's V",
    "silhouette (plain), (guided): on entities held out, in the space of the features as they are"
    " and in the weighed one; only figures in one column may be compared",
    "structure: whether those that were learned from lie in groups, in the partition's own space",
)


def _faults(found: Guided) -> list[str]:
    sides = (("plain", found.plain), ("guided", found.guided))
    return [f"! {name}: {'; '.join(side.faults)}" for name, side in sides if side.faults]


def _side(name: str, side: Side) -> list[str]:
    return [
        name,
        side.structure,
        _share(side.explained),
        str(side.silhouette_plain),
        str(side.silhouette_guided),
        NOTHING if side.seed_ari is None else f"{side.seed_ari:.2f}",
        f"{side.smallest_share:.3f}",
    ]


def _share(figure: Bounded) -> str:
    value, low, high = (percent(v, finely=True) for v in (figure.value, figure.low, figure.high))
    return f"{value} ({low} to {high})"


def _mean(mean: Bounded | None) -> str:
    if mean is None:
        return NOTHING
    return f"{mean.value:,.3g} ({mean.low:,.3g} to {mean.high:,.3g})"
