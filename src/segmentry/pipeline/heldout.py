"""Segments against what happened after the judging cut.

What lives here: assigning entities by their features at that cut, and comparing what followed. What
does not: the features and the counting (``judging``), outcomes that are columns (``apart``), the
formulas (``maths/outcome.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.arrays import codes_of
from segmentry.domain.assigner import Answers, Assigner
from segmentry.domain.bounded import Bounded
from segmentry.domain.evidence import Check
from segmentry.domain.judging import Followed, Heldout, Judging, OutcomeAfter, SegmentAfter
from segmentry.domain.profile import Profile
from segmentry.domain.recipe import Recipe
from segmentry.domain.table import FeatureTable
from segmentry.judge.baseline import usual_tiers
from segmentry.judge.business import business_of
from segmentry.judge.course import courses_of
from segmentry.maths.gain import explained_gain
from segmentry.maths.intervals import wilson_interval
from segmentry.maths.outcome import (
    difference_p_value,
    epsilon_squared,
    eta_squared,
    eta_squared_interval,
    outcome_interval,
)
from segmentry.pipeline.flows import with_recurring
from segmentry.pipeline.mistakes.words import counted


@dataclass(frozen=True)
class Then:
    """Entities that are judged by, their segments, and their groups of the baseline."""

    segment: NDArray[np.int64]
    tiers: NDArray[np.int64]
    baseline: str

    @property
    def n_tiers(self) -> int:
        """Count the groups of the baseline: ties stay together, so they may be few."""
        return len(np.unique(self.tiers))


def held_out(
    judging: Judging,
    recipe: Recipe,
    assigner: Assigner,
    segment_ids: tuple[int, ...],
    *,
    table: FeatureTable,
    answers: Answers,
    rng: Generator,
    asked: str | None = None,
) -> tuple[Heldout, Check]:
    """Judge segments by what entities did after the judging cut, and by who stayed where they were.

    Parameters
    ----------
    judging : Judging
        Features at the judging cut, and what followed.
    recipe : Recipe
    assigner : Assigner
        As found at the scoring cut.
    segment_ids : tuple of int
        Ids of the assigner's segments, in its order.
    table : FeatureTable
        Features at the scoring cut.
    answers : Answers
        Segments at the scoring cut, one per row of ``table``.
    rng : Generator
    asked : str or None
        An outcome in which candidates had to differ: the choice has seen it already.

    Returns
    -------
    heldout : Heldout
    stability : Check
        The share of entities whose segment at the judging cut is that at the scoring cut.
    """
    matrix = recipe.apply(judging.table)
    segment = assigner.answer(matrix.X).segment
    tiers = usual_tiers(matrix, judging.table, assigner.n_segments)
    then = Then(segment, tiers.labels, tiers.name)
    outcomes = tuple(outcome_after(f, then, segment_ids, rng) for f in judging.followed)
    days = judging.window.outcome_days or 0.0
    flows = with_recurring(judging.flows, judging.table, table)
    heldout = Heldout(
        judging.window.as_of,
        judging.until,
        days,
        judging.table.n_entities,
        outcomes,
        _sentence(judging, outcomes, then, len(segment_ids))
        + seen([o.name for o in outcomes], asked),
        tiers.name,
        # Drawn last, so that what was told before curves were drawn stays as it was.
        None if judging.course is None else courses_of(judging.course, segment, segment_ids, rng),
        () if flows is None else business_of(flows, segment, segment_ids, days, rng),
    )
    return heldout, _time_stability(judging, segment, table, answers, days)


def outcome_after(
    followed: Followed, then: Then, segment_ids: tuple[int, ...], rng: Generator
) -> OutcomeAfter:
    """Compare an outcome between segments, and with the baseline on the same entities.

    Parameters
    ----------
    followed : Followed
        With values of the entities of ``then``.
    then : Then
    segment_ids : tuple of int
        Ids of the segments, in the order of their places.
    rng : Generator

    Returns
    -------
    OutcomeAfter
    """
    values, is_share = followed.values, followed.is_share
    segments = []
    for index, segment_id in enumerate(segment_ids):
        own = values[then.segment == index]
        if len(own):
            low, high = outcome_interval(own, is_share=is_share, rng=rng)
            segments.append(SegmentAfter(segment_id, len(own), float(own.mean()), low, high))
    low, high = outcome_interval(values, is_share=is_share, rng=rng)
    varies = bool(np.ptp(values) > 0.0)
    beyond = None
    if varies and then.n_tiers > 1:
        found = explained_gain(values[:, None], then.segment, then.tiers)
        beyond = Bounded(found.gain, found.low, found.high)
    explained = _explained(values, then.segment)
    return OutcomeAfter(
        followed.name,
        followed.sentence,
        followed.unit,
        float(values.mean()),
        low,
        high,
        difference_p_value(values, then.segment, is_share=is_share),
        explained.value,
        tuple(segments),
        _explained(values, then.tiers).value if then.n_tiers > 1 else None,
        varies,
        beyond,
        explained.low,
        explained.high,
    )


def _explained(values: NDArray[np.float64], groups: NDArray[np.int64]) -> Bounded:
    """Give the share of the variance between groups beyond chance, which is no less than 0."""
    low, high = eta_squared_interval(
        eta_squared(values, groups), len(values), len(np.unique(groups))
    )
    return Bounded(max(epsilon_squared(values, groups), 0.0), low, high)


def _last_day(cut: datetime) -> str:
    """Name the last day that lies before a cut."""
    return f"{cut - timedelta(microseconds=1):%Y-%m-%d}"


def _sentence(
    judging: Judging, outcomes: tuple[OutcomeAfter, ...], then: Then, n_segments: int
) -> str:
    n, cut, days = judging.table.n_entities, judging.window.as_of, judging.window.outcome_days
    sampled = " (a sample)" if judging.is_sample else ""
    told = (
        f"{n:,} entities{sampled} were put into the segments by their features up to "
        f"{_last_day(cut)} alone, and what they did in the {days or 0.0:g} days after it was "
        "counted. The segments themselves were found with data up to the end."
    )
    told += against(outcomes, then, n_segments)
    same = [o.name for o in outcomes if not o.varies]
    if same:
        told += f" Could not be measured (the same for everyone): {', '.join(same)}."
    return told


def against(outcomes: tuple[OutcomeAfter, ...], then: Then, n_segments: int) -> str:
    """Say in how many outcomes segments explain more than the baseline; nothing without one."""
    signs = [o.against_baseline for o in outcomes if o.beyond_baseline is not None]
    if not signs:
        return ""
    groups = f"as many groups ({then.n_tiers})"
    if then.n_tiers != n_segments:
        groups = f"{then.n_tiers} groups; the segments are {n_segments}"
    return (
        f" Of {counted(len(signs), 'outcome')} they explain more than {then.baseline} in "
        f"{signs.count(1)}, less in {signs.count(-1)}, and in {signs.count(0)} no difference "
        f"was shown (95 % intervals; {groups})."
    )


def seen(names: Sequence[str], asked: str | None) -> str:
    """Say which outcome has helped to choose the segments: its test is no second witness."""
    if asked not in names:
        return ""
    return (
        f" Segments were asked to differ in {asked!r} among these entities, so that its p-value is "
        "no independent test."
    )


def _time_stability(
    judging: Judging,
    segment: NDArray[np.int64],
    table: FeatureTable,
    answers: Answers,
    days: float,
) -> Check:
    import pyarrow.compute as pc

    places = pc.index_in(judging.table.entity_ids, value_set=table.entity_ids)
    now = answers.segment[codes_of(places)]
    stayed = int((now == segment).sum())
    low, high = wilson_interval(stayed, len(segment))
    return Check(
        "time_stability",
        stayed / max(len(segment), 1),
        low,
        high,
        sentence=f"Share of entities that were in the same segment {days:g} days before the cut.",
    )


def with_business(profiles: tuple[Profile, ...], heldout: Heldout | None) -> tuple[Profile, ...]:
    """Add what segments kept, cost and brought after the judging cut, where there is one."""
    told = {} if heldout is None else {b.id: b.figures for b in heldout.business}
    return tuple(replace(p, business=told.get(p.segment_id, ())) for p in profiles)
