"""Which methods there are, and which of them suit the data."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from crowds import CROWDS, crowd_of
from segmentry.cluster.catalogue import (
    AUTOMATIC,
    CATALOGUE,
    METHODS,
    ROBUST,
    method,
    plan_methods,
)
from segmentry.cluster.compress import compress
from segmentry.cluster.search import search
from segmentry.domain.assigner import Answers
from segmentry.domain.crew import Crew
from segmentry.domain.progress import Silent
from segmentry.maths.agreement import adjusted_rand_index

X, TRUTH = blobs(300, k=3)


@pytest.mark.parametrize("name", [m.name for m in CATALOGUE if not m.objection(X)])
def test_every_method_fits_from_scratch(name):
    labels = method(name).refit(X, 3, np.random.default_rng(0), {})
    assert adjusted_rand_index(labels, TRUTH) == 1.0
    assert labels.dtype == np.int64


def test_automatic_tries_every_method_on_smooth_numbers():
    plan = plan_methods(X, "auto")
    assert [(t.name, t.is_tried) for t in plan] == [(m.name, m.is_automatic) for m in CATALOGUE]
    assert [t.name for t in plan if t.reason.startswith("Tried: ")] == list(AUTOMATIC)
    assert all("asked for by name" in t.reason for t in plan if not t.is_tried)


def test_bell_curves_are_no_model_of_yes_and_no():
    plan = plan_methods((X > 0).astype(float), "auto")
    told = {t.name: (t.is_tried, t.reason) for t in plan}
    assert told["gaussian mixture"] == (
        False,
        "Not tried: only 0 of 4 columns take more than 10 values.",
    )
    assert told["k-means"][0]


def test_a_method_that_is_asked_for_is_tried_all_the_same_and_told_what_speaks_against_it():
    plan = plan_methods((X > 0).astype(float), ("gaussian mixture",))
    told = {t.name: (t.is_tried, t.reason) for t in plan}
    assert told["gaussian mixture"][0]
    assert "although only 0 of 4 columns" in told["gaussian mixture"][1]
    assert told["ward"] == (False, "Not asked for.")


def test_a_hierarchy_of_many_rows_says_what_stands_for_them():
    rows = np.random.default_rng(0).normal(size=(5_001, 2))
    reason = next(t.reason for t in plan_methods(rows, "auto") if t.name == "ward")
    assert "2,000 small clusters that stand for 5,001 rows" in reason


def together(parts: list[Answers]) -> list[np.ndarray]:
    """Put answers end to end, field by field."""
    fields = ("segment", "second", "confidence", "anomaly", "anomaly_score")
    return [np.concatenate([getattr(p, f) for p in parts]) for f in fields]


@pytest.mark.parametrize("name", METHODS)
def test_the_assigner_of_every_method_answers_alike_however_it_is_asked(name):
    rng = np.random.default_rng(3)
    rows, asked = (CROWDS[crowd_of(name)](rng, n) for n in (300, 120))
    trial = search(rows, range(3, 7), seed=0, progress=Silent(), methods=(name,))[0]
    assigner = compress(trial.best, rows)
    whole = together([assigner.answer(asked)])
    alone = together([assigner.answer(asked[i : i + 1]) for i in range(len(asked))])
    pieces = [asked[i : i + 17] for i in range(0, len(asked), 17)]
    on_threads = together(list(Crew(2).map(assigner.answer, pieces)))
    for at_once, one_by_one, side_by_side in zip(whole, alone, on_threads, strict=True):
        np.testing.assert_array_equal(at_once, one_by_one)
        np.testing.assert_array_equal(at_once, side_by_side)
    assert set(whole[0]) <= set(range(assigner.n_segments))
    np.testing.assert_array_equal(whole[0], assigner.distances(asked).argmin(axis=1))
    assert np.isnan(trial.fidelity) or trial.fidelity >= 0.9


def beside_far_rows(name: str, seed: int) -> float:
    """Give how far answers agree with planted groups where three rows in a hundred are far off."""
    rng = np.random.default_rng(seed)
    rows, truth = blobs(400, k=4, gap=9.0, seed=seed)
    rows = np.vstack([rows, rng.uniform(-200, 200, (12, 4))])
    trial = search(rows, range(4, 5), seed=seed, progress=Silent(), methods=(name,))[0]
    answers = compress(trial.best, rows).answer(rows).segment
    return adjusted_rand_index(answers[: len(truth)], truth)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ROBUST)
def test_robust_methods_do_not_follow_a_few_rows_far_from_all_others(name, seed):
    assert beside_far_rows(name, seed) > 0.97


@pytest.mark.parametrize("name", ["k-means", "ward"])
def test_others_do(name):
    assert min(beside_far_rows(name, seed) for seed in range(3)) < 0.8


@pytest.mark.parametrize("name", ["dbscan", "hdbscan"])
def test_noise_far_from_all_segments_is_told_as_an_anomaly(name):
    rng = np.random.default_rng(4)
    far = rng.choice([-1.0, 1.0], (12, 4)) * rng.uniform(40, 60, (12, 4))
    rows = np.vstack([X, far])
    trial = search(rows, range(3, 4), seed=0, progress=Silent(), methods=(name,))[0]
    answers = compress(trial.best, rows).answer(rows)
    assert (trial.own[len(X) :] == -1).all()
    assert answers.anomaly[len(X) :].all()
    assert (answers.segment >= 0).all()
