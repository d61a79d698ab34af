"""The features that the house knows, and which of them a project's events allow.

What lives here: one ``FeatureSpec`` per feature, in the order in which people read them. What does
not: how a spec becomes SQL (``compile``).
"""

from __future__ import annotations

from collections.abc import Iterable

from segmentry.domain.feature import (
    Aggregate,
    Change,
    DaysBeforeCut,
    FeatureSpec,
    Measure,
    Ratio,
    Value,
)
from segmentry.domain.project import FeatureChoice
from segmentry.domain.role import Facet
from segmentry.errors import ProjectFileError, nearest

_ROWS = Aggregate(Measure.COUNT)
_ORDERS = Aggregate(Measure.DISTINCT, "order_id")
_AMOUNT = Aggregate(Measure.SUM, "amount")
_NEVER = "never missing"
_SILENT = "no event in the look-back window"

CATALOGUE: tuple[FeatureSpec, ...] = (
    FeatureSpec(
        "recency_days",
        DaysBeforeCut(Aggregate(Measure.LAST, span="history")),
        Facet.LOYALTY,
        "days",
        "days since the last event",
        _NEVER,
        objectives=("retention", "engagement", "revenue"),
    ),
    FeatureSpec(
        "tenure_days",
        DaysBeforeCut(Aggregate(Measure.FIRST, span="history")),
        Facet.LOYALTY,
        "days",
        "days since the first event",
        _NEVER,
        objectives=("retention",),
    ),
    FeatureSpec(
        "n_events",
        Value(_ROWS),
        Facet.ENGAGEMENT,
        "events",
        "number of events",
        _NEVER,
        objectives=("engagement", "adoption"),
    ),
    FeatureSpec(
        "n_orders",
        Value(_ORDERS),
        Facet.PURCHASING,
        "orders",
        "number of distinct orders",
        _NEVER,
        needs=("order_id",),
        objectives=("revenue", "retention"),
    ),
    FeatureSpec(
        "value_total",
        Value(_AMOUNT),
        Facet.VALUE,
        "money",
        "value of all events together",
        "no event has a known amount",
        needs=("amount",),
        objectives=("revenue", "retention"),
    ),
    FeatureSpec(
        "value_mean",
        Ratio(_AMOUNT, _ORDERS),
        Facet.VALUE,
        "money per order",
        "average value of an order",
        "no order has a known amount",
        needs=("amount", "order_id"),
        objectives=("revenue",),
    ),
    FeatureSpec(
        "value_mean",
        Ratio(_AMOUNT, Aggregate(Measure.COUNT, "amount")),
        Facet.VALUE,
        "money per event",
        "average value of an event",
        "no event has a known amount",
        needs=("amount",),
        objectives=("revenue",),
    ),
    FeatureSpec(
        "active_days",
        Value(Aggregate(Measure.ACTIVE_DAYS)),
        Facet.ENGAGEMENT,
        "days",
        "number of days with at least one event",
        _NEVER,
        objectives=("engagement", "adoption"),
    ),
    FeatureSpec(
        "gap_median_days",
        Value(Aggregate(Measure.MEDIAN_GAP)),
        Facet.RHYTHM,
        "days",
        "typical number of days between one event and the next",
        "seen at one moment only, so there is no gap",
        objectives=("retention",),
    ),
    FeatureSpec(
        "n_events_recent",
        Value(Aggregate(Measure.COUNT, span="recent")),
        Facet.ENGAGEMENT,
        "events",
        "number of events in the recent window",
        _NEVER,
        objectives=("retention", "engagement"),
    ),
    FeatureSpec(
        "value_recent",
        Value(Aggregate(Measure.SUM, "amount", span="recent")),
        Facet.VALUE,
        "money",
        "value of the events in the recent window",
        "no event of the recent window has a known amount",
        needs=("amount",),
        objectives=("revenue",),
    ),
    FeatureSpec(
        "trend",
        Change(Aggregate(Measure.COUNT, span="recent"), Aggregate(Measure.COUNT, span="prior")),
        Facet.RHYTHM,
        "from -1 to 1",
        "events in the recent window against the window before it",
        _NEVER,
        objectives=("retention", "engagement"),
    ),
    FeatureSpec(
        "decayed_activity",
        Value(Aggregate(Measure.DECAYED)),
        Facet.ENGAGEMENT,
        "events",
        "number of events, each counting half as much for every half-life since",
        _NEVER,
        objectives=("retention", "engagement"),
    ),
    FeatureSpec(
        "n_items",
        Value(Aggregate(Measure.DISTINCT, "item")),
        Facet.BREADTH,
        "items",
        "number of distinct items",
        _NEVER,
        needs=("item",),
        objectives=("revenue", "adoption"),
    ),
    FeatureSpec(
        "weekend_share",
        Ratio(Aggregate(Measure.WEEKEND), _ROWS),
        Facet.RHYTHM,
        "share",
        "share of events on a Saturday or Sunday",
        _SILENT,
        objectives=("engagement",),
    ),
)
"""Where two specs share a name, the first whose fields are there is built."""


def choose(available: Iterable[str], choice: FeatureChoice) -> tuple[FeatureSpec, ...]:
    """Choose the features that can be built and are wanted.

    Parameters
    ----------
    available : iterable of str
        Canonical fields that the events have.
    choice : FeatureChoice
        What the project includes and excludes.

    Returns
    -------
    tuple of FeatureSpec
        In the catalogue's order.

    Raises
    ------
    ProjectFileError
        If a name is no feature, or is one that these events do not allow; all at once.
    """
    fields = frozenset(available)
    possible: dict[str, FeatureSpec] = {}
    for spec in CATALOGUE:
        if fields.issuperset(spec.needs):
            possible.setdefault(spec.name, spec)
    wanted = tuple(possible) if choice.include == "auto" else tuple(choice.include)
    problems = [
        *_problems(wanted, "features.include", possible),
        *_problems(choice.exclude, "features.exclude", None),
    ]
    if problems:
        raise ProjectFileError.all_of(problems)
    left_out = frozenset(choice.exclude)
    return tuple(s for n, s in possible.items() if n in wanted and n not in left_out)


def _problems(
    names: Iterable[str], key: str, possible: dict[str, FeatureSpec] | None
) -> list[ProjectFileError]:
    known = {s.name: s for s in reversed(CATALOGUE)}
    problems = []
    for i, name in enumerate(names):
        at = f"{key}[{i}]"
        if name not in known:
            what, hint = f"no feature is called {name!r}", nearest(name, known)
        elif possible is not None and name not in possible:
            lacking = ", ".join(known[name].needs)
            what = f"the feature {name!r} needs {lacking}, which no source maps"
            hint = "map it in 'columns' of the source, or leave the feature out"
        else:
            continue
        problems.append(ProjectFileError(what, code="E1002", where=at, hint=hint, key=at))
    return problems
