"""Features that tell an outcome by themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from builders import feature_table
from segmentry.domain.audit import Audit
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureTable
from segmentry.prepare.leaks import tell_leaks

RNG = np.random.default_rng


def told(columns: dict[str, list[object]], *outcomes: str) -> Audit:
    audit = Audit()
    plain = feature_table(columns)
    described = tuple(
        replace(c, role=Role.OUTCOME) if c.name in outcomes else c for c in plain.columns
    )
    tell_leaks(FeatureTable.of(plain.data, described), audit)
    return audit


def columns(answers: tuple[object, object], *, strength: float, n: int = 400) -> dict[str, list]:
    rng = RNG(0)
    left = rng.random(n) < 0.3
    return {
        "spend": (rng.standard_normal(n) + strength * left).tolist(),
        "visits": rng.standard_normal(n).tolist(),
        "left": [answers[int(v)] for v in left],
    }


def test_a_feature_that_gives_the_outcome_away_is_named_with_its_area() -> None:
    for answers in ((0.0, 1.0), ("No", "Yes"), (5.0, 2.0)):
        audit = told(columns(answers, strength=2.5), "left")
        assert audit.findings[0].code == "tells_outcome"
        assert "'spend' (0.9" in audit.warnings[0]
        assert "visits" not in audit.warnings[0]


def test_a_feature_that_goes_along_with_the_outcome_is_not_suspected() -> None:
    assert told(columns(("No", "Yes"), strength=0.8), "left").findings == []


def test_chance_in_few_entities_is_not_suspected() -> None:
    few = {"spend": [float(i) for i in range(30)], "left": [0.0] * 15 + [1.0] * 15}
    assert told(few, "left").findings == []


def test_outcomes_of_more_answers_and_gaps_are_left_alone() -> None:
    data = columns((0.0, 1.0), strength=2.5)
    many = {**data, "left": [v if i % 3 else 2.0 for i, v in enumerate(data["left"])]}
    assert told(many, "left").findings == []
    gaps = {**data, "spend": [None if i % 4 else v for i, v in enumerate(data["spend"])]}
    assert told(gaps, "left").findings[0].count == 1
