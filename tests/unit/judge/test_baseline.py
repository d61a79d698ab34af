"""The usual way of grouping, and what is said where it wins."""

from __future__ import annotations

import numpy as np

from builders import feature_table, matrix, standardised
from segmentry.judge.baseline import Tiers, judge_baseline, usual_tiers
from segmentry.maths.comparison import Yardstick

RNG = np.random.default_rng
N = 600


def shop(seed=0, **changes):
    rng = RNG(seed)
    columns = {
        "recency_days": rng.uniform(0, 300, N),
        "n_orders": rng.geometric(0.2, N).astype(float),
        "value_total": rng.lognormal(4, 1, N),
    }
    return feature_table({**columns, **changes})


def held(X, segment, tiers):
    stick = Yardstick.over(X, RNG(0))
    return judge_baseline(
        X, segment, Tiers("tiers", tiers), yardstick=stick, rows=np.arange(len(X))
    )


def test_recency_frequency_and_value_are_scored_and_added_up():
    table = feature_table(
        {
            "recency_days": [90.0, 70.0, 50.0, 30.0, 10.0],
            "n_orders": [1.0, 2.0, 3.0, 4.0, 5.0],
            "value_total": [10.0, 20.0, 30.0, 40.0, 50.0],
        }
    )
    found = usual_tiers(standardised(table), table, 5)
    assert found.name == "RFM quantiles"
    assert found.labels.tolist() == [0, 1, 2, 3, 4]


def test_tiers_are_of_equal_size_where_nothing_ties():
    table = shop()
    found = usual_tiers(standardised(table), table, 3)
    assert np.bincount(found.labels).min() > 0.2 * N


def test_the_better_customer_is_never_in_a_lower_tier():
    table = shop()
    labels = usual_tiers(standardised(table), table, 4).labels
    recency, orders, value = (table.numbers(c.name) for c in table.columns)
    better = (recency[:, None] <= recency) & (orders[:, None] >= orders) & (value[:, None] >= value)
    assert (labels[:, None] >= labels)[better].all()


def test_entities_with_equal_numbers_stay_together():
    orders = np.repeat([1.0, 2.0], [500, 100])
    table = shop(n_orders=orders, recency_days=np.full(N, 7.0), value_total=orders)
    labels = usual_tiers(standardised(table), table, 4).labels
    assert len(np.unique(labels[:500])) == len(np.unique(labels[500:])) == 1


def test_events_stand_in_for_orders_and_a_missing_value_is_left_out():
    table = feature_table({"recency_days": RNG(0).uniform(0, 9, N), "n_events": np.arange(N)})
    assert usual_tiers(standardised(table), table, 4).name == "RF quantiles"


def test_a_table_with_a_value_only_is_cut_by_it():
    table = feature_table({"value_total": np.arange(100.0), "age": RNG(0).normal(size=100)})
    found = usual_tiers(standardised(table), table, 4)
    assert found.name == "value quantiles"
    assert found.labels.tolist() == np.repeat([0, 1, 2, 3], 25).tolist()


def test_anything_else_is_cut_along_the_direction_of_most_variance():
    rng = RNG(0)
    X = np.column_stack([rng.normal(size=200) * 9.0, rng.normal(size=200)])
    found = usual_tiers(matrix(X), None, 2)
    assert found.name == "quantiles of the first principal component"
    above = X[:, 0] > np.median(X[:, 0])
    assert max((found.labels == above).mean(), (found.labels != above).mean()) > 0.95


def test_unknown_numbers_do_not_stop_the_comparison():
    values = np.r_[np.full(100, np.nan), RNG(0).lognormal(4, 1, N - 100)]
    table = shop(value_total=values)
    assert len(usual_tiers(standardised(table), table, 4).labels) == N


def groups():
    rng = RNG(0)
    segment = np.arange(N) % 3
    return np.array([[0, 0], [9, 0], [0, 9]])[segment] + rng.normal(size=(N, 2)), segment


def test_a_win_is_told_with_its_figures():
    X, segment = groups()
    found = held(X, segment, (np.arange(N) % 2).astype(np.int64))
    assert found.chosen_explained_share > found.explained_share
    assert "the segments lie better apart (silhouette 0.8" in found.sentence
    assert "and explain more of how entities differ" in found.sentence


def test_a_loss_is_told_as_plainly():
    X, segment = groups()
    found = held(X, RNG(1).integers(0, 3, N), segment)
    assert "the segments lie less well apart (silhouette -0.0" in found.sentence
    assert "and explain less of how entities differ (0.4\u202f% against" in found.sentence
    assert found.explained_share > found.chosen_explained_share
    assert found.silhouette > 0.8
    assert found.ari < 0.05


def test_a_draw_is_told_as_one():
    X, segment = groups()
    found = held(X, segment, segment)
    assert found.ari == 1.0
    assert "as well apart" in found.sentence
    assert "explain as much" in found.sentence


def test_one_tier_is_nothing_to_compare_with():
    X, segment = groups()
    assert held(X, segment, np.zeros(N, dtype=np.int64)) is None
