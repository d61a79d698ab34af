"""Our segments beside existing ones: by hand, and what is planted is told."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from segmentry.errors import MathsError
from segmentry.judge.existing import (
    MOST_FEATURES,
    OTHERS,
    compare_existing,
    folded,
)
from segmentry.maths.suppression import FEWEST_TOLD


def compared(existing, segment, n_segments=3, *, values=None, names=None):
    segment = np.asarray(segment, dtype=np.int64)
    values = np.zeros((len(segment), 1)) if values is None else values
    names = [f"f{j}" for j in range(values.shape[1])] if names is None else names
    return compare_existing(existing, segment, range(1, n_segments + 1), values=values, names=names)


def hidden(n=400, seed=0):
    """Existing segments by spend alone; ours see that big spenders differ in age as well."""
    rng = np.random.default_rng(seed)
    existing = np.where(np.arange(n) % 2 == 0, "big", "small")
    young = (existing == "big") & (np.arange(n) % 4 == 0)
    segment = np.where(existing == "small", 0, np.where(young, 1, 2))
    spend = np.where(existing == "big", 100.0, 10.0) + rng.normal(size=n)
    age = np.where(young, 25.0, 50.0) + rng.normal(size=n) * 5.0
    visits = np.where(young, 4.0, 3.0) + rng.normal(size=n)
    values = np.column_stack([spend, age, visits])
    return existing.tolist(), segment, values, ["spend", "age", "visits"]


def test_what_the_existing_segments_hide_is_told_strongest_first():
    existing, segment, values, names = hidden()
    (split,) = compared(existing, segment, values=values, names=names).splits
    assert (split.whole, split.parts, split.shares) == ("big", (2, 3), (0.5, 0.5))
    assert [d.feature for d in split.differences[:2]] == ["age", "visits"]
    age = split.differences[0]
    assert (age.highest, age.lowest) == (3, 2)
    big = values[np.array(existing) == "big", 1]
    inside = segment[np.array(existing) == "big"]
    gap = (big[inside == 2].mean() - big[inside == 1].mean()) / big.std()
    assert age.effect == pytest.approx(gap)
    assert age.low < gap < age.high
    assert split.sentence.startswith("big falls into segment 2 (50")
    assert "they differ most in age (" in split.sentence


def test_agreement_is_that_of_scikit_learn():
    existing, segment, *_ = hidden()
    found = compared(existing, segment)
    assert found.adjusted_rand == pytest.approx(adjusted_rand_score(existing, segment))
    wanted = normalized_mutual_info_score(existing, segment)
    assert found.mutual_information == pytest.approx(wanted)


def test_the_table_has_a_row_for_each_existing_segment_and_shares_by_row():
    found = compared(["b", "a", "a", "a", "b", "a"], [0, 0, 0, 2, 2, 0], 4)
    assert found.existing == ("a", "b")
    assert found.counts == ((3, 0, 1, 0), (1, 0, 1, 0))
    assert found.row_shares.tolist() == [[0.75, 0.0, 0.25, 0.0], [0.5, 0.0, 0.5, 0.0]]


def test_a_small_cell_and_what_it_would_follow_from_are_withheld_in_table_and_splits():
    existing = ["a"] * 93 + ["b"] * 80
    segment = [0] * 60 + [1] * 30 + [2] * 3 + [0] * 30 + [1] * 50
    found = compared(existing, segment)
    assert found.counts == ((60, 30, 3), (30, 50, 0))
    # 3 would follow from the size of a, and that of segment 3 from its other cell, which is none.
    assert found.withheld == ((False, True, True), (False, True, True))
    (first, second) = found.splits
    assert (first.parts, first.shares) == ((1, 2), (60 / 93, None))
    assert "falls into segment 1 (65\u202f%) and segment 2." in first.sentence
    assert (second.parts, second.shares) == ((2, 1), (None, 30 / 80))
    assert [s.shares for s in found.hidden] == [(60 / 90, 30 / 90), (None, None)]


def test_entities_without_an_existing_segment_are_left_out_and_counted():
    existing, segment, values, names = hidden()
    more = compared(
        [*existing, None, None],
        np.append(segment, [0, 1]),
        values=np.vstack([values, values[:2] * 99]),
        names=names,
    )
    plain = compared(existing, segment, values=values, names=names)
    assert (more.n_compared, more.n_without) == (400, 2)
    assert more.sentence == plain.sentence + " 2 entities have none and are left out."
    assert dataclasses.replace(more, n_without=0, sentence=plain.sentence) == plain


def test_a_handful_of_entities_is_no_part():
    existing = ["x"] * 100
    few = [0] * (100 - FEWEST_TOLD + 1) + [1] * (FEWEST_TOLD - 1)
    assert compared(existing, few).splits == ()
    assert len(compared(existing, [0] * 90 + [1] * 10).splits) == 1
    # Enough entities, but too small a share of a large segment.
    assert compared(["x"] * 1_000, [0] * 950 + [1] * 50).splits == ()


def test_equal_segmentations_agree_whatever_their_names():
    found = compared(["c", "a", "b"] * 20, [0, 1, 2] * 20)
    assert (found.adjusted_rand, found.mutual_information, found.splits) == (1.0, 1.0, ())
    assert "none of the 3 existing segments is taken apart" in found.sentence


def test_only_the_strongest_features_are_told_and_constant_ones_never():
    rng = np.random.default_rng(0)
    segment = np.arange(100) % 2
    values = segment[:, None] * np.arange(1.0, 9.0) + rng.normal(size=(100, 8)) * 0.5
    (split,) = compared(
        ["x"] * 100, segment, values=np.column_stack([values, np.full(100, 1e9)])
    ).splits
    assert len(split.differences) == MOST_FEATURES
    effects = [d.effect for d in split.differences]
    assert effects == sorted(effects, reverse=True)
    assert "f8" not in {d.feature for d in split.differences}


def test_parts_without_a_difference_are_told_without_one():
    (split,) = compared(["x"] * 40, [0, 1] * 20).splits
    assert split.differences == ()
    assert "differ most" not in split.sentence


def test_a_feature_that_is_the_split_itself_has_a_finite_effect():
    segment = np.arange(40) % 2
    (split,) = compared(["x"] * 40, segment, values=segment[:, None] * 1e9).splits
    assert split.differences[0].effect == pytest.approx(2.0)


def test_units_and_the_order_of_entities_change_nothing():
    existing, segment, values, names = hidden()
    order = np.random.default_rng(1).permutation(len(segment))
    moved = compared(
        [existing[i] for i in order],
        segment[order],
        values=values[order] * 2.0**20 + 7.0,
        names=names,
    )
    plain = compared(existing, segment, values=values, names=names)
    assert moved.counts == plain.counts
    for a, b in zip(moved.splits[0].differences, plain.splits[0].differences, strict=True):
        assert a.effect == pytest.approx(b.effect)


def test_what_does_not_belong_together_is_refused():
    with pytest.raises(MathsError, match="3 segments, 2 existing ones and values of shape"):
        compared(["a", "b"], [0, 1, 2])
    with pytest.raises(MathsError, match="none of 2 entities has an existing segment"):
        compared([None, None], [0, 1])


def test_what_the_existing_segments_see_and_ours_hide_is_told_the_other_way_round():
    existing, segment, values, names = hidden()
    coarse = np.zeros(len(segment), dtype=np.int64)
    found = compared(existing, coarse, 1, values=values, names=names)
    assert found.splits == ()
    (split,) = found.hidden
    assert (split.whole, split.parts) == (1, ("big", "small"))
    assert split.differences[0].feature == "spend"
    assert (split.differences[0].highest, split.differences[0].lowest) == ("big", "small")
    assert split.sentence.startswith("Segment 1 falls into big (50")


def test_agreement_has_an_interval_that_holds_it():
    existing, segment, *_ = hidden()
    found = compared(existing, segment)
    assert found.low < found.adjusted_rand < found.high <= 1.0
    assert f"({found.low:.2f} to {found.high:.2f})" in found.sentence


def test_small_existing_segments_are_folded_into_one():
    names = ["a"] * 50 + ["b"] * 9 + ["c"] * 4 + [None]
    labels, n_folded = folded(names)
    assert n_folded == 13
    assert labels == ("a",) * 50 + (OTHERS,) * 13 + (None,)


def test_a_handful_that_is_left_over_is_in_no_group_at_all():
    labels, n_folded = folded(["a"] * 50 + ["b"] * 9)
    assert (labels[-1], n_folded) == (None, 9)
    assert folded(["a"] * 10) == (("a",) * 10, 0)


def test_small_groups_alone_are_no_segmentation():
    labels, n_folded = folded([f"rep {i % 60}" for i in range(300)])
    assert (set(labels), n_folded) == ({None}, 300)
    labels, _ = folded([f"rep {i % 60}" for i in range(300)] + ["a"] * 10)
    assert set(labels) == {OTHERS, "a"}
