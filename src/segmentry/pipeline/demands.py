"""What a project asks of segments, with the features and the outcome that it is held against.

What lives here: gathering levers and outcomes for the entities that are searched. What does not:
whether a candidate meets them (``judge.demands``).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.project import Project
from segmentry.domain.role import Kind, Role
from segmentry.judge.demands import Demands, DemandsOn, Lever
from segmentry.judge.differing import OutcomeRows
from segmentry.maths.effect import standardised_ranks
from segmentry.pipeline.outcomes import outcome_called, outcomes_of
from segmentry.pipeline.ready import Ready

UNCHECKED = "demand_not_checked"
"""The code of the finding that an outcome could not be asked for."""


def unchecked_in(audit: Audit) -> tuple[str, ...]:
    """Give what was found about outcomes that could not be asked for."""
    return tuple(f.sentence for f in audit.findings if f.code == UNCHECKED)


def demands_of(ready: Ready, project: Project, audit: Audit) -> DemandsOn | None:
    """Gather what a project asks of segments beyond their number and smallest share.

    Parameters
    ----------
    ready : Ready
    project : Project
    audit : Audit
        Is told where an outcome cannot be measured.

    Returns
    -------
    callable or None
        None where nothing is asked.
    """
    choice = project.segments
    if choice.max_share >= 1.0 and not choice.distinct and choice.must_differ_in is None:
        return None

    def on(searched: NDArray[np.int64]) -> Demands:
        return Demands(
            choice.max_share,
            choice.distinct,
            tuple(_levers(ready, project, searched)) if choice.distinct else (),
            _outcome(ready, project, searched, audit),
        )

    return on


def _levers(ready: Ready, project: Project, searched: NDArray[np.int64]) -> Iterator[Lever]:
    """Give the features that can be acted upon, numbers as they shaped distances."""
    table, features = ready.table, ready.prepared.features
    learned = ready.prepared.learned
    rows = searched if learned is None else np.flatnonzero(learned)[searched]
    wanted = project.segments.act_upon
    for column in table.with_role(Role.CLUSTER):
        if wanted != "auto" and column.name not in wanted:
            continue
        if column.kind is Kind.CATEGORY:
            codes = table.categories(column.name)[0][rows]
            yield Lever(column.name, codes.astype(np.float64), is_category=True)
        elif column.name in features.names:
            yield Lever(column.name, features.X[rows, features.names.index(column.name)])
        else:
            yield Lever(column.name, _ranks(table.numbers(column.name)[rows]))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give mid-ranks of what preparation left out; what is not known stays so."""
    known = ~np.isnan(values)
    ranks = np.full(len(values), np.nan)
    ranks[known] = standardised_ranks(values[known])
    return ranks


def _outcome(
    ready: Ready, project: Project, searched: NDArray[np.int64], audit: Audit
) -> OutcomeRows | None:
    name = project.segments.must_differ_in
    if name is None:
        return None
    meant = outcome_called(name, project)
    for outcome in outcomes_of(ready, project, searched):
        if outcome.name == meant:
            return outcome
    audit.add(
        Finding(
            UNCHECKED,
            f"Whether segments differ in {name!r} could not be asked: it was not measured, or is "
            "the same for everyone.",
            "warning",
            done="no candidate was rejected for it",
            proposal="segments: {must_differ_in: null}",
        )
    )
    return None
