"""Documents about how a run came to its answer: candidates, evidence, audit, timings."""

from __future__ import annotations

from typing import Any

import numpy as np


def candidates(chosen: int, rng: np.random.Generator) -> dict[str, Any]:
    found = []
    for k in range(min(chosen, 4), max(chosen, 8) + 1):
        silhouette = 0.31 - 0.025 * abs(k - chosen)
        found.append(
            {
                "name": f"k-means, {k} segments",
                "method": "k-means",
                "n_segments": k,
                "scores": {
                    "silhouette": silhouette,
                    "silhouette_low": silhouette - 0.012,
                    "silhouette_high": silhouette + 0.012,
                    "davies_bouldin": 1.1 + 0.08 * abs(k - chosen),
                    "calinski_harabasz": 2100.0 - 90 * abs(k - chosen),
                    "inertia": 52_000.0 / k**0.7,
                    "seed_ari": 0.98 - 0.05 * abs(k - chosen),
                    "seed_ari_low": 0.93 - 0.07 * abs(k - chosen),
                    "smallest_share": float(rng.uniform(0.3, 0.6)) / k,
                },
                "kept": k == chosen,
                "reason": "highest silhouette of the stable candidates"
                if k == chosen
                else f"silhouette {silhouette:.2f} lies below the chosen candidate's interval",
            }
        )
    return {
        "format": 1,
        "chosen": f"k-means, {chosen} segments",
        "reason": f"{chosen} segments have the highest silhouette that other seeds find again.",
        "rule": "Of the stable candidates, the one with the highest silhouette is chosen.",
        "n_rows": 4338,
        "candidates": found,
    }


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
        "warnings": [] if verdict == "clear" else ["One feature carries 60% of the separation."],
    }


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
