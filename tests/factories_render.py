"""Documents of a run as the report gets them: made up, seeded, shaped like real ones."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from factories_evidence import audit, candidates, evidence, merging, mistakes, timings, trust
from segmentry.domain.percent import percent

NAMES = (
    "Loyal big spenders",
    "Steady regulars",
    "New and promising",
    "Weekend browsers",
    "Slipping former regulars",
    "One-time bargain buyers",
    "Wide-ranging explorers",
    "Long-gone customers",
)
NASTY = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(2)>",
    "Düsseldorf 🛍️ “quotes” & 'more'",
    "line one\nline two\r\n</script><script>alert(3)</script>",
    "{b}{c|x} ${7*7} {{7*7}}",
    "a" * 140,
    "javascript:alert(4)",
    "</title></style><svg onload=alert(5)>",
)
FEATURES = (
    ("recency_days", "days", "Days since the last order"),
    ("tenure_days", "days", "Days since the first order"),
    ("n_events", "events", "Rows bought in all"),
    ("n_orders", "orders", "Orders placed"),
    ("value_total", "money", "Money spent in all"),
    ("value_per_order", "money", "Money spent per order"),
    ("active_days", "days", "Days with at least one order"),
    ("median_gap_days", "days", "Usual days between two orders"),
    ("n_events_recent", "events", "Rows bought in the last 30 days"),
    ("value_recent", "money", "Money spent in the last 30 days"),
    ("trend", "change", "Recent activity against the month before"),
    ("decayed_activity", "events", "Activity, fading by half every 60 days"),
    ("n_items", "items", "Different products bought"),
    ("weekend_share", "share", "Share of orders placed at the weekend"),
)
ACTIONS = (
    ("Invite to early access, and ask for referrals", "They hold most of the value and still buy."),
    ("Leave as they are; watch for slipping", "They buy on a steady beat."),
    ("Send the second-order offer within 14 days", "A second order decides whether they stay."),
    ("Win back with a personal offer", "They used to buy often and have stopped."),
)


def documents(
    *,
    n_segments: int = 5,
    n_features: int = 14,
    verdict: str = "clear",
    nasty: bool = False,
    n_points: int = 2000,
    outcomes: bool = True,
    categories: bool = True,
    seed: int = 7,
) -> dict[str, dict[str, Any]]:
    """Make the documents of a run."""
    rng = np.random.default_rng(seed)
    names = (NASTY if nasty else NAMES)[:n_segments]
    features = _features(n_features, nasty=nasty)
    sizes = _sizes(n_segments, rng)
    centres = rng.normal(0, 0.25 if verdict == "none" else 0.95, (n_segments, n_features))
    segments = [
        _segment(
            i, names[i], sizes, centres, features, rng, outcomes=outcomes, categories=categories
        )
        for i in range(n_segments)
    ]
    if nasty:
        segments[0]["traits"][0] = NASTY[1]
        segments[0]["playbook"] = {"action": NASTY[0], "reason": NASTY[7]}
    return {
        "summary": _summary(segments, features, verdict, sizes, rng, n_points, nasty=nasty),
        "segments": {"format": 1, "segments": segments},
        "candidates": candidates(n_segments, rng),
        "evidence": {
            **evidence(verdict, rng),
            **trust(sizes, rng),
            **merging(n_segments),
            "mistakes": mistakes(nasty=NASTY if nasty else ()),
        },
        "audit": audit(features, nasty=NASTY if nasty else ()),
        "timings": timings(),
    }


def minimal(**choices: Any) -> dict[str, dict[str, Any]]:
    """Make documents from which every optional key is gone."""
    full = documents(**choices)
    summary = full["summary"]
    keep = {"format", "project", "n_entities", "n_features", "headline"}
    kept = {k: v for k, v in summary.items() if k in keep}
    kept["project"] = {"name": "bare", "entity": "row_number"}
    wanted = {"id", "name", "size", "share"}
    segments = [{k: v for k, v in s.items() if k in wanted} for s in full["segments"]["segments"]]
    return {"summary": kept, "segments": {"format": 1, "segments": segments}}


def _features(n: int, *, nasty: bool) -> list[tuple[str, str, str]]:
    found = [*FEATURES[:n]]
    found += [
        (f"orders_in_category_{i:02d}", "orders", f"Orders in category {i}")
        for i in range(n - len(found))
    ]
    if nasty:
        for i, name in enumerate(NASTY[: min(5, n)]):
            found[i] = (name, "", NASTY[0])
    return found


def _sizes(n: int, rng: np.random.Generator) -> list[int]:
    shares = rng.dirichlet(np.full(n, 5.0))
    return [int(s) for s in np.maximum(40, np.round(4338 * shares))]


def _segment(
    i: int,
    name: str,
    sizes: list[int],
    centres: np.ndarray,
    features: list[tuple[str, str, str]],
    rng: np.random.Generator,
    *,
    outcomes: bool,
    categories: bool,
) -> dict[str, Any]:
    share = sizes[i] / sum(sizes)
    weights = np.array(sizes) * np.exp(centres[:, min(4, centres.shape[1] - 1)])
    value_share = float(weights[i] / weights.sum())
    contrasts = [_contrast(f, float(centres[i, j]), sizes[i], rng) for j, f in enumerate(features)]
    if categories:
        contrasts.append(_level(float(rng.normal(0, 0.3)), sizes[i]))
    contrasts.sort(key=lambda c: -abs(c["difference"]))
    top = contrasts[0]
    action, reason = ACTIONS[i % len(ACTIONS)]
    segment: dict[str, Any] = {
        "id": i + 1,
        "name": name,
        "size": sizes[i],
        "share": share,
        "value_share": value_share,
        "value_total": value_share * 8_911_407.9,
        "mean_confidence": float(rng.uniform(0.62, 0.86)),
        "anomaly_share": float(rng.uniform(0, 0.04)),
        "silhouette": float(rng.uniform(0.08, 0.45)),
        "naming": {
            "name": name,
            "threshold": 0.8,
            "reason": "composed from its two strongest differences",
        },
        "traits": [
            f"{_words(c['feature'])} {'high' if c['difference'] > 0 else 'low'}: "
            f"{c['median']:.3g} against {c['overall_median']:.3g} for everyone"
            for c in contrasts[:4]
            if "median" in c
        ]
        or [f"{top['feature']} differs"],
        "contrasts": contrasts,
        "overlays": [
            {"column": "Country", "level": "Germany", "share": 0.31, "overall_share": 0.12}
        ]
        if i % 2
        else [],
        "playbook": {"action": action, "reason": reason},
        "outcomes": [],
    }
    if outcomes:
        rate = float(np.clip(0.22 + 0.16 * centres[i, 0], 0.03, 0.9))
        margin = 1.96 * math.sqrt(rate * (1 - rate) / sizes[i])
        segment["outcomes"] = [
            {
                "name": "churned",
                "mean": rate,
                "low": max(0, rate - margin),
                "high": rate + margin,
                "overall": 0.23,
                "n": sizes[i],
            },
            {
                "name": "support_tickets",
                "mean": 2 + rate * 5,
                "low": 1.8 + rate * 5,
                "high": 2.3 + rate * 5,
                "overall": 3.1,
                "n": sizes[i],
            },
        ]
    return segment


def _words(name: str) -> str:
    return name.replace("_", " ")


def _contrast(
    feature: tuple[str, str, str], difference: float, size: int, rng: np.random.Generator
) -> dict[str, Any]:
    base = {"days": 90.0, "money": 640.0, "share": 0.28, "change": 0.05}.get(feature[1], 12.0)
    factor = math.exp(0.6 * difference)
    median = min(base * factor, 0.97) if feature[1] in {"share", "change"} else base * factor
    margin = 1.96 / math.sqrt(size)
    return {
        "feature": feature[0],
        "mean": median * 1.3,
        "median": median,
        "overall_mean": base * 1.3,
        "overall_median": base,
        "difference": difference,
        "low": difference - margin,
        "high": difference + margin,
        "percentile": 0.5 * (1 + math.erf(difference / math.sqrt(2))),
    }


def _level(difference: float, size: int) -> dict[str, Any]:
    margin = 1.96 / math.sqrt(size)
    share = float(np.clip(0.35 + 0.3 * difference, 0.01, 0.99))
    return {
        "feature": "first_channel",
        "level": "paid search",
        "mean": share,
        "overall_mean": 0.35,
        "difference": difference,
        "low": difference - margin,
        "high": difference + margin,
    }


def _summary(
    segments: list[dict[str, Any]],
    features: list[tuple[str, str, str]],
    verdict: str,
    sizes: list[int],
    rng: np.random.Generator,
    n_points: int,
    *,
    nasty: bool,
) -> dict[str, Any]:
    n = len(sizes)
    index = rng.choice(n, size=n_points, p=np.array(sizes) / sum(sizes))
    spread = 0.6 if verdict == "none" else 3.2
    middles = rng.normal(0, spread, (n, 2))
    points = middles[index] + rng.normal(0, 0.9, (n_points, 2))
    largest = max(segments, key=lambda s: s["share"])
    richest = max(segments, key=lambda s: s["value_share"])
    return {
        "format": 1,
        "project": {
            "name": NASTY[7] if nasty else "online-retail",
            "entity": "CustomerID",
            "objective": "retention",
            "decision": NASTY[3] if nasty else "who gets the win-back campaign",
            "currency": "GBP",
            "time_zone": "UTC",
        },
        "version": "0.1.0",
        "created_at": "2026-03-02T09:41:07.120000+00:00",
        "as_of": "2011-12-09T12:50:00.000001+00:00",
        "n_entities": sum(sizes),
        "n_features": len(features),
        "fingerprint": "9f2c" * 16,
        "verdict": verdict,
        "value_feature": "value_total",
        "headline": [
            f"We looked at {sum(sizes):,} customers: they fall into {n} segments.",
            f"The most valuable segment is {richest['name']}: {percent(richest['share'])} of the "
            f"customers hold {percent(richest['value_share'])} of the value.",
            f"Test this first, on a part of {largest['name']}: “Send the second-order offer.”",
            "The groups are really there: data made up without any groups looks as grouped as "
            "this in 1 of 100 trials.",
            f"Do not read a segment as a cause, least of all {segments[-1]['name']}.",
        ],
        "map": {
            "kept": [0.47, 0.19],
            "points": [
                [round(float(x), 3), round(float(y), 3), int(i)]
                for (x, y), i in zip(points, index, strict=True)
            ],
            "axes": ["n_orders and value_total", "−recency_days and weekend_share"],
        },
        "matrix_columns": [f[0] for f in features],
        "features": [
            {
                "name": name,
                "role": "cluster",
                "kind": "number",
                "facet": "engagement",
                "unit": unit,
                "sentence": sentence,
                "null_means": "never happened",
            }
            for name, unit, sentence in features
        ]
        + [
            {
                "name": "Country",
                "role": "overlay",
                "kind": "category",
                "facet": "attribute",
                "unit": "",
                "sentence": "Country of the customer",
                "null_means": "not known",
            }
        ],
    }


def counted(told: dict[str, Any], *, n_cells: int = 80, seed: int = 0) -> dict[str, Any]:
    """Give a run's documents with a map of counts in cells, and what that map is worth."""
    rng = np.random.default_rng(seed)
    n = len(told["segments"]["segments"])
    places = rng.choice(900, size=n_cells, replace=False)
    cells = [
        [round(0.4 * (p % 30), 3), round(0.5 * (p // 30), 3), int(i), int(rng.integers(10, 400))]
        for p in places
        for i in rng.choice(n, size=rng.integers(1, 3), replace=False)
    ]
    drawn = {
        "kept": [0.47, 0.19],
        "axes": told["summary"]["map"]["axes"],
        "n_rows": 20_000,
        "n_entities": sum(c[3] for c in cells) + 137,
        "fewest": 10,
        "cell": [0.4, 0.5],
        "cells": cells,
        "quality": {
            "n_points": 2_000,
            "n_neighbours": 15,
            "shared": 4.21,
            "trustworthiness": {"value": 0.912, "low": 0.905, "high": 0.919},
            "continuity": {"value": 0.955, "low": 0.95, "high": 0.96},
            "segments": [{"trustworthiness": 0.9, "continuity": 0.97}] * (n - 1) + [{}],
        },
    }
    return {**told, "summary": {**told["summary"], "map": drawn}}
