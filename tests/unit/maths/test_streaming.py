"""Blocks give what all rows at once give; a single walk comes close."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import MiniBatchKMeans

from clouds import blobs, normal_cloud, skewed_cloud
from segmentry.errors import MathsError
from segmentry.maths import streaming as module
from segmentry.maths.multilevel import kmeans_levels
from segmentry.maths.streaming import kmeans_blocks, kmeans_once


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def cut(X: np.ndarray, step: int = 700) -> list[np.ndarray]:
    return [X[i : i + step] for i in range(0, len(X), step)]


@pytest.fixture
def few_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sample be smaller than the rows."""
    monkeypatch.setattr(module, "SAMPLE_ROWS", 500)


@pytest.mark.usefixtures("few_kept")
@pytest.mark.parametrize(
    "X", [blobs(5_000, 5, 4, seed=1), normal_cloud(5_000, 3, seed=2), skewed_cloud(5_000, seed=3)]
)
def test_blocks_are_as_tight_as_all_rows_at_once(X: np.ndarray) -> None:
    whole = kmeans_levels(X, 4, rng=rng())
    found = kmeans_blocks(lambda: cut(X), 4, rng=rng())
    assert found.inertia <= 1.01 * whole.inertia
    gaps = ((X[:, None, :] - found.centres) ** 2).sum(axis=2)
    assert (found.labels == gaps.argmin(axis=1)).mean() > 0.999
    assert found.inertia == pytest.approx(gaps.min(axis=1).sum(), rel=1e-4)


@pytest.mark.usefixtures("few_kept")
def test_the_number_of_threads_changes_nothing() -> None:
    X = normal_cloud(4_000, 3, seed=4)
    one, three = (kmeans_blocks(lambda: cut(X), 4, rng=rng(), hands=h) for h in (1, 3))
    np.testing.assert_array_equal(one.labels, three.labels)
    np.testing.assert_array_equal(one.centres, three.centres)


@pytest.mark.usefixtures("few_kept")
def test_blocks_stored_by_column_and_empty_ones_are_read_as_well() -> None:
    X = blobs(3_000, 5, 3, seed=5)
    pieces = [np.asfortranarray(block) for block in cut(X)]
    plain = kmeans_blocks(lambda: cut(X), 3, rng=rng())
    others = kmeans_blocks(lambda: [pieces[0][:0], *pieces, pieces[0][:0]], 3, rng=rng())
    np.testing.assert_array_equal(plain.labels, others.labels)


def test_tight_clusters_far_apart_keep_their_digits() -> None:
    X = np.repeat([[0.0], [1e6]], 50, axis=0) + np.tile([[-1.0], [1.0]], (50, 1))
    found = kmeans_blocks(lambda: cut(X, 30), 2, rng=rng())
    assert found.inertia == pytest.approx(100.0, rel=1e-2)


@pytest.mark.parametrize(("n", "k"), [(1, 1), (2, 2), (3, 1)])
def test_few_rows_are_partitioned(n: int, k: int) -> None:
    X = np.arange(float(n))[:, None]
    found = kmeans_blocks(lambda: cut(X, 1), k, rng=rng())
    assert len(set(found.labels.tolist())) == k


def test_no_rows_and_too_few_rows_are_refused() -> None:
    with pytest.raises(MathsError, match="no rows, no clusters"):
        kmeans_blocks(list, 2, rng=rng())
    with pytest.raises(MathsError, match="3 rows cannot make 4 clusters"):
        kmeans_blocks(lambda: [np.eye(3)], 4, rng=rng())


def test_blocks_of_another_width_are_refused() -> None:
    with pytest.raises(MathsError, match="follows one of 3 columns"):
        kmeans_blocks(lambda: [np.eye(3), np.eye(2)], 2, rng=rng())


@pytest.mark.parametrize(("later", "word"), [(2, "fewer"), (4, "more")])
def test_walks_that_differ_are_refused(later: int, word: str) -> None:
    walks = iter([3, later])
    with pytest.raises(MathsError, match=f"a later walk has {word} rows"):
        kmeans_blocks(lambda: [normal_cloud(next(walks), 2, seed=0)], 2, rng=rng())


def test_a_single_walk_is_tighter_than_mini_batches_of_scikit_learn() -> None:
    X = blobs(20_000, 6, 5, seed=6)
    own = kmeans_once(cut(X, 2_000), 5, rng=rng())
    theirs = MiniBatchKMeans(5, n_init=3, random_state=0).fit(X).inertia_
    gaps = ((X[:, None, :] - own.centres) ** 2).sum(axis=2)
    assert gaps.min(axis=1).sum() <= 1.001 * theirs
    assert own.sizes.sum() == 20_000


def test_a_walk_ends_when_further_rows_are_worth_too_little() -> None:
    X = blobs(20_000, 6, 5, seed=6)
    read = []

    def walk():
        for block in cut(X, 1_000):
            read.append(len(block))
            yield block

    found = kmeans_once(walk(), 5, rng=rng(), tolerance=1 / 500)
    assert found.sizes.min() >= 500
    assert found.sizes.sum() == sum(read) < 10_000
    # The block before the last was not enough: none is read in vain.
    before = kmeans_once(cut(X[: sum(read) - 1_000], 1_000), 5, rng=rng())
    assert before.sizes.min() < 500
    gaps = ((X[:, None, :] - found.centres) ** 2).sum(axis=2)
    whole = kmeans_levels(X, 5, rng=rng())
    assert gaps.min(axis=1).sum() <= (1 + 2 / 500) * whole.inertia


def test_a_loose_walk_does_not_need_the_whole_first_block() -> None:
    X = blobs(20_000, 6, 5, seed=6)
    found = kmeans_once([X], 5, rng=rng(), tolerance=0.01)
    assert found.sizes.sum() == 2_000
    assert found.sizes.min() >= 100
    gaps = ((X[:, None, :] - found.centres) ** 2).sum(axis=2)
    assert gaps.min(axis=1).sum() <= 1.01 * kmeans_levels(X, 5, rng=rng()).inertia


def test_a_loose_walk_reads_on_where_a_cluster_has_few_rows() -> None:
    X = np.vstack([normal_cloud(9_900, 2, seed=8), normal_cloud(100, 2, seed=9) + 30.0])
    X = X[rng(1).permutation(len(X))]
    found = kmeans_once([X], 2, rng=rng(), tolerance=0.01)
    assert found.sizes.sum() == len(X)
    assert found.sizes.min() == 100


def test_a_single_walk_over_one_block_is_k_means() -> None:
    X = blobs(2_000, 4, 3, seed=7)
    own = kmeans_once([X], 3, rng=rng())
    whole = kmeans_levels(X, 3, rng=rng())
    np.testing.assert_allclose(
        np.sort(own.centres, axis=0), np.sort(whole.centres, axis=0), atol=1e-3
    )


@pytest.mark.parametrize("blocks", [[], [np.eye(2)]])
def test_a_first_block_too_small_is_refused(blocks: list[np.ndarray]) -> None:
    with pytest.raises(MathsError, match=r"a first block of \d rows cannot make 3 clusters"):
        kmeans_once(blocks, 3, rng=rng())
