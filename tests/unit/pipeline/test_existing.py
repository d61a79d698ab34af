"""A project's own segmentation beside the one that was found, from its file to its documents."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builders import blobs
from segmentry.domain.audit import Audit
from segmentry.domain.matrix import Matrix
from segmentry.domain.preparation import Split
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project, SegmentChoice, Shape, Source, frozen_mapping
from segmentry.domain.role import Role
from segmentry.errors import ProjectFileError
from segmentry.estimator import Segmenter
from segmentry.maths.gain import explained_gain
from segmentry.pipeline.assign import assign_file
from segmentry.pipeline.existing import beside_rows
from segmentry.pipeline.ready import make_ready
from segmentry.pipeline.run import run_project

N = 600
RNG = np.random.default_rng(0)
X, TRUTH = blobs(N, k=4, d=3)
TIER = np.where(TRUTH < 2, "gold", "basic").astype(object)
TIER[:9] = "rare"
TIER[9:30] = None
LEFT = RNG.random(N) < np.array([0.1, 0.5, 0.1, 0.9])[TRUTH]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    home = tmp_path_factory.mktemp("had")
    columns = {"visits": X[:, 0], "spend": X[:, 1], "items": X[:, 2], "tier": TIER.tolist()}
    columns |= {"left": LEFT, "code": np.where(TRUTH == 0, 1, 2)}
    pq.write_table(pa.table({"id": np.arange(N), **columns}), home / "people.parquet")
    source = Source("people", "people.parquet", Shape.TABLE, frozen_mapping({"entity": "id"}))
    plain = Project("people", (source,), folder=home)
    roles = frozen_mapping({"left": Role.OUTCOME, "tier": Role.CLUSTER, "code": Role.ID})
    features = replace(plain.features, roles=roles)
    choice = SegmentChoice(4, 5, methods=("k-means",), existing="tier")
    return replace(plain, features=features, segments=choice)


@pytest.fixture(scope="module")
def done(project, tmp_path_factory):
    return run_project(project, output=tmp_path_factory.mktemp("run") / "run")


@pytest.fixture(scope="module")
def told(done):
    return done.documents["evidence"]["existing"]


def test_what_there_was_shapes_nothing_whatever_role_it_had(done):
    columns = {f["name"]: f["role"] for f in done.documents["summary"]["features"]}
    assert columns["tier"] == "overlay"
    assert not [c for c in done.documents["summary"]["matrix_columns"] if "tier" in c]


def test_who_has_none_is_told_and_left_out(done, told):
    assert (told["n_compared"], told["n_without"], told["n_folded"]) == (N - 30, 30, 9)
    (finding,) = (
        f for f in done.documents["audit"]["findings"] if f["code"] == "no_existing_segment"
    )
    assert (finding["count"], finding["total"]) == (30, N)


def test_each_existing_segment_falls_into_those_that_it_hides(told):
    assert {row["name"] for row in told["rows"]} == {"gold", "basic"}
    assert [len(s["parts"]) for s in told["splits"]] == [2, 2]
    assert told["hidden"] == []
    assert sum(row["n"] for row in told["rows"]) == N - 30


def test_more_is_explained_of_features_and_of_what_happened(told):
    assert told["worth"] == "more"
    assert told["features"]["low"] > 0
    (left,) = told["outcomes"]
    assert left["name"] == "left"
    assert left["low"] > 0
    assert "the 4 new ones add value" in told["sentence"]


def test_a_cell_of_few_tells_neither_count_nor_share(project, tmp_path):
    table = pq.read_table(project.folder / "people.parquet")
    tier = np.where(TRUTH < 2, "gold", "basic")
    tier[np.flatnonzero(TRUTH == 3)[:3]] = "gold"
    place = table.column_names.index("tier")
    other = table.set_column(place, "tier", pa.array(tier))
    pq.write_table(other, tmp_path / "people.parquet")
    moved = replace(project, folder=tmp_path)
    rows = run_project(moved, output=tmp_path / "run").documents["evidence"]["existing"]["rows"]
    cells = [c for row in rows for c in row["cells"]]
    assert all(c["n"] == 0 or c["n"] >= 10 for c in cells if "n" in c)
    assert [c for c in cells if set(c) == {"id"}]


def test_new_rows_need_no_existing_segment_to_be_assigned(project, done, tmp_path):
    rows = pq.read_table(project.folder / "people.parquet").drop_columns(["tier"])
    pq.write_table(rows, tmp_path / "new.parquet")
    answers = assign_file(done.folder, tmp_path / "new.parquet", project_folder=project.folder)
    assert answers["segment_id"].to_pylist() == done.assignments()["segment_id"].to_pylist()


@pytest.mark.parametrize(
    ("name", "code", "match"), [("teir", "E1004", "no column 'teir'"), ("id", "E1002", "'id'")]
)
def test_a_column_that_is_not_there_is_refused(project, tmp_path, name, code, match):
    asked = replace(project, segments=replace(project.segments, existing=name))
    with pytest.raises(ProjectFileError, match=match) as refused:
        run_project(asked, output=tmp_path / "run")
    assert (refused.value.code, refused.value.key) == (code, "segments.existing")


def test_one_group_of_everybody_is_compared_and_has_no_silhouette():
    matrix = Matrix(X, pa.array(np.arange(N)), ("a", "b", "c"), ("a", "b", "c"))
    found = beside_rows(["all"] * N, matrix, TRUTH, 4, column="one", rng=np.random.default_rng(0))
    assert found is not None
    assert found.silhouette is None
    assert found.features.existing == 0.0


def test_nothing_is_compared_where_no_group_has_ten_rows():
    matrix = Matrix(X, pa.array(np.arange(N)), ("a", "b", "c"), ("a", "b", "c"))
    few = ["a"] * 9 + [None] * (N - 9)
    assert beside_rows(few, matrix, TRUTH, 4, column="x", rng=np.random.default_rng(0)) is None


def test_the_estimator_compares_with_what_it_is_given():
    found = Segmenter(n_segments=4, random_state=0).fit(X, existing=TIER).evidence_.existing
    assert (found.crossing.n_compared, found.worth) == (N - 30, "more")
    numbers = np.where(TRUTH < 2, 1.0, np.nan)
    found = Segmenter(n_segments=4, random_state=0).fit(X, existing=numbers).evidence_.existing
    assert found.crossing.existing == ("1.0",)
    with pytest.raises(ValueError, match=r"existing has shape \(3,\), but there are 600 rows"):
        Segmenter(n_segments=4).fit(X, existing=["a"] * 3)
    with pytest.raises(ValueError, match="no existing segment has ten rows"):
        Segmenter(n_segments=4).fit(X, existing=[None] * N)


def test_an_outcome_that_weighed_features_compares_on_those_held_out(project, tmp_path):
    segments = replace(project.segments, guided_by="left")
    guided = replace(project, segments=segments, split=Split(0.7))
    run = run_project(guided, output=tmp_path / "run")
    learned = make_ready(guided, audit=Audit(), steps=Silent()).prepared.learned
    rows = run.assignments()
    ours, who = (np.array(rows[c].to_pylist(), dtype=int) for c in ("segment_id", "entity_id"))
    judged = ~learned & np.not_equal(TIER[who], None)
    _, theirs = np.unique(TIER[who[judged]].astype(str), return_inverse=True)
    left = LEFT[who[judged], None].astype(float)
    by_hand = explained_gain(left, ours[judged], theirs)
    (told,) = run.documents["evidence"]["existing"]["outcomes"]
    assert told["name"] == "left"
    assert (told["gain"], told["low"], told["high"]) == pytest.approx(
        (by_hand.gain, by_hand.low, by_hand.high)
    )
