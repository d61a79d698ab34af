"""Finding: from a matrix to a choice with its evidence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import Listener, blobs, matrix
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.evidence import StructureVerdict, Verdict
from segmentry.domain.percent import percent
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project, SegmentChoice
from segmentry.errors import DataError
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.pipeline.find import feasible_band, find
from segmentry.pipeline.timing import Steps
from usage import mixes

X, TRUTH = blobs(400, k=5, d=5)
PROJECT = Project("shop", ())


def found_in(rows, *, project=PROJECT, audit=None, listener=None, threads=1, **more):
    steps, audit = Steps(listener or Silent()), audit or Audit()
    band = feasible_band(len(rows), project.segments, audit)
    return find(
        replace(matrix(rows), **more),
        project.segments,
        seed=project.seed,
        band=band,
        audit=audit,
        steps=steps,
        threads=threads,
    )


@pytest.fixture(scope="module")
def found():
    audit = Audit()
    audit.add(Finding("stray_date", "Two dates stray.", "warning"))
    return found_in(X, audit=audit)


def check(found, name):
    return next(c for c in found.evidence.checks if c.name == name)


def test_planted_groups_are_found_without_being_told_how_many(found):
    assert found.selection.chosen.n_segments == found.assigner.n_segments == 5
    assert adjusted_rand_index(found.answers.segment, TRUTH) == 1.0


def test_answers_are_those_of_the_assigner(found):
    np.testing.assert_array_equal(found.answers.segment, found.assigner.answer(X).segment)


def test_planted_groups_are_told_to_be_clear(found):
    assert found.evidence.structure.verdict is StructureVerdict.CLEAR


def test_the_silhouette_of_all_entities_is_a_check_with_its_interval(found):
    silhouette = check(found, "silhouette")
    assert silhouette.low <= silhouette.estimate <= silhouette.high
    assert silhouette.estimate == found.silhouette.mean
    assert silhouette.verdict is Verdict.PASS


def test_shares_are_those_of_the_answers(found):
    shares = np.bincount(TRUTH) / len(TRUTH)
    assert check(found, "smallest_share").estimate == shares.min()
    assert check(found, "largest_share").estimate == shares.max()
    assert check(found, "anomaly_share").estimate == found.answers.anomaly.mean()


def test_the_explained_share_is_that_of_the_definition(found):
    within = sum(((X[g == TRUTH] - X[g == TRUTH].mean(axis=0)) ** 2).sum() for g in range(5))
    total = ((X - X.mean(axis=0)) ** 2).sum()
    assert check(found, "explained_share").estimate == pytest.approx(1 - within / total)


def test_a_search_on_all_rows_agrees_with_the_fit(found):
    assert check(found, "sample_agreement").estimate == 1.0


def test_warnings_of_the_audit_are_passed_on(found):
    assert "Two dates stray." in found.evidence.warnings


def test_components_are_not_tested_as_if_they_were_features():
    found = found_in(X[:60], mixed=True, features=("a", "b", "c", "d", "e", "f"))
    assert found.evidence.significance is None


def test_phases_are_told_in_their_order():
    listener = Listener()
    found_in(X[:60], listener=listener)
    assert [name for name, _ in listener.phases] == ["search", "structure", "fit", "judge"]
    assert listener.phases[0][1] == (
        "k-means, ward, robust linkage, gaussian mixture, 4 to 6 segments, 60 rows"
    )


def test_only_the_methods_asked_for_are_tried():
    project = Project("shop", (), segments=SegmentChoice(methods=("ward",)))
    found = found_in(X, project=project)
    assert {c.partition.method for c in found.selection.candidates} == {"ward"}
    assert [m.name for m in found.methods if m.is_tried] == ["ward"]
    assert adjusted_rand_index(found.answers.segment, TRUTH) == 1.0


def test_a_mixture_is_used_as_it_was_found():
    rng = np.random.default_rng(0)
    truth = np.arange(900) % 5
    rows = np.column_stack([rng.normal(size=900) * 1.5, truth * 4.0 + rng.normal(size=900) * 0.3])
    choice = SegmentChoice(methods=("gaussian mixture",))
    found = found_in(rows, project=Project("shop", (), segments=choice))
    assert found.selection.chosen.name == "gaussian mixture, 5 segments"
    assert adjusted_rand_index(found.answers.segment, truth) > 0.97
    np.testing.assert_array_equal(found.answers.segment, found.assigner.answer(rows).segment)
    # Prototypes come from the sample and stay: what was judged is what is used.
    assert check(found, "sample_agreement").estimate == 1.0


@pytest.mark.parametrize(("most", "is_told"), [(0.3, True), (1.0, False)])
def test_bounds_that_prototypes_break_are_told_with_the_share_of_everybody(most, is_told):
    rows = np.random.default_rng(0).normal(size=(600, 2)) ** 3
    choice = SegmentChoice(4, 4, min_share=0.0, max_share=most, methods=("sized k-means",))
    found = found_in(rows, project=replace(PROJECT, segments=choice))
    shares = np.bincount(found.answers.segment) / 600
    over = float(np.maximum(shares - most, 0.0).sum())
    told = [w for w in found.evidence.warnings if w.startswith("sized k-means held")]
    assert (over * 600 > 1.0) is is_told
    assert len(told) == is_told
    assert all(f"of all 600 entities {percent(over, finely=True)} are above" in w for w in told)


def test_mixes_are_found_and_answered_by_direction():
    rows, truth = mixes(900)
    choice = SegmentChoice(2, 5, methods=("spherical k-means",))
    found = found_in(rows, project=replace(PROJECT, segments=choice))
    assert found.selection.chosen.n_segments == 3
    assert adjusted_rand_index(found.answers.segment, truth) > 0.9
    assert found.selection.chosen.scores["fidelity"] == 1.0
    # However much somebody uses: a share of the heaviest as small as everybody's is astray.
    heavy = rows.sum(axis=1) > np.quantile(rows.sum(axis=1), 0.9)
    assert found.answers.anomaly[heavy].mean() <= 0.05
    assert found.answers.confidence[heavy].mean() >= found.answers.confidence.mean()


def test_threads_change_nothing():
    one, two = (found_in(X[:120], threads=n) for n in (1, 2))
    np.testing.assert_array_equal(one.assigner.prototypes, two.assigner.prototypes)
    assert one.evidence == two.evidence
    assert one.selection.reason == two.selection.reason
    assert one.rationale == two.rationale


def test_another_seed_draws_anew():
    rows = np.random.default_rng(0).normal(size=(300, 3))
    first, second = found_in(rows), found_in(rows, project=Project("shop", (), seed=1))
    assert not np.array_equal(first.assigner.prototypes, second.assigner.prototypes)


def test_the_choice_was_resampled_and_its_figures_are_those_of_the_evidence(found):
    scores = found.selection.chosen.scores
    weakest = min(s.jaccard for s in found.evidence.stability.segments)
    assert scores["jaccard_min"] == pytest.approx(weakest, abs=0.02)
    assert found.selection.chosen.shortlisted


def test_every_part_of_the_evidence_is_there(found):
    evidence = found.evidence
    assert all((evidence.silhouettes, evidence.surrogate, evidence.discriminant, evidence.baseline))
    assert len(evidence.significance.features) > 1
    assert found.rationale[0].startswith("400 entities are described by 5 numbers.")


def test_identical_entities_hold_nothing_to_find():
    with pytest.raises(DataError, match=r"all 200 entities are identical .*\(E2007\)"):
        found_in(np.ones((200, 3)))


def test_the_end_of_the_band_and_few_segments_are_warned_of():
    project = Project("shop", (), segments=SegmentChoice(2, 3))
    warnings = found_in(X, project=project).evidence.warnings
    ends = [w for w in warnings if "that were tried" in w]
    assert len(ends) == 1
    assert ends[0].startswith("3 segments are the most that were tried, and more may suit better")
    assert "set segments.max above 3 to see" in ends[0]
    assert any(w.startswith("3 segments: few segments hide differences") for w in warnings)


def test_the_fewest_of_a_band_are_warned_of_with_the_figure_of_the_next_best():
    rows, _ = blobs(200, k=3)
    found = found_in(rows, project=Project("shop", (), segments=SegmentChoice(3, 5)))
    assert found.selection.chosen.n_segments == 3
    (told,) = (w for w in found.evidence.warnings if "that were tried" in w)
    assert "3 segments are the fewest" in told
    assert "set segments.min below 3 to see" in told
    second = max(
        (c for c in found.selection.candidates if f"the best, {c.name}, has" in told),
        key=lambda c: c.scores["silhouette"],
    )
    assert f"has {second.scores['silhouette']:.2f}" in told


@pytest.mark.parametrize("band", [(2, 5), (3, 3)])
def test_no_end_is_told_of_a_band_that_cannot_be_widened_or_was_set(band):
    rows, _ = blobs(200, k=max(2, band[0]))
    project = Project("shop", (), segments=SegmentChoice(*band, methods=("k-means",)))
    found = found_in(rows, project=project)
    assert found.selection.chosen.n_segments == band[0]
    assert not any("that were tried" in w for w in found.evidence.warnings)


@pytest.mark.parametrize(("n", "top"), [(40, 4), (79, 7), (80, 8), (10_000, 8)])
def test_every_segment_needs_ten_entities(n, top):
    audit = Audit()
    assert feasible_band(n, SegmentChoice(), audit) == range(4, top + 1)
    assert [f.code for f in audit.findings] == (["band_shrunk"] if top < 8 else [])


def test_a_band_that_shrinks_is_told():
    audit = Audit()
    feasible_band(55, SegmentChoice(), audit)
    assert audit.warnings == ("55 entities allow at most 5 segments (10 entities each), not 8.",)


@pytest.mark.parametrize(
    ("n", "told"), [(39, "39 entities, but 4 segments need"), (1, "1 entity, but 4 segments need")]
)
def test_too_few_entities_are_refused_with_how_many_are_needed(n, told):
    with pytest.raises(DataError, match=rf"(?s){told} at least 40 \(E2006\).*lower segments.min"):
        feasible_band(n, SegmentChoice(), Audit())
