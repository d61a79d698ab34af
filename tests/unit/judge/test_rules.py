"""Rules for every segment, counted on entities that they were not made from."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.judge.rules import grow_rules
from segmentry.judge.surrogate import Readable, grow_explaining_tree, grow_surrogate

RNG = np.random.default_rng
N = 900
NAMES = ((3, "Sleepers"), (1, "Regulars"), (7, "Newcomers"))


def shoppers(seed=0):
    """Old ones, new ones who buy a lot, and new ones who do not; some are on the wrong side."""
    rng = RNG(seed)
    segment = rng.integers(0, 3, N)
    recency = np.where(segment == 0, rng.uniform(100, 300, N), rng.uniform(0, 80, N))
    orders = np.where(segment == 1, rng.integers(8, 20, N), rng.integers(1, 7, N)).astype(float)
    strays = rng.random(N) < 0.1
    segment = np.where(strays, rng.integers(0, 3, N), segment)
    gappy = np.where(rng.random(N) < 0.05, np.nan, recency)
    return (Readable("recency_days", gappy), Readable("n_orders", orders)), segment


def grown(features, segment, **more):
    return grow_rules(features, segment, NAMES, rng=RNG(1), **more)


def test_segments_keep_their_ids_and_names():
    found = grown(*shoppers())
    assert [(s.id, s.name) for s in found.segments] == list(NAMES)
    assert all(s.rules for s in found.segments)


def test_shares_are_counted_on_unseen_entities():
    features, segment = shoppers()
    found = grown(features, segment)
    assert (found.n_grown, found.fidelity.n) == (600, 300)
    # A tenth were thrown anywhere, so that two thirds of these are amiss; some have a gap besides.
    assert 0.85 < found.fidelity.estimate < 0.95
    assert found.chance == pytest.approx(1 / 3, abs=0.08)
    tried = RNG(1).permutation(N)[:300]
    values = {f.name: f.values[tried] for f in features}
    for place, told in enumerate(found.segments):
        for rule in told.rules:
            inside = np.all([c.holds(values[c.feature]) for c in rule.conditions], axis=0)
            hits = int((inside & (segment[tried] == place)).sum())
            assert (rule.precision.hits, rule.precision.n) == (hits, int(inside.sum()))
            assert (rule.recall.hits, rule.recall.n) == (hits, int((segment[tried] == place).sum()))


def test_every_entity_passes_exactly_one_rule():
    features, segment = shoppers()
    found = grown(features, segment)
    values = {f.name: np.append(f.values, np.nan) for f in features}
    passed = sum(
        np.all([c.holds(values[c.feature]) for c in rule.conditions], axis=0).astype(int)
        for told in found.segments
        for rule in told.rules
    )
    assert set(passed) == {1}
    assert sum(s.precision.n for s in found.segments) == found.fidelity.n
    assert sum(s.precision.hits for s in found.segments) == found.fidelity.hits


def test_the_rule_that_finds_most_comes_first():
    rng = RNG(0)
    x = rng.uniform(0, 10, N)
    segment = ((x > 3) & (x < 5)).astype(int)  # segment 0 lies on both sides
    found = grow_rules([Readable("x", x)], segment, NAMES[:2], rng=RNG(1))
    hits = [r.recall.hits for r in found.segments[0].rules]
    assert len(hits) == 2
    assert hits == sorted(hits, reverse=True)


def test_deeper_rules_ask_more_and_are_no_worse_where_there_is_more_to_say():
    rng = RNG(0)
    x = rng.uniform(0, 9, N)
    segment = ((x > 3) & (x < 6)).astype(int)
    shallow, deep = (
        grow_rules([Readable("x", x)], segment, NAMES[:2], rng=RNG(1), depth=d) for d in (1, 4)
    )
    assert (shallow.depth, deep.depth) == (1, 4)
    assert deep.fidelity.hits > shallow.fidelity.hits + 50


def test_the_questions_are_those_of_the_runs_own_tree():
    features, segment = shoppers()
    found = grown(features, segment, depth=4)
    surrogate = grow_surrogate(features, segment, (1, 2, 3), rng=RNG(1))
    assert found.fidelity.estimate == pytest.approx(surrogate.accuracy, abs=0.01)
    merged = grow_explaining_tree(features, segment, rng=RNG(1), merges=True)
    whole = grow_explaining_tree(features, segment, rng=RNG(1))
    assert len(merged.leaves) < len(whole.leaves)
    rows = merged.tried
    np.testing.assert_array_equal(
        merged.tree.labels(merged.values[rows]), whole.tree.labels(whole.values[rows])
    )


def hurdles(n_hurdles, passed, seed=0):
    """Who passes all of some independent hurdles; each leaves so many, and is one question."""
    X = RNG(seed).uniform(0, 1, (6_000, n_hurdles))
    return [Readable(f"x{i}", x) for i, x in enumerate(X.T)], (passed > X).all(axis=1).astype(int)


@pytest.mark.parametrize(
    ("n_hurdles", "passed", "depth"), [(2, 0.6, 4), (5, 0.82, 4), (6, 0.84, 5), (7, 0.87, 6)]
)
def test_no_more_is_asked_than_tells_nine_in_ten(n_hurdles, passed, depth):
    found = grow_rules(*hurdles(n_hurdles, passed), NAMES[:2], rng=RNG(1))
    assert found.depth == depth
    assert found.fidelity.estimate > 0.89
    one_less = grow_rules(*hurdles(n_hurdles, passed), NAMES[:2], rng=RNG(1), depth=depth - 1)
    assert one_less.fidelity.estimate < 0.91 or depth == 4


def test_entities_that_shares_are_counted_on_have_no_say_in_the_number_of_questions():
    features, segment = hurdles(6, 0.84)
    tried = RNG(1).permutation(len(segment))[: len(segment) // 3]
    mixed = segment.copy()
    mixed[tried] = RNG(2).integers(0, 2, len(tried))
    found = grow_rules(features, mixed, NAMES[:2], rng=RNG(1))
    assert found.depth == 5
    assert found.fidelity.estimate == pytest.approx(0.5, abs=0.05)


def test_confusion_counts_whom_rules_take_for_whom():
    features, segment = shoppers()
    found = grown(features, segment)
    counts = np.array(found.confusion)
    own = segment[RNG(1).permutation(N)[:300]]
    np.testing.assert_array_equal(counts.sum(axis=1), np.bincount(own))
    assert counts.sum(axis=0).tolist() == [s.precision.n for s in found.segments]
    assert counts.diagonal().tolist() == [s.recall.hits for s in found.segments]
    aside, other, count = found.most_mistaken
    assert aside != other
    assert count == (counts - np.diag(counts.diagonal())).max()


def test_a_segment_that_no_leaf_tells_has_no_rule():
    rng = RNG(0)
    segment = np.where(rng.random(N) < 0.02, 1, 0)
    features = [Readable("x", rng.normal(size=N)), Readable("y", (segment == 1) * 0.0)]
    found = grow_rules(features, segment, NAMES[:2], rng=RNG(1), depth=1)
    assert found.segments[1].rules == ()
    assert found.segments[1].recall.hits == 0
    assert found.segments[1].precision.estimate is None


@pytest.mark.parametrize("segment", [np.zeros(N, dtype=np.int64), np.arange(20) % 2])
def test_one_segment_or_few_rows_have_no_rules(segment):
    feature = Readable("x", RNG(0).normal(size=len(segment)))
    assert grow_rules([feature], segment, NAMES, rng=RNG(1)) is None
