"""Any two segments can be laid side by side from one small table of figures."""

from __future__ import annotations

import pytest

from factories_render import documents, minimal
from segmentry.render.compare import MOST_FEATURES, comparison

TOLD = documents(n_segments=4)


def test_every_feature_has_a_figure_of_every_segment():
    found = comparison(TOLD)
    assert [s["name"] for s in found["segments"]] == [
        s["name"] for s in TOLD["segments"]["segments"]
    ]
    assert {len(f["cells"]) for f in found["features"]} == {4}
    told = {(c["feature"], c.get("level")): c for c in TOLD["segments"]["segments"][2]["contrasts"]}
    cell = next(f for f in found["features"] if f["of"] == "recency_days")["cells"][2]
    known = told["recency_days", None]
    assert (cell["d"], cell["l"], cell["h"]) == pytest.approx(
        (known["difference"], known["low"], known["high"]), abs=5e-4
    )


def test_the_widest_spread_comes_first():
    spreads = [
        max(c["d"] for c in f["cells"]) - min(c["d"] for c in f["cells"])
        for f in comparison(TOLD)["features"]
    ]
    assert spreads == sorted(spreads, reverse=True)


def test_a_feature_that_a_segment_lacks_is_a_gap():
    told = documents(n_segments=2, n_features=5)
    told["segments"]["segments"][1]["contrasts"] = []
    assert all(f["cells"][1] is None for f in comparison(told)["features"])


def test_means_are_told_as_means():
    told = documents(n_segments=2, n_features=5)
    first = told["segments"]["segments"][0]["contrasts"][0]
    first["median"] = first["overall_median"]
    texts = [f["cells"][0]["t"] for f in comparison(told)["features"]]
    assert sum(text.endswith("(mean)") for text in texts) == 1


def test_thousands_of_features_are_cut_to_those_that_differ():
    assert len(comparison(documents(n_segments=2, n_features=500))["features"]) == MOST_FEATURES


def test_nothing_to_compare_is_none():
    assert comparison(minimal()) is None
    assert comparison(documents(n_segments=1)) is None
