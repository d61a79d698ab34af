"""Value kept, service and messages of segments in the horizon after the judging cut.

What lives here: which figures the data allow, with intervals. What does not: what came from each
entity (``pipeline.flows``). Read on in ``docs/methods/business.md``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.business import BusinessFigure, BusinessOf, Flows
from segmentry.maths.outcome import outcome_interval
from segmentry.maths.ratio import ratio_interval
from segmentry.maths.suppression import FEWEST_TOLD, small_groups, told_beside_total

Rows = NDArray[np.int64]
Values = NDArray[np.float64]


def business_of(
    flows: Flows, segment: Rows, segment_ids: tuple[int, ...], days: float, rng: Generator
) -> tuple[BusinessOf, ...]:
    """Measure what segments kept, cost and brought.

    Parameters
    ----------
    flows : Flows
    segment : ndarray of int, shape (n_entities,)
        Places in ``segment_ids``, by what entities had done before the cut.
    segment_ids : tuple of int
    days : float
        The horizon either side of the cut.
    rng : numpy.random.Generator

    Returns
    -------
    tuple of BusinessOf
        Only segments with a figure, and only figures that the data allow.
    """
    found: dict[int, list[BusinessFigure]] = {i: [] for i in segment_ids}
    every = np.arange(len(segment))
    for name, sentence, top, bottom in _ratios(flows, days):
        based = every[bottom > 0.0]
        if len(based) < FEWEST_TOLD:
            continue
        overall = float(top[based].sum() / bottom[based].sum())
        for place in _tellable(bottom > 0.0, top != 0.0, segment, len(segment_ids)):
            own = based[segment[based] == place]
            value, low, high = ratio_interval(top[own], bottom[own], rng)
            unit = "share" if name != PER_MESSAGE else "money"
            found[segment_ids[place]].append(
                BusinessFigure(name, sentence, unit, value, low, high, overall, len(own))
            )
    for name, sentence, unit, values in _means(flows, days):
        overall = float(values.mean())
        for place in _tellable(values >= 0.0, values != 0.0, segment, len(segment_ids)):
            own = values[segment == place]
            low, high = outcome_interval(own, is_share=False, rng=rng)
            mean, low = float(own.mean()), max(low, 0.0)
            found[segment_ids[place]].append(
                BusinessFigure(name, sentence, unit, mean, low, high, overall, len(own))
            )
    return tuple(BusinessOf(i, tuple(f)) for i, f in found.items() if f)


def _tellable(
    behind: NDArray[np.bool_], had: NDArray[np.bool_], segment: Rows, n_segments: int
) -> list[int]:
    """Name the segments that are told: of few who had any, a figure tells what one of them had.

    Everyone's figure is told beside them, so another segment is withheld with a small one.
    """
    n, n_had = (np.bincount(segment[rows], minlength=n_segments) for rows in (behind, behind & had))
    small = small_groups(n) | small_groups(n_had)
    large = set(np.flatnonzero((n >= FEWEST_TOLD) & ~small).tolist())
    return sorted(told_beside_total(n_had, small, large, least=FEWEST_TOLD))


PER_MESSAGE = "value_per_message"


def _ratios(flows: Flows, days: float) -> Iterator[tuple[str, str, Values, Values]]:
    """Give name, sentence, what is divided and by what."""
    span = f"{days:g} days"
    recurring = flows.recurring_before is not None and flows.recurring_after is not None
    if flows.recurring_before is not None and flows.recurring_after is not None:
        yield (
            "net_revenue_retention",
            f"Recurring value {span} after the judging cut over that at it, of those who paid at "
            "it: new members do not count, lost ones count as 0.",
            flows.recurring_after,
            flows.recurring_before,
        )
    if not recurring and flows.before is not None and flows.after is not None:
        # Money that was sent back before the cut is no base to keep.
        yield (
            "value_kept",
            f"Value in the {span} after the judging cut over that in the {span} before it, of "
            "those who brought value before it. Who is in a segment because of a good month falls "
            "back by that alone.",
            flows.after,
            np.maximum(flows.before, 0.0),
        )
    if flows.messages is not None and flows.after is not None:
        yield (
            PER_MESSAGE,
            f"Value per message sent in the {span} after the judging cut, of those who were sent "
            "one. It does not say that messages made it.",
            flows.after,
            flows.messages,
        )


def _means(flows: Flows, days: float) -> Iterator[tuple[str, str, str, Values]]:
    """Give name, sentence, unit and values."""
    span = f"{days:g} days after the judging cut"
    if flows.tickets is not None:
        yield "tickets_each", f"Tickets per member in the {span}.", "tickets", flows.tickets
    if flows.ticket_hours is not None:
        yield (
            "ticket_hours_each",
            f"Hours until solved, added up over the tickets of a member in the {span}: time that "
            "they were open, not time that was worked on them.",
            "hours",
            flows.ticket_hours,
        )
