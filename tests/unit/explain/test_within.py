"""What sets parts apart is told against their segment, never against everyone."""

from __future__ import annotations

import numpy as np

from builders import feature_table
from segmentry.domain.feature import ShareOf
from segmentry.domain.matrix import Matrix
from segmentry.explain.within import part_words


def test_the_segment_is_the_measure_and_everyone_is_not_named():
    rng = np.random.default_rng(0)
    part = np.repeat([0, 1], [150, 50])
    spend = np.where(part == 0, 10.0, 40.0) + rng.normal(size=200)
    plan = np.where(part == 0, "basic", "pro").tolist()
    table = feature_table({"spend": spend.tolist(), "plan": plan})
    X = ((spend - spend.mean()) / spend.std())[:, None]
    matrix = Matrix(X, table.entity_ids, ("spend",), ("spend",))
    less, more = (w.traits for w in part_words(table, matrix, part, 2))
    assert any("value 3.8 times the segment's" in phrase for phrase in more)
    assert any("pro" in phrase and "100" in phrase for phrase in more)
    assert not any("everyone" in phrase for phrase in (*less, *more))
    assert 3 <= len(more) <= 5


def test_what_data_calls_everyone_keeps_its_name():
    part = np.repeat([0, 1], [150, 50])
    levels = ("everyone", "for everyone else's family")
    audience = np.where(part == 0, *levels).tolist()
    spend = np.where(part == 0, 10.0, 40.0) + np.random.default_rng(0).normal(size=200)
    table = feature_table({"spend": spend.tolist(), "audience": audience})
    matrix = Matrix(spend[:, None] / 15.0, table.entity_ids, ("spend",), ("spend",))
    first, second = (w.traits for w in part_words(table, matrix, part, 2))
    assert any("audience 'everyone' for 100" in phrase for phrase in first)
    assert any('audience "for everyone else' in phrase for phrase in second)
    assert all("(the segment: " in p for p in (*first, *second) if p.startswith("audience"))
    assert any("the segment's (average" in phrase or "the segment's (median" in phrase
               for phrase in (*first, *second))  # fmt: skip


def test_a_share_of_a_level_called_like_the_yardstick_keeps_its_name():
    part = np.repeat([0, 1], [150, 50])
    values = np.where(part == 0, 0.2, 0.9) + np.random.default_rng(0).normal(size=200) * 0.01
    share = ShareOf("category", ("everyone else",), is_rest=False, prior=1.0, strength=2.0)
    table = feature_table({"share_category=everyone else": values.tolist()}, share=share)
    name = table.columns[0].name
    matrix = Matrix(values[:, None], table.entity_ids, (name,), (name,))
    (_, second) = (w.traits for w in part_words(table, matrix, part, 2))
    assert any("Everyone Else (the segment: " in phrase for phrase in second)


def test_parts_are_named_against_their_segment_and_by_nobody_elses_name():
    rng = np.random.default_rng(0)
    part = np.repeat([0, 1], [150, 50])
    spend = np.where(part == 0, 10.0, 40.0) + rng.normal(size=200)
    table = feature_table({"total_spend": spend.tolist()})
    matrix = Matrix(
        ((spend - spend.mean()) / spend.std())[:, None],
        table.entity_ids,
        ("total_spend",),
        ("total_spend",),
    )
    first = [w.name for w in part_words(table, matrix, part, 2, entity="customer")]
    assert first == ["Lower-Spend Customers", "Higher-Value Customers"]
    taken = frozenset(n.casefold() for n in first)
    again = [w.name for w in part_words(table, matrix, part, 2, taken, entity="customer")]
    assert len({*first, *again}) == 4
