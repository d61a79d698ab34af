"""A tree in words, and how far it can be trusted."""

from __future__ import annotations

import numpy as np
import pytest

from builders import feature_table, matrix, standardised
from segmentry.judge.surrogate import DEPTH, Readable, grow_surrogate, readable_features

RNG = np.random.default_rng
N = 900


def shoppers(seed=0):
    """Old ones, new ones who buy a lot, and new ones who do not: told by two features."""
    rng = RNG(seed)
    segment = rng.integers(0, 3, N)
    recency = np.where(segment == 0, rng.uniform(100, 300, N), rng.uniform(0, 80, N))
    orders = np.where(segment == 1, rng.integers(8, 20, N), rng.integers(1, 7, N)).astype(float)
    orders = np.where(segment == 0, rng.integers(1, 20, N), orders)
    return Readable("recency_days", recency), Readable("n_orders", orders), segment


def grown(*features, segment, seed=0, n_segments=3):
    return grow_surrogate(features, segment, range(1, n_segments + 1), rng=RNG(seed))


def test_rules_say_what_made_the_segments():
    recency, orders, segment = shoppers()
    found = grown(recency, orders, segment=segment)
    rules = {r.id: r for r in found.rules}
    assert rules[1].rule.startswith("recency_days above ")
    assert "n_orders at least " in rules[2].rule
    assert "recency_days at most " in rules[2].rule
    assert "n_orders at most " in rules[3].rule
    assert all(r.precision == r.coverage == 1.0 for r in found.rules)
    assert found.accuracy == 1.0
    assert found.low < 1.0 == found.high


def test_the_cut_lies_between_the_segments():
    recency, orders, segment = shoppers()
    rule = grown(recency, orders, segment=segment).rules[0].rule
    assert 80 <= float(rule.removeprefix("recency_days above ")) < 100


def test_whole_numbers_are_cut_at_whole_numbers():
    recency, orders, segment = shoppers()
    rule = grown(recency, orders, segment=segment).rules[1].rule
    least = rule.split("n_orders at least ")[1].split(" ")[0]
    assert least in {"7", "8"}


def test_accuracy_is_measured_on_entities_that_the_tree_has_not_seen():
    noise = [Readable(f"x{j}", RNG(j).normal(size=N)) for j in range(6)]
    found = grown(*noise, segment=RNG(9).integers(0, 3, N))
    # A tree can learn noise by heart, but not foretell it.
    assert found.low < 0.4
    assert found.n_rows == N // 3
    assert found.depth <= DEPTH


def test_precision_and_coverage_are_shares_of_the_rule_and_of_the_segment():
    rng = RNG(0)
    segment = rng.integers(0, 2, N)
    value = segment + (rng.random(N) < 0.2)  # a fifth of segment 0 looks like segment 1
    found = grown(Readable("value", value + 0.5), segment=segment, n_segments=2)
    low = found.rules[0]
    assert low.precision == 1.0
    assert low.coverage == pytest.approx(0.8, abs=0.1)


def test_gaps_are_said_where_a_rule_keeps_them():
    recency, orders, segment = shoppers()
    gappy = np.where((segment == 0) & (RNG(1).random(N) < 0.5), np.nan, recency.values)
    found = grown(Readable("recency_days", gappy), orders, segment=segment)
    assert found.rules[0].rule.endswith(" (or unknown)")
    assert found.rules[0].coverage == 1.0
    assert "unknown" not in found.rules[1].rule


def test_a_level_is_or_is_not():
    segment = np.arange(N) % 2
    found = grown(Readable("plan", (segment == 1) * 1.0, "premium"), segment=segment, n_segments=2)
    assert [r.rule for r in found.rules] == ["plan is not premium", "plan is premium"]


def test_large_and_fractional_numbers_are_rounded_and_measured_as_they_are_said():
    rng = RNG(0)
    segment = np.arange(N) % 2
    value = np.where(segment == 1, rng.uniform(20_000, 30_000, N), rng.uniform(0.5, 11_000, N))
    rule = grown(Readable("spend", value), segment=segment, n_segments=2).rules[1]
    assert rule.rule.removeprefix("spend above ").replace(",", "").isdigit()
    assert rule.precision == 1.0


def test_chance_is_the_one_given():
    recency, orders, segment = shoppers()
    assert grown(recency, orders, segment=segment) == grown(recency, orders, segment=segment)


@pytest.mark.parametrize("segment", [np.zeros(N, dtype=np.int64), np.arange(20) % 2])
def test_one_segment_or_few_rows_have_no_tree(segment):
    feature = Readable("x", RNG(0).normal(size=len(segment)))
    assert grown(feature, segment=segment, n_segments=2) is None


def test_features_are_read_in_their_own_units_with_their_gaps():
    table = feature_table({"spend": [5.0, None, 700.0], "plan": ["a", "b", "a"]})
    prepared = standardised(table)
    both = type(prepared)(
        np.column_stack([prepared.X, [1.0, 0.0, 1.0]]),
        prepared.ids,
        ("spend", "plan=a"),
        ("spend", "plan"),
    )
    spend, first, second = readable_features(both, table)
    np.testing.assert_array_equal(spend.values, [5.0, np.nan, 700.0])
    assert (first.name, first.level, first.values.tolist()) == ("plan", "a", [1.0, 0.0, 1.0])
    assert second.level == "b"


def test_without_a_table_the_matrix_is_read():
    found = readable_features(matrix(np.eye(3)), None)
    assert [f.name for f in found] == ["x0", "x1", "x2"]


def test_a_flag_is_told_by_yes_and_no():
    segment = np.repeat([0, 1], N // 2)
    flag = Readable("is_trial", segment.astype(float))
    rules = {r.id: r.rule for r in grown(flag, segment=segment, n_segments=2).rules}
    assert rules == {1: "is_trial: no", 2: "is_trial: yes"}


def test_who_has_a_level_is_not_told_to_lack_the_others():
    segment = np.arange(N) % 3
    levels = [
        Readable("plan", (segment == place).astype(float), name)
        for place, name in enumerate(("basic", "pro", "team"))
    ]
    rules = {r.id: r.rule for r in grown(*levels, segment=segment).rules}
    alone = [rule for rule in rules.values() if " is not " not in rule]
    assert len(alone) >= 2
    assert not any(" and " in rule for rule in alone)
    # Whoever lacks one level may have any other: of these, all that is asked is said.
    assert all(
        rule.count(" is ") == rule.count(" is not ") for rule in rules.values() if rule not in alone
    )


def test_a_count_that_is_never_above_one_is_no_flag():
    segment = np.repeat([0, 1], N // 2)
    count = Readable("n_orders", segment.astype(float))
    rules = {r.id: r.rule for r in grown(count, segment=segment, n_segments=2).rules}
    assert rules == {1: "n_orders at most 0", 2: "n_orders at least 1"}
