"""Recency, frequency and their windows: how lately and how often."""

from __future__ import annotations

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import Aggregate, Computed, Days, Measure
from segmentry.domain.role import Facet
from segmentry.features.terms import active_days, count, distinct, first, last, tenure

NEVER = "never missing"
SILENT = "no event in the look-back window"
RFM = "Hughes, A. M. (1994). Strategic Database Marketing. Probus"

FEATURES = (
    FeatureSpec(
        "recency_days",
        Days(last()),
        Facet.LOYALTY,
        "days",
        "days since the last event",
        NEVER,
        objectives=("retention", "engagement", "revenue"),
        source=RFM,
    ),
    FeatureSpec(
        "tenure_days",
        Days(first()),
        Facet.LOYALTY,
        "days",
        "days since the first event",
        NEVER,
        objectives=("retention",),
    ),
    FeatureSpec(
        "n_events",
        count(),
        Facet.ENGAGEMENT,
        "events",
        "number of events",
        NEVER,
        objectives=("engagement", "adoption"),
        aspect="frequency",
        source=RFM,
    ),
    FeatureSpec(
        "n_orders",
        distinct("order_id"),
        Facet.PURCHASING,
        "orders",
        "number of distinct orders",
        NEVER,
        objectives=("revenue", "retention"),
        aspect="frequency",
        source=RFM,
    ),
    FeatureSpec(
        "active_days",
        active_days(),
        Facet.ENGAGEMENT,
        "days",
        "number of days with at least one event",
        NEVER,
        objectives=("engagement", "adoption"),
        aspect="frequency",
    ),
    FeatureSpec(
        "n_events_recent",
        count(span="recent"),
        Facet.ENGAGEMENT,
        "events",
        "number of events in the recent window",
        NEVER,
        objectives=("retention", "engagement"),
        aspect="recent events",
    ),
    FeatureSpec(
        "decayed_activity",
        Aggregate(Measure.SUM, Computed.WEIGHT),
        Facet.ENGAGEMENT,
        "events",
        "number of events, each counting half as much for every half-life since",
        NEVER,
        objectives=("retention", "engagement"),
    ),
    FeatureSpec(
        "n_events_30d",
        count(span="30d"),
        Facet.ENGAGEMENT,
        "events",
        "number of events in the last 30 days",
        NEVER,
        objectives=("retention", "engagement"),
        aspect="recent events",
        refines=True,
    ),
    FeatureSpec(
        "n_events_90d",
        count(span="90d"),
        Facet.ENGAGEMENT,
        "events",
        "number of events in the last 90 days",
        NEVER,
        objectives=("retention", "engagement"),
        aspect="recent events",
        refines=True,
    ),
    FeatureSpec(
        "events_per_active_day",
        count() / active_days(),
        Facet.ENGAGEMENT,
        "events per day",
        "average number of events on a day with any",
        SILENT,
        objectives=("engagement",),
        aspect="frequency",
        refines=True,
    ),
    FeatureSpec(
        "events_per_month",
        30.0 * count(span="history") / (tenure() + 1.0),
        Facet.ENGAGEMENT,
        "events per 30 days",
        "number of events for each 30 days since the first one",
        NEVER,
        objectives=("engagement",),
        aspect="frequency",
        refines=True,
        is_core=False,
    ),
)
