"""Families of features whose members the project or the data names: measures and shares.

What lives here: the specs of measured columns, and of shares of events by kind, channel, category
and item. What does not: which shares are worth having (``shares``), and the features that every log
allows (``catalogue``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from segmentry.domain.feature import FeatureSpec, ShareOf
from segmentry.domain.formula import LABELS, MEASURE, Condition, Formula
from segmentry.domain.role import Facet
from segmentry.features.specs.mix import BREADTH
from segmentry.features.terms import count, total, where

SHARE = "share_"
"""Begins the name of every share; its field and level follow: ``share_kind=purchase``."""

OTHERS = "(other)"
"""Stands for the levels without a share of their own."""

_NOT_ADDED = re.compile(
    r"(^|_)(score|rating|rate|ratio|share|percent|percentage|pct|price|age|level|index|rank|"
    r"temperature|nps|csat|avg|average|mean|median|probability|latitude|longitude|lat|lon)(_|$)"
)
"""Names of quantities whose sum says nothing: two ratings of 4 make no 8."""

_SAID = {
    "kind": ("that are {}", "of all other kinds"),
    "channel": ("through {}", "through all other channels"),
    "category": ("in {}", "in all other categories"),
    "item": ("on {}", "on all other items"),
    "device": ("on {}", "on all other devices"),
    "topic": ("about {}", "about all other topics"),
}
_FACETS = {
    "kind": Facet.ENGAGEMENT,
    "channel": Facet.CHANNEL,
    "device": Facet.CHANNEL,
    "topic": Facet.TEXT,
}


def measured_features(columns: Iterable[str]) -> tuple[FeatureSpec, ...]:
    """Give the average, and where adding up makes sense the total, of measured columns."""
    specs = []
    for column in columns:
        field = f"{MEASURE}{column}"
        said = column.replace("_", " ")
        unknown = f"no event has a known {said}"
        specs.append(
            FeatureSpec(
                f"mean_{column}",
                total(field) / count(of=field),
                Facet.ATTRIBUTE,
                "",
                f"average {said} of an event",
                unknown,
                aspect=field,
            )
        )
        if not _NOT_ADDED.search(_words(column)):
            specs.append(
                FeatureSpec(
                    f"total_{column}",
                    total(field),
                    Facet.ATTRIBUTE,
                    "",
                    f"{said} of all events together",
                    unknown,
                    aspect=field,
                    refines=True,
                )
            )
    return tuple(specs)


def _words(name: str) -> str:
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[\W_]+", "_", apart).lower()


def family_of(name: str) -> str | None:
    """Give the label field that a share's name is about; None for any other name.

    Examples
    --------
    >>> family_of("share_kind=purchase"), family_of("share_channel"), family_of("n_kinds")
    ('kind', 'channel', None)
    """
    field = name.removeprefix(SHARE).partition("=")[0]
    return field if name.startswith(SHARE) and field in LABELS else None


def share_feature(share: ShareOf) -> FeatureSpec:
    """Say one share: how much of what an entity does is at a level.

    The count is drawn towards everyone's share by the pseudo-counts of ``share``, which matter
    where an entity has few events.
    """
    told, rest = _SAID[share.field]
    what = rest if share.is_rest else told.format(f"'{share.levels[0]}'")
    level = OTHERS if share.is_rest else share.levels[0]
    return FeatureSpec(
        f"{SHARE}{share.field}={level}",
        _drawn(share),
        _FACETS.get(share.field, Facet.BREADTH),
        "share",
        f"share of events {what}, drawn towards everyone's where events are few",
        f"no event has a known {share.field}",
        objectives=("adoption",),
        share=share,
        aspect=BREADTH,
        refines=True,
    )


def _drawn(share: ShareOf) -> Formula:
    """Draw a share towards everyone's; null where nothing is known of the entity itself."""
    of_level = count(Condition(share.field, "not in" if share.is_rest else "in", share.levels))
    known = count(of=share.field)
    drawn = (of_level + share.prior) / (known + share.strength)
    return where(drawn, known, 1.0)
