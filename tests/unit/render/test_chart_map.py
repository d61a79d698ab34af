"""The map says what it draws, what it keeps, and how far its neighbours may be believed."""

from __future__ import annotations

import pytest

from segmentry.render.chart_map import FAINTEST, Cloud, Estimated, Lattice, Map, Quality
from segmentry.render.palette import look_of

QUALITY = Quality(400, 15, 4.2, Estimated(0.871, 0.86, 0.88), Estimated(0.943, 0.94, 0.946))


def points(**more) -> Map:
    clouds = (
        Cloud("A", ((0.0, 0.0), (2.0, 0.0)), look_of(1), (1, 1), 0.9, 0.8),
        Cloud("B", (), look_of(2), ()),
    )
    return Map("map", "Map", ("x", "y"), (0.5, 0.2), clouds, **more)


def cells(**more) -> Map:
    clouds = (
        Cloud("A", ((0.0, 0.0), (1.0, 0.0)), look_of(1), (30, 10)),
        Cloud("B", ((1.0, 0.0), (3.0, 2.0)), look_of(2), (40, 10)),
    )
    lattice = Lattice(1.0, 0.5, 10)
    return Map("map", "Map", ("x", "y"), (0.5, 0.2), clouds, 100, "users", lattice=lattice, **more)


def told(chart: Map) -> str:
    return chart.summary().replace("\u202f", " ")


def texts(chart: Map) -> list[list[str]]:
    table = chart.table()
    return [[c.text for c in row] for row in (table.head, *table.rows)]


def test_it_tells_how_much_it_leaves_out():
    assert told(points()).endswith("keeps 70 % of the variance and leaves out 30 %.")
    assert texts(points())[1:] == [
        ["A", "2", "1.00", "0.00", "1.00", "0.00"],
        ["B", "0", "–", "–", "–", "–"],
    ]


def test_it_says_in_plain_words_whose_neighbours_are_neighbours():
    assert told(points(quality=QUALITY)).endswith(
        "Of the 15 nearest neighbours in the picture, 4.2 are among the 15 nearest in the data, "
        "too. Trustworthiness, which forgives near misses, is 0.87, continuity 0.94 (1 is the "
        "best, about 0.5 is chance)."
    )


def test_what_the_principal_components_keep_stands_beside_another_map():
    other = Quality(400, 15, 3.1, Estimated(0.82, 0.8, 0.84), Estimated(0.95, 0.94, 0.96))
    chart = points(quality=QUALITY, made="UMAP placed two.", beside=other)
    assert told(chart).startswith("UMAP placed two. ")
    assert told(chart).endswith(
        "On the same points the map by principal components has 3.1 of 15, trustworthiness 0.82 "
        "and continuity 0.95."
    )
    assert [c.text for c in chart.table().rows[-1]][-2:] == ["0.820", "0.950"]


def test_the_table_tells_it_segment_by_segment_and_with_intervals():
    head, first, second, every = texts(points(quality=QUALITY))
    assert head[-2:] == ["Trustworthiness", "Continuity"]
    assert (first[-2:], second[-2:]) == (["0.900", "0.800"], ["–", "–"])
    assert every == ["All", "2", "–", "–", "–", "–", "0.871", "0.943"]
    notes = [cell.note for cell in points(quality=QUALITY).table().rows[-1][-2:]]
    assert notes == ["0.860 to 0.880", "0.940 to 0.946"]


@pytest.mark.parametrize(
    ("n_entities", "begins"), [(2, "2 entities. "), (9_000, "2 points, drawn by chance. ")]
)
def test_whether_everyone_is_drawn_is_told(n_entities, begins):
    assert told(points(n_entities=n_entities)).startswith(begins)


def test_counts_say_how_many_are_not_shown():
    assert told(cells()).startswith(
        "90 of 100 users, counted where 10 or more of a segment lie together; the others lie too "
        "far apart. "
    )


def test_a_cell_is_led_by_the_segment_with_the_most_entities():
    (first,), (shared, alone) = cells().leads()
    assert (first.place, first.count, first.share) == ((0.0, 0.0), 30, 1.0)
    assert (shared.parts, shared.share) == ((("B", 40), ("A", 10)), 0.8)
    assert (alone.place, alone.count) == ((3.0, 2.0), 10)
    assert FAINTEST < shared.opacity < alone.opacity == 1.0


def test_centres_and_spreads_weigh_cells_by_their_counts():
    assert texts(cells())[1] == ["A", "40", "0.25", "0.00", "0.43", "0.00"]


def test_cells_are_counted_from_side_to_side():
    assert cells().extent() == (4.0, 5.0)


def test_axes_that_keep_no_variance_are_only_named():
    assert points().axis_names()[0].replace("\u202f", " ") == "x (50 % of variance)"
    bare = Map("map", "Map", ("UMAP 1", "UMAP 2"), (0.0, 0.0), points().clouds)
    assert bare.axis_names() == ("UMAP 1", "UMAP 2")
    assert "variance" not in bare.summary()
