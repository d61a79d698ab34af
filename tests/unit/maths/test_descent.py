"""Passes over rows in doubt end where passes over all rows do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from clouds import blobs, heavy_cloud, normal_cloud
from segmentry.maths import descent as module
from segmentry.maths.descent import Rest, descend, measure
from segmentry.maths.rowset import rowset


def ended(X: np.ndarray, start: np.ndarray, **more: object):
    rows = rowset(X)
    return rows, descend(rows, rows.inward(start), **more)


@pytest.mark.parametrize(
    "X", [blobs(900, 4, 5, seed=2), normal_cloud(3_000, 3, seed=1), heavy_cloud(2_000, seed=3)]
)
def test_passes_from_known_centres_end_where_those_of_scikit_learn_do(X: np.ndarray) -> None:
    start = X[:5]
    theirs = KMeans(5, init=start, n_init=1, tol=0.0).fit(X)
    rows, own = ended(X, start, tolerance=0.0)
    np.testing.assert_array_equal(own.labels, theirs.labels_)
    np.testing.assert_allclose(own.centres, theirs.cluster_centers_, atol=1e-5)
    assert own.inertia(rows.scatter) == pytest.approx(theirs.inertia_, rel=1e-5)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9), st.integers(1, 5), st.booleans())
def test_each_row_ends_at_its_nearest_centre_and_sums_are_those_of_labels(
    seed: int, k: int, columns: int, is_weighted: bool
) -> None:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(200, columns)).astype(np.float32) ** 3
    weights = rng.integers(0, 4, 200).astype(float) if is_weighted else None
    rows = rowset(X, weights)
    own = descend(rows, rows.inward(X[:k]), most_steps=int(rng.integers(0, 20)))
    gaps = ((rows.values[:, None, :].astype(float) - own.centres) ** 2).sum(axis=2)
    reached = gaps[np.arange(200), own.labels]
    assert (reached <= gaps.min(axis=1) + 1e-4 * (1 + gaps.max())).all()
    w = np.ones(200) if weights is None else weights
    np.testing.assert_allclose(own.sizes, np.bincount(own.labels, w, k), atol=1e-9)
    sums = np.stack([np.bincount(own.labels, w * c, k) for c in rows.values.T], axis=1)
    np.testing.assert_allclose(own.sums, sums, rtol=1e-4, atol=1e-3)
    assert own.inertia(rows.scatter) == pytest.approx(w @ reached, rel=1e-3, abs=1e-3)


def test_a_weight_is_so_many_equal_rows() -> None:
    X = blobs(300, 3, 4, seed=5)
    counts = np.random.default_rng(0).integers(1, 4, 300)
    weighted = rowset(X, counts.astype(float))
    _, many = ended(np.repeat(X, counts, axis=0), X[:4])
    one = descend(weighted, weighted.inward(X[:4]))
    np.testing.assert_array_equal(np.repeat(one.labels, counts), many.labels)
    np.testing.assert_allclose(one.centres, many.centres, atol=1e-5)


def test_threads_and_sizes_of_blocks_change_nothing_that_matters(monkeypatch) -> None:
    X = normal_cloud(2_000, 4, seed=4)
    monkeypatch.setattr(module, "CHUNK_ROWS", 300)
    _, alone = ended(X, X[:6])
    with ThreadPoolExecutor(3) as pool:
        _, together = ended(X, X[:6], spread=pool.map)
    np.testing.assert_array_equal(alone.labels, together.labels)
    np.testing.assert_array_equal(alone.centres, together.centres)
    monkeypatch.setattr(module, "CELLS", 6 * 70)
    _, small = ended(X, X[:6])
    np.testing.assert_allclose(small.centres, alone.centres, atol=1e-4)


def test_rows_that_stay_away_pull_by_their_sums() -> None:
    X = blobs(600, 3, 3, seed=6)
    rows, whole = ended(X, X[:3], tolerance=0.0)
    settled = whole.centres
    labels, margins = np.empty(600, np.int32), np.empty(600, np.float32)
    measure(rows, settled, labels, margins)
    near = np.flatnonzero(margins <= np.median(margins))
    away = rows.taken(np.setdiff1d(np.arange(600), near))
    sums, sizes = measure(away, settled, np.empty(len(away), np.int32), None)
    rest = Rest(sums, sizes, least=0.0, leash=1.0)
    found = descend(rows.taken(near), settled, rest=rest)
    np.testing.assert_allclose(found.centres, settled, atol=1e-5)
    np.testing.assert_allclose(found.sizes, whole.sizes)


def test_passes_end_where_the_leash_does() -> None:
    X = normal_cloud(500, 2, seed=7)
    nobody = Rest(np.zeros((4, 2)), np.zeros(4), least=0.0, leash=0.0)
    _, found = ended(X, X[:4] + 3, rest=nobody)
    assert found.n_steps == 1
    assert found.drift > 0


def test_passes_end_where_one_saves_too_little() -> None:
    X = normal_cloud(3_000, 3, seed=1)
    rows, whole = ended(X, X[:5], tolerance=0.0)
    _, short = ended(X, X[:5], tolerance=0.0, gain=1e-3)
    assert short.n_steps < whole.n_steps
    assert 1.0 <= short.inertia(rows.scatter) / whole.inertia(rows.scatter) < 1.05


def test_a_centre_without_rows_takes_a_far_one() -> None:
    X = np.array([[0.0], [0.1], [5.0], [9.0]])
    _, found = ended(X, np.array([[0.0], [100.0], [200.0]]))
    assert sorted(found.sizes) == [1, 1, 2]


def test_rows_all_alike_end_at_once_without_relocation() -> None:
    rows, found = ended(np.full((50, 2), 7.0), np.full((3, 2), 7.0))
    assert found.n_steps == 1
    assert found.inertia(rows.scatter) == 0.0


def test_of_equally_near_centres_a_row_gets_the_first() -> None:
    rows = rowset(np.array([[0.0], [2.0]]))
    labels, margins = np.empty(2, np.int32), np.empty(2, np.float32)
    _, sizes = measure(rows, rows.inward(np.array([[1.0], [1.0]])), labels, margins)
    assert labels.tolist() == [0, 0]
    assert margins.tolist() == [0.0, 0.0]
    assert sizes.tolist() == [2.0, 0.0]


def test_margins_are_differences_of_distances() -> None:
    rows = rowset(np.array([[1.0], [-0.5]], dtype=np.float32))
    labels, margins = np.empty(2, np.int32), np.empty(2, np.float32)
    measure(rows, np.array([[-1.0], [2.0]]), labels, margins)
    np.testing.assert_allclose(margins, [1.0, 2.0], rtol=1e-6)


def test_a_single_centre_has_margins_without_end() -> None:
    rows = rowset(np.array([[1.0], [-0.5]], dtype=np.float32))
    labels, margins = np.empty(2, np.int32), np.empty(2, np.float32)
    measure(rows, np.array([[0.0]]), labels, margins)
    assert np.isinf(margins).all()


def test_later_passes_look_at_few_rows(monkeypatch) -> None:
    X, seen = blobs(4_000, 6, 5, seed=8), []
    real = module.measure

    def counted(rows, *rest, **more):
        seen.append(len(rows))
        return real(rows, *rest, **more)

    monkeypatch.setattr(module, "measure", counted)
    _, found = ended(X, X[:5], tolerance=0.0)
    assert sum(seen) < 0.7 * 4_000 * found.n_steps
