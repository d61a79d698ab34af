from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from builders import feature_table
from segmentry.domain.assigner import Assigner
from segmentry.domain.audit import Audit
from segmentry.domain.course import Course
from segmentry.domain.evidence import Check
from segmentry.domain.judging import Followed, Heldout, Judging
from segmentry.domain.matrix import Matrix
from segmentry.domain.table import FeatureTable
from segmentry.domain.window import Window
from segmentry.judge.baseline import usual_tiers
from segmentry.maths.intervals import wilson_interval
from segmentry.pipeline.heldout import Then, _sentence, held_out, outcome_after
from segmentry.prepare.fit import fit_recipe

CUT = datetime(2024, 5, 1, tzinfo=UTC)
N = 900
RNG = np.random.default_rng(8)
TRUTH = RNG.integers(0, 3, N)
"""Segment of each entity at the judging cut: three groups in ``n_events``."""


def table_of(group: np.ndarray, ids: list[str]) -> FeatureTable:
    n = len(group)
    rng = np.random.default_rng(1)
    return feature_table(
        {
            "recency_days": list(rng.uniform(1, 90, n)),
            "n_events": list(20.0 * group + rng.normal(0, 1, n)),
            "value_total": list(rng.uniform(1, 90, n)),
        },
        ids=ids,
    )


IDS = [f"e{i:04d}" for i in range(N)]
EARLIER = table_of(TRUTH, IDS)
MOVED = np.arange(N) < 90
"""Entities that are in the next group at the scoring cut."""
NOW = table_of(np.where(MOVED, (TRUTH + 1) % 3, TRUTH), IDS)


def judged(
    *followed: Followed, is_sample: bool = False, asked: str | None = None
) -> tuple[Heldout, Check]:
    recipe = fit_recipe(
        NOW,
        weights={"recency_days": 0.0, "value_total": 0.0},
        audit=Audit(),
        rng=np.random.default_rng(0),
    )
    X = recipe.apply(NOW).X
    group = np.where(MOVED, (TRUTH + 1) % 3, TRUTH)
    centres = np.array([X[group == g].mean(axis=0) for g in range(3)])
    assigner = Assigner(centres, np.arange(3), np.ones(3))
    window = Window(CUT, outcome_days=30.0)
    judging = Judging(EARLIER, window, CUT + timedelta(days=30), followed, is_sample)
    return held_out(
        judging,
        recipe,
        assigner,
        (1, 2, 3),
        table=NOW,
        answers=assigner.answer(X),
        rng=np.random.default_rng(4),
        asked=asked,
    )


def matrix_then() -> Matrix:
    recipe = fit_recipe(NOW, weights={}, audit=Audit(), rng=np.random.default_rng(0))
    return recipe.apply(EARLIER)


def happened(values: np.ndarray, *, is_share: bool = False, name: str = "spent") -> Followed:
    return Followed(name, "What followed.", "share" if is_share else "GBP", is_share, values)


def test_means_and_intervals_are_those_of_the_segments_at_the_judging_cut() -> None:
    came = (RNG.uniform(size=N) < np.array([0.2, 0.5, 0.9])[TRUTH]).astype(float)
    (outcome,) = judged(happened(came, is_share=True))[0].outcomes
    for segment in outcome.segments:
        own = came[segment.id - 1 == TRUTH]
        assert (segment.n, segment.mean) == (len(own), own.mean())
        assert (segment.low, segment.high) == wilson_interval(int(own.sum()), len(own))
    assert outcome.overall == came.mean()
    assert outcome.low < outcome.overall < outcome.high
    assert outcome.p_value < 1e-12


def test_segments_explain_what_follows_them_and_the_plain_groups_do_not() -> None:
    spent = 10.0 * TRUTH + RNG.normal(0, 1, N)
    heldout, _ = judged(happened(spent))
    (outcome,) = heldout.outcomes
    assert outcome.explained > 0.95
    assert outcome.baseline_explained is not None
    assert outcome.baseline_explained < 0.7
    assert heldout.baseline == "RFM quantiles"
    assert (
        "Of 1 outcome they explain more than RFM quantiles in 1, less in 0, and in 0 no "
        "difference was shown (95 % intervals; as many groups (3))." in heldout.sentence
    )


def test_what_has_nothing_to_do_with_the_segments_is_told_so() -> None:
    heldout, _ = judged(happened(np.random.default_rng(6).exponential(9, N)))
    (outcome,) = heldout.outcomes
    assert outcome.explained < 0.02
    assert outcome.p_value > 0.01
    # One of two groupings that mean nothing explains more, and that is no win.
    assert outcome.explained != outcome.baseline_explained
    assert outcome.against_baseline == 0
    assert "more than RFM quantiles in 0, less in 0, and in 1 no difference" in heldout.sentence


def test_a_plain_grouping_that_tells_more_is_told_as_plainly() -> None:
    followed = happened(50.0 * usual_tiers(matrix_then(), EARLIER, 3).labels + RNG.normal(0, 1, N))
    heldout, _ = judged(followed)
    assert heldout.outcomes[0].against_baseline == -1
    assert "more than RFM quantiles in 0, less in 1, and in 0 no difference" in heldout.sentence


def test_who_stayed_where_they_were_is_counted() -> None:
    _, check = judged(happened(np.zeros(N)))
    assert check.name == "time_stability"
    assert check.estimate == pytest.approx((N - 90) / N)
    assert (check.low, check.high) == wilson_interval(N - 90, N)


def test_the_document_says_when_and_of_how_many() -> None:
    heldout, _ = judged(happened(np.zeros(N)), is_sample=True)
    assert (heldout.cut, heldout.until) == (CUT, CUT + timedelta(days=30))
    assert (heldout.horizon_days, heldout.n_entities) == (30.0, N)
    assert "900 entities (a sample)" in heldout.sentence
    assert "up to 2024-04-30 alone" in heldout.sentence
    assert "found with data up to the end" in heldout.sentence


def test_an_outcome_without_variance_is_still_told() -> None:
    (outcome,) = judged(happened(np.zeros(N), is_share=True))[0].outcomes
    assert (outcome.overall, outcome.explained, outcome.p_value) == (0.0, 0.0, 1.0)


def test_an_outcome_without_variance_is_neither_won_nor_lost() -> None:
    spent = 10.0 * TRUTH + RNG.normal(0, 1, N)
    heldout, _ = judged(happened(spent), happened(np.zeros(N), is_share=True, name="left"))
    assert [o.varies for o in heldout.outcomes] == [True, False]
    assert "Of 1 outcome they explain more than RFM quantiles in 1" in heldout.sentence
    assert heldout.sentence.endswith("Could not be measured (the same for everyone): left.")
    alone, _ = judged(happened(np.zeros(N)))
    assert "explain more" not in alone.sentence
    assert alone.outcomes[0].beyond_baseline is None


@pytest.mark.parametrize(("asked", "is_seen"), [("spent", True), ("left", False), (None, False)])
def test_an_outcome_that_helped_to_choose_is_no_second_witness(asked, is_seen) -> None:
    heldout, _ = judged(happened(10.0 * TRUTH + RNG.normal(0, 1, N)), asked=asked)
    assert heldout.sentence.endswith("its p-value is no independent test.") is is_seen


def then(tiers: np.ndarray) -> Then:
    return Then(TRUTH, tiers, "RF quantiles")


def test_fewer_groups_of_the_baseline_are_told_as_so_many() -> None:
    window = Window(CUT, outcome_days=30.0)
    spent = happened(10.0 * TRUTH + RNG.normal(0, 1, N))
    judging = Judging(EARLIER, window, CUT + timedelta(days=30), (spent,), is_sample=False)
    two = then(np.minimum(TRUTH, 1))
    outcome = outcome_after(spent, two, (1, 2, 3), RNG)
    told = _sentence(judging, (outcome,), two, 3)
    assert "more than RF quantiles in 1" in told
    assert "(95 % intervals; 2 groups; the segments are 3)." in told
    one = then(np.zeros(N, dtype=np.int64))
    outcome = outcome_after(spent, one, (1, 2, 3), RNG)
    assert outcome.baseline_explained is None
    assert "RF quantiles" not in _sentence(judging, (outcome,), one, 3)


def test_thousands_are_separated() -> None:
    many = [f"e{i:04d}" for i in range(1200)]
    table = table_of(np.zeros(1200), many)
    judging = Judging(table, Window(CUT, outcome_days=30.0), CUT, (), is_sample=False)
    assert _sentence(judging, (), then(TRUTH), 3).startswith("1,200 entities were put")


def test_a_segment_without_entities_at_the_judging_cut_is_left_out() -> None:
    recipe = fit_recipe(NOW, weights={}, audit=Audit(), rng=np.random.default_rng(0))
    X = recipe.apply(NOW).X
    far = np.vstack([X.mean(axis=0), X.mean(axis=0) + 1e6])
    assigner = Assigner(far, np.arange(2), np.ones(2))
    window = Window(CUT, outcome_days=30.0)
    judging = Judging(
        EARLIER, window, CUT + timedelta(days=30), (happened(np.ones(N)),), is_sample=False
    )
    heldout, _ = held_out(
        judging,
        recipe,
        assigner,
        (1, 2),
        table=NOW,
        answers=assigner.answer(X),
        rng=np.random.default_rng(4),
    )
    assert [s.id for s in heldout.outcomes[0].segments] == [1]


def test_curves_are_of_the_segments_at_the_judging_cut() -> None:
    recipe = fit_recipe(
        NOW, weights={"recency_days": 0.0, "value_total": 0.0}, audit=Audit(),
        rng=np.random.default_rng(0),
    )  # fmt: skip
    X = recipe.apply(EARLIER).X
    centres = np.array([X[g == TRUTH].mean(axis=0) for g in range(3)])
    assigner = Assigner(centres, np.arange(3), np.ones(3))
    active = (np.arange(N)[:, None] % np.array([2, 3, 5]) == 0).astype(float)
    window = Window(CUT, outcome_days=30.0)
    course = Course(7.0, active)
    judging = Judging(EARLIER, window, CUT + timedelta(days=30), (), is_sample=False, course=course)
    heldout, _ = held_out(
        judging, recipe, assigner, (1, 2, 3), table=NOW, answers=assigner.answer(X),
        rng=np.random.default_rng(4),
    )  # fmt: skip
    assert heldout.courses is not None
    for told in heldout.courses.segments:
        own = active[told.id - 1 == TRUTH]
        assert told.n == len(own)
        assert [r.mean for r in told.retained] == own.mean(axis=0).tolist()
