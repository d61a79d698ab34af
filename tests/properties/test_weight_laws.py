"""What weights of entities do at every door: the estimator, and a project's run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from builders import blobs
from segmentry import Segmenter
from segmentry.cluster.catalogue import CATALOGUE
from segmentry.domain.project import FeatureChoice, Project, Shape, Source, frozen_mapping
from segmentry.domain.role import Role
from segmentry.errors import WeightError
from segmentry.pipeline.assign import assign_file
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import run_project

QUICK = {"methods": ("k-means",), "random_state": 0}


def survey(n: int = 240, seed: int = 0):
    """Draw four clouds of people, of which the first was asked too rarely."""
    X, truth = blobs(n, k=4, d=3, gap=9.0, seed=seed)
    return X, truth, np.where(truth == 0, 6.0, 1.0)


@pytest.mark.parametrize("prepare", [None, "auto"])
def test_equal_weights_are_none_to_the_last_byte(prepare):
    X, _, _ = survey()
    plain = Segmenter(prepare=prepare, **QUICK).fit(X)
    even = Segmenter(prepare=prepare, **QUICK).fit(X, sample_weight=np.full(len(X), 3))
    assert plain.assigner_.prototypes.tobytes() == even.assigner_.prototypes.tobytes()
    assert plain.labels_.tobytes() == even.labels_.tobytes()
    assert plain.rationale_ == even.rationale_
    assert [c.scores for c in plain.candidates_] == [c.scores for c in even.candidates_]


def test_rows_of_no_weight_shape_nothing_and_have_a_segment():
    X, _, weights = survey()
    rng = np.random.default_rng(1)
    astray = rng.uniform(-30, 30, (40, 3))
    without = Segmenter(**QUICK).fit(X, sample_weight=weights)
    among = Segmenter(**QUICK).fit(np.vstack([X, astray]), sample_weight=[*weights, *np.zeros(40)])
    np.testing.assert_allclose(without.assigner_.prototypes, among.assigner_.prototypes, rtol=1e-9)
    np.testing.assert_allclose(without.assigner_.radii, among.assigner_.radii, rtol=1e-9)
    np.testing.assert_array_equal(without.labels_, among.labels_[: len(X)])
    assert without.evidence_.structure == among.evidence_.structure
    assert among.labels_.shape == (280,)
    assert (among.labels_ >= 0).all()
    assert "40 of no weight" in among.rationale_[-1]


def test_the_heaviest_segment_comes_first_and_shares_are_of_the_weight():
    X, truth, weights = survey()
    found = Segmenter(n_segments=4, **QUICK).fit(X, sample_weight=weights)
    assert set(truth[found.labels_ == 0]) == {0}
    checks = {c.name: c for c in found.evidence_.checks}
    own = np.bincount(truth, weights) / weights.sum()
    assert checks["largest_share"].estimate == pytest.approx(own.max())
    assert checks["smallest_share"].estimate == pytest.approx(own.min())
    assert "of the weight" in checks["largest_share"].sentence
    plain = Segmenter(n_segments=4, **QUICK).fit(X)
    assert {c.name: c for c in plain.evidence_.checks}["largest_share"].estimate < 0.35


def test_a_largest_share_is_asked_of_the_weight():
    centres = [[0, 0], [3, 0], [20, 0], [0, 20]]
    rng = np.random.default_rng(3)
    truth = np.repeat(np.arange(4), [60, 60, 120, 120])
    X = np.array(centres, dtype=float)[truth] + 0.6 * rng.normal(size=(360, 2))
    asked = Segmenter(min_segments=2, max_segments=4, max_share=0.5, **QUICK)
    assert asked.fit(X).n_segments_ == 3
    heavy = np.where(truth < 2, 4.0, 1.0)  # the two near ones hold two thirds of the weight
    assert asked.fit(X, sample_weight=heavy).n_segments_ == 4


def test_methods_are_compared_and_decisions_varied_by_weights() -> None:
    X, truth, weights = survey()
    asked = Segmenter(min_segments=3, max_segments=4, **QUICK)
    plain, heavy = (asked.compare(X, w).table[-1]["smallest_share"] for w in (None, weights))
    assert plain == pytest.approx(np.bincount(truth).min() / len(X))
    assert heavy == pytest.approx(np.bincount(truth, weights).min() / weights.sum())
    cloud = np.random.default_rng(2).normal(size=(240, 3))
    assert asked.sensitivity(cloud).shares != asked.sensitivity(cloud, weights).shares
    with pytest.raises(ValueError, match=r"(?s)weight of row 0.*E5070"):
        asked.compare(X, [-1.0] * len(X))


@pytest.mark.parametrize("name", [m.name for m in CATALOGUE if m.weighs_not])
def test_a_method_that_takes_no_weights_is_refused_in_words(name):
    X, _, weights = survey()
    with pytest.raises(ValueError, match=rf"(?s){name} takes no weights.*E5071.*try: take "):
        Segmenter(methods=(name,), random_state=0).fit(X, sample_weight=weights)


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        (lambda n: [-1.0] + [1.0] * (n - 1), "the weight of row 0 in 'sample_weight' is -1"),
        (lambda n: [1.0, np.nan] + [1.0] * (n - 2), "the weight of row 1 .* is missing"),
        (lambda n: ["much"] * n, "holds what is no number"),
        (lambda n: [0.0] * n, "are zero"),
        (lambda n: [1.0] * (n - 1), "has shape"),
    ],
)
def test_bad_weights_are_refused_with_their_row(weights, told):
    X, _, _ = survey()
    with pytest.raises(ValueError, match=rf"(?s){told}.*E5070"):
        Segmenter(**QUICK).fit(X, sample_weight=weights(len(X)))


def frame(n: int = 240) -> pd.DataFrame:
    X, _, weights = survey(n)
    found = pd.DataFrame(X + 30, columns=["visits", "orders", "minutes"])
    return found.assign(customer_id=[f"C{i:04d}" for i in range(n)], drawn_for=weights)


def project(folder: Path, data: pd.DataFrame, role: Role = Role.WEIGHT) -> Project:
    data.to_csv(folder / "people.csv", index=False)
    columns = frozen_mapping({"entity": "customer_id"})
    source = Source("people", "people.csv", Shape.TABLE, columns=columns)
    choice = FeatureChoice(roles=frozen_mapping({"drawn_for": role}))
    return Project("survey", (source,), features=choice, folder=folder)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_project(project(tmp_path_factory.mktemp("survey"), frame()))


def test_a_run_counts_entities_by_the_column_and_says_so(run: Run) -> None:
    told = json.loads((run.folder / "audit.json").read_text())
    assert "Entities count by drawn_for where segments are found" in json.dumps(told)
    assert "counted by their weights" in (run.folder / "report.html").read_text()
    first = run.assignments().to_pandas().query("segment == 1")
    assert len(first) < 90  # the heaviest segment, not the one of most people
    assert "drawn_for" not in run.documents["summary"]["matrix_columns"]


def test_new_entities_need_no_weight(run: Run, tmp_path: Path) -> None:
    bare = tmp_path / "bare.csv"
    frame().drop(columns="drawn_for").to_csv(bare, index=False)
    own = assign_file(run.folder, bare)
    assert own["segment"].to_pylist() == run.assignments()["segment"].to_pylist()


def test_a_run_refuses_bad_weights_by_column_and_entity(tmp_path: Path) -> None:
    data = frame()
    data.loc[7, "drawn_for"] = -2.0
    with pytest.raises(WeightError, match=r"(?s)of 'C0007' in 'drawn_for' is -2.*E5070"):
        run_project(project(tmp_path, data))


def test_as_many_segments_as_rows_that_weigh():
    rows = np.array([[0.0], [1.0], [5.0]])
    assert sorted(Segmenter(3).fit(rows, sample_weight=[1, 2, 3]).labels_) == [0, 1, 2]
    with pytest.raises(ValueError, match="only 2 of 3 rows have some weight"):
        Segmenter(2).fit(rows, sample_weight=[1, 0, 3])
