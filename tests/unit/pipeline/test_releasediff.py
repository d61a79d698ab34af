"""Two releases beside each other, by what is kept of them and by the latest run's entities."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from segmentry.domain.lifecycle import Descent
from segmentry.pipeline.finished import Run
from segmentry.pipeline.releases import Releases
from segmentry.pipeline.run import run_project
from segmentry.stores.documents import plain
from segmentry.stores.state.place import kept_releases
from shops import shop_project


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a shop whose second release merges two segments of the first."""
    folder = tmp_path_factory.mktemp("shop")
    run = run_project(shop_project(folder))
    one, other, *_ = (s["id"] for s in run.segments)
    run.merge(one, other, name="Both")
    return folder


def test_a_release_beside_itself_differs_in_nothing(home: Path) -> None:
    found = Releases(home).diff(1, 1)
    assert found.features_in == found.features_out == ()
    assert found.moved is not None
    assert (found.moved.n, found.moved.movers) == (0, ())
    assert {s.kinship.descent for s in found.segments} == {Descent.CONTINUED}
    assert all(f.before == f.after for f in found.figures)


def test_a_merge_is_told_and_those_who_move_are_counted(home: Path) -> None:
    found = Releases(home).diff()
    assert (found.before.number, found.after.number) == (1, 2)
    (merged,) = (s for s in found.segments if s.kinship.descent is Descent.MERGED)
    assert merged.name == "Both"
    assert merged.share_before == pytest.approx(merged.share_after, abs=0.02)
    assert "is made of segments" in merged.sentence
    run = Run.opened(home / "runs" / "latest")
    (both,) = (s for s in run.segments if s["name"] == "Both")
    assert found.moved is not None
    assert 0 < found.moved.n <= both["size"]
    assert found.moved.share.low < found.moved.n / found.moved.n_entities < found.moved.share.high
    # Who was in a segment that is there no more has no way back, so nobody else has moved far.
    assert len(found.moved.movers) <= 10
    told = " ".join(found.sentences)
    assert "The same features shape the segments." in told
    assert "Silhouette: " in told
    assert plain(found)["segments"]


def test_backwards_descents_are_counted_anew(home: Path) -> None:
    found = Releases(home).diff(2, 1)
    assert [s.kinship.descent for s in found.segments].count(Descent.SPLIT) == 2
    run = Releases(home).show(1)
    assert {s.kinship.segment_id for s in found.segments} == set(run.names)


def test_features_that_came_and_went_are_named(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path, dirs_exist_ok=True, symlinks=True)
    project = shop_project(tmp_path)
    used = run_project(project, output=tmp_path / "out").release().recipe.features[0]
    run_project(replace(project, features=replace(project.features, exclude=(used,))))
    found = Releases(tmp_path).diff(1, "latest")
    assert used in found.features_out
    # The latest run has no such feature, so the first release cannot answer for its entities.
    assert found.moved is None
    assert any(s.startswith("Who moves cannot be counted: ") for s in found.sentences)


def test_without_the_copy_of_a_release_nobody_is_counted(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path, dirs_exist_ok=True, symlinks=True)
    shutil.rmtree(kept_releases(tmp_path))
    found = Releases(tmp_path).diff()
    assert found.moved is None
    assert {s.kinship.descent for s in found.segments} >= {Descent.MERGED}
