"""Adoption: breadth and depth of use, stickiness, seats, collaboration, learning."""

from __future__ import annotations

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import Aggregate, Computed, Days, Measure
from segmentry.domain.role import Facet
from segmentry.features.specs.activity import NEVER, SILENT
from segmentry.features.terms import (
    above,
    count,
    distinct,
    first,
    known,
    means,
    tenure,
    total,
)

ADOPTION = ("adoption", "engagement")
_SEATS = Aggregate(Measure.LATEST, "seats", "history")
_SEATS_THEN = Aggregate(Measure.EARLIEST, "seats", "history")
_STICKY = "Chen, A. (2018). DAU/MAU is an important metric, but here is where it fails"
_DID = {
    "collaborate": ("invitations and shares", "collaboration"),
    "integrate": ("uses of integrations", "integrations"),
    "api": ("calls of the API", "api"),
    "learn": ("uses of lessons and help", "education"),
    "community": ("visits to the community", "community"),
    "login": ("logins", "logins"),
}

FEATURES = (
    *(
        FeatureSpec(
            f"n_{name}",
            count(means(meaning)),
            Facet.BREADTH,
            "events",
            f"number of {words}",
            NEVER,
            objectives=ADOPTION,
            aspect=name,
        )
        for meaning, (words, name) in _DID.items()
    ),
    *(
        FeatureSpec(
            f"{name}_share",
            count(means(meaning)) / count(),
            Facet.BREADTH,
            "share",
            f"share of events that are {words}",
            SILENT,
            objectives=ADOPTION,
            aspect=name,
            refines=True,
            is_core=False,  # shares of events by kind tell it
        )
        for meaning, (words, name) in _DID.items()
    ),
    FeatureSpec(
        "integrations_used",
        distinct("item", means("integrate")),
        Facet.BREADTH,
        "integrations",
        "number of distinct integrations used",
        NEVER,
        objectives=ADOPTION,
        aspect="integrations",
        refines=True,
    ),
    FeatureSpec(
        "time_to_first_value_days",
        Days(first(), first(means("value"))),
        Facet.DEPTH,
        "days",
        "days from the first event to the first sign of value",
        "no sign of value yet",
        objectives=ADOPTION,
    ),
    FeatureSpec(
        "quantity_per_item",
        total("quantity", known("item")) / distinct("item"),
        Facet.DEPTH,
        "units per item",
        "average quantity on an item that was used at all",
        "no event on an item has a known quantity",
        objectives=("adoption",),
        aspect="depth",
        is_core=False,
    ),
    FeatureSpec(
        "minutes_total",
        total("duration_seconds") / 60.0,
        Facet.DEPTH,
        "minutes",
        "time spent in all events together",
        "no event has a known duration",
        objectives=ADOPTION,
        aspect="time spent",
    ),
    FeatureSpec(
        "minutes_per_item",
        total("duration_seconds", known("item")) / (60.0 * distinct("item")),
        Facet.DEPTH,
        "minutes per item",
        "average time spent on an item that was used at all",
        "no event on an item has a known duration",
        objectives=ADOPTION,
        aspect="time spent",
        refines=True,
    ),
    FeatureSpec(
        "stickiness",
        distinct(Computed.DAY, span="30d") / 30.0,
        Facet.ENGAGEMENT,
        "share",
        "share of the last 30 days, of 24 hours up to the cut, with an event: daily use within "
        "monthly use",
        NEVER,
        objectives=ADOPTION,
        aspect="stickiness",
        is_core=False,
        source=_STICKY,
    ),
    FeatureSpec(
        "stickiness_weekly",
        distinct(Computed.WEEK, span="28d") / 4.0,
        Facet.ENGAGEMENT,
        "share",
        "share of the last four weeks with an event: weekly use within monthly use",
        NEVER,
        objectives=ADOPTION,
        aspect="stickiness",
        refines=True,
        is_core=False,
    ),
    FeatureSpec(
        "active_days_7d",
        distinct(Computed.DAY, span="7d"),
        Facet.ENGAGEMENT,
        "days",
        "days with an event among the last seven, of 24 hours up to the cut",
        NEVER,
        objectives=ADOPTION,
        aspect="stickiness",
        refines=True,
        is_core=False,
    ),
    *(
        FeatureSpec(
            f"n_users_{days}d",
            distinct("user", span=f"{days}d"),
            Facet.ENGAGEMENT,
            "users",
            f"number of distinct users with an event in the last {words}",
            NEVER,
            objectives=ADOPTION,
            aspect="users",
            refines=days != 30,
        )
        for days, words in ((1, "24 hours"), (7, "7 days"), (30, "30 days"))
    ),
    FeatureSpec(
        "users_daily_monthly",
        distinct("user", span="1d") / distinct("user", span="30d"),
        Facet.ENGAGEMENT,
        "share",
        "users of the last day as a share of those of the last 30",
        "no user in the last 30 days",
        null_is=0.0,
        objectives=ADOPTION,
        aspect="users",
        refines=True,
        source=_STICKY,
    ),
    FeatureSpec(
        "users_weekly_monthly",
        distinct("user", span="7d") / distinct("user", span="30d"),
        Facet.ENGAGEMENT,
        "share",
        "users of the last week as a share of those of the last 30 days",
        "no user in the last 30 days",
        null_is=0.0,
        objectives=ADOPTION,
        aspect="users",
        refines=True,
        source=_STICKY,
    ),
    FeatureSpec(
        "seats",
        _SEATS,
        Facet.VALUE,
        "seats",
        "seats bought, as last known",
        "no event has a known number of seats",
        objectives=("adoption", "revenue"),
    ),
    FeatureSpec(
        "seats_used_share",
        distinct("user", span="30d") / _SEATS,
        Facet.BREADTH,
        "share",
        "users of the last 30 days for each seat bought",
        "no event has a known number of seats, or there are none",
        objectives=("adoption", "revenue", "retention"),
    ),
    FeatureSpec(
        "expansion_velocity",
        30.0 * (_SEATS - _SEATS_THEN) / (tenure() + 1.0),
        Facet.VALUE,
        "seats per 30 days",
        "seats added for each 30 days since the first event",
        "no event has a known number of seats",
        objectives=("revenue", "adoption"),
    ),
    FeatureSpec(
        "n_upgrades",
        count(means("upgrade")),
        Facet.VALUE,
        "upgrades",
        "number of upgrades",
        NEVER,
        objectives=("revenue", "adoption"),
    ),
    FeatureSpec(
        "n_downgrades",
        count(means("downgrade")),
        Facet.LOYALTY,
        "downgrades",
        "number of downgrades",
        NEVER,
        objectives=("retention",),
    ),
    FeatureSpec(
        "error_share",
        count(above("errors")) / count(of="errors"),
        Facet.SERVICE,
        "share",
        "share of events with an error",
        "no event tells its errors",
        objectives=("retention", "adoption"),
    ),
)
