"""The nouns of a comparison."""

from __future__ import annotations

import numpy as np

from segmentry.domain.comparison import Compared, Comparison, Sensitivity, Variation

ROW = Compared("ward", 5, {"silhouette": 0.4}, {"dbcv": "not asked for"}, "Chosen.", np.arange(5))
OTHER = Compared("k-means", 4, {"silhouette": 0.3, "dbcv": 0.1}, {}, "Rejected.", np.arange(4))


def test_rows_have_the_same_keys_and_a_figure_that_is_not_there_is_none():
    found = Comparison((ROW, OTHER), {}, (), np.eye(0), (), "Chosen.", 10, 10)
    one, other = found.table
    assert one.keys() == other.keys()
    assert one["dbcv"] is None
    assert one["missing"] == {"dbcv": "not asked for"}
    assert other["dbcv"] == 0.1


def test_a_row_is_named_by_method_and_number():
    assert ROW.name == "ward, 5 segments"


def test_the_weakest_segment_counts_from_one():
    assert Variation("seed", "1", 0.9, (0.8, 0.3, 0.9)).weakest == 2
    assert Variation("windows", "", float("nan"), missing="costly").weakest == 0


def test_what_was_not_measured_is_none_and_says_why():
    found = Sensitivity(
        "ward", 5, (1.0,), (Variation("windows", "", float("nan"), missing="costly"),), "", 9, 9
    )
    (row,) = found.table
    assert (row["ari"], row["weakest_segment"], row["missing"]) == (None, None, "costly")
