"""Service: tickets, how fast they are answered and solved, and what entities say of it."""

from __future__ import annotations

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import Aggregate, Measure
from segmentry.domain.role import Facet
from segmentry.features.specs.activity import NEVER
from segmentry.features.terms import above, below, count, means, median, tenure, total

_FOR = ("retention", "adoption")
_TICKETS = count(means("ticket"))
_NO_TICKET = "no ticket"
_NPS = "Reichheld, F. F. (2003). The one number you need to grow. HBR 81 (12), 46-54"

FEATURES = (
    FeatureSpec(
        "n_tickets",
        _TICKETS,
        Facet.SERVICE,
        "tickets",
        "number of tickets",
        NEVER,
        objectives=_FOR,
        aspect="tickets",
    ),
    FeatureSpec(
        "tickets_per_month",
        30.0 * count(means("ticket"), span="history") / (tenure() + 1.0),
        Facet.SERVICE,
        "tickets per 30 days",
        "tickets for each 30 days since the first event",
        NEVER,
        objectives=_FOR,
        aspect="tickets",
        refines=True,
    ),
    FeatureSpec(
        "tickets_recent",
        count(means("ticket"), span="recent"),
        Facet.SERVICE,
        "tickets",
        "number of tickets in the recent window",
        NEVER,
        objectives=_FOR,
        aspect="tickets",
        refines=True,
    ),
    FeatureSpec(
        "first_response_hours",
        median("response_seconds") / 3_600.0,
        Facet.SERVICE,
        "hours",
        "typical time to the first response to a ticket",
        "no ticket has a known first response",
        objectives=_FOR,
    ),
    FeatureSpec(
        "resolution_hours",
        median("resolution_seconds") / 3_600.0,
        Facet.SERVICE,
        "hours",
        "typical time to the solution of a ticket",
        "no ticket has a known solution",
        objectives=_FOR,
    ),
    FeatureSpec(
        "reopened_share",
        count(above("reopened")) / count(of="reopened"),
        Facet.SERVICE,
        "share",
        "share of tickets that were opened again",
        "no ticket tells whether it was opened again",
        objectives=_FOR,
    ),
    FeatureSpec(
        "reopened_share",
        count(means("reopen")) / _TICKETS,
        Facet.SERVICE,
        "share",
        "times that a ticket was opened again, for each ticket",
        _NO_TICKET,
        objectives=_FOR,
    ),
    FeatureSpec(
        "escalated_share",
        count(above("escalated")) / count(of="escalated"),
        Facet.SERVICE,
        "share",
        "share of tickets that were escalated",
        "no ticket tells whether it was escalated",
        objectives=_FOR,
    ),
    FeatureSpec(
        "escalated_share",
        count(means("escalate")) / _TICKETS,
        Facet.SERVICE,
        "share",
        "escalations for each ticket",
        _NO_TICKET,
        objectives=_FOR,
    ),
    FeatureSpec(
        "score_mean",
        total("score") / count(of="score"),
        Facet.SENTIMENT,
        "points",
        "average score given",
        "no score was given",
        objectives=_FOR,
        aspect="score",
    ),
    FeatureSpec(
        "score_latest",
        Aggregate(Measure.LATEST, "score", "history"),
        Facet.SENTIMENT,
        "points",
        "score given last",
        "no score was given",
        objectives=_FOR,
        aspect="score",
        refines=True,
    ),
    FeatureSpec(
        "nps",
        (count(above("nps", 8.5)) - count(below("nps", 6.5))) / count(of="nps"),
        Facet.SENTIMENT,
        "from -1 to 1",
        "net promoter score: share of answers of 9 and 10 less the share of 0 to 6",
        "no answer to 'how likely are you to recommend us'",
        objectives=_FOR,
        aspect="nps",
        source=_NPS,
    ),
    FeatureSpec(
        "nps_latest",
        Aggregate(Measure.LATEST, "nps", "history"),
        Facet.SENTIMENT,
        "points from 0 to 10",
        "last answer to 'how likely are you to recommend us'",
        "no answer to 'how likely are you to recommend us'",
        objectives=_FOR,
        aspect="nps",
        refines=True,
        source=_NPS,
    ),
)
