"""A project's own segmentation beside the one that was found, from its file to its documents."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import silhouette_score

from builders import blobs, feature_table, structure, with_roles
from segmentry import estimator
from segmentry.domain.audit import Audit
from segmentry.domain.evidence import Evidence
from segmentry.domain.matrix import Matrix
from segmentry.domain.preparation import Split
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project, SegmentChoice, Shape, Source, frozen_mapping
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureTable
from segmentry.errors import ProjectFileError
from segmentry.estimator import Segmenter
from segmentry.maths.gain import explained_gain, explained_share
from segmentry.pipeline.assign import assign_file
from segmentry.pipeline.existing import beside_rows
from segmentry.pipeline.existing_outcomes import Outcome
from segmentry.pipeline.ready import make_ready
from segmentry.pipeline.run import _tellable, run_project

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
    assert (told["n_compared"], told["n_without"]) == (N - 30, 30)
    assert "n_folded" not in told  # of nine entities
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
    assert "the new ones (4) add value" in told["sentence"]
    assert left["n"] == told["features"]["n"] == N - 30


def test_both_sides_are_measured_for_the_same_entities(done, told):
    known = np.array([t not in (None, "rare") for t in TIER])
    assert told["features"]["n"] == known.sum()
    own = done.assignments()["segment_id"].to_numpy()[known]
    X = done.release().recipe.apply(FeatureTable.of(done.features(), done.release().columns)).X
    wanted = silhouette_score(X[known], own)
    assert told["chosen_silhouette"] == pytest.approx(wanted, abs=1e-6)
    assert told["features"]["chosen"] == pytest.approx(explained_share(X[known], own))


def test_what_is_withheld_follows_from_nothing_in_the_documents(project, tmp_path):
    table = pq.read_table(project.folder / "people.parquet")
    tier = np.where(TRUTH < 2, "gold", "basic")
    tier[np.flatnonzero(TRUTH == 3)[:3]] = "gold"
    place = table.column_names.index("tier")
    other = table.set_column(place, "tier", pa.array(tier))
    pq.write_table(other, tmp_path / "people.parquet")
    moved = replace(project, folder=tmp_path)
    papers = run_project(moved, output=tmp_path / "run").documents
    told = papers["evidence"]["existing"]
    hidden = [[set(c) == {"id"} for c in row["cells"]] for row in told["rows"]]
    assert sum(map(sum, hidden)) == 4
    # Each withheld cell shares its row, and its column, with another one.
    assert all(sum(line) != 1 for line in (*hidden, *zip(*hidden, strict=True)))
    shown = {(row["name"], c["id"]) for row in told["rows"] for c in row["cells"] if "n" in c}
    for split in told["splits"]:
        for part in split["parts"]:
            assert ("share" in part) == ((split["whole"], part["segment"]) in shown)
    assert told["adjusted_rand"] == round(told["adjusted_rand"], 2)
    # Segments are not described by it: shares of a segment are shares of its column.
    overlays = [o["column"] for s in papers["segments"]["segments"] for o in s["overlays"]]
    assert "tier" not in overlays


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


def beside(existing, outcomes=(), segment=TRUTH, n_segments=4):
    matrix = Matrix(X, pa.array(np.arange(N)), ("a", "b", "c"), ("a", "b", "c"))
    rng = np.random.default_rng(0)
    return beside_rows(
        existing, matrix, segment, range(1, n_segments + 1), column="x", rng=rng, outcomes=outcomes
    )


@pytest.mark.parametrize(("moved", "told"), [(0, ["tier", "town"]), (3, ["town"])])
def test_segments_are_described_by_existing_ones_unless_cells_are_withheld(moved, told):
    tier = np.where(TRUTH < 2, "gold", "basic")
    tier[np.flatnonzero(TRUTH == 3)[:moved]] = "gold"
    found = replace(beside(list(tier)), column="tier")
    table = with_roles(
        feature_table({"tier": list(tier), "town": ["x"] * N}),
        {"tier": Role.OVERLAY, "town": Role.OVERLAY},
    )
    evidence = Evidence(structure(), (), (), existing=found)
    assert [c.name for c in _tellable(table, evidence).columns] == told


@pytest.mark.parametrize(
    "existing",
    [
        ["a"] * 9 + [None] * (N - 9),
        ["all"] * N,
        ["a"] * (N - 9) + ["b"] * 9,
        [f"rep {i % 100}" for i in range(N)],
    ],
    ids=["few", "one", "one and few", "small ones"],
)
def test_nothing_is_compared_where_fewer_than_two_groups_have_ten_rows(existing):
    assert beside(existing) is None


def test_small_groups_are_one_beside_a_large_one():
    found = beside(["a"] * (N - 60) + [f"rep {i % 12}" for i in range(60)])
    assert (found.crossing.existing, found.n_folded) == (("a", "(others)"), 60)


def test_ours_have_no_silhouette_where_all_that_are_known_are_in_one():
    existing = np.where(X[:, 0] > np.median(X[TRUTH == 0, 0]), "a", "b").astype(object)
    existing[TRUTH != 0] = None
    found = beside(list(existing))
    assert found.chosen_silhouette is None
    assert found.silhouette > 0


def test_an_outcome_of_which_too_little_is_known_decides_nothing():
    churned = np.full((N, 1), np.nan)
    churned[:2, 0] = (1.0, 0.0)
    labels = tuple(np.where(TRUTH < 2, "a", "b"))
    found = beside(labels, [Outcome("churned", churned, TRUTH, labels)])
    plain = beside(labels)
    assert (found.outcomes, found.worth) == ((), plain.worth)
    assert [o.name for o in found.unmeasured] == ["churned"]
    assert "Not measured: churned (it is known of fewer than 30 entities" in found.sentence


def test_the_estimator_compares_with_what_it_is_given():
    found = Segmenter(n_segments=4, random_state=0).fit(X, existing=TIER).evidence_.existing
    assert (found.crossing.n_compared, found.worth) == (N - 30, "more")
    with pytest.raises(ValueError, match="fewer than two existing segments have ten rows"):
        Segmenter(n_segments=4).fit(X, existing=["a"] * (N - 1) + ["b"])


@pytest.mark.parametrize(
    ("existing", "match"),
    [
        (["a"] * 3, r"existing has shape \(3,\), but there are 600 rows"),
        (np.random.default_rng(0).random(N), "holds amounts such as 0"),
        (np.arange(N), "has 600 different values, and at most 200 are segments"),
    ],
)
def test_what_holds_no_segments_is_refused_before_anything_is_searched(
    monkeypatch, existing, match
):
    monkeypatch.setattr(estimator, "segment_rows", lambda *_, **__: pytest.fail("searched"))
    with pytest.raises(ValueError, match=match):
        Segmenter(n_segments=4).fit(X, existing=existing)


def test_an_outcome_that_weighed_features_compares_on_those_held_out(project, tmp_path):
    segments = replace(project.segments, guided_by="left")
    guided = replace(project, segments=segments, split=Split(0.7))
    run = run_project(guided, output=tmp_path / "run")
    learned = make_ready(guided, audit=Audit(), steps=Silent()).prepared.learned
    rows = run.assignments()
    ours, who = (np.array(rows[c].to_pylist(), dtype=int) for c in ("segment_id", "entity_id"))
    # Too few are "rare" to be a group.
    judged = ~learned & np.isin(TIER[who].astype(str), ["gold", "basic"])
    _, theirs = np.unique(TIER[who[judged]].astype(str), return_inverse=True)
    left = LEFT[who[judged], None].astype(float)
    by_hand = explained_gain(left, ours[judged], theirs)
    (told,) = run.documents["evidence"]["existing"]["outcomes"]
    assert told["name"] == "left"
    assert (told["gain"], told["low"], told["high"]) == pytest.approx(
        (by_hand.gain, by_hand.low, by_hand.high)
    )
