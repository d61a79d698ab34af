"""The health score of a run, held against an outcome where it has one.

What lives here: which outcome a run has for it, and what is said of the score. What does not: the
model (``judge.health``), good ends and parts (``explain.health``), figures by segment and one row
per entity on demand (``healthtold``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.crew import single_threaded
from segmentry.domain.health import Basis, Health, Weight, floor_of
from segmentry.domain.percent import percent
from segmentry.domain.project import Project
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureTable
from segmentry.errors import DataError
from segmentry.explain.health import (
    ACTIVE,
    Silence,
    Staying,
    good_ends,
    scores_alone,
    silence,
    staying_outcomes,
)
from segmentry.explain.outcome import is_binary
from segmentry.explain.reading import choose_pack
from segmentry.judge.health import FEWEST_OF_EITHER, Risk, judge_risk
from segmentry.maths.rounding import round_significant
from segmentry.pipeline.happened import Happened, happened
from segmentry.pipeline.healthtold import segmented
from segmentry.pipeline.ready import Ready
from segmentry.prepare.leaks import telling
from segmentry.seeds import stream

MOST_LOOKED_AT = 40_000
GAP = "gap_median_days"
"""The feature that tells each entity's rhythm."""

MOVED = 0.5
"""Standard deviations by which the mean of a column may move between learning and scoring."""

FORESEES_TOO_WELL = 0.95
"""Area from which on features beside an outcome of the same time are doubted."""


def health_of_run(
    project: Project,
    ready: Ready,
    segment: NDArray[np.int64],
    segment_ids: tuple[int, ...],
    *,
    has_other_events: bool,
) -> Health:
    """Make the health score of a run, and tell each segment's figures.

    Parameters
    ----------
    project : Project
    ready : Ready
    segment : ndarray of int, shape (n_entities,)
        Places in ``segment_ids``.
    segment_ids : tuple of int
    has_other_events : bool
        Whether the events are not all purchases: for the words of the trade.

    Returns
    -------
    Health
        Checked against an outcome of staying where the run has one that is known of enough
        entities; else the mean rank of features whose good end is known; else none, and why.
    """
    table, notes = ready.table, ""
    pack = choose_pack(
        (c.name for c in table.columns),
        objective=project.objective,
        entity=project.entity,
        has_other_events=has_other_events,
    )
    with single_threaded():
        for staying in staying_outcomes(_names(project, ready), pack):
            what = _known(project, ready, staying)
            if what is None:
                continue
            moved = _moved(ready, what)
            risk = _judged(project, ready, staying, what, moved)
            if risk is None:
                notes = _too_few(staying, what)
                continue
            meant = _meant(ready, staying, what, "event" if has_other_events else "purchase")
            health = _by_outcome(project, ready, meant.staying, what, risk)
            health = _carried(health, ready, risk, moved)
            if health.basis is not Basis.NONE:
                health = replace(health, sentence=health.sentence + meant.sentence + MEMBERS_ONLY)
            return segmented(health, ready.prepared.recipe, table, segment, segment_ids)
        weights = good_ends(table.columns, pack)
        if not weights:
            told = notes or "The run has no outcome that tells who stays. "
            return Health(Basis.NONE, f"There is no health score. {told}{NO_ENDS}")
        health = Health(Basis.RANKS, _ranked(weights, notes), weights=weights)
        return segmented(health, ready.prepared.recipe, table, segment, segment_ids)


MEMBERS_ONLY = (
    " Intervals of segments are of their members' scores: the model's own error is not in them."
)

NO_ENDS = "Nor is it known of two features which end of them is good."


def _names(project: Project, ready: Ready) -> Iterator[str]:
    """Name the outcomes of a run: those of the project, of columns, and what followed."""
    taken = {o.column for o in project.outcomes}
    yield from (o.name for o in project.outcomes)
    yield from (c.name for c in ready.table.with_role(Role.OUTCOME) if c.name not in taken)
    if ready.judging is not None:
        followed = (f.name for f in ready.judging.followed)
        yield from (n for n in followed if n not in {o.name for o in project.outcomes})


def _known(project: Project, ready: Ready, staying: Staying) -> Happened | None:
    """Find an outcome that is yes or no, where it was measured and varies."""
    try:
        what = happened(project, ready.table, ready.judging, staying.name)
    except DataError:
        return None
    is_one = what.values.ndim == 2 and what.values.shape[1] == 1
    return what if is_one and is_binary(what.values) else None


def _meant(ready: Ready, staying: Staying, what: Happened, event: str) -> Silence:
    """Say what the bad end is: of silence, for how long, and against which rhythm."""
    days = None if ready.judging is None else ready.judging.window.outcome_days
    if staying.name != ACTIVE or days is None:
        return Silence(staying, "")
    there = any(c.name == GAP for c in what.table.columns)
    gaps = what.table.numbers(GAP) if there else np.empty(0)
    return silence(staying, days, event, gaps)


def _moved(ready: Ready, what: Happened) -> NDArray[np.bool_]:
    """Tell which prepared columns lie elsewhere now than when the outcome was still to come.

    A model knows nothing of values that it has not seen: where everybody is older by a season than
    anybody was, what it says of age is made up.
    """
    rows = np.linspace(0, len(what.values) - 1, min(len(what.values), MOST_LOOKED_AT))
    then = ready.prepared.recipe.prepare(what.table.take(rows.astype(np.int64))).X
    now = ready.prepared.features.X
    spread = np.minimum(then.std(axis=0), now.std(axis=0))
    moved: NDArray[np.bool_] = np.abs(then.mean(axis=0) - now.mean(axis=0)) > MOVED * spread
    return moved


def _judged(
    project: Project,
    ready: Ready,
    staying: Staying,
    what: Happened,
    moved: NDArray[np.bool_],
) -> Risk | None:
    learned, rng = ready.prepared.learned, stream(project.seed, "health")
    # As many as either side may be drawn from, and no more of a large table is prepared.
    rows = np.sort(rng.permutation(len(what.values))[:MOST_LOOKED_AT])
    X = ready.prepared.recipe.prepare(what.table.take(rows)).X
    return judge_risk(
        np.where(moved, 0.0, X),  # what does not vary has no weight
        (what.values[rows, 0] == 1.0) == staying.is_high_bad,
        None if learned is None else learned[what.places[rows]],
        rng,
    )


def _too_few(staying: Staying, what: Happened) -> str:
    return (
        f"The outcome {staying.name!r} is known of {len(what.values):,} entities, with fewer than "
        f"{FEWEST_OF_EITHER} of one answer to learn from or to judge by. "
    )


def _by_outcome(
    project: Project, ready: Ready, staying: Staying, what: Happened, risk: Risk
) -> Health:
    """Turn a judged model into a score; one that tells no more than chance is none."""
    column = _column(project, ready.table, staying.name)
    if not risk.tells:
        sentence = (
            f"There is no health score. A model of {staying.bad} ({staying.name!r}) tells unseen "
            f"entities apart no better than chance may: area under the curve {risk.area}, and 0.5 "
            "is guessing."
        )
        return Health(
            Basis.NONE, sentence, staying.name, staying.bad, n_judged=risk.n_judged, area=risk.area
        )
    recipe = ready.prepared.recipe
    coefficients = round_significant(risk.model.coefficients)
    usual = round_significant(risk.usual)
    weights = tuple(
        Weight(name, feature, float(w), float(u))
        for name, feature, w, u in zip(
            recipe.prepared_names, recipe.features, coefficients, usual, strict=True
        )
        if w != 0.0
    )
    (intercept,) = round_significant(np.array([risk.model.intercept]))
    return Health(
        Basis.OUTCOME,
        _foretold(staying, what, risk) + _doubt(ready.table, column, risk),
        staying.name,
        staying.bad,
        column,
        staying.is_high_bad,
        risk.n_judged,
        risk.area,
        risk.groups,
        float(intercept),
        weights,
        floor_of(risk.rate),
    )


def _carried(health: Health, ready: Ready, risk: Risk, moved: NDArray[np.bool_]) -> Health:
    """Say what was left out as it has moved; where the forecasts moved as well there is no score.

    What followed an earlier cut is learned from features at that cut, and scored with those at the
    present one. The mean chance may change in between, but hardly to twice the odds or half.
    """
    recipe, table = ready.prepared.recipe, ready.table
    if health.basis is Basis.NONE or health.column is not None:
        return health
    now = 1.0 - float(scores_alone(health, recipe, table).mean()) / 100.0
    if not 0.5 <= (now / max(1.0 - now, 1e-12)) / (risk.rate / (1.0 - risk.rate)) <= 2.0:
        sentence = (
            f"There is no health score. A model of {health.outcome!r} tells unseen entities apart "
            f"at an earlier cut (area under the curve {risk.area}), but by the features of today "
            f"it would tell {percent(now)} of {health.bad}, where {percent(risk.rate)} came: "
            "features have moved too far for it to hold."
        )
        return Health(
            Basis.NONE,
            sentence,
            health.outcome,
            health.bad,
            n_judged=health.n_judged,
            area=health.area,
        )
    told = (
        f" By the features of today that chance is {percent(now)} on average; after the earlier "
        f"cut {percent(risk.rate)} came."
    )
    names = dict.fromkeys(f for f, m in zip(recipe.features, moved, strict=True) if m)
    if names:
        told += f" Left out, as they have moved since that cut: {', '.join(map(repr, names))}."
    return replace(health, sentence=health.sentence + told)


def _column(project: Project, table: FeatureTable, name: str) -> str | None:
    """Name the column of an outcome, where it is told by one."""
    meant = next((o.column for o in project.outcomes if o.name == name), None) or name
    return next((c.name for c in table.with_role(Role.OUTCOME) if c.name == meant), None)


def _foretold(staying: Staying, what: Happened, risk: Risk) -> str:
    how = (
        "those that the split holds out"
        if risk.has_split
        else "each fifth of the entities by a model of the others"
    )
    held = sum(g.holds for g in risk.groups)
    return (
        f"100 less the chance of {staying.bad} in percent, by a model of {staying.name!r}: "
        f"{what.basis}. Judged on {risk.n_judged:,} entities that it had not learned from ({how}), "
        f"it tells them apart with an area under the curve of {risk.area}; 0.5 is guessing, 1 is "
        f"perfect. In {held} of {len(risk.groups)} groups by forecast, the chance that was told "
        f"lies in the interval of what came. Its floor, {floor_of(risk.rate):g}, is where the odds "
        f"of {staying.bad} are twice everybody's."
    )


def _doubt(table: FeatureTable, column: str | None, risk: Risk) -> str:
    """Say what an outcome of the same time as the features cannot tell."""
    if column is None:
        return ""
    told = (
        " Features and outcome are of one time, so the score says who is like those to whom it "
        "happened, not to whom it will."
    )
    leaks = telling(table, table.column(column))
    if leaks or risk.area.value >= FORESEES_TOO_WELL:
        named = ", ".join(f"{name!r} ({area:.2f})" for area, name in leaks[:3])
        which = f": by themselves {named}" if named else ""
        told += (
            f" Features tell it so well that some may be known only afterwards{which}; give those "
            "the role outcome."
        )
    return told


def _ranked(weights: tuple[Weight, ...], notes: str) -> str:
    names = ", ".join(("less " if w.weight < 0 else "more ") + repr(w.feature) for w in weights)
    return (
        f"The mean rank among everybody, from 0 to 100, in features of which one end is taken to "
        f"be good: {names}. 50 is the middle by construction. Not checked against any outcome: "
        f"{notes or 'the run has none that tells who stays. '}It orders entities, and foretells "
        "nothing."
    )
