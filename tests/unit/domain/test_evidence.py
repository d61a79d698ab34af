"""Verdicts follow from estimate, interval and threshold."""

from __future__ import annotations

import pytest

from segmentry.domain.evidence import Check, SegmentStability, StabilityVerdict, Verdict


def test_a_check_without_threshold_only_informs():
    assert Check("explained", 0.4).verdict is Verdict.INFO


@pytest.mark.parametrize(
    ("estimate", "low", "verdict"),
    [
        (0.30, None, Verdict.PASS),
        (0.25, None, Verdict.PASS),
        (0.30, 0.26, Verdict.PASS),
        (0.30, 0.20, Verdict.WARN),
        (0.20, None, Verdict.FAIL),
        (0.20, 0.10, Verdict.FAIL),
    ],
)
def test_larger_is_better_passes_above_and_warns_where_the_interval_straddles(
    estimate, low, verdict
):
    assert Check("silhouette", estimate, low, None, 0.25).verdict is verdict


@pytest.mark.parametrize(
    ("estimate", "high", "verdict"),
    [
        (0.5, None, Verdict.PASS),
        (0.6, None, Verdict.PASS),
        (0.5, 0.7, Verdict.WARN),
        (0.7, None, Verdict.FAIL),
    ],
)
def test_smaller_is_better_passes_below_and_warns_where_the_interval_straddles(
    estimate, high, verdict
):
    check = Check("largest", estimate, None, high, 0.6, larger_is_better=False)
    assert check.verdict is verdict


def test_the_harmless_end_of_the_interval_changes_nothing():
    check = Check("largest", 0.5, 0.9, 0.55, 0.6, larger_is_better=False)
    assert check.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("jaccard", "verdict"),
    [
        (0.75, StabilityVerdict.STABLE),
        (0.74, StabilityVerdict.DOUBTFUL),
        (0.6, StabilityVerdict.DOUBTFUL),
        (0.59, StabilityVerdict.DISSOLVES),
    ],
)
def test_a_segment_is_as_steady_as_its_mean_jaccard_index_says(jaccard, verdict):
    assert SegmentStability(1, jaccard, 0.0, 1.0).verdict is verdict
