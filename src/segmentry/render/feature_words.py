"""Features in words: their names, their units, and the figure that tells most of them.

What lives here: how a column of the data is written for people. What does not: numbers as such
(``format``), and the pages on which they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from segmentry.render import format as fmt
from segmentry.render.palette import Look, look_of

Document = Mapping[str, Any]

LONGEST_LABEL = 90
NO = ("0", "0.0", "false", "no", "n", "f")


LABELS = {
    "recency_days": "days since last seen",
    "tenure_days": "days since first seen",
    "quantity_total": "units in total",
    "value_total": "value in total",
    "value_mean": "value on average",
    "gap_median_days": "usual days between events",
    "n_events_recent": "recent events",
    "n_events_30d": "events in 30 days",
    "n_events_90d": "events in 90 days",
    "value_recent": "recent value",
    "value_30d": "value in 30 days",
    "value_90d": "value in 90 days",
    "decayed_activity": "activity, fading with time",
    "n_items": "different items",
    "n_categories": "different categories",
    "n_kinds": "different kinds of event",
    "top_category_share": "share of the top category",
    "top_item_share": "share of the top item",
    "value_per_active_day": "value of an active day",
    "value_largest": "value of the largest order",
    "spend_concentration": "share of spend in the largest order",
    "unit_price_mean": "price of a unit on average",
    "basket_items": "different items in an order",
    "basket_categories": "different categories in an order",
    "discounted_share": "share of discounted events",
    "margin_total": "margin in total",
    "margin_share": "share of value that is margin",
    "returned_value_share": "share of value that went back",
    "return_share": "returns per purchase",
    "cart_abandonment": "share of carts left behind",
    "session_minutes": "minutes in a session",
    "visit_minutes": "minutes in a visit",
    "bounce_share": "share of sessions with one event",
    "value_trend": "trend of value",
    "recent_prior_ratio": "recent events against the ones before",
    "slope": "change of events from window to window",
    "momentum": "recent pace against the usual one",
    "acceleration": "change of the trend",
    "decayed_value": "value, fading with time",
    "share_of_life_recent": "share of all events that are recent",
    "gap_mean_days": "average days between events",
    "regularity": "evenness of gaps between events",
    "longest_silence_days": "longest silence in days",
    "longest_streak_days": "longest streak of days",
    "current_streak_days": "current streak of days",
    "office_hours_share": "share in office hours",
    "morning_share": "share in the morning",
    "afternoon_share": "share in the afternoon",
    "evening_share": "share in the evening",
    "night_share": "share at night",
    "hour_concentration": "keeping to one time of the day",
    "seasonality_strength": "keeping to one season",
    "days_after_purchase": "usual days from a purchase to the next event",
    "days_after_view": "usual days from a view to the next event",
    "days_after_cart": "usual days from putting into a cart to the next event",
    "days_after_login": "usual days from a login to the next event",
    "days_after_ticket": "usual days from a ticket to the next event",
    "days_after_open": "usual days from an opened message to the next event",
    "days_after_learn": "usual days from a lesson or help to the next event",
    "monday_share": "share on Mondays",
    "tuesday_share": "share on Tuesdays",
    "wednesday_share": "share on Wednesdays",
    "thursday_share": "share on Thursdays",
    "friday_share": "share on Fridays",
    "saturday_share": "share on Saturdays",
    "sunday_share": "share on Sundays",
    "weekday_concentration": "keeping to one day of the week",
    "topic_entropy": "spread over topics",
    "topic_concentration": "keeping to one topic",
    "n_channels": "different channels",
    "n_devices": "different devices",
    "kind_entropy": "spread over kinds of event",
    "channel_entropy": "spread over channels",
    "category_entropy": "spread over categories",
    "item_entropy": "spread over items",
    "device_entropy": "spread over devices",
    "kind_concentration": "keeping to one kind of event",
    "channel_concentration": "keeping to one channel",
    "category_concentration": "keeping to one category",
    "item_concentration": "keeping to one item",
    "device_concentration": "keeping to one device",
    "switches_channel_share": "share of switches of channel",
    "n_collaboration": "invitations and shares",
    "n_integrations": "uses of integrations",
    "n_api": "calls of the API",
    "n_education": "uses of lessons and help",
    "n_community": "visits to the community",
    "collaboration_share": "share of invitations and shares",
    "integrations_share": "share of uses of integrations",
    "api_share": "share of calls of the API",
    "education_share": "share of uses of lessons and help",
    "community_share": "share of visits to the community",
    "logins_share": "share of logins",
    "integrations_used": "different integrations",
    "time_to_first_value_days": "days to the first sign of value",
    "minutes_total": "minutes in total",
    "stickiness": "share of the last 30 days with an event",
    "stickiness_weekly": "share of the last four weeks with an event",
    "active_days_7d": "active days in 7 days",
    "n_users_1d": "users in one day",
    "users_daily_monthly": "daily users among monthly ones",
    "users_weekly_monthly": "weekly users among monthly ones",
    "seats_used_share": "users per seat",
    "expansion_velocity": "seats added in 30 days",
    "error_share": "share of events with an error",
    "n_sent": "messages received",
    "open_share": "opens per message",
    "click_share": "clicks per message",
    "click_to_open_share": "clicks per opened message",
    "response_share": "answers per message",
    "days_since_open": "days since a message was opened",
    "tickets_recent": "recent tickets",
    "first_response_hours": "hours to the first response",
    "resolution_hours": "hours to the solution",
    "reopened_share": "share of tickets opened again",
    "escalated_share": "share of escalated tickets",
    "score_mean": "score on average",
    "score_latest": "latest score",
    "nps": "net promoter score",
    "nps_latest": "latest answer on recommending",
    "r_score": "recency score",
    "f_score": "frequency score",
    "m_score": "monetary score",
    "rfm_score": "sum of the RFM scores",
    "items_used_share": "share of all items ever used",
    "path_1": "first direction of what follows what",
    "path_2": "second direction of what follows what",
    "path_3": "third direction of what follows what",
    "expected_purchases": "purchases to expect",
    "expected_value": "value of a purchase to expect",
    "clv": "value to expect",
    "clv_low": "value to expect, at least",
    "clv_high": "value to expect, at most",
    "p_active": "probability of still buying",
    "onboarding_completion": "share of onboarding steps taken",
    "onboarding_days": "days until onboarding was complete",
    "onboarding_velocity": "onboarding steps per week",
    "workflow_completion": "share of the workflow's steps taken",
    "workflow_finished_share": "ended workflows per begun one",
}
"""Features of our own whose name is no phrase yet."""

NAMED = (
    (re.compile(r"share_path=(.*)", re.DOTALL), "share of steps from {}"),
    (re.compile(r"share_[a-z]+=(.*)", re.DOTALL), "share of {}"),
    (re.compile(r"affinity_[a-z]+=(.*)", re.DOTALL), "affinity to {}"),
    (re.compile(r"days_to_kind=(.*)", re.DOTALL), "days to the first {}"),
)
"""Features that are called after a word of the data, and how they are said."""

WINDOW = re.compile(r"(?:n_)?(\w+?)_([\d.]+)d")
"""What is counted or added up over a window that the project names, and its days."""


def feature_words(feature: str) -> str:
    """Write a feature's name as words within a sentence.

    Examples
    --------
    >>> feature_words("recency_days"), feature_words("n_orders"), feature_words("share_kind=visit")
    ('days since last seen', 'orders', 'share of visit')
    >>> feature_words("n_users_30d"), feature_words("days_to_kind=paid")
    ('users in 30 days', 'days to the first paid')
    >>> feature_words("share_path=view to cart"), feature_words("affinity_category=shoes")
    ('share of steps from view to cart', 'affinity to shoes')
    """
    for pattern, said in NAMED:
        if named := pattern.fullmatch(feature):
            return said.format(named[1])
    if feature in LABELS:
        return LABELS[feature]
    if window := WINDOW.fullmatch(feature):
        return f"{fmt.words(window[1])} in {window[2]} days"
    return fmt.words(feature)


def feature_label(feature: str, level: str | None = None) -> str:
    """Write a feature, or a level of a category, as words.

    Examples
    --------
    >>> feature_label("n_orders"), feature_label("contract_type", "Two year")
    ('Orders', 'Contract type: Two year')
    >>> feature_label("Partner", "1"), feature_label("Partner", "0")
    ('Partner: yes', 'Partner: no')
    """
    words = feature_words(feature)
    if level is not None:
        told = {"0": "no", "1": "yes"}.get(level, level)
        words = f"{words}: {told}"
    return fmt.clip(fmt.sentence(words), LONGEST_LABEL)


def looks(segments: Sequence[Document]) -> tuple[Look, ...]:
    """Give each segment's look, by its id."""
    return tuple(look_of(int(s["id"])) for s in segments)


def names(segments: Sequence[Document]) -> dict[int, str]:
    """Give each segment's name by its id."""
    return {int(s["id"]): str(s["name"]) for s in segments}


def units(summary: Document) -> dict[str, str]:
    """Give each feature's unit."""
    return {f["name"]: f.get("unit", "") for f in summary.get("features", ())}


def value_text(value: float | None, summary: Document) -> str:
    """Write a total of the value feature: money where its unit is money."""
    unit = units(summary).get(summary.get("value_feature", ""), "money")
    return fmt.quantity(value, unit, summary["project"].get("currency"))


def typical(told: Document, unit: str = "") -> tuple[str, float | None, float | None]:
    """Choose the figure that tells a contrast: the median, or the mean where medians tell nothing.

    Shares per entity are told by their mean throughout: of few events a share is often 0 or 1.

    Parameters
    ----------
    told : mapping
        A contrast of ``segments.json``.
    unit : str
        The feature's.

    Returns
    -------
    measure : str
        ``mean`` where it is not the usual figure, else empty.
    here, everyone : float or None
    """
    if told.get("level") is not None:
        return "", told.get("mean"), told.get("overall_mean")
    medians = told.get("median"), told.get("overall_median")
    if None in medians or medians[0] == medians[1] or unit == "share" or is_yes_or_no(told):
        return "mean", told.get("mean"), told.get("overall_mean")
    return "", *medians


def is_yes_or_no(told: Document) -> bool:
    """Tell whether a contrast may be of zeros and ones, whose median says next to nothing."""
    medians = told.get("median"), told.get("overall_median")
    means = told.get("mean"), told.get("overall_mean")
    return set(medians) <= {0, 1} and all(m is not None and 0 <= m <= 1 for m in means)


def typical_texts(told: Document, units_of: Mapping[str, str], currency: str | None) -> Texts:
    """Write a contrast's figures in the feature's unit: measure, here, everyone."""
    unit = "share" if told.get("level") is not None else units_of.get(told["feature"], "")
    measure, here, everyone = typical(told, unit)
    return (
        measure,
        fmt.quantity(here, unit, currency),
        fmt.quantity(everyone, unit, currency),
    )


Texts = tuple[str, str, str]


METHODS = {
    "gaussian mixture": "Gaussian mixture",
    "ward": "Ward",
    "jaccard medoids": "Jaccard medoids",
    "dbscan": "DBSCAN",
    "hdbscan": "HDBSCAN",
}
"""Methods that bear somebody's name, or are abbreviations."""


def method_name(method: str) -> str:
    """Write a method's name, or a candidate's that begins with it.

    Examples
    --------
    >>> method_name("ward"), method_name("gaussian mixture, 5 segments"), method_name("k-means")
    ('Ward', 'Gaussian mixture, 5 segments', 'k-means')
    """
    name, comma, rest = method.partition(",")
    return f"{METHODS.get(name, name)}{comma}{rest}"


def is_no(level: str) -> bool:
    """Tell whether a level says no, so that its counterpart says the same again."""
    return level.strip().lower() in NO
