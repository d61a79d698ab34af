"""Contrasts of numbers, of columns that preparation left out, and of category levels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import percentileofscore

from builders import feature_table, matrix, standardised
from segmentry.domain.matrix import Matrix
from segmentry.explain.contrast import measure
from segmentry.maths.effect import cohens_h


def halves(n=40):
    return np.repeat([0, 1], n // 2)


def found(measures, segment, feature, level=None):
    return next(
        m for m in measures[segment] if m.contrast.feature == feature and m.contrast.level == level
    )


def test_means_and_medians_are_those_of_the_table_not_of_the_matrix():
    table = feature_table({"spend": [1.0, 2.0, 3.0, 10.0, 20.0, 90.0]})
    measures = measure(table, standardised(table), np.array([0, 0, 0, 1, 1, 1]), 2)
    c = found(measures, 1, "spend").contrast
    assert (c.mean, c.median, c.overall_mean, c.overall_median) == (40.0, 20.0, 21.0, 6.5)
    assert c.low < c.difference < c.high


def test_missing_values_count_in_no_mean_and_are_told_as_a_share():
    table = feature_table({"gap": [2.0, None, 4.0, None, None, None]})
    measures = measure(table, standardised(table), np.array([0, 0, 0, 1, 1, 1]), 2)
    assert found(measures, 0, "gap").contrast.mean == 3.0
    assert found(measures, 0, "gap").present_share == pytest.approx(2 / 3)
    assert found(measures, 1, "gap").contrast.mean is None


def test_the_spread_of_everyone_is_not_that_of_a_few_far_out():
    values = np.random.default_rng(3).normal(50.0, 4.0, 1000)
    values[:4] = 1e6
    table = feature_table({"spend": list(values)})
    measures = measure(table, standardised(table), np.repeat([0, 1], 500), 2)
    assert found(measures, 0, "spend").spread == pytest.approx(4.0, rel=0.1)
    assert found(measures, 1, "spend").spread == found(measures, 0, "spend").spread


def test_a_column_that_the_matrix_lacks_is_compared_on_ranks():
    segment = halves()
    values = np.where(segment == 1, 1000.0, 1.0) + np.arange(40)
    table = feature_table({"kept": list(np.arange(40.0)), "pruned": list(values)})
    whole = standardised(table)
    without = Matrix(whole.X[:, :1].copy(), whole.ids, ("kept",), ("kept",))
    c = found(measure(table, without, segment, 2), 1, "pruned").contrast
    assert c.difference == pytest.approx(0.866, abs=0.01)  # halves of evenly spread ranks
    assert c.low > 0


def test_each_level_is_a_contrast_of_shares_on_the_arcsine_scale():
    plans = ["pro"] * 15 + ["free"] * 5 + ["free"] * 20
    table = feature_table({"plan": plans})
    measures = measure(table, matrix(np.zeros((40, 0))), halves(), 2)
    c = found(measures, 0, "plan", "pro").contrast
    assert (c.mean, c.overall_mean, c.median) == (0.75, 0.375, None)
    assert c.difference == pytest.approx(cohens_h(0.75, 0.375))
    assert found(measures, 1, "plan", "pro").contrast.difference < 0


def test_levels_held_by_fewer_than_ten_entities_are_not_told():
    table = feature_table({"city": ["Rome"] * 31 + ["Oslo"] * 9})
    measures = measure(table, matrix(np.zeros((40, 0))), halves(), 2)
    assert {m.contrast.level for m in measures[0]} == {"Rome"}


def test_contrasts_come_strongest_first():
    segment = halves()
    table = feature_table(
        {"weak": list(segment * 0.1 + np.arange(40)), "strong": list(segment * 9.0)}
    )
    names = [m.contrast.feature for m in measure(table, standardised(table), segment, 2)[0]]
    assert names == ["strong", "weak"]


def test_a_column_of_zeros_and_ones_is_a_share():
    table = feature_table({"mens": list(halves() * 1.0), "spend": list(np.arange(40.0))})
    measures = measure(table, standardised(table), halves(), 2)
    assert found(measures, 0, "mens").is_share
    assert not found(measures, 0, "spend").is_share


def test_an_interval_made_wider_leaves_out_zero_less_easily():
    rng = np.random.default_rng(0)
    segment = np.repeat([0, 1], 200)
    table = feature_table({"x": list(rng.normal(size=400) + 0.3 * segment)})
    item = found(measure(table, standardised(table), segment, 2), 1, "x")
    assert item.leaves_out_zero()
    assert not item.leaves_out_zero(5.0)


def test_a_percentile_is_the_share_of_everyone_below_the_middle_with_ties_counted_half():
    table = feature_table({"spend": [1.0, 2.0, 2.0, 2.0, 5.0, None, 9.0, 9.0]})
    measures = measure(table, standardised(table), np.array([0, 0, 0, 0, 1, 1, 1, 1]), 2)
    known = np.array([1.0, 2.0, 2.0, 2.0, 5.0, 9.0, 9.0])
    for segment, median in ((0, 2.0), (1, 9.0)):
        expected = percentileofscore(known, median, kind="mean") / 100
        assert found(measures, segment, "spend").contrast.percentile == pytest.approx(expected)


def test_a_segment_without_a_known_value_and_a_level_have_no_percentile():
    table = feature_table({"gap": [2.0, 4.0, None, None]})
    measures = measure(table, standardised(table), np.array([0, 0, 1, 1]), 2)
    assert found(measures, 1, "gap").contrast.percentile is None
    plans = feature_table({"plan": ["pro"] * 20 + ["free"] * 20})
    levels = measure(plans, matrix(np.zeros((40, 0))), halves(), 2)
    assert found(levels, 0, "plan", "pro").contrast.percentile is None
