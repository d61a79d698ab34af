"""A run read back is what its steps had made."""

from __future__ import annotations

import numpy as np
import pytest

from mixed import mixed_run
from segmentry.domain.arrays import codes_of
from segmentry.domain.crew import Crew
from segmentry.judge.stability import judge_stability
from segmentry.pipeline.finished import Run
from segmentry.pipeline.readback import Material, _read, as_table, chosen_of
from segmentry.stores.documents import plain


@pytest.fixture(scope="module", params=["k-means", "ward", "gaussian mixture"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return mixed_run(tmp_path_factory.mktemp("mixed"), request.param)


@pytest.fixture(scope="module")
def material(run: Run) -> Material:
    return Material.of(run.stored, run.folder.parent.parent, Crew())


def test_everybody_gets_the_answer_that_the_run_gave(run: Run, material: Material) -> None:
    told = run.assignments().sort_by("entity_id")
    ids = np.array(material.release.segment_ids)[material.answers.segment]
    assert (ids == codes_of(told["segment_id"])).all()
    assert material.table.as_of is None or material.table.as_of == told["as_of"][0].as_py()
    assert chosen_of(run.documents)[0] in {"k-means", "ward", "gaussian mixture"}


def test_refits_are_the_very_ones_of_the_run(run: Run, material: Material) -> None:
    refits = material.refits(Crew())
    found = judge_stability(refits, material.sample, material.release.segment_ids)
    told = run.documents["evidence"]["stability"]
    assert plain(found)["sentence"] == told["sentence"]
    mine, theirs = ([s["jaccard"] for s in x["segments"]] for x in (plain(found), told))
    assert mine == pytest.approx(theirs)


def test_refits_come_back_from_their_table(material: Material) -> None:
    refits = material.refits(Crew())
    again = _read(as_table(refits))
    assert again.n_rows == refits.n_rows
    for mine, theirs in ((again.rows, refits.rows), (again.labels, refits.labels)):
        assert len(mine) == len(theirs)
        assert all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))
