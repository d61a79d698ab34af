"""Movements in words hold every figure with its interval; the document nothing of single ones."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from moved import moved
from segmentry.cli.movement_words import as_document, print_movements, summary
from segmentry.domain.movement import Hysteresis


def test_the_summary_says_how_many_and_why() -> None:
    told = "\n".join(summary(moved())).replace("\u202f", " ")
    assert "2 entities in 3 snapshots, 2024-01-01 to 2024-03-01: 3 changes" in told
    assert "moves by behaviour: 1; over a border and back: 0; not decided yet: 0; new: 1" in told
    assert "noise could make up to 50 % (40 % to 60 %)" in told
    assert "1.49 times as far" in told
    assert "another release" not in told


def test_what_is_not_known_is_said() -> None:
    told = "\n".join(summary(moved(by_noise=None, hysteresis=Hysteresis(float("inf"), 3))))
    assert "noise is not known" in told
    assert "nowhere sure enough" in told
    assert "after 3 snapshots" in told


def test_tables_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print_movements(moved())
    told = capsys.readouterr().out.replace("\u202f", " ")
    for part in (
        "Loyal", "Gone", "25 % (10 % to 40 %)", "+20.0 (+10.0 to +40.0)", "growing",
        "unexpected until 2024-03-01: 4 from Gone to Loyal", "n_orders +0.50 (+0.20 to +0.80)",
    ):  # fmt: skip
        assert part in told


def test_the_document_is_json_without_single_entities() -> None:
    found = moved()
    told = json.loads(json.dumps(as_document(found)))
    assert told["causes"]["behaviour"] == 1
    assert told["steps"][0] == {"until": "2024-02-01", "counts": [[4, 2], [0, 3]]}
    assert told["warnings"][0]["now"] == 1
    assert "entities" not in told["warnings"][0]
    assert told["growth"][0]["course"] == "shrinking"
    assert as_document(replace(found, hysteresis=Hysteresis(float("inf"))))["margin"] is None
