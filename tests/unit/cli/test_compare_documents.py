"""Tables as documents for machines; that of methods is read in ``test_compare``."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from segmentry.cli.compare_documents import (
    guided_document,
    over_time_document,
    preparations_document,
    sensitivity_document,
)
from segmentry.domain.bounded import Bounded
from segmentry.domain.comparison import Sensitivity, Variation
from segmentry.domain.guidance import Guide, Guided, Side
from segmentry.domain.overtime import OverTime, Slice
from segmentry.domain.preparations import Preparations, Prepared

CUT = datetime(2024, 5, 1, tzinfo=UTC)
HALF = Bounded(0.5, 0.4, 0.6)


def test_variations_without_figures_say_why_and_hold_nothing_else():
    nan = float("nan")
    varied = (
        Variation("seed", "other", 0.9, (0.9, 0.8), 2),
        Variation("radius", "", nan, missing="no"),
    )
    told = sensitivity_document(Sensitivity("ward", 2, (0.6, 0.4), varied, "It hangs.", 9, 8))
    assert told["variations"][1] == {"decision": "radius", "missing": "no"}
    assert told["variations"][0]["weakest_segment"] == 2
    assert (told["n_entities"], told["n_searched"]) == (9, 8)


def test_cuts_are_given_with_their_instants():
    one = Slice(CUT, 30.0, 9, 1, HALF, 0.5, HALF, HALF, HALF, ())
    told = over_time_document(OverTime("ward", 2, CUT, (0.6, 0.4), (one,), "Most stayed.", 10))
    assert told["as_of"] == "2024-05-01T00:00:00+00:00"
    assert told["cuts"] == [one.as_dict()]
    assert told["notes"] == []


def test_guided_segments_hold_both_sides_and_what_has_no_forecast_says_so():
    side = Side(HALF, HALF, HALF, None, 0.1, "weak", (), ())
    guided = Guided(
        "plan", "the column", "ward", 4, 70, 30, 0.4, (Guide("a", 0.1, 1.2),), side, side, HALF,
        (0.1,), None, HALF, "It pays.",
    )  # fmt: skip
    told = guided_document(guided)
    assert told["forecast"] is None
    assert told["plain"] == told["guided"] == side.as_dict()
    assert told["features"] == [{"feature": "a", "share": 0.1, "factor": 1.2}]


def test_the_preferred_preparation_is_marked_and_the_rule_is_told():
    def row(decision: str) -> Prepared:
        again = np.full(20, 0.9)
        return Prepared(decision, "x", 5, 4, 0.1, 0.4, 0.9, again, 0.8, 0.9, HALF, 0.3, HALF)

    found = Preparations("ward", 4, (row(""), row("scale")), {"reduce: pca": "no"}, 1, "It.", 9, 8)
    told = preparations_document(found)
    assert [r["preferred"] for r in told["rows"]] == [False, True]
    assert [r["decision"] for r in told["rows"]] == [None, "scale"]
    assert told["left_out"] == {"reduce: pca": "no"}
    assert "0.02 are missing" in told["rule"]
