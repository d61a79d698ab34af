"""Entities to learn from and entities to judge by."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from builders import feature_table, with_roles
from segmentry.domain.role import Role
from segmentry.errors import DataError
from segmentry.prepare.splits import (
    activity_of,
    hashed,
    split_entities,
    split_note,
    time_note,
)

RNG = np.random.default_rng(0)
N = 1_000
EVENTS = RNG.poisson(RNG.gamma(0.8, 20.0, N)).astype(np.float64)
CHURN = (RNG.random(N) < 0.1).astype(np.float64)
IDS = [f"u{i:05d}" for i in range(N)]
TABLE = with_roles(
    feature_table({"n_events": EVENTS, "churned": CHURN}, ids=IDS), {"churned": Role.OUTCOME}
)


def sides(table, **asked):
    learned = split_entities(table, **{"train": 0.8, "seed": 0, **asked})
    return dict(zip(table.entity_ids.to_pylist(), learned.tolist(), strict=True))


@pytest.mark.parametrize("train", [0.5, 0.8, 0.9])
def test_the_share_is_kept_to_the_entity(train):
    assert sum(sides(TABLE, train=train).values()) == round(train * N)


@settings(max_examples=20, deadline=None)
@given(st.permutations(list(range(60))))
def test_an_entity_is_on_the_same_side_whatever_the_order_of_rows(order):
    part = TABLE.take(np.arange(100))
    shuffled = part.take(np.array([*order, *range(60, 100)]))
    assert sides(part, train=0.6) == sides(shuffled, train=0.6)


def test_another_seed_gives_another_split():
    assert sides(TABLE) == sides(TABLE)
    assert sides(TABLE) != sides(TABLE, seed=1)


def test_activity_is_distributed_alike_on_both_sides():
    learned = split_entities(TABLE, train=0.8, seed=0)
    note = split_note(TABLE, learned, 0.8)
    assert note.activity == "n_events"
    # Within a tenth of activity the hash decides: no side can be a tenth of a share ahead.
    assert note.ks_statistic < 0.05
    assert note.train.n_entities + note.validation.n_entities == N
    assert note.train.mean_activity == pytest.approx(EVENTS[learned].mean())


def test_layers_keep_activity_nearer_than_chance_does():
    def gap(learned):
        return split_note(TABLE, learned, 0.8).ks_statistic

    layered = [gap(split_entities(TABLE, train=0.8, seed=s)) for s in range(20)]
    plain = [gap(np.random.default_rng(s).random(N) < 0.8) for s in range(20)]
    assert np.mean(layered) < 0.7 * np.mean(plain)


def test_an_outcome_is_as_frequent_on_both_sides():
    learned = split_entities(TABLE, train=0.8, seed=0)
    assert CHURN[learned].mean() == pytest.approx(CHURN[~learned].mean(), abs=0.02)


def test_who_joins_later_moves_few():
    before = sides(TABLE.take(np.arange(900)))
    after = sides(TABLE)
    assert np.mean([before[i] != after[i] for i in before]) < 0.05


def test_a_hash_is_even():
    assert kstest(hashed(IDS, 3), "uniform").pvalue > 0.01


def test_sides_that_would_be_too_small_are_refused():
    with pytest.raises(DataError, match="leaves 10 entities on one side"):
        split_entities(TABLE.take(np.arange(50)), train=0.8, seed=0)


def test_without_a_feature_of_activity_entities_are_split_by_chance_alone():
    table = feature_table({"x": EVENTS}, ids=IDS)
    assert activity_of(table)[0] == ""
    assert sum(sides(table).values()) == 800


def test_a_split_by_time_is_told_in_the_same_form():
    note = time_note(TABLE, TABLE.take(np.arange(600)))
    assert (note.by, note.train.n_entities, note.validation.n_entities) == ("time", 600, N)
