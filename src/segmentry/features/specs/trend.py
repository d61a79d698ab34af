"""Trends: where an entity's behaviour is going."""

from __future__ import annotations

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import TREND_PERIODS, Computed, Formula, Words
from segmentry.domain.role import Facet
from segmentry.features.specs.activity import NEVER
from segmentry.features.terms import above, count, total, where

_RECENT, _PRIOR, _EARLIER = (count(span=s) for s in ("recent", "prior", "earlier"))
_SPENT, _SPENT_BEFORE = (total("amount", above("amount"), span=s) for s in ("recent", "prior"))


def _change(a: Formula, b: Formula) -> Formula:
    """Compare two counts: between -1 (stopped) and 1 (just begun); 0 without a change.

    Each count gets one more event (Laplace's rule of succession): without it a single event makes
    the difference between -1 and 1, and luck would shape segments of entities seldom seen.
    """
    return (a - b) / (a + b + 2.0)


_MIDDLE = (TREND_PERIODS - 1) / 2
_SPREAD = sum((p - _MIDDLE) ** 2 for p in range(TREND_PERIODS))
_COUNTED = count(span="trend")
# A regression of counts on the number of the period needs no count for each: the sum of the
# periods of all events is all that its cross product is made of. Periods are numbered backwards.
_SLOPE = (_MIDDLE * _COUNTED - total(Computed.PERIOD, span="trend")) * (1.0 / _SPREAD)

_STABLE = 0.2
"""A change of this size, up or down, is called stable."""

_TRAJECTORY = Words(
    (
        (((_RECENT, False, 0.0),), "dormant"),
        (((_PRIOR, False, 0.0), (count(span="history") - _RECENT, False, 0.0)), "new"),
        (((_PRIOR, False, 0.0),), "revived"),
        (((_change(_RECENT, _PRIOR), True, _STABLE),), "increasing"),
        (((_change(_PRIOR, _RECENT), True, _STABLE),), "declining"),
    ),
    "stable",
)

FEATURES = (
    FeatureSpec(
        "trend",
        _change(_RECENT, _PRIOR),
        Facet.RHYTHM,
        "from -1 to 1",
        "events in the recent window against the window before it",
        NEVER,
        objectives=("retention", "engagement"),
        aspect="trend",
        source="Laplace, P. S. (1814). Essai philosophique sur les probabilités",
    ),
    FeatureSpec(
        "value_trend",
        where((_SPENT - _SPENT_BEFORE) / (_SPENT + _SPENT_BEFORE), _SPENT + _SPENT_BEFORE, 1e-9),
        Facet.RHYTHM,
        "from -1 to 1",
        "what was spent in the recent window against the window before it",
        "nothing was spent in either window",
        objectives=("revenue",),
        is_core=False,
    ),
    FeatureSpec(
        "recent_prior_ratio",
        (_RECENT + 1.0) / (_PRIOR + 1.0),
        Facet.RHYTHM,
        "times",
        "events in the recent window for each in the window before it, one added to both",
        NEVER,
        objectives=("retention", "engagement"),
        aspect="trend",
        refines=True,
        is_core=False,
    ),
    FeatureSpec(
        "slope",
        _SLOPE,
        Facet.RHYTHM,
        "events per window",
        f"events that each recent window has more than the one before: the slope of a line "
        f"through the last {TREND_PERIODS}",
        NEVER,
        objectives=("retention", "engagement"),
        aspect="trend",
        refines=True,
        is_core=False,
        source="ordinary least squares",
    ),
    FeatureSpec(
        "momentum",
        TREND_PERIODS * _RECENT / (_COUNTED + 1.0),
        Facet.RHYTHM,
        "times",
        f"pace of the recent window against the pace of the last {TREND_PERIODS} windows, which "
        "get one more event",
        NEVER,
        objectives=("retention", "engagement"),
        aspect="trend",
        refines=True,
        is_core=False,
    ),
    FeatureSpec(
        "acceleration",
        (_RECENT - 2.0 * _PRIOR + _EARLIER) / (_RECENT + 2.0 * _PRIOR + _EARLIER + 4.0),
        Facet.RHYTHM,
        "from -1 to 1",
        "whether the change of the recent window is larger than the change before it",
        NEVER,
        objectives=("retention", "engagement"),
        aspect="trend",
        refines=True,
        is_core=False,
    ),
    FeatureSpec(
        "trajectory",
        _TRAJECTORY,
        Facet.RHYTHM,
        "",
        "engagement trajectory: increasing, stable, declining, revived, dormant or new",
        NEVER,
        objectives=("retention", "engagement"),
        aspect="trend",
        refines=True,
        is_core=False,
    ),
    FeatureSpec(
        "decayed_value",
        total(Computed.DECAYED_AMOUNT),
        Facet.VALUE,
        "money",
        "value of all events, each counting half as much for every half-life since",
        "no event has a known amount",
        objectives=("revenue", "retention"),
        aspect="recent value",
        refines=True,
        is_core=False,
    ),
    FeatureSpec(
        "share_of_life_recent",
        count(span="recent") / count(span="history"),
        Facet.LOYALTY,
        "share",
        "share of all events that lie in the recent window",
        NEVER,
        objectives=("retention",),
        aspect="trend",
        refines=True,
        is_core=False,
    ),
)
