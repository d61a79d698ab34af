"""Guided segments as plain facts."""

from __future__ import annotations

import json

from segmentry.domain.bounded import Bounded
from segmentry.domain.guidance import Guide, SegmentAhead, Side

HALF = Bounded(0.5, 0.4, 0.6)


def test_sides_say_in_which_space_a_silhouette_was_measured():
    own = (SegmentAhead(1, 40, HALF), SegmentAhead(2, 0, None))
    told = json.loads(json.dumps(Side(HALF, HALF, HALF, None, 0.0, "none", ("x",), own).as_dict()))
    assert {"silhouette_plain_space", "silhouette_guided_space"} <= set(told)
    assert told["seed_ari"] is None
    assert told["faults"] == ["x"]
    assert told["segments"][1] == {"id": 2, "n": 0, "mean": None}


def test_a_feature_has_its_share_and_its_factor():
    assert Guide("tenure", 0.1, 1.4).as_dict() == {"feature": "tenure", "share": 0.1, "factor": 1.4}
