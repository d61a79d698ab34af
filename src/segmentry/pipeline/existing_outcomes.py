"""Outcomes on which our segments and existing ones are compared, and why others are not.

What lives here: gathering outcomes, whether enough is known of one, and the gain in it. What does
not: the verdict (``judge.worth``), and the formula (``maths.gain``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.assigner import Assigner
from segmentry.domain.existing import Gain, Unmeasured
from segmentry.domain.project import Project
from segmentry.domain.role import Role
from segmentry.explain.outcome import MOST_LEVELS, outcome_values
from segmentry.judge.existing import folded
from segmentry.maths.gain import explained_gain
from segmentry.maths.intervals import LEVEL
from segmentry.maths.suppression import FEWEST_TOLD
from segmentry.pipeline.existing_labels import Labels, existing_column, labels_of
from segmentry.pipeline.ready import Ready

FEWEST_KNOWN = 30
"""Entities of whom an outcome has to be known."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What happened to rows, and both segmentations of these.

    ``values`` has shape (n_rows, n_levels), NaN where unknown.
    """

    name: str
    values: NDArray[np.float64]
    segment: NDArray[np.int64]
    existing: Labels


def outcomes_of(
    ready: Ready,
    project: Project,
    assigner: Assigner,
    segment: NDArray[np.int64],
    existing: Labels,
) -> list[Outcome | Unmeasured]:
    """Gather the outcomes of a project: columns, and what followed the judging cut.

    Parameters
    ----------
    ready : Ready
    project : Project
    assigner : Assigner
    segment : ndarray of int, shape (n_entities,)
        Everybody's, for outcomes that are columns.
    existing : tuple of str or None

    Returns
    -------
    list of Outcome or Unmeasured
    """
    called = {o.column: o.name for o in project.outcomes}
    found: list[Outcome | Unmeasured] = list(_followed(ready, project, assigner))
    # Unknown for those whose own have weighed features.
    hidden = ready.prepared.learned if ready.prepared.guidance is not None else None
    for column in ready.table.with_role(Role.OUTCOME):
        name = called.get(column.name, column.name)
        told = outcome_values(ready.table, column)
        if told:
            values = np.column_stack([values for _, values in told])
            if hidden is not None:
                values = np.where(hidden[:, None], np.nan, values)
            found.append(Outcome(name, values, segment, existing))
        else:
            found.append(Unmeasured(name, f"it has no value, or more than {MOST_LEVELS}"))
    return found


def _followed(ready: Ready, project: Project, assigner: Assigner) -> Iterator[Outcome | Unmeasured]:
    """Give what followed the judging cut, by segments of the features before it."""
    judging, told = ready.unseen, set()
    column = None if judging is None else existing_column(judging.table, project)
    if judging is not None and column is not None:
        segment = assigner.answer(ready.prepared.recipe.apply(judging.table).X).segment
        existing = labels_of(judging.table, column)
        for followed in judging.followed:
            told.add(followed.name)
            yield Outcome(followed.name, followed.values[:, None], segment, existing)
    for outcome in project.outcomes:
        if outcome.event is not None and outcome.name not in told:
            yield Unmeasured(outcome.name, "nothing was counted after an earlier cut")


def measured(
    outcomes: Sequence[Outcome | Unmeasured],
) -> tuple[tuple[Gain, ...], tuple[Unmeasured, ...]]:
    """Compare two segmentations on each outcome of which enough is known.

    Parameters
    ----------
    outcomes : sequence of Outcome or Unmeasured

    Returns
    -------
    gains : tuple of Gain
        Their intervals hold at 95 % all together, so that of many outcomes none stands out by
        chance more often than a single one would.
    unmeasured : tuple of Unmeasured

    References
    ----------
    Dunn, O. J. (1961). Multiple comparisons among means. JASA 56, 52-64.
    """
    enough = [o if isinstance(o, Unmeasured) else _known(o) for o in outcomes]
    known = [o for o in enough if not isinstance(o, Unmeasured)]
    level = 1.0 - (1.0 - LEVEL) / max(len(known), 1)
    gains = tuple(
        gain_of(o.name, o.values, o.segment, codes_of(o.existing), level=level) for o in known
    )
    return gains, tuple(o for o in enough if isinstance(o, Unmeasured))


def _known(outcome: Outcome) -> Outcome | Unmeasured:
    """Keep the rows where everything is known, if they are enough for an interval."""
    told = np.flatnonzero(~np.isnan(outcome.values).any(axis=1))
    # Small among the rows that are left is what counts: they are what intervals rest on.
    existing, _ = folded([outcome.existing[i] for i in told])
    rows = told[[e is not None for e in existing]]
    labels = tuple(e for e in existing if e is not None)
    values, segment = outcome.values[rows], outcome.segment[rows]
    reason = _too_little(values, segment, labels)
    return (
        Unmeasured(outcome.name, reason)
        if reason
        else Outcome(outcome.name, values, segment, labels)
    )


def _too_little(
    values: NDArray[np.float64], segment: NDArray[np.int64], existing: Sequence[str | None]
) -> str:
    """Say what an outcome lacks; nothing where it may be compared on.

    Below these numbers intervals err more often than they say (``docs/methods/existing.md``).
    """
    n = len(values)
    if n < FEWEST_KNOWN:
        return f"it is known of fewer than {FEWEST_KNOWN} entities that have an existing segment"
    if len(set(existing)) < 2:
        return "it is known of one existing segment only"
    if n < FEWEST_TOLD * len(np.unique(segment)):
        return f"it is known of fewer than {FEWEST_TOLD} entities for each new segment"
    _, counts = np.unique(values, axis=0, return_counts=True)
    if n - counts.max() < FEWEST_TOLD:
        return f"fewer than {FEWEST_TOLD} entities differ from the others in it"
    return ""


def gain_of(
    name: str,
    X: NDArray[np.float64],
    ours: NDArray[np.int64],
    theirs: NDArray[np.int64],
    *,
    level: float = LEVEL,
) -> Gain:
    """Compare what our segments and existing ones explain of some columns."""
    found = explained_gain(X, ours, theirs, level=level)
    return Gain(name, len(X), found.first, found.second, found.gain, found.low, found.high)


def codes_of(labels: Sequence[str | None]) -> NDArray[np.int64]:
    """Give each label a number in the order of their names; -1 where there is none."""
    places = {name: i for i, name in enumerate(sorted({e for e in labels if e is not None}))}
    return np.array([-1 if e is None else places[e] for e in labels], dtype=np.int64)
