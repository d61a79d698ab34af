"""Which charts a report has: documents of a run in, chart specs out.

What lives here: picking and ordering figures. What does not: any measuring (the documents hold
it), and any drawing (``echarts``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from segmentry.render import format as fmt
from segmentry.render.chart import (
    Band,
    Bars,
    Cloud,
    Estimate,
    Heatmap,
    Intervals,
    LineWithBand,
    Map,
    Series,
    Snake,
    Strip,
)
from segmentry.render.palette import Look, look_of

Document = Mapping[str, Any]

LONGEST_LABEL = 90
HEATMAP_ROWS = 80
"""Features in the heatmap's table; a page of 3,000 would be read by nobody."""

SNAKE_FEATURES = 14
"""More rows than this and the lines of a snake plot stop being followed by the eye."""

SCORES = (
    ("silhouette", "Silhouette", "higher"),
    ("davies_bouldin", "Davies-Bouldin", "lower"),
    ("calinski_harabasz", "Calinski-Harabasz", "higher"),
    ("inertia", "Within-cluster sum of squares", "bend"),
    ("seed_ari", "Seed stability", "higher"),
    ("smallest_share", "Smallest segment", "higher"),
)
"""Scores of a candidate: key in the documents, title, and how each is read."""


def feature_label(feature: str, level: str | None = None) -> str:
    """Write a feature, or a level of a category, as words.

    Examples
    --------
    >>> feature_label("n_orders"), feature_label("contract_type", "Two year")
    ('Orders', 'Contract type: Two year')
    """
    words = fmt.words(feature) if level is None else f"{fmt.words(feature)}: {level}"
    return fmt.clip(fmt.sentence(words), LONGEST_LABEL)


def looks(segments: Sequence[Document]) -> tuple[Look, ...]:
    """Give each segment's look."""
    return tuple(look_of(int(s["id"])) for s in segments)


def _contrast_keys(segments: Sequence[Document]) -> list[tuple[str, str | None]]:
    """Give all features, those with the strongest difference in any segment first."""
    strongest: dict[tuple[str, str | None], float] = {}
    for segment in segments:
        for c in segment.get("contrasts", ()):
            key = (c["feature"], c.get("level"))
            strongest[key] = max(strongest.get(key, 0.0), abs(c["difference"]))
    return sorted(strongest, key=lambda k: (-strongest[k], k[0], k[1] or ""))


def _contrast_series(
    segments: Sequence[Document], keys: Sequence[tuple[str, str | None]]
) -> tuple[Series, ...]:
    series = []
    for segment, look in zip(segments, looks(segments), strict=True):
        of = {(c["feature"], c.get("level")): c["difference"] for c in segment.get("contrasts", ())}
        series.append(Series(segment["name"], tuple(of.get(k) for k in keys), look))
    return tuple(series)


def heatmap(segments: Sequence[Document]) -> Heatmap | None:
    """Draw every segment's standardised contrasts."""
    every = _contrast_keys(segments)
    keys = every[:HEATMAP_ROWS]
    if not keys:
        return None
    return Heatmap(
        "heatmap",
        "How each segment differs from everyone",
        tuple(feature_label(*k) for k in keys),
        _contrast_series(segments, keys),
        len(every),
    )


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


def map_of(summary: Document, segments: Sequence[Document]) -> Map | None:
    """Draw the sampled entities along the two leading directions."""
    told = summary.get("map")
    if not told or not told.get("points"):
        return None
    axes = [*(_axis_words(a) for a in told["axes"]), "", ""][:2]
    kept = [*told["kept"], 0.0, 0.0][:2]
    clouds = tuple(
        Cloud(
            segment["name"],
            tuple((float(x), float(y)) for x, y, index in told["points"] if index == i),
            look,
        )
        for i, (segment, look) in enumerate(zip(segments, looks(segments), strict=True))
    )
    return Map(
        "map", "The segments on a map", (axes[0], axes[1]), (float(kept[0]), float(kept[1])), clouds
    )


def _axis_words(name: str) -> str:
    """Write an axis named after its leading columns as words.

    Examples
    --------
    >>> _axis_words("−recency_days and n_orders"), _axis_words("TechSupport=No")
    ('−recency days and orders', 'tech support: No')
    """
    parts = []
    for part in name.split(" and "):
        column, _, level = part.removeprefix("−").partition("=")
        words = f"{fmt.words(column)}: {level}" if level else fmt.words(column)
        parts.append(f"−{words}" if part.startswith("−") else words)
    return " and ".join(parts)


def size_and_value(segments: Sequence[Document], entities: str) -> Bars:
    """Draw each segment's share of the entities and, where known, of the value."""
    measures = [(f"Share of {entities}", tuple(s.get("share") for s in segments))]
    if any("value_share" in s for s in segments):
        measures.append(("Share of value", tuple(s.get("value_share") for s in segments)))
    return Bars(
        "sizes",
        "Size and value of each segment" if len(measures) > 1 else "Size of each segment",
        tuple(s["name"] for s in segments),
        looks(segments),
        tuple(measures),
    )


def choice(candidates: Document) -> tuple[LineWithBand, ...]:
    """Draw each score over the number of segments; scores that nobody has are left out."""
    found = candidates.get("candidates", ())
    xs = tuple(sorted({int(c["n_segments"]) for c in found}))
    chosen = next((int(c["n_segments"]) for c in found if c.get("kept")), None)
    charts = []
    for key, title, better in SCORES:
        if not any(key in c.get("scores", {}) for c in found):
            continue
        methods = dict.fromkeys(str(c.get("method", "")) for c in found)
        bands = tuple(_band(m, key, xs, found) for m in methods)
        as_share = key == "smallest_share"
        chart_key = f"choice-{key.replace('_', '-')}"
        charts.append(LineWithBand(chart_key, title, xs, bands, chosen, better, as_share))
    return tuple(charts)


def _band(method: str, key: str, xs: tuple[int, ...], found: Sequence[Document]) -> Band:
    scores = {
        int(c["n_segments"]): c.get("scores", {}) for c in found if c.get("method", "") == method
    }

    def column(name: str) -> tuple[float | None, ...]:
        return tuple(scores.get(x, {}).get(name) for x in xs)

    has_interval = any(f"{key}_low" in s and f"{key}_high" in s for s in scores.values())
    if not has_interval:
        return Band(method, column(key))
    return Band(method, column(key), column(f"{key}_low"), column(f"{key}_high"))


def structure(evidence: Document) -> Strip | None:
    """Draw the structureless draws against the data at hand."""
    told = evidence.get("structure")
    if not told or not told.get("null_silhouettes"):
        return None
    return Strip(
        "structure",
        "Your data against data without groups",
        "best silhouette",
        tuple(float(d) for d in told["null_silhouettes"]),
        float(told["silhouette"]),
        told.get("p_value"),
    )


def outcomes(segments: Sequence[Document]) -> tuple[Intervals, ...]:
    """Draw each outcome by segment, with intervals."""
    names = dict.fromkeys(o["name"] for s in segments for o in s.get("outcomes", ()))
    return tuple(_outcome(n, i, segments) for i, n in enumerate(names))


def _outcome(name: str, number: int, segments: Sequence[Document]) -> Intervals:
    told = [
        (s, look, o)
        for s, look in zip(segments, looks(segments), strict=True)
        for o in s.get("outcomes", ())
        if o["name"] == name
    ]
    as_share = all(0 <= o[k] <= 1 for _, _, o in told for k in ("mean", "overall"))
    write = fmt.share if as_share else fmt.compact
    estimates = tuple(
        Estimate(
            s["name"],
            look,
            o["mean"],
            o["low"],
            o["high"],
            o.get("n"),
            write(o["mean"]),
            fmt.interval(write(o["low"]), write(o["high"])),
        )
        for s, look, o in told
    )
    overall = float(told[0][2]["overall"])
    return Intervals(
        f"outcome-{number}",
        fmt.sentence(fmt.words(name)),
        estimates,
        overall,
        write(overall),
        as_share,
    )
