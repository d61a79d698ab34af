"""A project up to where searching begins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from builders import Listener
from segmentry.domain.audit import Audit
from segmentry.domain.preparation import Split
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project, SegmentChoice, Shape, Source, frozen_mapping
from segmentry.domain.table import FeatureTable
from segmentry.errors import DataError, ProjectFileError
from segmentry.pipeline.outcomes import outcomes_of
from segmentry.pipeline.ready import make_ready
from segmentry.pipeline.run import run_project
from shop import customers
from simulated import PURCHASES, log

COLUMNS = frozen_mapping({"entity": "customer_id"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("ready")
    pq.write_table(customers(), home / "customers.parquet")
    return home


def project(folder: Path, **changes: object) -> Project:
    source = Source("customers", "customers.parquet", Shape.TABLE, COLUMNS)
    return Project("customers", (source,), folder=folder, segments=SegmentChoice(**changes))


def test_it_is_what_a_run_prepares_and_nothing_is_written(folder: Path) -> None:
    before = sorted(folder.iterdir())
    ready = make_ready(project(folder), audit=Audit(), steps=Silent())
    assert sorted(folder.iterdir()) == before
    run = run_project(project(folder), output=folder / "run")
    release = run.release()
    assert ready.table.data.equals(run.features().combine_chunks())
    again = release.recipe.apply(ready.table)
    np.testing.assert_array_equal(ready.prepared.matrix.X, again.X)


def test_phases_are_told(folder: Path) -> None:
    listener = Listener()
    make_ready(project(folder), audit=Audit(), steps=listener)
    assert [name for name, _ in listener.phases][:2] == ["read", "prepare"]


def test_it_is_refused_what_a_run_is_refused(folder: Path) -> None:
    with pytest.raises(ProjectFileError, match="no method 'kmeans'"):
        make_ready(project(folder, methods=("kmeans",)), audit=Audit(), steps=Silent())
    with pytest.raises(DataError, match="need at least 300"):
        make_ready(project(folder, minimum=30, maximum=30), audit=Audit(), steps=Silent())


@pytest.fixture(scope="module")
def guided(tmp_path_factory: pytest.TempPathFactory) -> Project:
    home = tmp_path_factory.mktemp("weighed")
    told = log(home, "retail", n_users=300)
    source = Source("log", str(told.events), columns=frozen_mapping(PURCHASES))
    choice = SegmentChoice(4, 4, methods=("k-means",), guided_by="events_after")
    return Project("shop", (source,), folder=home, segments=choice, split=Split(0.7))


def test_an_outcome_weighs_features_and_is_told(guided: Project) -> None:
    audit = Audit()
    ready = make_ready(guided, audit=audit, steps=Silent())
    plain = replace(guided, segments=replace(guided.segments, guided_by=None))
    other = make_ready(plain, audit=Audit(), steps=Silent())
    guidance = ready.prepared.guidance
    assert guidance is not None
    assert other.prepared.guidance is None
    weights = {s.column: s.weight for s in other.prepared.recipe.steps}
    for step in ready.prepared.recipe.steps:
        factor = guidance.factors[step.column]
        assert step.weight == pytest.approx(weights[step.column] * factor)
    (finding,) = [f for f in audit.findings if f.code == "guided"]
    assert f"{guidance.guides[0].feature!r} counts" in finding.sentence
    shares = {f.feature: f.squared_weight for f in ready.prepared.notes.balance.features}
    first = guidance.guides[0]
    assert shares[first.feature] == pytest.approx((weights[first.feature] * first.factor) ** 2)


def test_only_those_held_out_are_judged_by_an_outcome_that_weighed_features(
    guided: Project,
) -> None:
    ready = make_ready(guided, audit=Audit(), steps=Silent())
    assert ready.judging is not None
    assert ready.unseen is not None
    learned = ready.table.take(np.flatnonzero(ready.prepared.learned)).entity_ids.to_pylist()
    assert set(ready.unseen.table.entity_ids.to_pylist()).isdisjoint(learned)
    assert 50 <= ready.unseen.table.n_entities < ready.judging.table.n_entities
    (rows, *_) = outcomes_of(ready, guided, np.arange(10))
    assert rows.basis.endswith("of those that the split holds out")
    assert len(rows.values) == ready.unseen.table.n_entities
    plain = replace(guided, segments=replace(guided.segments, guided_by=None))
    other = make_ready(plain, audit=Audit(), steps=Silent())
    assert other.unseen is other.judging


def test_a_run_that_an_outcome_guides_assigns_as_it_was_weighed(guided: Project) -> None:
    run = run_project(guided, output=guided.folder / "run")
    release, features = run.release(), run.features().combine_chunks()
    answers = release.assign(FeatureTable(features, release.columns)).to_arrow()
    assert answers["segment"].to_pylist() == run.assignments()["segment"].to_pylist()
    heldout = run.documents["evidence"]["heldout"]
    ready = make_ready(guided, audit=Audit(), steps=Silent())
    assert ready.unseen is not None
    assert heldout["n_entities"] == ready.unseen.table.n_entities
    codes = [f["code"] for f in run.documents["audit"]["findings"]]
    assert "guided" in codes
