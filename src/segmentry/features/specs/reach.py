"""Reach: what is sent, opened, clicked and answered."""

from __future__ import annotations

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import Days
from segmentry.domain.role import Facet
from segmentry.features.specs.activity import NEVER
from segmentry.features.terms import count, last, means

_SENT, _OPENED, _CLICKED, _ANSWERED = (
    count(means(m)) for m in ("send", "open", "click", "respond")
)
_FOR = ("engagement", "retention")

FEATURES = (
    FeatureSpec(
        "n_sent",
        _SENT,
        Facet.CHANNEL,
        "messages",
        "number of messages sent to the entity",
        NEVER,
        objectives=_FOR,
        aspect="reach",
        refines=True,
    ),
    FeatureSpec(
        "open_share",
        _OPENED / _SENT,
        Facet.CHANNEL,
        "share",
        "opens for each message sent",
        "no message was sent",
        objectives=_FOR,
        aspect="reach",
    ),
    FeatureSpec(
        "click_share",
        _CLICKED / _SENT,
        Facet.CHANNEL,
        "share",
        "clicks for each message sent",
        "no message was sent",
        objectives=_FOR,
        aspect="reach",
        refines=True,
    ),
    FeatureSpec(
        "click_to_open_share",
        _CLICKED / _OPENED,
        Facet.CHANNEL,
        "share",
        "clicks for each message opened",
        "no message was opened",
        objectives=_FOR,
        aspect="reach",
        refines=True,
        is_core=False,
    ),
    FeatureSpec(
        "response_share",
        _ANSWERED / _SENT,
        Facet.CHANNEL,
        "share",
        "answers to campaigns for each message sent",
        "no message was sent",
        objectives=("revenue", "engagement"),
        aspect="reach",
        refines=True,
    ),
    FeatureSpec(
        "days_since_open",
        Days(last(means("open"))),
        Facet.CHANNEL,
        "days",
        "days since a message was last opened",
        "no message was opened",
        objectives=_FOR,
        aspect="reach",
        refines=True,
    ),
)
