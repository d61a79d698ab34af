"""Sessions: by the events' own ids, or by pauses where they have none."""

from __future__ import annotations

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import Over
from segmentry.domain.role import Facet
from segmentry.features.specs.activity import NEVER, SILENT
from segmentry.features.terms import below, count, distinct, total

_SESSIONS = distinct("session_id")
_BY_ID = "no event has a session"
_ONE = below(count(), 2.0)


FEATURES = (
    FeatureSpec(
        "n_sessions",
        _SESSIONS,
        Facet.ENGAGEMENT,
        "sessions",
        "number of sessions",
        NEVER,
        objectives=("engagement", "adoption"),
        aspect="frequency",
        refines=True,
    ),
    FeatureSpec(
        "n_visits",
        count(over=Over.VISITS),
        Facet.ENGAGEMENT,
        "visits",
        "number of visits: events without a longer pause than windows.session_pause",
        NEVER,
        objectives=("engagement", "adoption"),
        unless=("session_id",),
        aspect="frequency",
        refines=True,
        is_core=False,
    ),
    FeatureSpec(
        "events_per_session",
        count(of="session_id") / _SESSIONS,
        Facet.ENGAGEMENT,
        "events per session",
        "average number of events in a session",
        _BY_ID,
        objectives=("engagement",),
        aspect="frequency",
        refines=True,
    ),
    FeatureSpec(
        "events_per_visit",
        count() / count(over=Over.VISITS),
        Facet.DEPTH,
        "events per visit",
        "average number of events in a visit",
        SILENT,
        objectives=("engagement",),
        unless=("session_id",),
        is_core=False,
    ),
    FeatureSpec(
        "session_minutes",
        total("seconds", over=Over.SESSIONS) / (60.0 * count(over=Over.SESSIONS)),
        Facet.DEPTH,
        "minutes",
        "average time from the first to the last event of a session",
        _BY_ID,
        objectives=("engagement", "adoption"),
        is_core=False,
        also_needs=("at",),
    ),
    FeatureSpec(
        "visit_minutes",
        total("seconds", over=Over.VISITS) / (60.0 * count(over=Over.VISITS)),
        Facet.DEPTH,
        "minutes",
        "average time from the first to the last event of a visit",
        SILENT,
        objectives=("engagement", "adoption"),
        unless=("session_id",),
        is_core=False,
    ),
    FeatureSpec(
        "bounce_share",
        count(_ONE, over=Over.SESSIONS) / count(over=Over.SESSIONS),
        Facet.DEPTH,
        "share",
        "share of sessions with a single event",
        _BY_ID,
        objectives=("engagement",),
        is_core=False,
    ),
    FeatureSpec(
        "bounce_share",
        count(_ONE, over=Over.VISITS) / count(over=Over.VISITS),
        Facet.DEPTH,
        "share",
        "share of visits with a single event",
        SILENT,
        objectives=("engagement",),
        is_core=False,
    ),
)
