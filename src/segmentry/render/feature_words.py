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
}
"""Features of our own whose name is no phrase yet."""

SHARE = re.compile(r"share_(?:kind|channel|category|item)=(.*)", re.DOTALL)


def feature_words(feature: str) -> str:
    """Write a feature's name as words within a sentence.

    Examples
    --------
    >>> feature_words("recency_days"), feature_words("n_orders"), feature_words("share_kind=visit")
    ('days since last seen', 'orders', 'share of visit')
    """
    if share := SHARE.fullmatch(feature):
        return f"share of {share[1]}"
    return LABELS.get(feature) or fmt.words(feature)


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


METHODS = {"gaussian mixture": "Gaussian mixture", "ward": "Ward"}
"""Methods that bear somebody's name."""


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
