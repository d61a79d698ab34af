"""What a project asks of preparation, carried out by whole runs and by assignment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.domain.preparation import Fill, PerColumn, Preparation, Reduce, Split
from segmentry.domain.project import Privacy, Project, Shape, Source, frozen_mapping
from segmentry.domain.role import Role
from segmentry.errors import ProjectFileError, StoreError
from segmentry.pipeline.assign import assign_file
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import run_project

N = 400
SEGMENTS = np.random.default_rng(0).integers(0, 4, N)


def write_people(folder: Path) -> None:
    """Write four groups with gaps, a category, and a few entities that are hardly known."""
    rng = np.random.default_rng(1)
    centres = np.array([[0, 0, 0], [6, 0, 3], [0, 6, 6], [6, 6, 0]])
    X = centres[SEGMENTS] + rng.normal(size=(N, 3))
    X[rng.random((N, 3)) < 0.1] = np.nan
    X[:5] = np.nan
    columns = {f"x{j}": pa.array(X[:, j], from_pandas=True) for j in range(3)}
    columns["y"] = pa.array(rng.normal(size=N))
    columns["plan"] = pa.array(rng.choice(["free", "pro", "big"], N))
    pq.write_table(pa.table({"id": [f"p{i:04d}" for i in range(N)], **columns}),
                   folder / "people.parquet")  # fmt: skip


def project(folder: Path, **changes: object) -> Project:
    source = Source("people", "people.parquet", Shape.TABLE, frozen_mapping({"entity": "id"}))
    return replace(Project("people", (source,), folder=folder), **changes)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    write_people(folder)
    return folder


@pytest.fixture(scope="module")
def first(home: Path) -> Run:
    return run_project(project(home), output=home / "first")


ASKED = Preparation(
    impute=PerColumn(
        Fill("by_segment", run="first"), {"x1": Fill("model"), "x2": Fill("by", column="plan")}
    ),
    indicate_missing=("x0",),
    max_missing=0.5,
    transform=PerColumn("quantile-normal"),
    order={"plan": ("free", "pro", "big")},
    reduce=Reduce("pca", 0.9),
    compare_with="first",
)


@pytest.fixture(scope="module")
def second(home: Path, first: Run) -> Run:
    asked = project(home, prepare=ASKED, split=Split(0.8))
    return run_project(asked, output=home / "second")


def findings(run: Run) -> dict[str, dict]:
    return {f["code"]: f for f in run.documents["audit"]["findings"]}


def test_sparse_entities_are_left_out_and_told(first: Run, second: Run) -> None:
    assert first.assignments().num_rows == N
    ids = second.assignments()["entity_id"].to_pylist()
    known = pq.read_table(first.folder.parent / "people.parquet")
    gaps = np.sum([known[f"x{j}"].is_null().to_numpy() for j in range(3)], axis=0)
    assert ids == [i for i, g in zip(known["id"].to_pylist(), gaps, strict=True) if g / 5 <= 0.5]
    assert len(ids) < N
    told = findings(second)["sparse_entities"]
    assert told["count"] == N - len(ids)
    assert "get no segment" in told["done"]


def test_gaps_take_the_median_within_the_earlier_segment(first: Run, second: Run) -> None:
    step = next(s for s in second.release().recipe.numbers if s.column == "x0")
    assert step.by is not None
    assert step.by.column == "segment in first"
    earlier = dict(zip(*(first.assignments()[c].to_pylist() for c in ("entity_id", "segment")),
                       strict=True))  # fmt: skip
    features = second.features()
    # Learned from one side of the split only: near the median of all, not equal to it.
    for level, median in zip(step.by.levels, step.by.values, strict=True):
        rows = [
            x
            for i, x in zip(*(features[c].to_pylist() for c in ("entity_id", "x0")), strict=True)
            if earlier[i] == level and x is not None
        ]
        assert median == pytest.approx(np.median(rows), abs=0.6)


def test_the_earlier_segment_neither_shapes_nor_describes(second: Run) -> None:
    column = next(c for c in second.release().columns if c.name == "segment in first")
    assert column.role is Role.ID
    assert "segment in first" not in second.release().recipe.features
    assert all(o["feature"] != column.name for s in second.segments for o in s["overlays"])


def test_the_very_same_answers_come_from_assignment(home: Path, second: Run) -> None:
    again = assign_file(second.folder, home / "people.parquet", project_folder=home)
    assert again.equals(second.assignments())


def test_assignment_without_the_earlier_run_is_refused(second: Run, tmp_path: Path) -> None:
    write_people(tmp_path)
    with pytest.raises(StoreError, match="no such folder"):
        assign_file(second.folder, tmp_path / "people.parquet", project_folder=tmp_path)


def test_contrasts_stay_in_the_features_and_the_matrix_in_components(second: Run) -> None:
    names = second.documents["summary"]["matrix_columns"]
    assert all(n.startswith("component ") for n in names)
    assert {c["feature"] for c in second.segments[0]["contrasts"]} >= {"x0", "x1", "x2"}
    told = second.documents["audit"]["components"]
    assert [c["name"] for c in told] == names
    assert set(told[0]["loadings"]) == {"x0", "x1", "x2", "y", "plan", "x0 (missing)"}


def test_a_split_is_told_with_sizes_and_judged_on_the_others(second: Run) -> None:
    n = second.assignments().num_rows
    split = second.documents["audit"]["split"]
    assert split["train"]["n_entities"] == round(0.8 * n)
    assert split["train"]["n_entities"] + split["validation"]["n_entities"] == n
    validation = second.documents["evidence"]["validation"]
    assert validation["n_entities"] == split["validation"]["n_entities"]
    assert sum(s["validation"] for s in validation["segments"]) == pytest.approx(1.0)
    assert validation["low"] <= validation["silhouette"] <= validation["high"]
    names = {c["name"] for c in second.documents["evidence"]["checks"]}
    assert "validation_silhouette" in names


def test_every_feature_is_in_or_out_with_a_reason(second: Run) -> None:
    notes = {n["name"]: n for n in second.documents["audit"]["features"]}
    assert set(notes) == {"x0", "x1", "x2", "y", "plan", "segment in first"}
    assert all(n["reason"] for n in notes.values())
    assert notes["segment in first"]["code"] == "role_id"


def test_equal_features_have_not_drifted_but_for_who_was_left_out(second: Run) -> None:
    assert {"median_moved", "gone_columns", "type_changed"}.isdisjoint(findings(second))


def test_the_report_tells_all_of_it(second: Run) -> None:
    page = second.report.read_text()
    for words in (
        "What the components are made of",
        "no part in finding",
        "its place in the order",
    ):
        assert words in page


def test_a_run_that_fills_gaps_by_itself_is_refused(home: Path, first: Run) -> None:
    asked = Preparation(impute=PerColumn(Fill("by_segment", run="first")))
    with pytest.raises(ProjectFileError, match="confirm themselves"):
        run_project(project(home, prepare=asked), output=first.folder)


def test_ids_under_pseudonyms_are_matched_by_them(home: Path) -> None:
    hidden = project(home, privacy=Privacy("pseudonym"))
    run_project(hidden, output=home / "hidden")
    asked = Preparation(impute=PerColumn(Fill("by_segment", run="hidden")))
    run = run_project(replace(hidden, prepare=asked), output=home / "hidden again")
    assert findings(run)["earlier_segments"]["count"] == N


def test_no_earlier_run_to_compare_with_is_told(home: Path) -> None:
    asked = Preparation(compare_with="runs/latest")
    run = run_project(project(home, prepare=asked), output=home / "third")
    assert "nothing_to_compare" in findings(run)


def test_columns_that_are_not_there_are_refused_all_at_once(home: Path) -> None:
    asked = Preparation(
        impute=PerColumn(Fill("by", column="y"), {"x9": Fill("mean")}),
        scale=PerColumn("standard", {"plan": "robust"}),
        order={"x0": ("a", "b")},
        indicate_missing=("z",),
    )
    with pytest.raises(ProjectFileError, match="there is no number 'x9' to prepare") as caught:
        run_project(project(home, prepare=asked), output=home / "never")
    keys = {p.key for p in caught.value.problems}
    assert keys == {
        "prepare.impute.columns.x9",
        "prepare.impute.by",
        "prepare.scale.columns.plan",
        "prepare.order.x0",
        "prepare.indicate_missing.z",
    }
