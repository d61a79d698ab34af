"""A tree has a line for each merge, and its segments' names beside their marks."""

from __future__ import annotations

from itertools import pairwise

import pytest

from factories_render import documents
from segmentry.render import figures_evidence
from segmentry.render.draw_tree import tree

TOLD = documents(n_segments=5)
CHART = figures_evidence.merging(TOLD["evidence"], TOLD["segments"]["segments"])
(DRAWN,) = tree(CHART)
NAMES, *LINES = DRAWN.option["series"]


def test_lines_go_over_what_is_lost_and_stand_at_their_leaves():
    for line, bracket in zip(LINES, CHART.brackets(), strict=True):
        corners = line["data"]
        assert [y for _, y in corners] == [bracket.places[0]] * 2 + [bracket.places[1]] * 2
        assert corners[1][0] == corners[2][0] == pytest.approx(100 * bracket.lost, abs=0.006)
        # Neither upright nor level lines are slanted.
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(corners))


def test_names_and_marks_stand_in_one_order():
    names, places = DRAWN.option["yAxis"]
    assert names["data"] == [CHART.labels[i] for i in CHART.leaves]
    assert [m["itemStyle"]["color"] for m in NAMES["data"]] == [
        CHART.looks[i].colour for i in CHART.leaves
    ]
    assert [m["value"] for m in NAMES["data"]] == [[0, i] for i in range(5)]
    # Both axes agree where a leaf lies.
    assert (places["min"], places["max"], places["inverse"]) == (-0.5, 4.5, names["inverse"])


def test_every_merge_tells_what_is_left():
    texts = [line["markPoint"]["data"][0]["tooltip"]["formatter"] for line in LINES]
    assert all(" with " in text and "left explain" in text for text in texts)
