"""Outcomes that are columns, on entities that had no part in making segments."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from builders import feature_table, with_roles
from segmentry.domain.audit import Audit
from segmentry.domain.judging import HeldoutColumns
from segmentry.domain.preparation import Split
from segmentry.domain.progress import Silent
from segmentry.domain.project import Outcome, Project, SegmentChoice
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureTable
from segmentry.maths.outcome import epsilon_squared
from segmentry.pipeline import apart as module
from segmentry.pipeline.apart import judged_apart
from segmentry.pipeline.find import Found, find
from segmentry.pipeline.prepared import prepare_table
from segmentry.pipeline.ready import Ready

N = 600
RNG = np.random.default_rng(3)
GROUP = RNG.integers(0, 3, N)
LEFT = (RNG.random(N) < np.array([0.1, 0.4, 0.8])[GROUP]).astype(float)
TABLE = with_roles(
    feature_table(
        {
            "spend": list(10.0 * GROUP + RNG.normal(0, 1, N)),
            "visits": list(10.0 * (GROUP == 1) + RNG.normal(0, 1, N)),
            "left": [None if i == 7 else v for i, v in enumerate(LEFT)],
            "grade": [("a", "b", "c")[i % 3] for i in range(N)],
            "same": [1.0] * N,
        }
    ),
    {"left": Role.OUTCOME, "grade": Role.OUTCOME, "same": Role.OUTCOME},
)
PLAIN = Project("people", (), segments=SegmentChoice(3, 3, methods=("k-means",)))


def made(project: Project = PLAIN, table: FeatureTable = TABLE) -> tuple[Ready, Found]:
    ready = Ready(table, None, None, prepare_table(project, table, Audit(), None))
    part, matrix = ready.prepared.learning(table)
    found = find(
        matrix,
        project.segments,
        seed=1,
        band=range(3, 4),
        audit=Audit(),
        steps=Silent(),
        table=part,
        threads=1,
    )
    return ready, replace(found, answers=found.assigner.answer(ready.prepared.matrix.X))


READY, FOUND = made()


def judged(ready: Ready = READY, found: Found = FOUND, project: Project = PLAIN) -> HeldoutColumns:
    told = judged_apart(ready, project, found, np.random.default_rng(5))
    assert told is not None
    return told


def outcome(told: HeldoutColumns, name: str):
    return next(o for o in told.outcomes if o.name == name)


def test_where_everybody_was_searched_one_half_is_segmented_anew():
    told = judged()
    assert (told.n_fitted, told.n_entities) == (N // 2, N - N // 2)
    assert told.agreement is not None
    assert told.agreement.value > 0.99
    assert "the chosen method segmented 300 of them anew and the other 300" in told.sentence


def test_figures_are_those_of_the_entities_that_made_nothing(monkeypatch):
    asides = []
    real = module._aside
    monkeypatch.setattr(module, "_aside", lambda *a: asides.append(real(*a)) or asides[-1])
    told = outcome(judged(), "left")
    aside = asides[0]
    known = aside.rows != 7
    values, segment = LEFT[aside.rows][known], aside.segment[known]
    assert told.explained == pytest.approx(epsilon_squared(values, segment))
    assert told.explained_low < told.explained < told.explained_high
    counts = np.array([np.bincount(segment, weights=values == v) for v in (0.0, 1.0)])
    wanted = stats.chi2_contingency(counts, correction=False).pvalue
    assert told.p_value == pytest.approx(wanted)
    for one in told.segments:
        own = values[segment == one.id - 1]
        ci = stats.binomtest(int(own.sum()), len(own)).proportion_ci(method="wilson")
        assert (one.n, one.mean) == (len(own), pytest.approx(own.mean()))
        assert (one.low, one.high) == pytest.approx((ci.low, ci.high))
    assert told.beyond_baseline.low < told.beyond_baseline.value < told.beyond_baseline.high


def test_segments_made_anew_go_by_the_names_of_the_final_ones():
    told = outcome(judged(), "left")
    final = FOUND.answers.segment
    wanted = [LEFT[final == s.id - 1].mean() for s in told.segments]
    np.testing.assert_allclose([s.mean for s in told.segments], wanted, atol=0.15)


def test_an_outcome_of_several_levels_pays_for_them():
    told = judged()
    levels = [o for o in told.outcomes if o.name.startswith("grade: ")]
    assert [o.name for o in levels] == ["grade: a", "grade: b", "grade: c"]
    assert all(o.p_value > 0.05 for o in levels)


def test_what_is_the_same_for_everyone_is_told_as_such():
    same = outcome(judged(), "same")
    assert not same.varies
    assert same.beyond_baseline is None


def test_entities_beyond_the_searched_sample_come_first():
    chosen = replace(FOUND.selection, rows=np.arange(290))
    told = judged(found=replace(FOUND, selection=chosen))
    assert (told.n_fitted, told.n_entities) == (None, 310)
    assert "310 entities outside the searched sample" in told.sentence
    few = replace(FOUND.selection, rows=np.arange(310))
    assert judged(found=replace(FOUND, selection=few)).n_fitted == 300


def test_a_split_holds_out_who_judges():
    project = replace(PLAIN, split=Split(0.7))
    ready, found = made(project)
    told = judged(ready, found, project)
    assert told.n_entities == int((~ready.prepared.learned).sum())
    assert told.agreement is None
    assert "entities that the split holds out" in told.sentence


@pytest.mark.parametrize(("name", "is_told"), [("gone", True), ("left", True), ("other", False)])
def test_an_outcome_that_helped_to_choose_is_no_second_witness(name, is_told):
    asked = replace(PLAIN.segments, must_differ_in=name)
    outcomes = (Outcome("gone", column="left"), Outcome("other", event="other"))
    told = judged(project=replace(PLAIN, segments=asked, outcomes=outcomes))
    assert outcome(told, "gone").varies
    assert told.sentence.endswith("its p-value is no independent test.") is is_told


def test_an_outcome_that_weighed_features_is_said_to_have_done_so():
    project = replace(PLAIN, segments=replace(PLAIN.segments, guided_by="left"))
    assert "Features were weighed by 'left' of other entities" in judged(project=project).sentence


def test_without_an_outcome_nothing_is_judged():
    bare = with_roles(TABLE, dict.fromkeys(("left", "grade", "same"), Role.OVERLAY))
    ready, found = made(table=bare)
    assert judged_apart(ready, PLAIN, found, np.random.default_rng(5)) is None


def test_the_same_chance_gives_the_same_figures():
    assert judged() == judged()
