"""How far chosen segments hang on single decisions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builders import Listener, blobs, matrix
from segmentry.cluster.kmeans import FIRST_SEEDS, MOST_SEEDS
from segmentry.domain.preparation import Preparation, Reduce, Split
from segmentry.domain.project import Outcome, Project, SegmentChoice, Shape, Source, frozen_mapping
from segmentry.domain.role import Role
from segmentry.errors import FitError, UsageError
from segmentry.pipeline import sensitivity
from segmentry.pipeline.sensitivity import sensitivity_of_project, sensitivity_of_rows
from segmentry.pipeline.tournament import Asked
from segmentry.pipeline.variations import variations_of

RNG = np.random.default_rng(0)
N = 300
SIDE, ABOVE = np.arange(N) % 2, (np.arange(N) // 2) % 3
"""Three kinds by two features, each halved by a third one alone."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    home = tmp_path_factory.mktemp("varied")
    kinds = np.array([[0.0, 0.0], [6.0, 0.0], [0.0, 6.0]])[ABOVE] + RNG.normal(size=(N, 2)) * 0.4
    columns = {"visits": kinds[:, 0], "spend": kinds[:, 1], "phone": 9.0 * SIDE + kinds[:, 0] * 0.1}
    pq.write_table(pa.table({"id": np.arange(N), **columns}), home / "people.parquet")
    source = Source("people", "people.parquet", Shape.TABLE, frozen_mapping({"entity": "id"}))
    choice = SegmentChoice(4, 7, methods=("k-means",))
    return Project("people", (source,), segments=choice, folder=home)


@pytest.fixture(scope="module")
def found(project: Project):
    return sensitivity_of_project(project, Asked())


def of(found, decision):
    return [v for v in found.variations if v.decision == decision]


def test_the_feature_on_which_all_hangs_is_named_in_the_sentence(found):
    assert (found.method, found.n_segments) == ("k-means", 6)
    assert found.variations[0].decision == "feature"
    assert found.sentence.startswith(
        "The single decision that the segments hang on most is the feature (without "
    )
    assert f"agree with the choice at {found.variations[0].ari:.2f}" in found.sentence


def test_variations_stand_by_effect_and_what_was_not_measured_last(found):
    known = [v.ari for v in found.variations if v.jaccards]
    assert known == sorted(known)
    unknown = [bool(v.missing) for v in found.variations]
    assert unknown == sorted(unknown)
    assert {v.decision for v in found.variations if v.missing} == {"linkage", "radius", "windows"}


def test_segments_are_numbered_by_size_and_each_has_its_figure(found):
    assert list(found.shares) == sorted(found.shares, reverse=True)
    assert sum(found.shares) == pytest.approx(1.0)
    assert all(len(v.jaccards) == 6 for v in found.variations if v.jaccards)


def test_one_segment_fewer_leaves_the_others_as_they_are(found):
    fewer = next(v for v in of(found, "number of segments") if v.n_segments == 5)
    assert sorted(fewer.jaccards)[2:] == pytest.approx([1.0] * 4, abs=0.05)


def test_what_the_search_knows_already_is_told(found):
    (again,) = of(found, "entities")
    assert again.ari > 0.9
    (own,) = of(found, "prototypes")
    assert own.ari == 1.0


def test_where_nothing_is_drawn_no_seed_matters_however_far_answers_lie_from_labels():
    rows = np.random.default_rng(0).normal(size=(300, 4))
    choice = SegmentChoice(methods=("ward",))
    varied = sensitivity_of_rows(matrix(rows), choice, n_segments=4, seed=0)
    assert [v.ari for v in of(varied, "seed")] == [1.0] * 3
    (own,) = of(varied, "prototypes")
    assert own.ari < 0.99


def test_noise_is_told_beside_the_prototypes_and_varies_nothing_else():
    groups, _ = blobs(300, k=3, d=2, seed=1)
    rows = np.vstack([groups, np.random.default_rng(0).uniform(-15, 25, size=(30, 2))])
    choice = SegmentChoice(methods=("hdbscan",))
    varied = sensitivity_of_rows(matrix(rows), choice, n_segments=3, seed=0)
    assert [v.ari for v in of(varied, "seed")] == [1.0] * 3
    (own,) = of(varied, "prototypes")
    assert own.variant.endswith("are noise)")
    assert own.ari < 0.99


def test_as_many_beginnings_by_lot_as_the_search_has_made(monkeypatch):
    told = []

    def kept(settled, **facts):
        told.append(settled)
        return variations_of(settled, **facts)

    monkeypatch.setattr(sensitivity, "variations_of", kept)
    rows = blobs(240, k=4, d=3, gap=5.0, seed=0)[0]
    choice = SegmentChoice(methods=("k-means",))
    for k in (4, 6):
        sensitivity_of_rows(matrix(rows), choice, n_segments=k, seed=0)
    # Where the first seeds leave doubt, a search makes three more.
    assert [s.n_fits for s in told] == [FIRST_SEEDS, MOST_SEEDS]


def test_nothing_is_written(project, found):
    assert [p.name for p in project.folder.iterdir()] == ["people.parquet"]


def test_a_variant_that_no_run_would_take_is_shown_and_not_named():
    rows = np.vstack([blobs(200, k=4, d=3, gap=5.0, seed=1)[0], np.full((1, 3), 60.0)])
    choice = SegmentChoice(methods=("ward",), min_share=0.05)
    varied = sensitivity_of_rows(matrix(rows), choice, n_segments=None, seed=0)
    crumbs = [v for v in varied.variations if v.smallest_share < 0.05]
    assert crumbs
    assert all(f"({v.variant})" not in varied.sentence for v in crumbs)


def test_where_nothing_matters_it_is_said():
    rows, _ = blobs(240, k=4, d=6, seed=2)
    rows = np.hstack([rows, rows])
    choice = SegmentChoice(methods=("k-means",))
    varied = sensitivity_of_rows(matrix(rows), choice, n_segments=4, seed=0)
    by = [v for v in varied.variations if v.decision == "number of segments"]
    assert min(v.ari for v in varied.variations if v.jaccards) == min(v.ari for v in by)


def test_components_and_splits_are_followed(project):
    reduced = replace(
        project, prepare=Preparation(reduce=Reduce("pca", components=2)), split=Split(0.8)
    )
    varied = sensitivity_of_project(reduced, Asked(band=range(4, 6)))
    names = {v.variant for v in of(varied, "feature") if v.jaccards}
    assert names == {"without visits", "without spend", "without phone"}


def test_a_demand_that_could_not_be_asked_is_told(project):
    roles = frozen_mapping({"phone": Role.OUTCOME})
    asking = replace(
        project,
        features=replace(project.features, roles=roles),
        segments=replace(project.segments, must_differ_in="churn"),
        outcomes=(Outcome("churn", event="leave"),),
    )
    varied = sensitivity_of_project(asking, Asked(band=range(3, 5)))
    assert varied.notes[-1].startswith("Whether segments differ in 'churn' could not be asked")


def test_a_choice_in_need_is_told_in_sentences():
    rows, choice = blobs(90, k=3, d=2)[0], SegmentChoice(methods=("k-means",), min_share=0.45)
    varied = sensitivity_of_rows(matrix(rows), choice, n_segments=3, seed=0)
    assert varied.notes[0].startswith("The choice is k-means, 3 segments. Every candidate has ")


def test_phases_are_told(project):
    listener = Listener()
    sensitivity_of_project(project, Asked(("ward",)), progress=listener)
    assert listener.phases[-1][0] == "vary"


def test_threads_change_nothing(project, found):
    again = sensitivity_of_project(project, Asked(), threads=2)
    assert again.table == found.table
    assert again.sentence == found.sentence


def test_what_cannot_be_is_refused(project):
    with pytest.raises(UsageError, match="no method 'wart'"):
        sensitivity_of_project(project, Asked(("wart",)))
    with pytest.raises(FitError, match="leave nothing to compare"):
        sensitivity_of_rows(matrix(np.ones((9, 2))), SegmentChoice(), n_segments=None, seed=0)
