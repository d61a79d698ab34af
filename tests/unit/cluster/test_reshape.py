"""An assigner with two segments as one, or one as several."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.cluster.compress import FIDELITY, compress
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.reshape import merged, parts_of, split
from segmentry.domain.assigner import Assigner
from segmentry.maths.agreement import adjusted_rand_index

X, TRUTH = blobs(400, k=4)


def made(k: int = 4, origin: bool = False) -> Assigner:
    partition = fit_kmeans(X, k, rng=np.random.default_rng(0))
    found = compress(partition, X)
    if not origin:
        return found
    from segmentry.cluster.spherical import METHOD

    assert METHOD.name == "spherical k-means"
    from segmentry.maths.directions import directions

    start = X.min(axis=0) - 1.0
    points = directions(found.prototypes, start)
    return Assigner(points, found.groups, np.ones(k), origin=start)


@pytest.mark.parametrize("origin", [False, True])
@pytest.mark.parametrize("pair", [(0, 1), (0, 3), (2, 3)])
def test_a_merge_moves_nobody_but_into_the_merged_segment(pair, origin) -> None:
    assigner = made(origin=origin)
    before = assigner.answer(X).segment
    found = merged(assigner, *pair, X)
    after = found.assigner.answer(X).segment
    assert found.assigner.n_segments == 3
    assert (after == found.meant).all()
    for old, (new,) in enumerate(found.places):
        assert (after[before == old] == new).all()
    assert found.places[pair[0]] == found.places[pair[1]]
    assert (np.diff(np.bincount(after)) <= 0).all()


def test_the_order_of_the_two_does_not_matter() -> None:
    one, other = merged(made(), 1, 3, X), merged(made(), 3, 1, X)
    assert one.places == other.places
    assert np.array_equal(one.assigner.prototypes, other.assigner.prototypes)
    assert np.array_equal(one.assigner.groups, other.assigner.groups)


def test_segments_that_were_not_touched_keep_the_radius_beyond_which_rows_are_far() -> None:
    assigner = made()
    for found in (merged(assigner, 0, 1, X), split(assigner, 0, 2, X, rng=rng())):
        for old in (2, 3):
            new = found.places[old][0]
            assert found.assigner.radii[new] == assigner.radii[old]


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def test_a_split_finds_the_groups_that_a_segment_holds() -> None:
    assigner = merged(made(), 0, 1, X).assigner
    whole = int(assigner.groups[np.bincount(assigner.groups).argmax() == assigner.groups][0])
    found = split(assigner, whole, 2, X, rng=rng())
    after = found.assigner.answer(X).segment
    assert found.assigner.n_segments == 4
    assert adjusted_rand_index(after, TRUTH) > 0.99
    assert len(found.places[whole]) == 2
    assert [len(p) for i, p in enumerate(found.places) if i != whole] == [1, 1]


@pytest.mark.parametrize("n_parts", [2, 3, 4])
@pytest.mark.parametrize("origin", [False, True])
def test_nearly_everybody_else_stays_where_they_are(n_parts, origin) -> None:
    assigner = made(origin=origin)
    before = assigner.answer(X).segment
    found = split(assigner, 0, n_parts, X, rng=rng())
    after = found.assigner.answer(X).segment
    assert (after == found.meant).mean() >= FIDELITY
    assert np.isin(after[before == 0], found.places[0]).mean() >= FIDELITY
    assert len(found.places[0]) == n_parts


def test_a_split_of_one_cloud_among_others_says_whom_it_moved() -> None:
    cloud = np.random.default_rng(1).normal(size=(600, 2))
    assigner = compress(fit_kmeans(cloud, 4, rng=rng()), cloud)
    before = assigner.answer(cloud).segment
    found = split(assigner, 0, 2, cloud, rng=rng())
    after = found.assigner.answer(cloud).segment
    moved = after != found.meant
    # Prototypes cannot keep every border of a cloud that is cut anywhere; it is counted.
    assert moved.mean() < 0.05
    stayed = ~moved & (before != 0)
    for old in range(1, 4):
        assert (after[stayed & (before == old)] == found.places[old][0]).all()


def test_equal_chance_gives_an_equal_split() -> None:
    one, other = (split(made(), 1, 2, X, rng=rng()) for _ in range(2))
    assert np.array_equal(one.assigner.prototypes, other.assigner.prototypes)


def test_a_few_rows_far_from_the_rest_are_no_part() -> None:
    rows = np.random.default_rng(0).normal(size=(200, 2))
    rows[:3] = 40.0
    assert np.bincount(parts_of(rows, 2, rng())).min() >= 50


def test_the_largest_part_comes_first() -> None:
    rows = np.concatenate([np.zeros(10), np.full(30, 9.0)])[:, None]
    rows = rows + np.random.default_rng(0).normal(scale=0.1, size=rows.shape)
    labels = parts_of(rows, 2, rng())
    assert np.bincount(labels).tolist() == [30, 10]
