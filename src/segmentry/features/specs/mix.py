"""Mix: how many different things, how evenly, and the share of the top one."""

from __future__ import annotations

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import LABELS, Aggregate, Condition, Measure, Over
from segmentry.domain.role import Facet
from segmentry.features.specs.activity import NEVER
from segmentry.features.terms import concentration, count, distinct, entropy

BREADTH = "breadth"
"""The aspect of what entities do or take: how many different things, and which."""

_MANY = {
    "kind": "kinds of event",
    "channel": "channels",
    "category": "categories",
    "item": "items",
    "device": "devices",
    "topic": "topics",
}
_FACETS = {"channel": Facet.CHANNEL, "device": Facet.CHANNEL}
_SHANNON = "Shannon, C. E. (1948). A mathematical theory of communication. BSTJ 27, 379-423"
_HERFINDAHL = "Hirschman, A. O. (1964). The paternity of an index. AER 54, 761"


def _top(field: str) -> Aggregate:
    return Aggregate(Measure.TOP, field)


FEATURES = (
    FeatureSpec(
        "n_items",
        distinct("item"),
        Facet.BREADTH,
        "items",
        "number of distinct items",
        NEVER,
        objectives=("revenue", "adoption"),
        aspect=BREADTH,
    ),
    FeatureSpec(
        "n_categories",
        distinct("category"),
        Facet.BREADTH,
        "categories",
        "number of distinct categories",
        NEVER,
        objectives=("revenue", "adoption"),
        aspect=BREADTH,
        refines=True,
    ),
    FeatureSpec(
        "n_kinds",
        distinct("kind"),
        Facet.BREADTH,
        "kinds",
        "number of distinct kinds of event",
        NEVER,
        objectives=("adoption",),
        aspect=BREADTH,
        refines=True,
    ),
    FeatureSpec(
        "top_category_share",
        _top("category") / count(of="category"),
        Facet.BREADTH,
        "share",
        "share of events in the most frequent category",
        "no event has a known category",
        objectives=("revenue", "adoption"),
        aspect=BREADTH,
        refines=True,
    ),
    FeatureSpec(
        "top_item_share",
        _top("item") / count(of="item"),
        Facet.BREADTH,
        "share",
        "share of events on the most frequent item",
        "no event has a known item",
        objectives=("revenue", "adoption"),
        unless=("category",),
        aspect=BREADTH,
        refines=True,
    ),
    *(
        FeatureSpec(
            f"n_{field}s",
            distinct(field),
            Facet.CHANNEL,
            f"{field}s",
            f"number of distinct {field}s",
            NEVER,
            objectives=("engagement",),
            aspect=BREADTH,
            refines=True,
            is_core=False,
        )
        for field in ("channel", "device")
    ),
    *(
        FeatureSpec(
            f"{field}_entropy",
            entropy(field),
            _FACETS.get(field, Facet.BREADTH),
            "nats",
            f"how evenly events are spread over {_MANY[field]}: 0 where all are of one",
            f"no event has a known {field}",
            objectives=("revenue", "adoption"),
            aspect=BREADTH,
            refines=True,
            is_core=False,
            source=_SHANNON,
        )
        for field in LABELS
    ),
    *(
        FeatureSpec(
            f"{field}_concentration",
            concentration(field),
            _FACETS.get(field, Facet.BREADTH),
            "from 0 to 1",
            f"chance that two events of the entity are of the same {field}, drawn with return",
            f"no event has a known {field}",
            objectives=("revenue", "adoption"),
            aspect=BREADTH,
            refines=True,
            is_core=False,
            source=_HERFINDAHL,
        )
        for field in LABELS
    ),
    FeatureSpec(
        "events_per_order",
        count() / distinct("order_id"),
        Facet.DEPTH,
        "events per order",
        "events, of whatever kind, for each order",
        "no event has an order",
        objectives=("revenue",),
        is_core=False,
    ),
    FeatureSpec(
        "events_per_item",
        count(of="item") / distinct("item"),
        Facet.DEPTH,
        "events per item",
        "average number of events on an item that was used at all",
        "no event has a known item",
        objectives=("adoption",),
        aspect="depth",
        is_core=False,
    ),
    FeatureSpec(
        "orders_per_session",
        distinct("order_id") / distinct("session_id"),
        Facet.PURCHASING,
        "orders per session",
        "orders for each session",
        "no event has a session",
        objectives=("revenue",),
        is_core=False,
    ),
    FeatureSpec(
        "switches_channel_share",
        1.0
        - count(Condition("channel", "repeats"), over=Over.STEPS, by="channel")
        / count(over=Over.STEPS, by="channel"),
        Facet.CHANNEL,
        "share",
        "share of events through another channel than the event before",
        "fewer than two events with a known channel",
        objectives=("engagement",),
        is_core=False,
    ),
)
