"""Documents about how a run came to its answer: candidates, evidence, audit, timings."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmentry.domain.mistake import (
    MISTAKES,
    Mistake,
    State,
    absent,
    as_data,
    one_of_each,
    settled,
    unknown,
)

METHODS = (("k-means", 0.0), ("gaussian mixture", 0.03), ("ward", 0.045))
"""Methods, and how far each falls behind the best silhouette."""


def candidates(chosen: int, rng: np.random.Generator) -> dict[str, Any]:
    ks = range(min(chosen, 4), max(chosen, 8) + 1)
    found = [_candidate(method, behind, k, chosen, rng) for method, behind in METHODS for k in ks]
    return {
        "format": 1,
        "chosen": f"k-means, {chosen} segments",
        "reason": f"{chosen} segments have the highest silhouette that other seeds find again.",
        "rule": "Of the stable candidates, the one with the highest silhouette is chosen.",
        "n_rows": 4338,
        "candidates": found,
        "rationale": [
            "4,338 entities are described by 14 numbers and 1 category.",
            "All methods agree at 0.81 or more (adjusted Rand index) on where the borders run.",
        ],
        "methods": [
            {"name": "k-means", "reason": "tried: round segments of any size."},
            {"name": "gaussian mixture", "reason": "tried: 12 of 15 columns vary smoothly."},
            {"name": "ward", "reason": "tried: on 2,000 micro-clusters."},
        ],
    }


def _candidate(
    method: str, behind: float, k: int, chosen: int, rng: np.random.Generator
) -> dict[str, Any]:
    far = abs(k - chosen)
    silhouette = 0.31 - 0.025 * far - behind
    is_kept = method == "k-means" and k == chosen
    scores = {
        "silhouette": silhouette,
        "silhouette_low": silhouette - 0.012,
        "silhouette_high": silhouette + 0.012,
        "davies_bouldin": 1.1 + 0.08 * far + behind,
        "calinski_harabasz": 2100.0 - 90 * far - 3000 * behind,
        "inertia": 52_000.0 / k**0.7 * (1 + behind),
        "bic": 310_000.0 - 900.0 * k + 70 * k**2 + 40_000 * behind,
        "seed_ari": 0.98 - 0.05 * far,
        "seed_ari_low": 0.93 - 0.07 * far,
        "smallest_share": float(rng.uniform(0.3, 0.6)) / k,
        "fidelity": 1.0 - 2 * behind,
    }
    is_shortlisted = far < 2
    if is_shortlisted:
        scores |= {"jaccard_mean": 0.91 - 0.03 * far, "jaccard_min": 0.82 - 0.1 * far}
    return {
        "name": f"{method}, {k} segments",
        "method": method,
        "n_segments": k,
        "scores": scores,
        "kept": is_kept,
        "shortlisted": is_shortlisted,
        "reason": "highest silhouette of the stable candidates"
        if is_kept
        else f"silhouette {silhouette:.2f} lies below the chosen candidate's interval",
    }


def merging(n_segments: int) -> dict[str, Any]:
    """Let the last segment merge with the first, and the others follow; fewer than three do not."""
    if n_segments < 3:
        return {}
    together, merges = [1], []
    for left, other in zip(
        range(n_segments - 2, -1, -1), (n_segments, *range(2, n_segments)), strict=True
    ):
        explained = 0.4 * left / (n_segments - 1)
        merges.append({"first": list(together), "second": [other], "explained": explained})
        together = sorted([*together, other])
    return {"merging": {"explained": 0.4, "merges": merges}}


def trust(sizes: list[int], rng: np.random.Generator) -> dict[str, Any]:
    """Make what is known of how far the segments may be trusted, for each segment by its id."""
    n = len(sizes)
    verdicts = ["stable"] * max(n - 2, 1) + ["doubtful", "dissolves"]
    overlaps = [0.97 - 0.03 * i for i in range(max(n - 2, 1))] + [0.68, 0.44]
    return {
        "stability": {
            "n_resamples": 20,
            "n_rows": 2500,
            "segments": [
                {
                    "id": i + 1,
                    "jaccard": overlaps[i],
                    "low": overlaps[i] - 0.08,
                    "high": min(1.0, overlaps[i] + 0.03),
                    "verdict": verdicts[i],
                }
                for i in range(n)
            ],
            "sentence": "In 20 resamples of 2,500 rows, most segments come back; "
            f"segment {n} comes back least.",
        },
        "silhouettes": {
            "n_rows": 3000,
            "segments": [_silhouettes(i, rng) for i in range(n)],
        },
        "surrogate": {
            "accuracy": 0.87,
            "low": 0.855,
            "high": 0.884,
            "depth": 4,
            "n_leaves": 9,
            "n_rows": 1500,
            "rules": [
                {
                    "id": i + 1,
                    "rule": f"recency_days at most {31.5 + i} and n_orders above {6.5 - 0.5 * i:g}",
                    "precision": 0.93 - 0.03 * i,
                    "coverage": 0.88 - 0.04 * i,
                }
                for i in range(n)
            ],
            "sentence": "A tree of 4 questions puts 87.0% of entities it has not seen into "
            "their segment.",
        },
        "discriminant": {
            "accuracy": 0.96,
            "low": 0.952,
            "high": 0.966,
            "chance": max(sizes) / sum(sizes),
            "n_rows": 3000,
            "worst_pair": [max(n - 1, 1), n],
            "worst_pair_accuracy": 0.89,
            "sentence": "Membership can be predicted from the features for 96.0% of entities; "
            f"hardest to tell apart are segments {max(n - 1, 1)} and {n}.",
        },
        "baseline": {
            "name": "RFM quantiles",
            "n_segments": n,
            "silhouette": 0.12,
            "silhouette_low": 0.11,
            "silhouette_high": 0.13,
            "ari": 0.34,
            "explained_share": 0.29,
            "chosen_explained_share": 0.47,
            "sentence": "Against quantiles of recency, frequency and value, the segments are "
            "better apart (silhouette 0.31 against 0.12).",
        },
        "heldout": _heldout(sizes, rng),
    }


def _silhouettes(i: int, rng: np.random.Generator) -> dict[str, Any]:
    values = np.sort(rng.normal(0.42 - 0.07 * i, 0.14, 60))[::-1]
    mean = float(values.mean())
    return {
        "id": i + 1,
        "mean": mean,
        "low": mean - 0.02,
        "high": mean + 0.02,
        "below_zero": float((values < 0).mean()),
        "values": [round(float(v), 3) for v in values],
    }


def _heldout(sizes: list[int], rng: np.random.Generator) -> dict[str, Any]:
    def by_segment(base: float, spread: float, margin: float) -> list[dict[str, Any]]:
        found = []
        for i, size in enumerate(sizes):
            mean = base + spread * float(rng.uniform(-1, 1))
            low, high = max(0.0, mean - margin), mean + margin
            found.append({"id": i + 1, "n": size, "mean": mean, "low": low, "high": high})
        return found

    return {
        "cut": "2011-09-10T12:50:00+00:00",
        "until": "2011-12-09T12:50:00+00:00",
        "horizon_days": 90,
        "n_entities": sum(sizes) - 61,
        "sentence": "Segments assigned 90 days before the end differ in what followed.",
        "outcomes": [
            {
                "name": "came_back",
                "sentence": "Placed at least one order in the 90 days after the cut.",
                "unit": "share",
                "overall": 0.41,
                "p_value": 1e-9,
                "explained": 0.21,
                "baseline_explained": 0.17,
                "segments": by_segment(0.45, 0.3, 0.03),
            },
            {
                "name": "value_after",
                "sentence": "Money spent in the 90 days after the cut.",
                "unit": "money",
                "overall": 320.0,
                "p_value": 0.2,
                "explained": 0.02,
                "segments": by_segment(330.0, 140.0, 45.0),
            },
        ],
        "courses": courses(sizes),
    }


def courses(sizes: list[int], n_periods: int = 3) -> dict[str, Any]:
    """Tell how segments went on over months; the last of them only in part."""
    rng = np.random.default_rng(0)

    def one(id_: int, n: int) -> dict[str, Any]:
        shares = [float(s) for s in rng.uniform(0.1, 0.8, n_periods)]
        means = np.cumsum(rng.uniform(20, 90, n_periods)).tolist()
        return {
            "id": id_,
            "n": n,
            "retained": [{"mean": s, "low": s - 0.03, "high": s + 0.03} for s in shares],
            "value": [{"mean": m, "low": m - 9.0, "high": m + 12.0} for m in means],
        }

    segments = [one(i + 1, n) for i, n in enumerate(sizes)]
    segments[-1]["retained"][1] = {}
    return {"days": 30.0, "everyone": one(0, sum(sizes)), "segments": segments}


def evidence(verdict: str, rng: np.random.Generator) -> dict[str, Any]:
    draws = [float(d) for d in rng.normal(0.225, 0.006, 99)]
    silhouette = {"clear": 0.31, "weak": 0.243, "none": 0.222}[verdict]
    p_value = (1 + sum(d >= silhouette for d in draws)) / (1 + len(draws))
    return {
        "format": 1,
        "structure": {
            "verdict": verdict,
            "p_value": p_value,
            "silhouette": silhouette,
            "null_silhouettes": draws,
            "n_rows": 1500,
            "dip_p_value": 0.004 if verdict == "clear" else 0.41,
            "dip_where": "recency_days",
            "sentence": f"The best silhouette is {silhouette:.2f}; data without groups reaches "
            f"{max(draws):.2f} (p = {p_value:.2g}).",
        },
        "checks": [
            {
                "name": "silhouette",
                "estimate": silhouette,
                "low": silhouette - 0.01,
                "high": silhouette + 0.01,
                "threshold": 0.25,
                "larger_is_better": True,
                "verdict": "pass" if verdict == "clear" else "warn",
                "sentence": "How clearly the segments are apart.",
            },
            {
                "name": "seed_stability",
                "estimate": 0.97,
                "low": 0.93,
                "high": 0.99,
                "threshold": 0.8,
                "larger_is_better": True,
                "verdict": "pass",
                "sentence": "Other random starts find the same segments.",
            },
            {
                "name": "smallest_share",
                "estimate": 0.06,
                "threshold": 0.02,
                "larger_is_better": True,
                "verdict": "pass",
                "sentence": "No segment is too small to act on.",
            },
            {
                "name": "anomaly_share",
                "estimate": 0.02,
                "larger_is_better": False,
                "verdict": "info",
                "sentence": "Customers far from every segment.",
            },
        ],
        "confidence": "share that keeps its segment",
        "warnings": [] if verdict == "clear" else ["One feature carries 60% of the separation."],
    }


def mistakes(*, nasty: tuple[str, ...]) -> list[dict[str, Any]]:
    """Tell of every mistake: two are made, one was taken care of, one cannot be known."""
    about = nasty or ("Grocery", "Milk")
    made = (
        Mistake(
            "M03", State.FOUND, "the project asks for exactly 5 segments", "segments: {min: 4}"
        ),
        Mistake(
            "M05",
            State.FOUND,
            f"{' and '.join(map(repr, about))} call for the same action: {about[0]}",
            "segments: {distinct: true}",
            "info",
            about,
            is_of_segments=True,
        ),
    )
    told = {"M03", "M05"}
    others = [
        *(settled("M06", "9 features with a long tail are bent", n_bent=9),),
        *(unknown("M04", "a run is of its own time"),),
    ]
    told |= {m.code for m in others}
    plain = [absent(code, "nothing of the kind was seen") for code in MISTAKES if code not in told]
    return [as_data(m) for m in one_of_each([*made, *others, *plain])]


def audit(features: list[tuple[str, str, str]], *, nasty: tuple[str, ...]) -> dict[str, Any]:
    findings = [
        {
            "code": "negative_amount",
            "sentence": "9,288 rows are cancellations and were filtered out.",
            "severity": "info",
            "source": "orders",
            "column": "InvoiceNo",
            "count": 9288,
            "total": 541909,
            "examples": ["C536379", "C536383"],
            "done": "left out by the filter",
        },
        {
            "code": "stray_date",
            "sentence": "2 rows lie far beyond the bulk of the data.",
            "severity": "warning",
            "source": "orders",
            "column": "InvoiceDate",
            "count": 2,
            "total": 541909,
            "examples": ["2099-01-01"],
            "done": "left out of the cut",
        },
        {
            "code": "missing_entity",
            "sentence": "A quarter of the rows name no customer.",
            "severity": "warning",
            "source": "orders",
            "column": "CustomerID",
            "count": 135080,
            "total": 541909,
            "examples": [],
            "done": "left out",
        },
    ]
    if nasty:
        findings.append(
            {
                "code": "bad_value",
                "sentence": nasty[0],
                "severity": "error",
                "source": nasty[1],
                "column": nasty[3],
                "count": 1,
                "examples": list(nasty),
                "done": nasty[4],
            }
        )
    return {
        "format": 1,
        "facts": {
            "rows_read": 541909,
            "rows_used": 397884,
            "entities": 4338,
            "first_event": "2010-12-01T08:26:00+00:00",
            "last_event": "2011-12-09T12:50:00+00:00",
            "bad_rows": 0,
        },
        "findings": findings,
        "recipe": {
            "numbers": [
                {
                    "column": name,
                    "impute": 0.0,
                    "impute_reason": "no such event means none",
                    "transform": "log1p"
                    if i % 3 == 0
                    else "yeo-johnson"
                    if i % 3 == 1
                    else "identity",
                    "exponent": 0.31,
                    "centre": 1.2,
                    "scale": 0.8,
                    "weight": 1.0,
                    "limit": 4.0,
                }
                for i, (name, _, _) in enumerate(features[:-1])
            ],
            "categories": [
                {
                    "column": "first_channel",
                    "levels": ["direct", "paid search", "referral"],
                    "scale": 1.3,
                    "weight": 1.0,
                }
            ],
            "left_out": [
                {"column": features[-1][0], "reason": "correlates at 0.98 with n_events"},
                {"column": "loyalty_tier", "reason": "every value is the same"},
            ],
        },
    }


def timings() -> dict[str, Any]:
    steps = [
        ("read", 0.82),
        ("build_features", 1.61),
        ("fit_recipe", 0.09),
        ("search", 2.4),
        ("judge", 1.9),
        ("profile", 0.42),
    ]
    return {
        "format": 1,
        "total_seconds": 7.3,
        "peak_mib": 612.0,
        "steps": [
            {"name": n, "seconds": s, "peak_mib": 300.0 + 50 * i} for i, (n, s) in enumerate(steps)
        ],
    }
