"""Broad segments and their parts, from the project's file to what is assigned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.cluster.levels import Division
from segmentry.domain.micro import Branch, MicroSegment, Whole
from segmentry.domain.percent import percent
from segmentry.domain.project import Project, SegmentChoice, Shape, Source, frozen_mapping
from segmentry.domain.table import FeatureTable
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.gain import explained_share
from segmentry.pipeline.assign import assign_file
from segmentry.pipeline.micro import _branch, _sentence, find_micro
from segmentry.pipeline.run import run_project

RNG = np.random.default_rng(0)
N = 1_200
CORNERS = 20.0 * np.array([[1, 1, 1], [-1, -1, 1], [-1, 1, -1], [1, -1, -1]], dtype=float)
BROAD = np.arange(N) % 4
PART = (np.arange(N) // 4) % 3 * (BROAD == 0)
X = CORNERS[BROAD] + RNG.normal(size=(N, 3)) + 5.0 * np.eye(3)[PART] * (BROAD == 0)[:, None]
"""Four groups that anybody would see; the first of them is three."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    home = tmp_path_factory.mktemp("levels")
    columns = {"visits": X[:, 0], "spend": X[:, 1], "items": X[:, 2]}
    pq.write_table(pa.table({"id": np.arange(N), **columns}), home / "people.parquet")
    source = Source("people", "people.parquet", Shape.TABLE, frozen_mapping({"entity": "id"}))
    choice = SegmentChoice(4, 4, methods=("k-means",), micro=1)
    return Project("people", (source,), folder=home, segments=choice)


@pytest.fixture(scope="module")
def done(project, tmp_path_factory):
    return run_project(project, output=tmp_path_factory.mktemp("run") / "run")


@pytest.fixture(scope="module")
def tree(done):
    return done.documents["evidence"]["micro"]


def test_what_holds_more_structure_is_divided_and_the_rest_stays_whole(done, tree):
    table = done.assignments()
    assert adjusted_rand_index(table["segment_id"].to_numpy(), BROAD) == 1.0
    (divided,) = (b for b in tree["segments"] if b["parts"])
    assert divided["id"] == table["segment_id"][0].as_py()
    assert [p["id"] for p in divided["parts"]] == [f"{divided['id']}.{i}" for i in (1, 2, 3)]
    assert divided["explained"] > divided["by_chance"]
    micro = np.array(table["micro_segment"].to_pylist())
    assert adjusted_rand_index(np.unique(micro, return_inverse=True)[1], 10 * BROAD + PART) > 0.98
    assert tree["sentence"] == (
        "1 of 4 segments is divided further, into 3 micro-segments; of the others 3 stand out no "
        "more than one cloud."
    )
    whole = [b for b in tree["segments"] if not b["parts"]]
    assert [b["whole"] for b in whole] == ["chance"] * 3
    assert all("19 structureless clouds like it, cut by the same" in b["sentence"] for b in whole)


def test_what_is_told_of_parts_is_measured_on_those_that_are_told(done, tree):
    table = done.assignments()
    (divided,) = (b for b in tree["segments"] if b["parts"])
    rows = np.flatnonzero(table["segment_id"].to_numpy() == divided["id"])
    part = np.unique(np.array(table["micro_segment"].to_pylist())[rows], return_inverse=True)[1]
    ready = done.release().recipe.apply(FeatureTable.of(done.features(), done.release().columns))
    assert divided["explained"] == pytest.approx(explained_share(ready.X[rows], part))
    assert 0.98 <= divided["fidelity"] <= 1.0
    assert f"explain {percent(divided['explained'])} of how it scatters" in divided["sentence"]


def test_nothing_is_divided_where_the_run_finds_no_groups(project, tmp_path):
    """Uniform columns: before, each run of such data told micro-segments."""
    X = np.random.default_rng(2).random((800, 3))
    columns = {"visits": X[:, 0], "spend": X[:, 1], "items": X[:, 2]}
    pq.write_table(pa.table({"id": np.arange(800), **columns}), tmp_path / "people.parquet")
    done = run_project(replace(project, folder=tmp_path), output=tmp_path / "run")
    assert done.verdict == "none"
    tree = done.documents["evidence"]["micro"]
    assert [b["whole"] for b in tree["segments"]] == ["no groups"] * 4
    assert tree["sentence"].startswith("No segment is divided further: no groups were shown in")
    assert not any("micro" in name for name in done.assignments().column_names)


def test_the_tree_counts_what_is_assigned(done, tree):
    told = done.assignments()["micro_segment"].to_pylist()
    parts = [p for b in tree["segments"] for p in b["parts"]]
    assert {p["id"]: p["size"] for p in parts} == {p["id"]: told.count(p["id"]) for p in parts}
    sizes = [p["size"] for p in parts]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(p["share_of_parent"] for p in parts) == pytest.approx(1.0)
    assert all(len(p["traits"]) >= 3 for p in parts)


def test_parts_have_names_that_nobody_else_has(done, tree):
    names = [p["name"].casefold() for b in tree["segments"] for p in b["parts"]]
    names += [s["name"].casefold() for s in done.segments]
    assert all(2 <= len(n.split()) <= 5 for n in names)
    assert len(set(names)) == len(names)
    page = done.report.read_text()
    assert all(p["name"] in page for b in tree["segments"] for p in b["parts"])


def test_one_row_is_answered_as_in_a_batch(project, done, tmp_path):
    rows = pq.read_table(project.folder / "people.parquet")
    together = done.assignments().to_pylist()
    for i in (0, 1, 4, 8, 700):
        pq.write_table(rows.slice(i, 1), tmp_path / "one.parquet")
        (alone,) = assign_file(done.folder, tmp_path / "one.parquet").to_pylist()
        assert alone["micro_segment"] == together[i]["micro_segment"]
        assert alone["segment"] == together[i]["segment"]


def test_nothing_of_it_is_there_unless_it_is_asked_for(project, tmp_path):
    plain = replace(project, segments=replace(project.segments, micro=0))
    done = run_project(plain, output=tmp_path / "run")
    assert "micro" not in done.documents["evidence"]
    assert "micro_segment" not in done.assignments().column_names
    assert not list((done.folder / "release").glob("micro*"))
    assert done.release().format == 2


def test_a_release_with_parts_is_of_the_later_format(done):
    assert done.release().format == 3
    assert done.release().micro.ids((1, 2, 3, 4)) == tuple(
        p["id"] for b in done.documents["evidence"]["micro"]["segments"] for p in b["parts"]
    )


def everyone(X):
    return np.zeros(len(X), dtype=np.int64)


def test_no_more_parts_than_asked_for():
    assigner, _ = find_micro(X, everyone, 2, rng=np.random.default_rng(0))
    assert assigner is not None
    assert len(assigner.parents) == 2


def test_parts_of_later_segments_follow_those_of_earlier_ones():
    moved = np.vstack([X, X + 500.0])
    assigner, divisions = find_micro(
        moved, lambda Y: (Y[:, 0] > 250.0).astype(np.int64), 4, rng=np.random.default_rng(0)
    )
    assert [d.assigner.n_segments for d in divisions] == [4, 4]
    assert assigner.ids((1, 2)) == tuple(f"{s}.{i}" for s in (1, 2) for i in (1, 2, 3, 4))
    answers = assigner.answer(moved, (moved[:, 0] > 250.0).astype(np.int64))
    assert np.array_equal(answers[:N] + 4, answers[N:])
    assert (np.bincount(answers) >= 10).all()


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ([None, None], "2 of 2 segments are divided further, into 4 micro-segments."),
        ([None, "too few"], "1 of 2 segments is divided further, into 2 micro-segments; of the "
         "others 1 has too few entities."),
        (["chance", "chance", "small parts"], "None of 3 segments is divided further: 2 stand out "
         "no more than one cloud and 1 has parts too small to be told."),
        (["untested", "unfaithful"], "None of 2 segments is divided further: 1 could not be "
         "compared with one cloud and 1 has parts that prototypes do not keep."),
    ],
)  # fmt: skip
def test_the_tree_says_why_segments_stay_whole(reasons, told):
    part = MicroSegment("1.1", 10, 0.1, 0.5, ())
    branches = [
        Branch(i, 0.4, 0.2, 0.99, 3, None if r is None else Whole(r), () if r else (part, part), "")
        for i, r in enumerate(reasons, 1)
    ]
    assert _sentence(branches) == told


def test_in_how_many_columns_parts_were_found_is_told_where_not_in_all():
    division = Division(None, None, 0.4, 0.2, 0.99, 3)
    assert "scatters in the 3 of 7 columns that vary smoothly there, and" in (
        _branch(1, division, (), 7).sentence
    )
    assert "of how it scatters, and as many parts" in _branch(1, division, (), 3).sentence


@pytest.mark.parametrize("whole", [w for w in Whole if w is not Whole.NO_GROUPS])
def test_every_reason_has_its_words(whole):
    branch = _branch(3, Division(whole), (), 2)
    assert branch.sentence.startswith("Segment 3 stays whole: ")
    assert (branch.whole, branch.parts, branch.explained) == (whole, (), 0.0)
    assert _sentence([branch]).startswith("None of 1 segments is divided further: 1 ")
