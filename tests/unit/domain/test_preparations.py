"""Rows of preparations as plain facts."""

from __future__ import annotations

import json

import numpy as np

from segmentry.domain.bounded import Bounded
from segmentry.domain.preparations import Prepared

ROW = Prepared(
    "scale", "robust", 7, 4, 0.1, 0.5, float("nan"), np.linspace(0.8, 1.0, 21), 0.7, 0.9,
    Bounded(0.3, 0.28, 0.32), 0.2, Bounded(0.6, 0.55, 0.65),
)  # fmt: skip


def test_a_row_has_the_name_that_the_project_file_has():
    assert ROW.name == "scale: robust"


def test_draws_are_told_by_their_mean_and_middle_nine_tenths():
    np.testing.assert_allclose(
        (ROW.comes_back.value, ROW.comes_back.low, ROW.comes_back.high), (0.9, 0.81, 0.99)
    )


def test_what_is_of_one_space_says_so_in_its_name():
    told = json.loads(json.dumps(ROW.as_dict(), allow_nan=False))
    assert told["silhouette_own_space"] == {"value": 0.3, "low": 0.28, "high": 0.32}
    assert told["neighbours_own_space"] == 0.9
    assert told["seed_ari"] is None
