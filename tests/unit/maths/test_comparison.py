"""One yardstick for several partitions."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.errors import MathsError
from segmentry.maths.comparison import Yardstick, paired_gain
from segmentry.maths.silhouette import N_GROUPS, silhouettes

RNG = np.random.default_rng
X, TRUTH = blobs(400, k=4, gap=3.0)
COARSE = np.minimum(TRUTH, 1)


@pytest.fixture(scope="module")
def yardstick():
    return Yardstick.over(X, RNG(0))


def test_silhouettes_are_those_of_the_definition_for_every_partition(yardstick):
    for labels, found in zip((TRUTH, COARSE), yardstick.measure([TRUTH, COARSE]), strict=True):
        expected = silhouettes(X, labels)
        np.testing.assert_allclose(found.values, expected[yardstick.rows], atol=1e-9)
        assert found.mean == pytest.approx(expected.mean())


def test_replicates_leave_rows_out_on_both_sides(yardstick):
    found = yardstick.measure([TRUTH])[0]
    assert len(found.replicates) == N_GROUPS
    left = np.delete(yardstick.rows, np.arange(yardstick.starts[3], yardstick.starts[4]))
    assert found.replicates[3] == pytest.approx(silhouettes(X[left], TRUTH[left]).mean())
    assert found.low < found.mean < found.high


def test_a_sample_stands_for_more_rows():
    many, truth = blobs(1_500, k=3, gap=3.0)
    found = Yardstick.over(many, RNG(0), n_rows=600).measure([truth])[0]
    assert len(found.values) == 600
    assert found.low <= silhouettes(many, truth).mean() <= found.high


def test_neighbours_agree_where_borders_run_through_empty_space(yardstick):
    apart, truth = blobs(400, k=4, gap=20.0)
    stick = Yardstick.over(apart, RNG(0))
    assert stick.agreement(truth) == 1.0
    assert stick.agreement(np.arange(400) % 4) == pytest.approx(0.25, abs=0.03)
    assert yardstick.agreement(TRUTH) < 1.0


def test_a_heap_of_equal_values_lies_in_no_empty_space():
    heaps = np.column_stack([np.arange(400) % 2, RNG(0).normal(size=400)])
    stick = Yardstick.over(heaps.astype(np.float64), RNG(0))
    assert stick.agreement(np.arange(400) % 2) < 0.99


def test_nothing_is_asked_of_rows_in_no_cluster():
    apart, truth = blobs(400, k=4, gap=20.0)
    stick = Yardstick.over(apart, RNG(0))
    assert stick.agreement(np.where(truth == 0, -1, truth)) == 1.0
    assert stick.agreement(np.full(400, -1)) == 0.0
    assert stick.agreement_interval(np.full(400, -1)) == (0.0, 1.0)


def test_the_agreement_of_neighbours_lies_within_its_interval(yardstick):
    low, high = yardstick.agreement_interval(TRUTH)
    assert 0.0 <= low < yardstick.agreement(TRUTH) < high <= 1.0
    apart, truth = blobs(400, k=4, gap=20.0)
    assert Yardstick.over(apart, RNG(0)).agreement_interval(truth) == (1.0, 1.0)


def test_the_interval_of_neighbours_holds_what_many_rows_agree_on():
    def drawn(n, seed):
        X = RNG(seed).normal(size=(n, 2))
        return Yardstick.over(X, RNG(0)), (X[:, 0] > 0).astype(np.int64)

    # The nearest lie nearer where rows are more: as many each time, of other chance.
    found = [drawn(400, seed) for seed in range(60)]
    wanted = np.mean([stick.agreement(labels) for stick, labels in found])
    held = [low <= wanted <= high for low, high in (s.agreement_interval(t) for s, t in found)]
    assert np.mean(held) > 0.85


def test_neighbours_are_the_ten_nearest_others():
    line = np.arange(40.0)[:, None]
    stick = Yardstick.over(line, RNG(0))
    place = int(np.flatnonzero(stick.rows == 20)[0])
    near = np.sort(stick.rows[stick.neighbours[place]])
    assert near.tolist() == [15, 16, 17, 18, 19, 21, 22, 23, 24, 25]


def test_a_cluster_outside_the_sample_is_not_seen():
    labels = np.zeros(400, dtype=np.int64)
    labels[0] = 1
    stick = Yardstick.over(X, RNG(0), n_rows=50)
    assert 0 not in stick.rows
    assert stick.measure([labels])[0].mean == 0.0


def test_what_two_partitions_share_cancels_in_their_difference(yardstick):
    shifted = np.where(RNG(1).random(400) < 0.02, (TRUTH + 1) % 4, TRUTH)
    ours, theirs = yardstick.measure([TRUTH, shifted])
    gain, low, high = paired_gain(ours.mean, ours.replicates, theirs.mean, theirs.replicates)
    assert gain == ours.mean - theirs.mean
    assert high - low < (ours.high - ours.low)
    assert low > 0


def test_one_row_has_no_distances():
    with pytest.raises(MathsError, match="at least two rows, not 1"):
        Yardstick.over(X[:1], RNG(0))
