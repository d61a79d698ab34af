"""Two levels: parts where there are some, none in one cloud or in a piece of it, and why not."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.cluster import levels
from segmentry.cluster.compress import FIDELITY, compress
from segmentry.cluster.kmeans import fit_kmeans
from segmentry.cluster.levels import FEWEST_ROWS, fit_levels
from segmentry.domain.micro import Whole
from segmentry.domain.partition import Partition
from segmentry.errors import MathsError
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.gain import explained_share

RNG = np.random.default_rng
EVERY = np.ones(2, dtype=bool)


def one(X):
    return np.zeros(len(X), dtype=np.int64)


def right_of(border):
    """Cut rows in two at a border in the first column."""
    return lambda X: (X[:, 0] > border).astype(np.int64)


def two_levels(n=1_200):
    """One broad segment is a cloud, the other one three groups near to each other."""
    inner, truth = blobs(n, k=3, d=4, gap=6.0)
    cloud = RNG(1).normal(size=(n, 4)) * [1.0, 2.0, 0.5, 1.0] + 60.0
    return np.vstack([inner, cloud]), np.concatenate([truth, np.full(n, 3)])


def test_parts_are_told_apart_where_there_are_some():
    X, truth = two_levels()
    inner, cloud = fit_levels(X, right_of(30.0), rng=RNG(0))
    assert cloud.whole is Whole.CHANCE
    assert inner.whole is None
    parts = inner.assigner.answer(X[truth < 3]).segment
    assert adjusted_rand_index(parts, truth[truth < 3]) > 0.98
    sizes = np.bincount(parts)
    assert (np.diff(sizes) <= 0).all()


def test_figures_are_those_of_what_answers():
    X, truth = two_levels()
    own = X[truth < 3]
    division = fit_levels(X, right_of(30.0), rng=RNG(0))[0]
    explained = explained_share(own, division.assigner.answer(own).segment)
    assert division.explained == pytest.approx(explained)
    assert division.explained > division.by_chance > 0
    assert FIDELITY <= division.fidelity <= 1.0


@pytest.mark.parametrize(
    ("draw", "d"),
    [
        (lambda rng, d: rng.normal(size=(1_000, d)), 2),
        (lambda rng, d: rng.random((1_000, d)), 2),
        (lambda rng, d: rng.random((1_000, d)), 6),
        (lambda rng, d: np.exp(0.6 * rng.normal(size=(1_000, d))), 3),
    ],
    ids=["normal", "even", "even in six columns", "lognormal"],
)
def test_pieces_that_a_method_cut_out_of_one_cloud_stay_whole_nearly_always(draw, d):
    divided = 0
    for seed in range(2):
        X = draw(RNG(seed), d)
        assigner = compress(fit_kmeans(X, 5, rng=RNG(seed)), X)
        found = fit_levels(X, lambda Y, a=assigner: a.answer(Y).segment, rng=RNG(seed))
        divided += sum(x.whole is None for x in found)
    assert divided <= 2


@pytest.mark.parametrize("skewed", [False, True])
def test_one_cloud_stays_whole_nearly_always(skewed):
    whole = 0
    for seed in range(8):
        X = RNG(seed).normal(size=(200, 3)) * 0.6
        X = np.exp(X) if skewed else X * [1.0, 3.0, 0.5]
        whole += fit_levels(X, one, rng=RNG(seed))[0].whole is not None
    assert whole >= 7


def categories(rng, n):
    """Three categories of four levels as columns of yes and no, beside two normal columns."""
    levels = [np.eye(4)[rng.choice(4, n, p=[0.4, 0.3, 0.2, 0.1])] for _ in range(3)]
    return np.column_stack([*levels, rng.normal(size=(n, 2))])


def charges(rng, n):
    """Services that have nothing to do with each other, and what they cost together."""
    services = (rng.random((n, 6)) < 0.45).astype(float)
    cost = services @ [5, 5, 5, 10, 10, 20] + rng.normal(size=n)
    return np.column_stack([services, cost / 15.0, rng.normal(size=n)])


@pytest.mark.parametrize("draw", [categories, charges])
def test_levels_of_categories_that_have_nothing_to_do_with_each_other_are_no_parts(draw):
    """Nearly all of these cells were divided: combinations of levels are heaps."""
    divided = 0
    for seed in range(3):
        X = draw(RNG(seed), 1_000)
        assigner = compress(fit_kmeans(X, 4, rng=RNG(seed)), X)
        found = fit_levels(X, lambda Y, a=assigner: a.answer(Y).segment, rng=RNG(seed))
        divided += sum(x.whole is None for x in found)
    assert divided <= 1


def test_columns_of_few_values_make_no_parts_and_hide_none():
    X, truth = two_levels(600)
    flags = 5.0 * (RNG(0).random((len(X), 3)) < 0.5)
    division = fit_levels(np.column_stack([X, flags]), right_of(30.0), rng=RNG(0))[0]
    assert (division.whole, division.n_columns) == (None, 4)
    own = truth < 3
    with_flags = np.column_stack([X, flags])[own]
    parts = division.assigner.answer(with_flags).segment
    assert adjusted_rand_index(parts, truth[own]) > 0.98
    # Whatever the flags are, they decide nothing.
    turned = np.column_stack([X[own], 5.0 - flags[own]])
    assert np.array_equal(parts, division.assigner.answer(turned).segment)
    assert division.explained == pytest.approx(explained_share(X[own], parts))


def test_a_column_of_one_value_within_a_segment_is_no_hindrance():
    X, truth = two_levels(400)
    X = np.column_stack([X, truth < 3])
    assert fit_levels(X, right_of(30.0), rng=RNG(0))[0].whole is None


def test_twenty_rows_of_distinct_values_vary_smoothly():
    X = RNG(0).normal(size=(20, 2))
    X[:10] += 50.0
    assert fit_levels(X, one, rng=RNG(0))[0].whole is None


@pytest.mark.parametrize("n", [250, 300, 350, 500, 550])
def test_a_part_of_exactly_as_few_rows_as_are_told_is_told(n):
    least = max(FEWEST_ROWS, n // 50 + (n % 50 > 0))
    X = RNG(0).normal(size=(n, 2))
    X[:least] += 50.0
    division = fit_levels(X, one, rng=RNG(0))[0]
    assert np.bincount(division.assigner.answer(X).segment).tolist() == [n - least, least]
    X[0] -= 50.0
    assert fit_levels(X, one, rng=RNG(0))[0].whole is Whole.SMALL


def test_what_prototypes_do_not_keep_stays_whole():
    X, truth = blobs(300, k=2, d=2)
    centres = np.array([X[truth == g].mean(axis=0) for g in (0, 1)])
    moved = RNG(0).random(300) < 0.1
    blurred = Partition(np.where(moved, 1 - truth, truth), centres, "ward")
    chance = np.full(19, 0.01)
    found = levels._answered(X, EVERY, blurred, chance, FEWEST_ROWS, RNG(0))
    assert found.whole is Whole.UNFAITHFUL
    kept = levels._answered(X, EVERY, Partition(truth, centres, "ward"), chance, 10, RNG(0))
    assert (kept.whole, kept.fidelity) == (None, 1.0)


def test_what_answers_has_to_explain_more_than_every_cloud_too():
    X, truth = blobs(300, k=2, d=2)
    centres = np.array([X[truth == g].mean(axis=0) for g in (0, 1)])
    partition = Partition(truth, centres, "ward")
    most = explained_share(X, truth)
    for chance, whole in ((most, Whole.CHANCE), (most - 1e-9, None)):
        found = levels._answered(X, EVERY, partition, np.append(np.zeros(18), chance), 10, RNG(0))
        assert found.whole is whole


def test_parts_are_counted_among_the_answers_and_not_in_the_hierarchy(monkeypatch):
    """Of rows that the hierarchy puts into a part of ten, prototypes leave eight there."""
    X = np.concatenate([np.arange(100.0), np.full(8, 500.0), np.full(2, 100.0)])[:, None]
    labels = np.repeat([0, 1], [100, 10])
    partition = fit_kmeans(X, 2, rng=RNG(0))
    hierarchy = Partition(labels, partition.centres, "ward")
    monkeypatch.setattr(levels, "stand_in", lambda *_, **__: (partition, 0.99))
    found = levels._answered(X, EVERY[:1], hierarchy, np.zeros(19), 10, RNG(0))
    assert found.whole is Whole.SMALL


def test_equal_and_few_rows_stay_whole():
    X = np.concatenate([np.full(40, 1.0), np.arange(10.0) + 5.0])[:, None]
    found = fit_levels(X, right_of(3.0), rng=RNG(0))
    assert [x.whole for x in found] == [Whole.UNTESTED, Whole.FEW]


def test_a_segment_whose_borders_hold_no_cloud_is_not_tested():
    X, _ = blobs(200, k=2, d=2)

    def exactly(Y):
        return np.zeros(len(Y), dtype=np.int64) if Y is X else np.ones(len(Y), dtype=np.int64)

    assert fit_levels(X, exactly, rng=RNG(0))[0].whole is Whole.UNTESTED


def test_equal_chance_gives_equal_parts():
    X, _ = two_levels(300)
    first, again = (fit_levels(X, right_of(30.0), rng=RNG(3))[0] for _ in range(2))
    assert np.array_equal(first.assigner.prototypes, again.assigner.prototypes)
    assert (first.explained, first.by_chance) == (again.explained, again.by_chance)


def test_every_segment_needs_rows():
    with pytest.raises(MathsError, match="of 2 broad segments of 3 rows, each needs rows"):
        fit_levels(np.ones((3, 1)), right_of(0.0), rng=RNG(0))
