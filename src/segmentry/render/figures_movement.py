"""The page of movements: who went where, how segments grew, how long members stay.

What lives here: picking the figures of movements for charts. What does not: finding them
(``watch``), and drawing (``draw_flows``, ``draw_course``).
"""

from __future__ import annotations

from segmentry.domain.bounded import Bounded
from segmentry.domain.movement import Movements
from segmentry.maths.intervals import wilson_interval
from segmentry.render import format as fmt
from segmentry.render.chart_course import Course, Line, Step
from segmentry.render.chart_flows import Band, Flows, Node
from segmentry.render.figure import Figure
from segmentry.render.palette import look_of


def movement_page(found: Movements) -> str:
    """Write the charts of movements as one HTML page that needs nothing beside itself."""
    return movement_figure(found).html()


def movement_figure(found: Movements) -> Figure:
    """Draw where entities went, how segments grew, and how long members stay."""
    return Figure((went(found), sizes(found), stays(found)))


def went(found: Movements) -> Flows:
    """Draw from the segments of the first day to those of the last."""
    nodes = tuple(
        Node(name, look_of(i))
        for i, name in zip(found.segment_ids, found.segment_names, strict=True)
    )
    bands = []
    for i, row in enumerate(found.ends):
        total = int(row.sum())
        for j in range(len(nodes)):
            if n := int(row[j]):
                share = Bounded(n / total, *wilson_interval(n, total))
                bands.append(Band(i, j, n, _told(share)))
    days = (fmt.date(found.days[0].isoformat()), fmt.date(found.days[-1].isoformat()))
    title = "Where the members of each segment went"
    return Flows("went", title, *days, nodes, tuple(bands))


def sizes(found: Movements) -> Course:
    """Draw the share of each segment at every snapshot."""
    lines = tuple(
        Line(found.name_of(g.segment), look_of(g.segment), g.sizes[-1], tuple(map(_step, g.shares)))
        for g in found.growth
    )
    labels = tuple(d.isoformat() for d in found.days)
    return Course(
        "sizes-over-time", "Share of each segment", "day", lines, as_share=True, labels=labels
    )


def stays(found: Movements) -> Course:
    """Draw the share of members that has not moved after so many snapshots."""
    told = [s for s in found.staying if s.shares]
    # As far as every segment was watched: a curve that ends early would look as if it fell.
    watched = min((len(s.shares) for s in told), default=0)
    lines = [
        Line(
            found.name_of(s.segment),
            look_of(s.segment),
            s.n_spells,
            tuple(map(_step, s.shares[:watched])),
        )
        for s in told
    ]
    title = "Share of members who have not moved, by snapshots since they were first seen there"
    return Course("staying", title, "snapshot", tuple(lines), as_share=True)


def _step(share: Bounded) -> Step:
    low, high = fmt.share(share.low), fmt.share(share.high)
    text = fmt.share(share.value)
    return Step(share.value, share.low, share.high, text, fmt.interval(low, high))


def _told(share: Bounded) -> str:
    low, high = fmt.share(share.low), fmt.share(share.high)
    return f"{fmt.share(share.value)} ({fmt.interval(low, high)})"
