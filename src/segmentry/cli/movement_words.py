"""Movements as people read them, and as one document for machines."""

from __future__ import annotations

from dataclasses import asdict
from math import exp, isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from segmentry.cli.compare_words import NOTHING, print_table, say
from segmentry.domain.movement import (
    BACK,
    BEHAVIOUR,
    BOUNDARY,
    CAUSES,
    GONE,
    NEW,
    REFIT,
    UNDECIDED,
)
from segmentry.domain.percent import percent
from segmentry.stores.documents import plain

if TYPE_CHECKING:
    from segmentry.domain.bounded import Bounded
    from segmentry.domain.movement import EarlyWarning, Flow, Growth, Movements, Staying

MOST_FLOWS = 10
MOST_UNEXPECTED = 5


def print_movements(found: Movements) -> None:
    """Print movements to standard output."""
    for line in summary(found):
        say(line)
    if found.flows:
        say("")
        say("paths, the one that most took by behaviour first:")
        flows = found.flows_by_size()
        print_table(
            ["from", "to", "moves", "changes", "of answers there", "by noise", "above noise"],
            [_flow(found, f) for f in flows[:MOST_FLOWS]],
        )
        if len(flows) > MOST_FLOWS:
            say(f"{len(flows) - MOST_FLOWS} more paths: --json has all of them")
    say("segments:")
    stays = {s.segment: s for s in found.staying}
    print_table(
        ["segment", "share first", "last", "came", "left", "net of movement", "course",
         "still there after 1", "after 3"],
        [_segment(found, g, stays[g.segment]) for g in found.growth],
    )  # fmt: skip
    for line in (*_LEGEND, *_unexpected(found), *_shifts(found)):
        say(line)
    say("")
    say("on the way to another segment, and whether such warnings came true:")
    print_table(
        ["toward", "warned of now", "earlier", "came true", "as near", "everyone", "found"],
        [_warning(found, w) for w in found.warnings],
    )
    for line in _WARNED:
        say(line)


def summary(found: Movements) -> list[str]:
    """Say in a few sentences how many moved, and why."""
    told, rule = found.transitions, found.hysteresis
    lines = [
        f"{len(found.entity_ids):,} entities in {len(found.days)} snapshots, "
        f"{found.days[0]} to {found.days[-1]}: {found.n_changes:,} changes of segment from one to "
        "the next",
        f"moves by behaviour: {told.count(BEHAVIOUR):,}; over a border and back: "
        f"{told.count(BOUNDARY):,}; not decided yet: {told.count(UNDECIDED):,}; "
        f"new: {told.count(NEW):,}; gone: {told.count(GONE):,}; back: {told.count(BACK):,}",
    ]
    if refits := told.count(REFIT):
        lines.append(f"by another release alone: {refits:,} (nobody moved)")
    if found.by_noise is None:
        lines.append("noise is not known: it takes three snapshots and a change")
    else:
        lines.append(
            f"noise could make up to {_share(found.by_noise)} of the changes, path by path"
        )
    at_once = (
        f"at once where the old segment is {exp(rule.margin):.2f} times as far as the new, else "
        if isfinite(rule.margin)
        else "(the release is nowhere sure enough for one to count at once) "
    )
    lines.append(f"a move counts {at_once}after {rule.dwell} snapshots in a row")
    return lines


def _flow(found: Movements, flow: Flow) -> list[str]:
    above = NOTHING if flow.rate is None else "yes" if flow.is_above_noise else "no"
    return [
        found.name_of(flow.source),
        found.name_of(flow.target),
        f"{flow.n_behaviour:,}",
        f"{flow.n:,}",
        _share(flow.share),
        NOTHING if flow.expected is None else f"{flow.expected:,.1f}",
        above,
    ]


def _segment(found: Movements, one: Growth, stays: Staying) -> list[str]:
    def after(n: int) -> str:
        return _share(stays.shares[n - 1]) if len(stays.shares) >= n else NOTHING

    points = [f"{100 * v:+.1f}" for v in (one.net.value, one.net.low, one.net.high)]
    return [
        found.name_of(one.segment),
        percent(one.shares[0].value),
        percent(one.shares[-1].value),
        f"{one.n_in:,}",
        f"{one.n_out:,}",
        f"{points[0]} ({points[1]} to {points[2]})",
        one.course,
        after(1),
        after(3),
    ]


def _warning(found: Movements, one: EarlyWarning) -> list[str]:
    shares = (one.precision, one.as_near, one.base, one.found)
    return [
        found.name_of(one.toward),
        f"{len(one.entities):,}",
        f"{one.n_past:,}",
        *(NOTHING if s is None else _share(s) for s in shares),
    ]


_LEGEND = (
    "moves: changes that are told as behaviour; by noise: changes that places which go to and fro"
    " by themselves would make; above noise: more than that at a false discovery rate of 5 %",
    "came, left, net: of the entities at both ends, in points of share; growing or shrinking where"
    " the interval says so",
    "still there: share that has not moved so many snapshots after it was first seen there",
    "behind each figure its 95 % interval",
)
_WARNED = (
    "warned of: who has the segment as runner-up and came nearer at each of the last two steps",
    "came true: of earlier warnings, the share that was there within two snapshots; as near: of"
    " those as near who did not come nearer; everyone: of all who were not there; found: of all"
    " arrivals, the share that was warned of",
)


def _unexpected(found: Movements) -> list[str]:
    rows = sorted(found.unexpected, key=lambda u: (u.rate, u.day, u.source, u.target))
    lines = [
        f"unexpected until {u.day}: {u.n:,} from {found.name_of(u.source)} to "
        f"{found.name_of(u.target)}, where the steps before let expect {u.expected:.1f}"
        for u in rows[:MOST_UNEXPECTED]
    ]
    if len(rows) > MOST_UNEXPECTED:
        lines.append(f"{len(rows) - MOST_UNEXPECTED} more that were unexpected: --json has them")
    return lines


def _shifts(found: Movements) -> list[str]:
    lines: dict[int, list[str]] = {}
    for s in found.shifts:
        low, high = f"{s.moved.low:+.2f}", f"{s.moved.high:+.2f}"
        told = f"{s.column} {s.moved.value:+.2f} ({low} to {high})"
        lines.setdefault(s.segment, []).append(told)
    return [
        f"centre of {found.name_of(i)}, in standard deviations: {'; '.join(parts)}"
        for i, parts in lines.items()
    ]


def _share(figure: Bounded) -> str:
    value, low, high = (percent(v, finely=True) for v in (figure.value, figure.low, figure.high))
    return f"{value} ({low} to {high})"


def as_document(found: Movements) -> dict[str, Any]:
    """Give what a machine wants to know of movements; nothing of single entities."""
    margin = found.hysteresis.margin
    return {
        "format": 1,
        "days": [d.isoformat() for d in found.days],
        "entities": len(found.entity_ids),
        "segments": [
            {"id": i, "name": n}
            for i, n in zip(found.segment_ids, found.segment_names, strict=True)
        ],
        "margin": margin if np.isfinite(margin) else None,
        "dwell": found.hysteresis.dwell,
        "changes": found.n_changes,
        "causes": {name: found.transitions.count(i) for i, name in enumerate(CAUSES)},
        "by_noise": plain(found.by_noise),
        "steps": [
            {"until": day.isoformat(), "counts": found.counts[i].tolist()}
            for i, day in enumerate(found.days[1:])
        ],
        "ends": found.ends.tolist(),
        "flows": [plain(f) for f in found.flows_by_size()],
        "unexpected": [{**asdict(u), "day": u.day.isoformat()} for u in found.unexpected],
        "growth": [{**plain(g), "course": g.course} for g in found.growth],
        "staying": [plain(s) for s in found.staying],
        "shifts": [plain(s) for s in found.shifts],
        "warnings": [
            {**{k: v for k, v in plain(w).items() if k != "entities"}, "now": len(w.entities)}
            for w in found.warnings
        ],
    }
