"""The costly criteria."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import blobs, candidate
from segmentry.domain.partition import Partition
from segmentry.judge.contest import CRITERIA
from segmentry.judge.differing import OutcomeRows
from segmentry.judge.surrogate import Readable
from segmentry.judge.thorough import FREE, GAP_REFERENCES, Bench, measure_thoroughly
from segmentry.maths.gap import by_kmeans, gap_statistic
from segmentry.seeds import stream

X, TRUTH = blobs(400, k=3)
CURVE = {2: 900.0, 3: 100.0, 4: 80.0, 5: 60.0}
READABLE = tuple(Readable(f"x{j}", X[:, j]) for j in range(X.shape[1]))


def measured(labels=TRUTH, *, labelled=by_kmeans, curve=CURVE, outcome=None):
    k = int(labels.max()) + 1
    centres = np.stack([X[labels == s].mean(axis=0) for s in range(k)])
    own = replace(candidate(k), partition=Partition(labels, centres, "k-means"))
    bench = Bench(X, READABLE, outcome, "no outcome is known", 0)
    return measure_thoroughly(own, bench, labelled=labelled, curve=curve)


@pytest.fixture(scope="module")
def planted():
    return measured()


def test_every_costly_criterion_gets_a_figure_or_a_reason(planted):
    figures = {n for n in planted if not n.endswith(("_low", "_high"))}
    assert figures == {c.name for c in CRITERIA if c.is_costly}


@pytest.mark.parametrize("name", ["gap", "prediction_strength", "macro_f1", "tree_fidelity"])
def test_figures_lie_within_their_intervals(name):
    blurred = np.where(np.arange(400) % 5 == 0, np.roll(TRUTH, 1), TRUTH)
    found = measured(blurred)
    assert found[f"{name}_low"] <= found[name] <= found[f"{name}_high"]
    # Halves of groups that lie so far apart keep every pair, in every split.
    assert (found[f"{name}_low"] < found[f"{name}_high"]) is (name != "prediction_strength")


def test_the_interval_of_the_gap_is_that_of_its_standard_error():
    found = measured()
    rng = stream(0, "compare", "gap", candidate(3).name)
    gap = gap_statistic(X, (3, 4), rng=rng, labelled=by_kmeans, n_references=GAP_REFERENCES)
    half = 1.96 * gap.standard_errors[0]
    assert (found["gap_low"], found["gap_high"]) == pytest.approx(
        (gap.gaps[0] - half, gap.gaps[0] + half), abs=1e-3
    )


def test_planted_groups_do_well_by_all_of_them(planted):
    assert planted["gap"] >= planted["gap_next"]
    assert planted["prediction_strength"] > 0.95
    assert planted["dbcv"] > 0.3
    assert planted["dbcv_low"] < planted["dbcv"] < planted["dbcv_high"]
    assert planted["macro_f1"] == planted["tree_fidelity"] == 1.0
    assert planted["knee"] == 3


def test_groups_by_lot_do_badly(planted):
    lot = measured(np.random.default_rng(9).integers(0, 3, 400))
    assert lot["macro_f1"] < 0.5
    assert lot["dbcv"] < 0.0


def test_an_outcome_that_follows_the_groups_is_explained():
    values = (TRUTH == 0).astype(float)[:, None]
    rows = OutcomeRows("left", X, values, is_share=True, basis="400 entities")
    found = measured(outcome=rows)
    assert found["outcome_explained"] == pytest.approx(1.0)
    assert found["outcome_explained_low"] <= found["outcome_explained_high"] <= 1.0


def test_what_cannot_be_measured_says_why():
    free = measured(labelled=None, curve={3: 1.0})
    assert free["gap"] == free["prediction_strength"] == FREE
    assert free["knee"] == "a bend needs three numbers of segments, not 1"
    assert free["outcome_explained"] == "no outcome is known"
    straight = measured(curve={2: 30.0, 3: 20.0, 4: 10.0})
    assert straight["knee"] == "the curve of scatter does not bend"
    lonely = measured(np.r_[0, np.ones(399, dtype=np.int64)])
    assert "needs two clusters" in lonely["dbcv"]


def test_the_same_seed_gives_the_same_figures(planted):
    assert measured() == planted
