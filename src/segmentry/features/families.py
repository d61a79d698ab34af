"""Families of features whose members the project or the data names: measures and shares.

What lives here: the specs of measured columns, of shares of events by kind, channel, category and
item, of how far these lie from everyone's, and of shares of steps. What does not: which of them are
worth having (``shares``), and the features that every log allows (``catalogue``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from segmentry.domain.feature import INSTANT, FeatureSpec, ShareOf, family_name
from segmentry.domain.formula import LABELS, MEASURE, Condition, Field, Formula
from segmentry.domain.role import Facet
from segmentry.features.specs.mix import BREADTH
from segmentry.features.terms import count, from_to, logarithm, steps, total, where

LEANING = ("category", "channel", "item")
"""Fields by which affinities can be asked for."""

PATHS = "share_path"
"""The family of shares of steps from kind to kind."""

CORE = tuple(f"share_{field}" for field in LABELS)
"""Families that are built wherever entities differ in them; the others where they are named."""

FAMILIES: Mapping[str, tuple[Field, ...]] = {
    **{f"share_{field}": (field,) for field in LABELS},
    **{f"affinity_{field}": (field,) for field in LEANING},
    PATHS: (INSTANT, "kind"),
}
"""What events need for each family whose members the data names. A member is called after its
level: ``share_kind=purchase``, ``affinity_category=shoes``, ``share_path=view to cart``."""

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
    """Give the family that a member, or the family itself, is called after; None for other names.

    Examples
    --------
    >>> family_of("share_kind=purchase"), family_of("affinity_category"), family_of("n_kinds")
    ('share_kind', 'affinity_category', None)
    """
    family = family_name(name)
    return family if family in FAMILIES else None


def share_feature(share: ShareOf) -> FeatureSpec:
    """Say what a share tells: how much of what an entity does is at a level, or is one step.

    The count is drawn towards everyone's share by the pseudo-counts of ``share``, which matter
    where an entity has few events.
    """
    if share.tells == "steps":
        return _steps_feature(share)
    return _affinity_feature(share) if share.tells == "affinity" else _share_feature(share)


def _share_feature(share: ShareOf) -> FeatureSpec:
    return FeatureSpec(
        _name(share),
        _drawn(share),
        _FACETS.get(share.field, Facet.BREADTH),
        "share",
        f"share of events {_what(share)}, drawn towards everyone's where events are few",
        f"no event has a known {share.field}",
        objectives=("adoption",),
        share=share,
        aspect=BREADTH,
        refines=True,
    )


def _affinity_feature(share: ShareOf) -> FeatureSpec:
    r"""Say how far a share lies from everyone's: :math:`\log_2` of the one over the other.

    Ratios, not differences: half as much as everyone is as far from them as twice as much, and a
    rare level counts like a common one. Drawn before the logarithm is taken, so that an entity
    with few events lies near 0 and nobody at minus infinity.
    """
    everyone = share.prior / share.strength
    return FeatureSpec(
        _name(share),
        logarithm(_drawn(share) / everyone) / math.log(2.0),
        _FACETS.get(share.field, Facet.BREADTH),
        "doublings",
        f"share of events {_what(share)} against everyone's, in doublings: 1 is twice the share, "
        "-1 half of it; drawn towards 0 where events are few",
        f"no event has a known {share.field}",
        objectives=("revenue", "adoption"),
        share=share,
        aspect=BREADTH,
        refines=True,
        is_core=False,
        source="DuMouchel, W. (1999). Bayesian data mining in large frequency tables. The American "
        "Statistician 53, 177-190",
    )


def _steps_feature(share: ShareOf) -> FeatureSpec:
    before, after = share.levels
    known = steps(by="kind")
    drawn = (from_to(before, after) + share.prior) / (known + share.strength)
    return FeatureSpec(
        _name(share),
        where(drawn, known, 1.0),
        Facet.ENGAGEMENT,
        "share",
        f"share of steps that lead from '{before}' to '{after}', drawn towards everyone's where "
        "steps are few",
        "fewer than two events with a known kind",
        objectives=("engagement", "adoption"),
        share=share,
        aspect="paths",
        refines=True,
        is_core=False,
        source="Mosimann, J. E. (1962). On the compound multinomial distribution. Biometrika 49, "
        "65-82",
        also_needs=(INSTANT, "kind"),
    )


def level_of(share: ShareOf) -> str:
    """Give what stands behind the name of the family.

    Examples
    --------
    >>> level_of(ShareOf("kind", ("view", "cart"), False, 1.0, 9.0, "steps"))
    'view to cart'
    """
    if share.tells == "steps":
        return " to ".join(share.levels)
    return OTHERS if share.is_rest else share.levels[0]


def _name(share: ShareOf) -> str:
    return f"{share.family}={level_of(share)}"


def _what(share: ShareOf) -> str:
    told, rest = _SAID[share.field]
    return rest if share.is_rest else told.format(f"'{share.levels[0]}'")


def _drawn(share: ShareOf) -> Formula:
    """Draw a share towards everyone's; null where nothing is known of the entity itself."""
    of_level = count(Condition(share.field, "not in" if share.is_rest else "in", share.levels))
    known = count(of=share.field)
    drawn = (of_level + share.prior) / (known + share.strength)
    return where(drawn, known, 1.0)
