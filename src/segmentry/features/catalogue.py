"""The features that the house knows, each said once.

What lives here: the whole catalogue in the order in which people read it; of two features that
move together the first stays (``prepare.correlation``). What does not: the features themselves
(``specs``, one file per family), how a spec becomes SQL (``compile``), which of them are built
(``choose``), and families whose members the data or the project names (``families``,
``declared``).
"""

from __future__ import annotations

from segmentry.domain.feature import FeatureSpec
from segmentry.features.specs import (
    activity,
    adoption,
    mix,
    purchasing,
    reach,
    rhythm,
    service,
    sessions,
    trend,
)
from segmentry.features.text.specs import TEXT_FEATURES

_SPECS = (
    *activity.FEATURES,
    *purchasing.FEATURES,
    *sessions.FEATURES,
    *trend.FEATURES,
    *rhythm.FEATURES,
    *mix.FEATURES,
    *adoption.FEATURES,
    *reach.FEATURES,
    *service.FEATURES,
    *TEXT_FEATURES,
)

_READ_FIRST = (
    *("recency_days", "tenure_days", "n_events", "n_orders", "n_sessions"),
    *("value_total", "quantity_total", "value_mean", "basket_size", "events_per_session"),
    *("active_days", "gap_median_days", "n_events_recent", "value_recent", "trend"),
    *("decayed_activity", "n_events_30d", "n_events_90d", "value_30d", "value_90d"),
    *("events_per_active_day", "n_items", "n_categories", "n_kinds"),
    *("top_category_share", "top_item_share", "weekend_share"),
)
"""What every log tells, in the order in which it is read; the rest follows by family."""

_PLACE = {name: i for i, name in enumerate(_READ_FIRST)}

CATALOGUE: tuple[FeatureSpec, ...] = tuple(
    sorted(_SPECS, key=lambda spec: _PLACE.get(spec.name, len(_PLACE)))
)
"""Where two specs share a name, the first whose fields are there is built."""
