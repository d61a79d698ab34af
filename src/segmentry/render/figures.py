"""Charts of the segments that a report has: documents of a run in, chart specs out.

What lives here: picking and ordering figures of what the segments are like. What does not: charts
of how far to trust them (``figures_evidence``), any measuring (the documents hold it), and any
drawing (``echarts``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from segmentry.render import format as fmt
from segmentry.render.chart_map import Cloud, Estimated, Lattice, Map, Quality
from segmentry.render.chart_radar import Radar
from segmentry.render.chart_segments import Heatmap, Measure, Series, Sizes, Snake
from segmentry.render.feature_words import (
    Document,
    feature_label,
    feature_words,
    looks,
    typical_texts,
    units,
    value_text,
)

HEATMAP_ROWS = 80
"""Features in the heatmap's table; a page of 3,000 would be read by nobody."""

SNAKE_FEATURES = 14
"""More rows than this and the lines of a snake plot stop being followed by the eye."""

FEWEST_AXES, MOST_AXES = 3, 7
"""Two axes enclose nothing, and more than seven stop being told apart around a circle."""

FeatureKey = tuple[str, str | None]


def _contrast_keys(segments: Sequence[Document]) -> list[FeatureKey]:
    """Order features by their strongest difference in any segment."""
    strongest: dict[FeatureKey, float] = {}
    for segment in segments:
        for c in segment.get("contrasts", ()):
            key = (c["feature"], c.get("level"))
            strongest[key] = max(strongest.get(key, 0.0), abs(c["difference"]))
    return sorted(strongest, key=lambda k: -strongest[k])


def _by_key(segment: Document) -> dict[FeatureKey, Document]:
    return {(c["feature"], c.get("level")): c for c in segment.get("contrasts", ())}


def _contrast_series(
    segments: Sequence[Document], keys: Sequence[FeatureKey]
) -> tuple[Series, ...]:
    result = []
    for segment, look in zip(segments, looks(segments), strict=True):
        told = _by_key(segment)
        values = tuple(told[k]["difference"] if k in told else None for k in keys)
        result.append(Series(segment["name"], values, look))
    return tuple(result)


def heatmap(segments: Sequence[Document], summary: Document) -> Heatmap | None:
    """Draw every feature of every segment against everyone."""
    every = _contrast_keys(segments)
    keys = every[:HEATMAP_ROWS]
    if not keys:
        return None
    told = [_by_key(s) for s in segments]
    return Heatmap(
        "heatmap",
        "How each segment differs from everyone",
        tuple(feature_label(*k) for k in keys),
        _contrast_series(segments, keys),
        len(every),
        tuple(_raw(by_key, keys, summary) for by_key in told),
        _percentiles(told, keys),
    )


def _raw(
    by_key: dict[FeatureKey, Document], keys: Sequence[FeatureKey], summary: Document
) -> tuple[str, ...]:
    units_of, currency = units(summary), summary["project"].get("currency")
    return tuple(
        typical_texts(by_key[k], units_of, currency)[1] if k in by_key else fmt.ABSENT for k in keys
    )


def _percentiles(
    told: Sequence[dict[FeatureKey, Document]], keys: Sequence[FeatureKey]
) -> tuple[tuple[float | None, ...], ...]:
    """Give the share of everyone below each segment's middle, where the run measured it."""
    found = tuple(tuple(by_key.get(k, {}).get("percentile") for k in keys) for by_key in told)
    return found if any(p is not None for column in found for p in column) else ()


def snake(segments: Sequence[Document]) -> Snake | None:
    """Draw the leading number features as one line per segment."""
    keys = [k for k in _contrast_keys(segments) if k[1] is None][:SNAKE_FEATURES]
    if not keys:
        return None
    return Snake(
        "snake",
        "Profiles of the segments, feature by feature",
        tuple(feature_label(*k) for k in keys),
        _contrast_series(segments, keys),
    )


def radar(segments: Sequence[Document]) -> Radar | None:
    """Draw the few leading number features around a centre: of those that every segment knows."""
    told = [_by_key(s) for s in segments]
    known = [k for k in _contrast_keys(segments) if k[1] is None and all(k in t for t in told)]
    keys = known[:MOST_AXES]
    if len(keys) < FEWEST_AXES or len(segments) < 2:
        return None
    return Radar(
        "radar",
        "The leading features of the segments around a centre",
        tuple(feature_label(*k) for k in keys),
        _contrast_series(segments, keys),
    )


def map_of(
    summary: Document, segments: Sequence[Document], entities: str = "entities"
) -> Map | None:
    """Draw entities in two dimensions: single ones, or counts in cells where they are many."""
    told = summary.get("map")
    if not told or not (told.get("points") or told.get("cells")):
        return None
    by = told.get("by", "")
    axes = [*(a if by else _axis_words(a) for a in told["axes"]), "", ""][:2]
    kept = [*told.get("kept", ()), 0.0, 0.0][:2]
    return Map(
        "map",
        f"The segments on a map by {by}" if by else "The segments on a map",
        (axes[0], axes[1]),
        (float(kept[0]), float(kept[1])),
        _clouds(told, segments),
        n_entities=int(told.get("n_entities") or summary.get("n_entities") or 0),
        entities=entities,
        quality=_map_quality(told, "quality"),
        lattice=_lattice(told),
        made=_made(by, told, entities) if by else "",
        beside=_map_quality(told, "beside"),
    )


def _clouds(told: Document, segments: Sequence[Document]) -> tuple[Cloud, ...]:
    # A single point counts for one; a cell tells its count.
    marks = [(*m, 1) if len(m) == 3 else m for m in told.get("cells") or told["points"]]
    measured = told.get("quality", {}).get("segments", ())
    clouds = []
    for i, (segment, look) in enumerate(zip(segments, looks(segments), strict=True)):
        own = [m for m in marks if m[2] == i]
        quality = measured[i] if i < len(measured) else {}
        clouds.append(
            Cloud(
                segment["name"],
                tuple((float(x), float(y)) for x, y, *_ in own),
                look,
                tuple(int(n) for *_, n in own),
                quality.get("trustworthiness"),
                quality.get("continuity"),
            )
        )
    return tuple(clouds)


def _lattice(told: Document) -> Lattice | None:
    if "cells" not in told:
        return None
    width, height = told["cell"]
    return Lattice(width, height, told["fewest"])


def _made(by: str, told: Document, entities: str) -> str:
    n, every = fmt.whole(told["n_entities"]), fmt.whole(told["n_all"])
    some = f"{n} of {every} {entities}, drawn by chance" if n != every else f"{n} {entities}"
    return (
        f"{by} placed {some}, by their nearest neighbours: axes mean nothing here, and distances "
        "between clouds little."
    )


def _map_quality(told: Document, key: str) -> Quality | None:
    found = told.get(key)
    if not found:
        return None
    return Quality(
        found["n_points"],
        found["n_neighbours"],
        found["shared"],
        Estimated(**found["trustworthiness"]),
        Estimated(**found["continuity"]),
    )


def _axis_words(name: str) -> str:
    """Write an axis named after its leading columns as words.

    Examples
    --------
    >>> _axis_words("−recency_days and n_orders"), _axis_words("TechSupport=No")
    ('−days since last seen and orders', 'tech support: No')
    """
    parts = []
    for part in name.split(" and "):
        column, _, level = part.removeprefix("−").partition("=")
        words = feature_words(column) + (f": {level}" if level else "")
        parts.append(f"−{words}" if part.startswith("−") else words)
    return " and ".join(parts)


def size_and_value(segments: Sequence[Document], summary: Document, entities: str) -> Sizes:
    """Draw each segment's share of the entities and, where known, of the value."""
    measures = [
        Measure(
            f"Share of {entities}",
            tuple(s.get("share") for s in segments),
            tuple(fmt.whole(s.get("size")) for s in segments),
        )
    ]
    if any("value_share" in s for s in segments):
        measures.append(
            Measure(
                "Share of value",
                tuple(s.get("value_share") for s in segments),
                tuple(_value(s, summary) for s in segments),
            )
        )
    return Sizes(
        "sizes",
        "Size and value of each segment" if len(measures) > 1 else "Size of each segment",
        tuple(s["name"] for s in segments),
        looks(segments),
        tuple(measures),
    )


def _value(segment: Document, summary: Document) -> str:
    total: Any = segment.get("value_total")
    return "" if total is None else value_text(total, summary)
