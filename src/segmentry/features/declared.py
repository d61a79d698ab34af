"""Features whose members a project declares: windows of its own, milestones, onboarding, workflow.

What lives here: their specs. What does not: the features that every log allows (``catalogue``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import Days, Formula, Larger, Reached
from segmentry.domain.project import FeatureChoice, Windows
from segmentry.domain.role import Facet
from segmentry.features.specs.activity import NEVER
from segmentry.features.terms import count, distinct, first, one_of, total, where

_FOR = ("adoption", "engagement")


def declared_features(choice: FeatureChoice, windows: Windows) -> tuple[FeatureSpec, ...]:
    """Give the features that a project declares, in reading order.

    Parameters
    ----------
    choice : FeatureChoice
        Its milestones, onboarding and workflow.
    windows : Windows
        Its further windows.

    Returns
    -------
    tuple of FeatureSpec
    """
    return (
        *(s for days in windows.also_days for s in _of_window(days)),
        *(_milestone(kind) for kind in choice.milestones),
        *_onboarding(choice.onboarding),
        *_workflow(choice.workflow),
    )


def _of_window(days: float) -> Iterator[FeatureSpec]:
    span = f"{days:g}d"
    yield FeatureSpec(
        f"n_events_{span}",
        count(span=span),
        Facet.ENGAGEMENT,
        "events",
        f"number of events in the last {days:g} days",
        NEVER,
        aspect="recent events",
        refines=True,
    )
    yield FeatureSpec(
        f"value_{span}",
        total("amount", span=span),
        Facet.VALUE,
        "money",
        f"value of the events in the last {days:g} days",
        f"no event of the last {days:g} days has a known amount",
        aspect="recent value",
        refines=True,
    )


def _milestone(kind: str) -> FeatureSpec:
    return FeatureSpec(
        f"days_to_kind={kind}",
        Days(first(), first(one_of("kind", kind))),
        Facet.DEPTH,
        "days",
        f"days from the first event to the first '{kind}'",
        f"no '{kind}' yet",
        objectives=_FOR,
    )


def _onboarding(steps: Sequence[str]) -> Iterator[FeatureSpec]:
    if not steps:
        return
    n = float(len(steps))
    done = distinct("kind", one_of("kind", *steps), span="history")
    latest: Formula = Days(first(), first(one_of("kind", steps[0])))
    for step in steps[1:]:
        latest = Larger(latest, Days(first(), first(one_of("kind", step))))
    yield FeatureSpec(
        "onboarding_completion",
        done / n,
        Facet.DEPTH,
        "share",
        f"share of the {n:g} onboarding steps that were ever taken",
        NEVER,
        objectives=_FOR,
        aspect="onboarding",
    )
    yield FeatureSpec(
        "onboarding_days",
        where(latest, done, n),
        Facet.DEPTH,
        "days",
        "days from the first event until every onboarding step had been taken",
        "onboarding is not complete",
        objectives=_FOR,
        aspect="onboarding",
        refines=True,
    )
    yield FeatureSpec(
        "onboarding_velocity",
        where(7.0 * done / (latest + 1.0), done, 1.0),
        Facet.DEPTH,
        "steps per week",
        "onboarding steps for each week until the last one taken",
        "no onboarding step was taken",
        null_is=0.0,
        objectives=_FOR,
        aspect="onboarding",
        refines=True,
    )


def _workflow(steps: Sequence[str]) -> Iterator[FeatureSpec]:
    if not steps:
        return
    yield FeatureSpec(
        "workflow_completion",
        Reached(tuple(first(one_of("kind", step)) for step in steps)) / float(len(steps)),
        Facet.DEPTH,
        "share",
        f"share of the {len(steps)} steps of the workflow that were first taken in their order",
        NEVER,
        objectives=_FOR,
        aspect="workflow",
    )
    yield FeatureSpec(
        "workflow_finished_share",
        count(one_of("kind", steps[-1])) / count(one_of("kind", steps[0])),
        Facet.DEPTH,
        "share",
        f"'{steps[-1]}' for each '{steps[0]}': how many of the begun workflows end",
        "no workflow was begun",
        objectives=_FOR,
        aspect="workflow",
        refines=True,
    )
