"""A project up to where searching begins."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from builders import Listener
from segmentry.domain.audit import Audit
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project, SegmentChoice, Shape, Source, frozen_mapping
from segmentry.errors import DataError, ProjectFileError
from segmentry.pipeline.ready import make_ready
from segmentry.pipeline.run import run_project
from shop import customers

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
