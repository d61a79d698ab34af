"""Earlier cuts as plain facts."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from segmentry.domain.bounded import Bounded
from segmentry.domain.overtime import SegmentThen, Slice

CUT = datetime(2024, 5, 1, tzinfo=UTC)


def test_what_was_not_measured_is_null_and_says_why():
    segment = SegmentThen(1, 0, 4, None, None, None, None)
    one = Slice(
        CUT,
        30.0,
        9,
        2,
        Bounded(0.5, 0.4, 0.6),
        0.25,
        Bounded(0.3, 0.2, 0.4),
        None,
        None,
        (segment,),
        "too few",
    )
    told = json.loads(json.dumps(one.as_dict()))
    assert told["cut"] == "2024-05-01T00:00:00+00:00"
    assert told["stayed"] == {"value": 0.5, "low": 0.4, "high": 0.6}
    assert told["together_ari"]["value"] == 0.3
    assert (told["anew_ari"], told["borders_ari"], told["missing"]) == (None, None, "too few")
    assert told["segments"] == [
        {
            "id": 1,
            "n_then": 0,
            "n_now": 4,
            "stayed": None,
            "moved_to": None,
            "anew_jaccard": None,
            "borders_jaccard": None,
        }
    ]
