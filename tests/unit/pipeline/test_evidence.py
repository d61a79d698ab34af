"""What is measured once a segmentation is settled."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs, feature_table, matrix
from segmentry.cluster.compress import compress
from segmentry.domain.crew import Crew
from segmentry.domain.partition import Partition
from segmentry.judge.stability import resample
from segmentry.maths.comparison import Yardstick
from segmentry.maths.indices import cluster_means
from segmentry.maths.lloyd import kmeans
from segmentry.maths.silhouette import mean_silhouette, silhouettes
from segmentry.pipeline.evidence import QUANTILES, Settled, judge_settled
from segmentry.seeds import stream

X, TRUTH = blobs(600, k=3, gap=4.0)


def fit(rows, rng):
    return kmeans(rows, 3, rng=rng).labels


def judged(rows=None, table=None):
    rows = np.arange(600) if rows is None else rows
    assigner = compress(Partition(TRUTH, cluster_means(X, TRUTH, 3), "k-means"), X)
    answers = assigner.answer(X)
    settled = Settled(
        matrix(X),
        answers,
        (4, 9, 2),
        mean_silhouette(X, answers.segment, rng=stream(0, "silhouette")),
        rows,
        Yardstick.over(X[rows], stream(0, "yardstick")),
    )
    resamples = resample(X[rows], {"fit": fit}, seed=0, crew=Crew())["fit"]
    return judge_settled(settled, resamples, table=table, seed=0), answers.segment


@pytest.fixture(scope="module")
def found():
    return judged()


def test_every_part_speaks_of_every_segment(found):
    parts, _ = found
    for part in (parts.stability.segments, parts.silhouettes.segments, parts.surrogate.rules):
        assert [s.id for s in part] == [4, 9, 2]
    assert set(parts.discriminant.worst_pair) < {4, 9, 2}
    last = parts.merging.merges[-1]
    assert sorted(last.first + last.second) == [2, 4, 9]


def test_silhouettes_are_those_of_the_definition(found):
    parts, segment = found
    expected = silhouettes(X, segment)
    for told in parts.silhouettes.segments:
        own = expected[segment == (4, 9, 2).index(told.id)]
        assert told.mean == pytest.approx(own.mean())
        assert told.low <= told.mean <= told.high
        assert told.below_zero == pytest.approx((own < 0).mean())
        assert told.values[0] == pytest.approx(own.max(), abs=1e-4)
        assert told.values[-1] == pytest.approx(own.min(), abs=1e-4)


def test_curves_fall_and_are_short(found):
    for told in found[0].silhouettes.segments:
        assert len(told.values) == QUANTILES
        assert list(told.values) == sorted(told.values, reverse=True)


def test_a_sample_is_judged_by_its_own_rows():
    rows = np.sort(np.random.default_rng(0).permutation(600)[:200])
    parts, _ = judged(rows)
    assert parts.silhouettes.n_rows == parts.stability.n_rows == 200


def test_without_a_table_the_baseline_is_a_direction_of_the_matrix(found):
    assert found[0].baseline.name == "quantiles of the first principal component"


def test_a_table_gives_rules_in_its_own_units():
    table = feature_table({f"x{j}": 1000.0 * column for j, column in enumerate(X.T)})
    parts, _ = judged(table=table)
    assert parts.surrogate.accuracy > 0.9
    cuts = [
        float(w.replace(",", ""))
        for r in parts.surrogate.rules
        for w in r.rule.split()
        if w[-1].isdigit() and w[0] != "x"
    ]
    assert max(abs(c) for c in cuts) > 100
