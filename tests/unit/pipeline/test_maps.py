"""The map draws the leading directions, and tells of no few entities where there are many."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from builders import blobs, matrix
from segmentry.maths.hexagons import hexagons_of
from segmentry.maths.suppression import FEWEST_TOLD
from segmentry.pipeline.maps import MAP_POINTS, Cells, map_document, quality


def drawn(X: np.ndarray, segment: np.ndarray | None = None) -> dict:
    segment = np.arange(len(X)) % 3 if segment is None else segment
    return map_document(matrix(X), segment, np.random.default_rng(0))


def test_it_shows_the_directions_of_largest_variance():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 3)) * [1.0, 10.0, 3.0]
    told = drawn(X)
    variances = np.sort(np.linalg.eigvalsh(np.cov(X.T)))[::-1]
    np.testing.assert_allclose(told["kept"], variances[:2] / variances.sum(), rtol=1e-9)
    assert told["axes"][0].startswith("x1")
    assert told["axes"][1].startswith("x2")


def test_points_are_the_rows_with_their_segments():
    X = np.array([[0.0, 0.0], [4.0, 0.0], [8.0, 1.0]])
    told = drawn(X, np.array([0, 1, 2]))
    assert [p[2] for p in told["points"]] == [0, 1, 2]
    shift = np.diff(np.array(told["points"])[:, :2], axis=0)
    np.testing.assert_allclose(np.hypot(*shift.T), [4.0, np.hypot(4, 1)], atol=2e-3)


def test_a_map_of_one_column_is_a_line():
    told = drawn(blobs(50, d=1)[0])
    assert {p[1] for p in told["points"]} == {0.0}
    assert told["kept"] == pytest.approx([1.0, 0.0])
    assert told["quality"]["trustworthiness"]["value"] == 1.0
    assert {c[1] for c in drawn(blobs(3_000, d=1)[0])["cells"]} == {0.0}


def test_its_quality_is_that_of_scikit_learn():
    X = blobs(600, d=8)[0]
    picture = PCA(2).fit_transform(X)
    told = drawn(X)["quality"]
    assert (told["n_points"], told["n_neighbours"]) == (600, 15)
    expected = trustworthiness(X, picture, n_neighbors=15)
    assert told["trustworthiness"]["value"] == pytest.approx(expected, abs=1e-4)
    assert told["trustworthiness"]["low"] < expected < told["trustworthiness"]["high"]
    swapped = trustworthiness(picture, X, n_neighbors=15)
    assert told["continuity"]["value"] == pytest.approx(swapped, abs=1e-4)


def test_quality_needs_points_and_a_segments_own_needs_ten():
    X, _ = blobs(40, d=4)
    assert quality(X[:7], X[:7, :2], np.zeros(7, dtype=np.int64)) is None
    told = quality(X, X[:, :2], np.repeat([0, 1], [31, 9]))
    assert told["n_neighbours"] == 2
    assert set(told["segments"][0]) == {"trustworthiness", "continuity"}
    assert told["segments"][1] == {}


def test_many_entities_are_counted_and_none_is_shown():
    told = drawn(blobs(MAP_POINTS + 500)[0])
    assert "points" not in told
    assert (told["n_rows"], told["n_entities"]) == (MAP_POINTS + 500,) * 2
    assert told["quality"]["n_points"] == MAP_POINTS


def test_counts_are_of_the_entities_in_their_cells():
    X, label = blobs(30_000, d=2)
    segment = np.asarray(label, dtype=np.int64)
    told = drawn(X, segment)
    assert sum(c[3] for c in told["cells"]) > 0.85 * len(X)
    # Two columns lose nothing: what is counted are the rows, turned.
    assert sum(told["kept"]) == pytest.approx(1.0)
    own = Counter()
    for _, _, place, n in told["cells"]:
        own[place] += n
    for place, n in own.items():
        assert n <= (segment == place).sum()


def test_cells_count_the_points_that_are_nearest_to_their_centres():
    rng = np.random.default_rng(4)
    points, segment = rng.normal(size=(4_000, 2)), rng.integers(0, 2, 4_000)
    cells = Cells(0.5, 0.4)
    counts: Counter = Counter()
    cells.count(counts, points[:1_000], segment[:1_000])
    cells.count(counts, points[1_000:], segment[1_000:])
    hexagons = hexagons_of(points, width=0.5, height=0.4)
    assert counts == Counter((*h, s) for h, s in zip(hexagons.tolist(), segment, strict=True))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.05, 1.0), st.integers(20, 600))
def test_no_count_of_few_entities_is_told_or_follows(seed: int, width: float, n: int):
    rng = np.random.default_rng(seed)
    points, segment = rng.normal(size=(n, 2)), rng.integers(-1, 3, n)
    cells = Cells(width, width)
    counts: Counter = Counter()
    cells.count(counts, points, segment)
    told = cells.told(counts, segment)["cells"]
    sums: defaultdict[int, int] = defaultdict(int)
    for _, _, place, count in told:
        assert count >= FEWEST_TOLD
        sums[place] += count
    for place in range(3):
        rest = (segment == place).sum() - sums[place]
        assert rest == 0 or rest >= min(FEWEST_TOLD, (segment == place).sum())
    assert all(place >= 0 for _, _, place, _ in told)


def test_cells_are_smaller_where_entities_are_more():
    X, label = blobs(40_000, d=3)
    few, many = (drawn(X[:n], np.asarray(label)[:n]) for n in (2_500, 40_000))
    assert many["cell"][0] < few["cell"][0]
    assert len(many["cells"]) > len(few["cells"])
