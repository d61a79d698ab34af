"""Broad segments and their parts, from the project's file to what is assigned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.domain.project import Project, SegmentChoice, Shape, Source, frozen_mapping
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.pipeline.assign import assign_file
from segmentry.pipeline.micro import find_micro
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
    assert tree["sentence"].startswith("1 of 4 segments is divided further, into 3 micro-segments")
    whole = [b["sentence"] for b in tree["segments"] if not b["parts"]]
    assert len(whole) == 3
    assert all("stays whole: no division into parts that are large enough" in s for s in whole)


def test_the_tree_counts_what_is_assigned(done, tree):
    told = done.assignments()["micro_segment"].to_pylist()
    parts = [p for b in tree["segments"] for p in b["parts"]]
    assert {p["id"]: p["size"] for p in parts} == {p["id"]: told.count(p["id"]) for p in parts}
    sizes = [p["size"] for p in parts]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(p["share_of_parent"] for p in parts) == pytest.approx(1.0)
    assert all(len(p["traits"]) >= 3 for p in parts)


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


def test_no_more_parts_than_asked_for_and_none_of_a_handful(tmp_path: Path):
    segment = np.zeros(N, dtype=np.int64)
    assigner, _ = find_micro(X, segment, 2, rng=np.random.default_rng(0))
    assert assigner is not None
    assert len(assigner.parents) == 2
    few = np.vstack([RNG.normal(size=(40, 2)), RNG.normal(size=(5, 2)) + 99.0])
    assigner, _ = find_micro(few, np.zeros(45, dtype=np.int64), 1, rng=np.random.default_rng(0))
    sizes = [] if assigner is None else np.bincount(assigner.answer(few, np.zeros(45, int)))
    assert all(size >= 10 for size in sizes)


def test_one_cloud_stays_whole_nearly_always():
    whole = 0
    for seed in range(6):
        cloud, rng = np.random.default_rng(seed).normal(size=(200, 3)), np.random.default_rng(1)
        whole += find_micro(cloud, np.zeros(200, dtype=np.int64), 1, rng=rng)[0] is None
    assert whole >= 5
