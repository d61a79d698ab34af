"""Flows tell who stayed and which path most took, and hold every pair in a table."""

from __future__ import annotations

from segmentry.render.chart_flows import Band, Flows, Node
from segmentry.render.palette import look_of

NODES = (Node("Loyal", look_of(1)), Node("Gone", look_of(3)))
BANDS = (Band(0, 0, 60, "75 %"), Band(0, 1, 20, "25 %"), Band(1, 1, 20, "100 %"))
CHART = Flows("went", "Where they went", "1 January", "1 March", NODES, BANDS)


def test_it_says_who_stayed_and_the_largest_path() -> None:
    assert CHART.summary().replace("\u202f", " ") == (
        "80 % of 100 are in the same segment on both days; of the others most went from Loyal to "
        "Gone (20)."
    )
    nobody = Flows("went", "", "a", "b", NODES, ())
    assert nobody.summary() == "Nobody was there on both days."
    still = Flows("went", "", "a", "b", NODES, BANDS[:1])
    assert still.summary().endswith("on both days.")


def test_its_table_has_every_pair() -> None:
    rows = [[c.text for c in row] for row in CHART.table().rows]
    assert rows == [["Loyal", "60", "20"], ["Gone", "0", "20"]]
    assert CHART.table().rows[0][1].is_marked
    assert CHART.table().rows[0][2].note == "25 %"
