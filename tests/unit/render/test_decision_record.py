"""The decision record: everything that was decided, as Markdown that repeats."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from segmentry.domain.lifecycle import Descent, Kinship, Registered, Stage
from segmentry.render.decision_record import decision_record

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
RELEASE = Registered(
    2, "ab" * 32, "20260301T120000-ababab", AT, AT, 1200, 2, "cd" * 32,
    {"data": "d1", "query": "q1", "config": "c1", "seed": 7, "version": "0.1.0"},
)  # fmt: skip
PAPERS = {
    "summary": {
        "project": {"name": "A | shop", "entity": "user", "objective": "grow", "decision": "whom"}
    },
    "audit": {
        "features": [
            {"name": "n_orders", "is_in": True, "reason": "the objective names it"},
            {"name": "n_days", "is_in": False, "reason": "moves with n_orders"},
        ]
    },
    "candidates": {
        "reason": "k-means, 2 segments: the highest.",
        "candidates": [
            {"name": "k-means, 2 segments", "scores": {"silhouette": 0.41}, "reason": "Chosen."},
            {"name": "ward, 3 segments", "scores": {}, "reason": "Rejected: *too* small."},
        ],
    },
    "segments": {
        "segments": [
            {"id": 1, "name": "Big", "size": 800, "share": 2 / 3},
            {"id": 9, "name": "Small", "size": 400, "share": 1 / 3},
        ]
    },
    "evidence": {
        "structure": {"verdict": "clear", "sentence": "There are clear groups."},
        "checks": [
            {"name": "silhouette", "estimate": 0.41, "low": 0.4, "high": 0.42, "threshold": 0.25,
             "verdict": "pass"},
            {"name": "anomaly_share", "estimate": 0.01, "verdict": "info"},
        ],
        "warnings": ["2 segments: few segments hide differences."],
        "mistakes": [
            {"code": "M05", "state": "found", "sentence": "Two share a playbook."},
            {"code": "M06", "state": "absent", "sentence": "Nothing."},
        ],
    },
}  # fmt: skip
DESCENTS = (Kinship(1, Descent.CONTINUED, (1,), 0.9), Kinship(9, Descent.NEW))


def test_it_holds_what_was_decided_and_on_what() -> None:
    text = decision_record(RELEASE, PAPERS, DESCENTS, 1)
    for told in (
        "# Release 2 of A \\| shop",
        "| decision it serves | whom |",
        "features look before 2026-03-01 12:00 UTC",
        "| n\\_days | out | moves with n\\_orders |",
        "| ward, 3 segments |  | Rejected: \\*too\\* small. |",
        "| 1 | Big | 800 |",
        "continued from 1 of release 1",
        "| 9 | Small | 400 |",
        "| silhouette | 0.410 | 0.400 to 0.420 | 0.250 | pass |",
        "- 2 segments: few segments hide differences.",
        "- M05: Two share a playbook.",
        "| data | d1 |",
        "| seed | 7 |",
    ):
        assert told in text
    assert "M06" not in text


def test_it_has_the_same_bytes_whatever_became_of_the_release() -> None:
    later = replace(RELEASE, stage=Stage.RETIRED)
    assert decision_record(later, PAPERS, DESCENTS, 1) == decision_record(
        RELEASE, PAPERS, DESCENTS, 1
    )


def test_without_warnings_it_says_that_none_was_found() -> None:
    evidence = {**PAPERS["evidence"], "warnings": [], "mistakes": []}
    text = decision_record(RELEASE, {**PAPERS, "evidence": evidence}, (), None)
    assert "- none was found by what was looked for" in text
