"""The paper of next items: how often choices were right, and what segments have more of.

What lives here: what the paper says. What does not: its form (``paper``), and any measuring
(``judge.nextitem``, ``explain.nextitem``). No entity is in it.
"""

from __future__ import annotations

from itertools import groupby

from segmentry.domain.nextitem import NextItems
from segmentry.render import format as fmt
from segmentry.render.paper import Grid, Paper, Section

NO_PROMISE = (
    "That an item often came next does not say that offering it makes anyone take it. Keep a part "
    "of the segment without the offer, chosen by lot, and compare: only that shows it."
)
TOGETHER = (
    "All intervals hold together, for every item of every segment: choosing the largest takes "
    "nothing from them. The last column is against everyone with about as many different items, "
    "since who takes more of everything takes more of each."
)
NOTHING = (
    "No segment has an item more often than everyone with as many different items, beyond chance "
    "and told of ten or more."
)


def next_paper(found: NextItems, *, project: str, entities: str) -> Paper:
    """Say how far next items may be trusted, and what each segment has more often than everyone.

    Parameters
    ----------
    found : NextItems
    project : str
        Its name.
    entities : str
        The project's word for entities, in the plural.
    """
    judged = found.judged
    kicker = (
        f"{fmt.whole(found.n_entities)} {entities}, {fmt.whole(found.n_items)} of "
        f"{fmt.whole(found.n_items + found.n_left_out)} values of {found.column}; judged on what "
        f"was taken from {fmt.day(judged.cut.isoformat())} to {fmt.day(judged.until.isoformat())}"
    )
    sections = (_trust(found), *_segments(found))
    return Paper("next", f"What comes next in {project}", kicker, sections)


def _trust(found: NextItems) -> Section:
    rows = tuple(
        (
            fmt.sentence(w.sentence) + (" (used)" if w.name == found.judged.used else ""),
            fmt.share(w.hit_rate),
            fmt.interval(fmt.share(w.low), fmt.share(w.high)),
        )
        for w in found.judged.ways
    )
    headings = ("Chosen by", "Right for", "95\u202f% interval")
    grid = Grid("How often a choice was right", headings, rows)
    return Section(
        "trust", "How far to trust it", (found.judged.sentence,), (), grid, (NO_PROMISE,)
    )


def _segments(found: NextItems) -> tuple[Section, ...]:
    headings = (
        *("Item", "Members who had it", "Of the segment", "Of everyone"),
        "Times as often as all with as many items",
    )
    sections = []
    for (segment_id, name), told in groupby(found.segments, lambda s: (s.segment_id, s.segment)):
        rows = tuple(
            (
                s.told,
                fmt.whole(s.n),
                f"{fmt.share(s.share)} ({fmt.interval(fmt.share(s.low), fmt.share(s.high))})",
                fmt.share(s.everyone),
                f"{fmt.fixed(s.alike.value, 2)} "
                f"({fmt.interval(fmt.fixed(s.alike.low, 2), fmt.fixed(s.alike.high, 2))})",
            )
            for s in told
        )
        grid = Grid(f"What {name} have more often than others alike", headings, rows)
        sections.append(Section(f"segment-{segment_id}", name, (), (), grid, (TOGETHER,)))
    return tuple(sections) or (Section("segments", "The segments", (NOTHING,)),)
