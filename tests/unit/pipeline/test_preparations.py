"""The chosen segments under other preparations."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.domain.preparation import PerColumn, Preparation, Reduce, Split
from segmentry.domain.project import Project, SegmentChoice, Shape, Source, frozen_mapping
from segmentry.errors import UsageError
from segmentry.judge.surrogate import Readable
from segmentry.pipeline.preparations import preparations_of_project, ranks_told, variants_of
from segmentry.pipeline.tournament import Asked

N = 300
AS_THEY_ARE = frozen_mapping(dict.fromkeys(("visits", "spend", "noise"), "none"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Four kinds by two features, and a third that is noise on a wide scale."""
    home = tmp_path_factory.mktemp("prepared")
    rng = np.random.default_rng(0)
    kinds = np.array([[0.0, 0.0], [6.0, 0.0], [0.0, 6.0], [6.0, 6.0]])[np.arange(N) % 4]
    rows = kinds + rng.normal(size=(N, 2)) * 0.5
    columns = {"visits": rows[:, 0], "spend": rows[:, 1], "noise": rng.normal(size=N) * 200.0}
    pq.write_table(pa.table({"id": np.arange(N), **columns}), home / "people.parquet")
    return project_in(home)


def project_in(home: Path) -> Project:
    source = Source("people", "people.parquet", Shape.TABLE, frozen_mapping({"entity": "id"}))
    return Project(
        "people",
        (source,),
        segments=SegmentChoice(4, 4, methods=("k-means",)),
        prepare=Preparation(scale=PerColumn("none"), transform=PerColumn("none", AS_THEY_ARE)),
        folder=home,
    )


@pytest.fixture(scope="module")
def found(project: Project):
    return preparations_of_project(project, Asked())


def test_the_noise_that_decides_by_its_scale_is_found_out(found):
    own, taken = found.rows[0], found.rows[found.preferred]
    assert own.name == "the project's own"
    assert taken.decision == "scale"
    assert taken.comes_back.value > own.comes_back.value + 0.02
    assert taken.told > own.told
    assert taken.own_ari.value < 0.3
    assert found.sentence.startswith("The rule would take prepare.scale: ")


def test_the_first_row_is_what_a_run_chooses(found):
    own = found.rows[0]
    assert (own.decision, own.own_ari.value, own.n_segments) == ("", 1.0, 4)
    assert found.notes[0].startswith("The choice is k-means, 4 segments")


def test_others_stand_by_their_agreement_with_it_and_each_has_a_row_or_a_reason(project, found):
    agreements = [row.own_ari.value for row in found.rows[1:]]
    assert agreements == sorted(agreements)
    asked = {f"{decision}: {variant}" for decision, variant, _ in variants_of(project.prepare)}
    assert {row.name for row in found.rows[1:]} | set(found.left_out) == asked
    assert found.left_out["balance: none"] == "it changes nothing here"
    assert found.left_out["transform: log1p"] == "it changes nothing here"


def test_each_decision_is_taken_otherwise_and_columns_keep_their_own():
    scale = PerColumn("robust", frozen_mapping({"visits": "none"}))
    own = Preparation(scale=scale, reduce=Reduce("pca", 2))
    told = {(d, v): p for d, v, p in variants_of(own)}
    assert ("scale", "robust") not in told
    assert ("transform", "auto") not in told
    assert told["scale", "standard"].scale.columns == {"visits": "none"}
    assert told["reduce", "none"].reduce is None
    assert all(p != own for p in told.values())
    assert len(told) == 5 + 3 + 2 + 1
    (reduced,) = [p for d, _, p in variants_of(Preparation()) if d == "reduce"]
    assert reduced.reduce == Reduce("pca", 0.9)


def test_a_split_and_other_methods_are_followed(project):
    halved = replace(project, split=Split(0.6), prepare=Preparation())
    one = preparations_of_project(halved, Asked(("ward",)))
    assert one.method == "ward"
    assert one.n_searched < one.n_entities == N
    assert all(np.isnan(row.seed_ari) for row in one.rows)


def test_the_result_does_not_hang_on_threads(project, found):
    again = preparations_of_project(project, Asked(), threads=1)
    assert [r.as_dict() for r in again.rows] == [r.as_dict() for r in found.rows]


def test_nothing_is_written(project, found):
    assert [p.name for p in project.folder.iterdir()] == ["people.parquet"]


def test_a_method_that_there_is_not_is_refused(project):
    with pytest.raises(UsageError, match="there is no method 'k-meens'"):
        preparations_of_project(project, Asked(("k-meens",)))


def test_ranks_are_told_alike_however_a_column_is_bent():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 200)
    values = rng.normal(size=200) + labels
    plain = ranks_told((Readable("a", values),), labels)
    assert plain == pytest.approx(ranks_told((Readable("a", np.exp(values)),), labels))
    assert 0.2 < plain < 0.8


def test_features_count_alike_whatever_levels_and_gaps_they_have():
    labels = np.array([0, 0, 1, 1] * 20)
    clear = Readable("clear", labels.astype(float))
    levels = (Readable("city", labels * 1.0, "a"), Readable("city", 1.0 - labels, "b"))
    nothing = Readable("same", np.ones(80))
    assert ranks_told((clear, *levels, nothing), labels) == pytest.approx(1.0)
    gaps = Readable("gaps", np.where(np.arange(80) < 40, np.nan, labels))
    assert 0.0 < ranks_told((clear, gaps), labels) < 1.0
    assert ranks_told((nothing,), labels) == 0.0
