"""Segments at an earlier cut, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from segmentry.domain.bounded import Bounded
from segmentry.judge.overtime import Moments, judge_slice, over_time_sentence
from segmentry.maths.agreement import adjusted_rand_index, best_jaccards
from segmentry.maths.intervals import wilson_interval

CUT = datetime(2024, 5, 1, tzinfo=UTC)
NOW = np.array([0] * 50 + [1] * 30 + [2] * 20)
THEN = NOW.copy()
THEN[:10] = 1
"""Ten of the first segment came from the second."""


def judged(anew=None, *, now=NOW, then=THEN, k=3):
    moments = Moments(now, then, then if anew is None else anew, k)
    rng = np.random.default_rng(0)
    return judge_slice(moments, cut=CUT, days=30.0, n_later=7, rng=rng)


def test_who_moved_is_counted_by_the_segment_that_they_were_in():
    found = judged()
    assert (found.n_known, found.n_later) == (100, 7)
    assert found.stayed == Bounded(0.9, *wilson_interval(90, 100))
    first, second, third = found.segments
    assert (first.n_then, first.n_now, first.moved_to) == (40, 50, None)
    assert (second.n_then, second.n_now, second.moved_to) == (40, 30, 1)
    assert second.stayed == Bounded(0.75, *wilson_interval(30, 40))
    assert third.stayed.value == 1.0


def test_sizes_alone_would_keep_some():
    assert judged().by_chance == pytest.approx(0.4 * 0.5 + 0.4 * 0.3 + 0.2 * 0.2)


def test_movement_and_fitting_again_are_told_apart():
    only_movement = judged()
    assert only_movement.borders.value == 1.0
    assert only_movement.anew.value == adjusted_rand_index(NOW, THEN)
    assert only_movement.together.value == adjusted_rand_index(NOW, THEN)
    only_fitting = judged(np.where(np.arange(100) % 5 == 0, 3, NOW), then=NOW)
    assert only_fitting.stayed.value == only_fitting.together.value == 1.0
    assert only_fitting.anew.value == only_fitting.borders.value < 1.0


def test_who_goes_to_another_segment_in_company_stays_together():
    found = judged(then=np.array([1, 2, 0])[NOW])
    assert found.stayed.value == 0.0
    assert found.together.value == 1.0


def test_each_segment_has_its_own_jaccard_index():
    found = judged()
    np.testing.assert_allclose(
        [s.anew.value for s in found.segments], best_jaccards(NOW, THEN, 3), rtol=1e-12
    )
    assert [s.borders.value for s in found.segments] == [1.0, 1.0, 1.0]


def test_a_segment_that_nobody_was_in_is_told_without_figures():
    found = judged(then=np.where(NOW == 2, 1, NOW))
    third = found.segments[2]
    assert (third.n_then, third.n_now, third.stayed, third.moved_to) == (0, 20, None, None)
    assert third.borders is None
    assert third.anew is not None


def test_where_nothing_was_found_anew_the_movement_is_still_told():
    found = judged("k-means found no 3 segments")
    assert (found.anew, found.borders) == (None, None)
    assert found.missing == "k-means found no 3 segments"
    assert "found anew at none of these cuts" in over_time_sentence([found])


def test_the_sentence_names_both_parts_of_a_change():
    told = over_time_sentence([judged(), replace(judged(), days=60.0)])
    assert told.startswith("30 days before the cut, 90")
    assert "by the same borders" in told
    assert "holds both movement and fitting again" in told
    assert told.endswith("fitting again alone 1.00 (1.00 to 1.00).")
