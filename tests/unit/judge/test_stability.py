"""Whether segments come back."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.domain.crew import Crew
from segmentry.domain.evidence import StabilityVerdict
from segmentry.judge.stability import (
    N_RESAMPLES,
    RESAMPLED_ROWS,
    Resamples,
    judge_stability,
    mean_jaccards,
    resample,
)
from segmentry.maths.lloyd import kmeans

X, TRUTH = blobs(300, k=3)


def by_kmeans(k):
    return lambda rows, rng: kmeans(rows, k, rng=rng, n_starts=2).labels


def drawn(rows=X, *, seed=0, hands=1, **fitters):
    return resample(rows, fitters or {"three": by_kmeans(3)}, seed=seed, crew=Crew(hands))


def test_planted_groups_come_back():
    found = judge_stability(drawn()["three"], TRUTH, (1, 2, 3))
    assert [s.id for s in found.segments] == [1, 2, 3]
    assert all(s.verdict is StabilityVerdict.STABLE for s in found.segments)
    assert all(s.low <= s.jaccard <= s.high <= 1.0 for s in found.segments)
    assert found.sentence.startswith(
        f"In {N_RESAMPLES} resamples of 300 entities every segment comes back"
    )


def test_borders_through_one_cloud_do_not_come_back():
    noise = np.random.default_rng(0).normal(size=(400, 6))
    labels = kmeans(noise, 6, rng=np.random.default_rng(1)).labels
    found = judge_stability(drawn(noise, six=by_kmeans(6))["six"], labels, range(1, 7))
    told = {s.verdict for s in found.segments}
    assert StabilityVerdict.DISSOLVES in told
    assert "dissolves (0." in found.sentence


def test_rows_are_drawn_with_replacement_and_counted_once():
    found = drawn()["three"]
    assert len(found.rows) == N_RESAMPLES
    for rows, labels in zip(found.rows, found.labels, strict=True):
        assert len(rows) == len(labels) == len(set(rows))
        # About a share of 1 - 1/e of the rows is drawn at least once.
        assert 0.5 < len(rows) / 300 < 0.75


def test_no_resample_is_larger_than_allowed():
    many = np.random.default_rng(0).normal(size=(RESAMPLED_ROWS + 500, 2))
    seen = []

    def fit(rows, rng):
        seen.append(len(rows))
        return (rows[:, 0] > 0).astype(np.int64)

    assert drawn(many, one=fit)["one"].n_rows == RESAMPLED_ROWS
    assert set(seen) == {RESAMPLED_ROWS}


def test_other_methods_and_more_hands_change_nothing():
    alone = drawn()["three"]
    among = drawn(hands=2, two=by_kmeans(2), three=by_kmeans(3))["three"]
    for a, b in zip(alone.labels, among.labels, strict=True):
        np.testing.assert_array_equal(a, b)


def test_another_seed_draws_other_rows():
    first, second = drawn()["three"], drawn(seed=1)["three"]
    assert not np.array_equal(first.rows[0], second.rows[0])


def test_a_segment_is_measured_where_somebody_of_it_was_drawn():
    few = Resamples((np.array([0, 1]), np.array([1, 2])), (np.array([0, 0]), np.array([0, 1])), 2)
    jaccards = few.jaccards(np.array([0, 1, 1]), 3)
    assert mean_jaccards(jaccards).tolist() == pytest.approx([0.5, 0.5, 0.0])


def test_a_doubtful_segment_is_named_with_its_figure():
    labels = np.array([0, 0, 0, 1, 1, 1, 1, 1, 1, 1])
    split = np.array([0, 0, 2, 1, 1, 1, 1, 1, 1, 1])
    found = judge_stability(Resamples((np.arange(10),), (split,), 10), labels, (1, 2))
    assert found.sentence == (
        "In 1 resamples of 10 entities 1 of 2 segments come back (Jaccard index of at least 0.75); "
        "segment 1 is doubtful (0.67)."
    )
