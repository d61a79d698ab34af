"""What people ask of a catalogue of behaviour, and the features that answer it."""

from __future__ import annotations

from dataclasses import replace

from segmentry.domain.feature import ShareOf
from segmentry.domain.formula import LABELS
from segmentry.domain.project import FeatureChoice, Windows
from segmentry.features.choose import all_features
from segmentry.features.families import FAMILIES, PATHS, share_feature

ANSWERS: dict[str, tuple[str, ...]] = {
    "recency": ("recency_days",),
    "frequency": ("n_events", "n_orders", "active_days"),
    "monetary value": ("value_total", "value_mean"),
    "the last 30 days": ("n_events_30d", "value_30d"),
    "the last 90 days": ("n_events_90d", "value_90d"),
    "all history": ("tenure_days", "events_per_month", "share_of_life_recent"),
    "windows of one's own": ("n_events_14d", "value_14d"),
    "recency weighting by half-life": ("decayed_activity", "decayed_value"),
    "slope": ("slope",),
    "recent to prior ratio": ("recent_prior_ratio", "trend", "value_trend"),
    "momentum": ("momentum",),
    "acceleration": ("acceleration",),
    "engagement trajectory": ("trajectory",),
    "time between events": ("gap_median_days", "gap_mean_days"),
    "regularity": ("regularity",),
    "burstiness": ("burstiness",),
    "hour profile": (
        *("morning_share", "afternoon_share", "evening_share", "night_share"),
        *("hour_concentration", "office_hours_share"),
    ),
    "weekday profile": (
        *("monday_share", "tuesday_share", "wednesday_share", "thursday_share", "friday_share"),
        *("saturday_share", "sunday_share", "weekday_concentration"),
    ),
    "weekend share": ("weekend_share",),
    "seasonality strength": ("seasonality_strength",),
    "streaks": ("longest_streak_days", "current_streak_days"),
    "longest silence": ("longest_silence_days",),
    "sessions by a pause: count": ("n_visits",),
    "sessions by a pause: length": ("visit_minutes",),
    "sessions by a pause: depth": ("events_per_visit",),
    "sessions by id": ("n_sessions", "session_minutes", "events_per_session"),
    "bounce share": ("bounce_share",),
    "shares by kind": ("share_kind=x",),
    "shares by category": ("share_category=x", "top_category_share"),
    "shares by channel": ("share_channel=x",),
    "shares by device": ("share_device=x",),
    "affinity to top categories": (
        *("affinity_category=x", "affinity_channel=x", "affinity_item=x"),
    ),
    "entropy": tuple(f"{f}_entropy" for f in LABELS),
    "concentration": tuple(f"{f}_concentration" for f in LABELS),
    "ratios across features": (
        *("events_per_order", "events_per_item", "orders_per_session", "value_per_active_day"),
        *("events_per_active_day", "purchases_per_view", "purchases_per_session"),
    ),
    "cart abandonment": ("cart_abandonment",),
    "discount sensitivity": ("discounted_share", "discount_rate"),
    "basket size": ("basket_size",),
    "basket composition": ("basket_items", "basket_categories"),
    "margin": ("margin_total", "margin_share"),
    "returns": ("n_returns", "return_share", "returned_value_share"),
    "adoption breadth": ("n_items", "n_categories", "n_kinds"),
    "adoption depth": ("quantity_per_item", "minutes_total", "minutes_per_item"),
    "time to first value": ("time_to_first_value_days",),
    "time to each milestone": ("days_to_kind=x",),
    "onboarding completion": ("onboarding_completion", "onboarding_days"),
    "onboarding velocity": ("onboarding_velocity",),
    "workflow completion, in order": ("workflow_completion", "workflow_finished_share"),
    "collaboration": ("n_collaboration", "collaboration_share"),
    "integrations": ("n_integrations", "integrations_share", "integrations_used"),
    "use of the API": ("n_api", "api_share"),
    "stickiness of one entity": ("stickiness", "stickiness_weekly", "active_days_7d"),
    "daily, weekly, monthly users": ("n_users_1d", "n_users_7d", "n_users_30d"),
    "ratios of daily, weekly, monthly users": ("users_daily_monthly", "users_weekly_monthly"),
    "seats used of seats bought": ("seats_used_share", "seats"),
    "expansion velocity": ("expansion_velocity", "n_upgrades"),
    "education": ("n_education", "education_share"),
    "community": ("n_community", "community_share"),
    "e-mail sent": ("n_sent",),
    "opens": ("open_share", "days_since_open"),
    "clicks": ("click_share", "click_to_open_share"),
    "response to campaigns": ("response_share",),
    "paths across channels": ("switches_channel_share",),
    "time to next": (
        *("days_after_purchase", "days_after_view", "days_after_cart", "days_after_login"),
        *("days_after_ticket", "days_after_open", "days_after_learn"),
        *("days_between_purchases", "days_between_logins", "days_between_tickets"),
    ),
    "ticket rate": ("n_tickets", "tickets_per_month", "tickets_recent"),
    "first response time": ("first_response_hours",),
    "resolution time": ("resolution_hours",),
    "reopened tickets": ("reopened_share",),
    "escalation": ("escalated_share",),
    "satisfaction": ("score_mean", "score_latest"),
    "net promoter score": ("nps", "nps_latest"),
    "spend concentration": ("spend_concentration",),
    "sentiment of texts": ("mean_sentiment", "negative_share", "last_sentiment"),
    "topics": ("topic_entropy", "topic_concentration"),
    "shares by topic": ("share_topic=x",),
    "RFM scores": ("r_score", "f_score", "m_score", "rfm_score"),
    "share of features ever used": ("items_used_share",),
    "transition shares": ("share_path=x to y",),
    "path signatures": ("path_1", "path_2", "path_3"),
    "expected purchases": ("expected_purchases",),
    "expected value": ("expected_value",),
    "customer lifetime value with an interval": ("clv", "clv_low", "clv_high"),
    "probability of being active": ("p_active",),
}

PENDING: tuple[str, ...] = ()
"""Asked for, and not answered here: nothing, at present."""


def of_the_data() -> set[str]:
    """Name members of the families whose levels the data gives."""
    found = set()
    for name, needs in FAMILIES.items():
        field, pair = needs[-1], ("x", "y")
        share = ShareOf(field, ("x",), is_rest=False, prior=1.0, strength=2.0)
        if name.startswith("affinity"):
            share = replace(share, tells="affinity")
        if name == PATHS:
            share = replace(share, levels=pair, tells="steps")
        found.add(share_feature(share).name)
    return found


def test_every_question_is_answered_by_the_catalogue() -> None:
    choice = FeatureChoice(milestones=("x",), onboarding=("x", "y"), workflow=("x", "y"))
    names = {s.name for s in all_features(choice, Windows(also_days=(14.0,)))}
    names |= of_the_data()
    missing = {q: lacking for q, told in ANSWERS.items() if (lacking := set(told) - names)}
    assert missing == {}
    assert all(ANSWERS.values())


def test_a_question_is_either_answered_or_pending() -> None:
    assert not set(ANSWERS) & set(PENDING)
