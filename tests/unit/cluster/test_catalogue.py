"""Which methods there are, and which of them suit the data."""

from __future__ import annotations

import numpy as np
import pytest

from builders import blobs
from segmentry.cluster.catalogue import AUTOMATIC, CATALOGUE, method, plan_methods
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
    assert "4,000 small clusters that stand for 5,001 rows" in reason
