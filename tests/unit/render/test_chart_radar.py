"""A radar tells its finding in a sentence, and every figure in a table."""

from __future__ import annotations

import pytest

from segmentry.render.chart_radar import Radar
from segmentry.render.chart_segments import Series
from segmentry.render.palette import look_of

LOYAL = Series("Loyal", (1.6, -0.2, 0.6), look_of(1))
GONE = Series("Gone", (-0.4, 0.1, -0.1), look_of(2))
CHART = Radar("radar", "Leading features", ("orders", "recency", "value"), (LOYAL, GONE))


def test_it_names_who_lies_farthest_from_everyone_and_who_nearest():
    assert CHART.summary() == (
        "On these 3 features Loyal lies farthest from everyone, by 0.8 standard deviations on "
        "average; Gone lies nearest, by 0.2."
    )


def test_its_table_has_every_figure_and_the_average():
    table = CHART.table()
    assert [[c.text for c in row] for row in (table.head, *table.rows)] == [
        ["Feature", "Loyal", "Gone"],
        ["orders", "+1.6", "−0.4"],
        ["recency", "−0.2", "+0.1"],
        ["value", "+0.6", "−0.1"],
        ["On average, above or below", "0.8", "0.2"],
    ]


@pytest.mark.parametrize(("farthest", "limit"), [(0.1, 1.0), (1.0, 1.0), (-1.6, 2.0), (2.5, 2.5)])
def test_its_rim_holds_every_value_and_small_ones_stay_small(farthest, limit):
    line = Series("A", (farthest, 0.0, 0.0), look_of(1))
    assert Radar("radar", "R", ("a", "b", "c"), (line,)).limit == limit
