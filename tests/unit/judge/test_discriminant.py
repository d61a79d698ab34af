"""Whether membership can be predicted."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.judge.discriminant import ROWS, _foretold, foretold_f1, judge_discriminant

RNG = np.random.default_rng


def judged(X, segment, ids=(1, 2, 3)):
    return judge_discriminant(X, segment, ids, rng=RNG(0))


def test_planted_groups_are_predicted():
    X, truth = blobs(600, k=3)
    found = judged(X, truth)
    assert found.accuracy == 1.0
    assert found.low < 1.0 == found.high
    assert found.chance == np.bincount(truth).max() / 600


def test_membership_by_lot_is_predicted_by_nobody():
    X, _ = blobs(900, k=3)
    found = judged(X, RNG(5).integers(0, 3, 900))
    assert found.low <= found.chance + 0.05
    assert found.accuracy < 0.45


def test_the_pair_that_is_hardest_to_tell_apart_is_named():
    rng = RNG(0)
    segment = np.arange(900) % 3
    X = np.array([0.0, 10.0, 11.5])[segment][:, None] + rng.normal(size=(900, 1))
    found = judged(X, segment)
    assert found.worst_pair == (2, 3)
    assert found.worst_pair_accuracy == pytest.approx(0.773, abs=0.04)  # of two normals 1.5 apart
    assert "segments 2 and 3: of their entities that are put into either, " in found.sentence


def test_no_more_rows_are_used_than_are_needed():
    X, truth = blobs(ROWS + 1_000, k=3)
    assert judged(X, truth).n_rows == ROWS


@pytest.mark.parametrize("n", [29, 400])
def test_few_rows_or_one_segment_cannot_be_judged(n):
    X, truth = blobs(n, k=3)
    assert judged(X, truth if n < 30 else np.zeros(n, dtype=np.int64)) is None


def test_every_segment_counts_alike_however_small():
    from sklearn.metrics import f1_score

    rng = RNG(2)
    truth = (rng.random(2_000) < 0.05).astype(np.int64)
    X = 2.0 * truth[:, None] + rng.normal(size=(2_000, 1))
    found = foretold_f1(X, truth, rng=RNG(0))
    assert 0.5 < found.value < judged(X, truth, (1, 2)).accuracy
    assert found.low < found.value < found.high
    told, guessed = _foretold(X, truth, RNG(0))
    assert found.value == pytest.approx(f1_score(told, guessed, average="macro"))
    draws = [rng.integers(0, len(told), len(told)) for _ in range(300)]
    again = [f1_score(told[i], guessed[i], average="macro") for i in draws]
    assert (found.low, found.high) == pytest.approx(np.quantile(again, [0.025, 0.975]), abs=0.01)
    assert foretold_f1(X[:10], truth[:10], rng=RNG(0)) is None
