"""What a column is for, and which side of behaviour it shows."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a column may be used for."""

    CLUSTER = "cluster"
    """Shapes the segments."""
    OVERLAY = "overlay"
    """Describes the segments afterwards (demographics, firmographics)."""
    OUTCOME = "outcome"
    """Happens after, or because of, behaviour: judged against, never a feature."""
    TREATMENT = "treatment"
    """An experiment's arm: never a feature."""
    ID = "id"
    """Names a row or a thing; carries no behaviour."""
    TEXT = "text"
    """What somebody wrote: its topics and its sentiment shape the segments, its words do not."""
    WEIGHT = "weight"
    """How much the entity counts where segments are found; it shapes none itself."""


class Facet(StrEnum):
    """The side of behaviour that a feature shows."""

    ENGAGEMENT = "engagement"
    PURCHASING = "purchasing"
    LOYALTY = "loyalty"
    BREADTH = "breadth"
    DEPTH = "depth"
    CHANNEL = "channel"
    SERVICE = "service"
    SENTIMENT = "sentiment"
    RHYTHM = "rhythm"
    VALUE = "value"
    ATTRIBUTE = "attribute"
    TEXT = "text"


class Kind(StrEnum):
    """How the values of a column are read."""

    NUMBER = "number"
    CATEGORY = "category"
