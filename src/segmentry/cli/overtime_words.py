"""Segments at earlier cuts as people read them: a table of cuts, and one of segments for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.cli.compare_words import NOTHING, print_table, say
from segmentry.domain.percent import percent

if TYPE_CHECKING:
    from segmentry.domain.bounded import Bounded
from segmentry.domain.overtime import OverTime, SegmentThen, Slice


def print_over_time(found: OverTime) -> None:
    """Print earlier cuts to standard output."""
    say(f"choice: {found.method}, {found.n_segments} segments, at {found.as_of:%Y-%m-%d}")
    print_table(
        ["cut", "days", "known", "later", "stayed", "by chance", "together", "anew", "borders"],
        [_cut(s) for s in found.slices],
    )
    for one in found.slices:
        say(f"segments at {one.cut:%Y-%m-%d}:")
        print_table(
            ["", "share now", "then", "now", "stayed", "most others to", "anew", "borders"],
            [_segment(s, found.shares[s.id - 1]) for s in one.segments],
        )
    for line in (*_LEGEND, *_missing(found), *found.notes, found.sentence):
        say(line)


_LEGEND = (
    "later: entities that came after the cut",
    "stayed: share of entities in the same segment at both cuts, by the borders of this run: the"
    " features of the others have changed; nothing was fitted again",
    "by chance: the share that the sizes of the segments alone would give",
    "together: agreement of the same two: who goes to another segment in company is still together",
    "anew: agreement of this run's segments with those that the same method finds on the features"
    " of then: both movement and fitting again are in it",
    "borders: agreement of the borders of this run with those found anew, both on the features of"
    " then: only fitting again is in it",
    "agreement is the adjusted Rand index of all entities (1: the same segments), and of a segment"
    " the Jaccard index with what is most like it; behind each figure its 95 % interval over"
    " entities",
    "then, now: entities known at both cuts, in the segment at each of them",
)


def _cut(one: Slice) -> list[str]:
    return [
        f"{one.cut:%Y-%m-%d}",
        f"{one.days:g}",
        f"{one.n_known:,}",
        f"{one.n_later:,}",
        _share(one.stayed),
        percent(one.by_chance, finely=True),
        str(one.together),
        _index(one.anew),
        _index(one.borders),
    ]


def _segment(one: SegmentThen, share: float) -> list[str]:
    return [
        f"{one.id}",
        percent(share),
        f"{one.n_then:,}",
        f"{one.n_now:,}",
        _share(one.stayed),
        NOTHING if one.moved_to is None else f"{one.moved_to}",
        _index(one.anew),
        _index(one.borders),
    ]


def _share(figure: Bounded | None) -> str:
    if figure is None:
        return NOTHING
    value, low, high = (percent(v, finely=True) for v in (figure.value, figure.low, figure.high))
    return f"{value} ({low} to {high})"


def _index(figure: Bounded | None) -> str:
    return NOTHING if figure is None else str(figure)


def _missing(found: OverTime) -> list[str]:
    return [
        f"{NOTHING} in anew, borders ({one.cut:%Y-%m-%d}): {one.missing}"
        for one in found.slices
        if one.missing
    ]
