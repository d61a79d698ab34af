"""A model of an outcome: it tells what is there, and nothing where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.judge.health import MOST_COLUMNS, MOST_ROWS, judge_risk, risk_groups
from segmentry.maths.logistic import chance


def planted(n=900, p=4, strength=1.5, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, p))
    return X, rng.random(n) < chance(strength * X[:, 0] - 1.0)


def test_what_is_planted_is_told_and_the_chances_hold():
    X, happened = planted(n=3_000)
    found = judge_risk(X, happened, None, np.random.default_rng(1))
    assert found is not None
    assert found.tells
    assert 0.75 < found.area.low < found.area.value < found.area.high < 0.9
    assert sum(g.holds for g in found.groups) >= 4
    assert not found.has_split
    assert np.abs(found.model.coefficients).argmax() == 0


def test_noise_tells_no_more_often_than_its_level_allows():
    told = 0
    for seed in range(60):
        X, happened = planted(n=200, strength=0.0, seed=seed)
        found = judge_risk(X, happened, None, np.random.default_rng(seed))
        assert found is not None
        told += found.tells
    assert told <= 6


def test_a_split_parts_who_learns_from_who_judges():
    X, happened = planted()
    learned = np.arange(len(X)) < 600
    # Those held out answer the other way round: whoever learned from them would not notice.
    turned = np.where(learned, happened, ~happened)
    found = judge_risk(X, turned, learned, np.random.default_rng(0))
    assert found is not None
    assert found.has_split
    assert found.n_judged == 300
    assert found.area.high < 0.5
    assert not found.tells


def test_a_column_that_only_fits_what_is_learned_from_earns_nothing():
    rng = np.random.default_rng(5)
    X, happened = rng.standard_normal((120, 300)), np.arange(120) % 2 == 0
    found = judge_risk(X, happened, None, rng)
    assert found is not None
    assert np.count_nonzero(found.model.coefficients) <= MOST_COLUMNS
    assert found.area.low < 0.5


def test_many_rows_are_drawn_from():
    X, happened = planted(n=MOST_ROWS + 500, p=1)
    found = judge_risk(X, happened, None, np.random.default_rng(0))
    assert found is not None
    assert found.n_judged == MOST_ROWS


@pytest.mark.parametrize("learned", [None, np.arange(200) < 190])
def test_too_few_of_an_answer_give_none(learned):
    X, _ = planted(n=200)
    happened = np.arange(200) < 19
    assert judge_risk(X, happened, learned, np.random.default_rng(0)) is None


def test_groups_part_everybody_by_the_forecast():
    told = np.repeat([0.1, 0.2, 0.9], [60, 20, 20])
    came = np.arange(100) % 2 == 0
    groups = tuple(risk_groups(told, came))
    assert sum(g.n for g in groups) == 100
    assert [g.told for g in groups] == sorted(g.told for g in groups)
    assert groups[0].told == pytest.approx(0.1)
    assert all(g.low <= g.share <= g.high for g in groups)
    assert not groups[0].holds
