"""The area under the ROC curve beside scikit-learn's, and its interval by how often it covers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from segmentry.errors import MathsError
from segmentry.maths.roc import roc_area, roc_area_interval


@pytest.mark.parametrize("digits", [0, 1, 6])
def test_the_area_under_the_curve_is_that_of_scikit_learn(digits):
    rng = np.random.default_rng(0)
    happened = rng.random(500) < 0.3
    values = np.round(rng.standard_normal(500) + happened, digits)
    assert roc_area(values, happened) == pytest.approx(roc_auc_score(happened, values))


def test_the_interval_covers_the_area_of_two_normal_clouds():
    rng, covered, draws = np.random.default_rng(1), 0, 400
    truth = norm.cdf(1.0 / np.sqrt(2.0))
    happened = np.arange(120) < 40
    for _ in range(draws):
        low, high = roc_area_interval(rng.standard_normal(120) + happened, happened)
        covered += low <= truth <= high
    assert 0.92 <= covered / draws <= 0.98


def test_its_width_is_that_of_a_bootstrap():
    rng = np.random.default_rng(2)
    happened = rng.random(300) < 0.4
    values = np.round(rng.standard_normal(300) + happened, 1)
    drawn = []
    for _ in range(600):
        rows = rng.integers(0, 300, 300)
        drawn.append(roc_auc_score(happened[rows], values[rows]))
    low, high = roc_area_interval(values, happened)
    assert high - low == pytest.approx(2 * 1.96 * np.std(drawn), rel=0.15)


def test_turning_the_values_mirrors_it():
    rng = np.random.default_rng(3)
    happened, values = np.arange(50) < 20, rng.standard_normal(50)
    low, high = roc_area_interval(values, happened)
    assert roc_area_interval(-values, happened) == pytest.approx((1 - high, 1 - low))


def test_answers_that_do_not_overlap_are_not_taken_for_certain():
    happened = np.arange(40) < 10
    low, high = roc_area_interval(happened.astype(float), happened)
    assert high == 1.0
    assert 0.6 < low < 0.8


def test_an_answer_that_occurs_once_gives_no_interval():
    with pytest.raises(MathsError, match="1 rows of one answer and 4"):
        roc_area_interval(np.arange(5.0), np.arange(5) == 2)
