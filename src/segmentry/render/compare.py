"""Segments side by side: the figures from which the page builds any comparison of two or three.

What lives here: each feature's figures by segment, ready to be laid side by side. What does not:
the choosing and sorting (``static/compare.js``) and each segment against everyone (``cards``).

The page subtracts the standardised differences of two segments. Both are measured against the
same everyone, so their errors go together; the interval of a gap adds the two intervals, which
holds whatever that dependence is (the standard error of a difference is never more than the sum
of both), and is exact where two segments make up everyone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from segmentry.render.feature_words import (
    Document,
    feature_label,
    looks,
    typical_texts,
    units,
)

MOST_FEATURES = 80
"""Features that can be compared; a page of 3,000 would be read by nobody."""

DECIMALS = 3


def comparison(documents: Mapping[str, Document]) -> dict[str, Any] | None:
    """Give what the page needs to compare any two or three segments; None where there is nothing.

    Returns
    -------
    dict or None
        ``segments``: id, name and colour slot of each. ``features``: label, the column ``of``
        which it is (levels of a category share one), and one entry per segment: ``t`` its figure,
        ``d`` the standardised difference from everyone, ``l`` and ``h`` its 95 % interval; None
        where a segment has none. The widest spread comes first.
    """
    summary, segments = documents["summary"], documents["segments"]["segments"]
    told = [{(c["feature"], c.get("level")): c for c in s.get("contrasts", ())} for s in segments]
    keys = list(dict.fromkeys(k for by_key in told for k in by_key))
    if len(segments) < 2 or not keys:
        return None
    keys.sort(key=lambda k: -_spread([by_key.get(k) for by_key in told]))
    units_of, currency = units(summary), summary["project"].get("currency")
    return {
        "segments": [
            {"id": s["id"], "name": s["name"], "slot": look.slot}
            for s, look in zip(segments, looks(segments), strict=True)
        ],
        "features": [
            {
                "label": feature_label(*key),
                "of": key[0],
                "cells": [_cell(by_key.get(key), units_of, currency) for by_key in told],
            }
            for key in keys[:MOST_FEATURES]
        ],
    }


def _spread(told: Sequence[Document | None]) -> float:
    known = [c["difference"] for c in told if c is not None]
    return max(known) - min(known) if known else 0.0


def _cell(
    told: Document | None, units_of: Mapping[str, str], currency: str | None
) -> dict[str, Any] | None:
    if told is None:
        return None
    measure, here, _ = typical_texts(told, units_of, currency)
    difference = told["difference"]
    return {
        "t": f"{here} ({measure})" if measure else here,
        "d": round(difference, DECIMALS),
        "l": round(told.get("low", difference), DECIMALS),
        "h": round(told.get("high", difference), DECIMALS),
    }
