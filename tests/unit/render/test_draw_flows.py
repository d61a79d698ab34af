"""Bands are as wide as the entities that they hold; a side has only segments with members."""

from __future__ import annotations

from moved import moved
from segmentry.render.draw_flows import flows
from segmentry.render.figures_movement import went

CHART = went(moved())
(DRAWN,) = flows(CHART)
SERIES = DRAWN.option["series"][0]


def test_bands_hold_their_entities() -> None:
    links = {(k["source"], k["target"]): k["value"] for k in SERIES["links"]}
    assert links == {("before 0", "after 0"): 4,
                     ("before 0", "after 1"): 2, ("before 1", "after 1"): 3}  # fmt: skip


def test_nodes_are_those_with_members_in_their_colours() -> None:
    names = [n["name"] for n in SERIES["data"]]
    assert names == ["before 0", "before 1", "after 0", "after 1"]
    assert SERIES["data"][1]["itemStyle"]["color"] == CHART.nodes[1].look.colour
    assert "Gone" in SERIES["data"][1]["tooltip"]["formatter"]
