"""A finished run becomes a release: whole, once, and without anybody in it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from segmentry.domain.lifecycle import Registered, Stage
from segmentry.domain.project import Project
from segmentry.errors import ReleaseError, StoreError
from segmentry.pipeline import releasing
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import run_project
from segmentry.stores.state.keeping import kept_papers, kept_release
from segmentry.stores.state.place import FOLDER, has_state, state_file
from segmentry.stores.state.shelf import Shelf
from shop import orders, write_csv
from shops import shop_project


def shop(folder: Path, **changes: Any) -> Project:
    """Give the shop with customers whose ids are found in bytes."""
    if not (folder / "orders.csv").exists():
        rows = orders()
        ids = [f"customer-{i}" for i in rows["customer_id"].to_pylist()]
        write_csv(rows.set_column(0, "customer_id", pa.array(ids)), folder / "orders.csv")
    return shop_project(folder, **changes)


def releases(home: Path) -> tuple[Registered, ...]:
    with Shelf.of(home) as shelf:
        return shelf.releases()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_project(shop(tmp_path_factory.mktemp("shop")))


def home_of(run: Run) -> Path:
    return run.folder.parent.parent


def test_the_first_run_is_a_release_in_use_with_what_made_it(made: Run) -> None:
    (first,) = releases(home_of(made))
    assert (first.number, first.stage, first.parent) == (1, Stage.CHAMPION, None)
    assert (first.fingerprint, first.run) == (made.fingerprint, made.folder.name)
    assert (first.n_entities, first.n_segments) == (120, len(made.segments))
    facts = first.facts
    assert {len(facts[n]) for n in ("data", "config", "query", "papers")} == {64}
    assert (facts["seed"], facts["verdict"]) == (0, made.verdict)
    (check,) = (c for c in made.documents["evidence"]["checks"] if c["name"] == "silhouette")
    assert facts["silhouette"] == {k: check[k] for k in ("estimate", "low", "high")}


def test_what_is_kept_is_of_aggregates_only(made: Run) -> None:
    home = home_of(made)
    (first,) = releases(home)
    papers = kept_papers(home, first.facts["papers"])
    assert papers is not None
    assert papers["segments"] == made.documents["segments"]
    assert "map" not in papers["summary"]
    assert all("examples" not in f for f in papers["audit"]["findings"])
    ids = set(made.assignments()["entity_id"].to_pylist())
    kept = b"".join(p.read_bytes() for p in (home / FOLDER).rglob("*") if p.is_file())
    assert not [i for i in ids if i.encode() in kept]
    assert kept_release(home, made.fingerprint) is not None


def test_the_same_run_again_is_the_same_release(made: Run, tmp_path: Path) -> None:
    shutil.copytree(home_of(made), tmp_path, dirs_exist_ok=True, symlinks=True)
    again = run_project(shop(tmp_path))
    assert again.fingerprint == made.fingerprint
    assert again.folder.name != made.folder.name
    assert [r.run for r in releases(tmp_path)] == [made.folder.name]


def test_a_later_run_is_a_candidate_and_names_what_it_was_matched_to(
    made: Run, tmp_path: Path
) -> None:
    shutil.copytree(home_of(made), tmp_path, dirs_exist_ok=True, symlinks=True)
    later = run_project(shop(tmp_path, seed=7))
    first, second = releases(tmp_path)
    assert (second.number, second.stage) == (2, Stage.CANDIDATE)
    assert second.parent == first.fingerprint != later.fingerprint
    assert {s["id"] for s in later.segments} & {s["id"] for s in made.segments}


def test_a_run_elsewhere_is_no_release(tmp_path: Path) -> None:
    run_project(shop(tmp_path), output=tmp_path / "out")
    assert not has_state(tmp_path)


def test_a_merge_by_hand_is_a_release_whose_other_segments_keep_their_ids(
    made: Run, tmp_path: Path
) -> None:
    shutil.copytree(home_of(made), tmp_path, dirs_exist_ok=True, symlinks=True)
    one, other, *rest = (s["id"] for s in made.segments)
    merged = Run.opened(tmp_path / "runs" / made.folder.name).merge(one, other, name="Both")
    first, second = releases(tmp_path)
    assert (second.stage, second.parent) == (Stage.CANDIDATE, first.fingerprint)
    ids = {s["id"] for s in merged.segments}
    assert set(rest) < ids
    (both,) = (s["id"] for s in merged.segments if s["name"] == "Both")
    assert both not in rest
    with Shelf.of(tmp_path) as shelf:
        (kin,) = (k for k in shelf.descents(second.fingerprint) if k.segment_id == both)
    assert set(kin.from_ids) == {one, other}


def test_a_run_that_cannot_be_registered_stays_and_says_so(
    made: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise StoreError("no space left", code="E5001", hint="free some space")

    monkeypatch.setattr(releasing, "keep_papers", full)
    with pytest.raises(ReleaseError, match="no release of the project: no space left") as error:
        run_project(shop(tmp_path))
    assert error.value.code == "E5114"
    assert Run.opened(Path(str(error.value.where))).fingerprint == made.fingerprint
    monkeypatch.undo()
    run_project(shop(tmp_path))
    assert [r.stage for r in releases(tmp_path)] == [Stage.CHAMPION]


def test_killed_before_its_line_is_written_there_is_no_release(
    made: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt("killed")

    monkeypatch.setattr(Shelf, "add", killed)
    with pytest.raises(KeyboardInterrupt, match="killed"):
        run_project(shop(tmp_path))
    monkeypatch.undo()
    assert releases(tmp_path) == ()
    assert sqlite3.connect(state_file(tmp_path)).execute("PRAGMA integrity_check").fetchone() == (
        "ok",
    )
    run_project(shop(tmp_path))
    assert [r.fingerprint for r in releases(tmp_path)] == [made.fingerprint]


def test_facts_tell_what_changed(made: Run, tmp_path: Path) -> None:
    (first,) = releases(home_of(made))
    project = shop(tmp_path)
    (tmp_path / "orders.csv").write_text(
        "\n".join((tmp_path / "orders.csv").read_text().splitlines()[:-40]) + "\n"
    )
    run_project(replace(project, name="other"))
    (other,) = releases(tmp_path)
    assert other.facts["data"] != first.facts["data"]
    assert other.facts["config"] != first.facts["config"]
    assert json.dumps(dict(other.facts))
