"""Segments that people own, found again in later runs."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from builders import feature_table, profile
from releases import as_release, release_of
from segmentry.domain.audit import Audit
from segmentry.domain.owned import Deed, Owned
from segmentry.domain.project import Project
from segmentry.domain.release import Release
from segmentry.domain.table import FeatureTable
from segmentry.errors import StoreError
from segmentry.pipeline.owned import forget
from segmentry.pipeline.recognised import Lost, Recognised, check_state, recognise
from segmentry.pipeline.run import run_project
from segmentry.stores.state.book import Book
from segmentry.stores.state.keeping import keep_release
from segmentry.stores.state.place import kept_releases, state_file
from shops import shop_project

CENTRES = np.array([[-6.0, 0.0], [0.0, 0.0], [6.0, 0.0]])


def crowd(seed: int, sizes: tuple[int, ...] = (60, 60, 60)) -> FeatureTable:
    rng = np.random.default_rng(seed)
    X = np.repeat(CENTRES, sizes, axis=0) + rng.normal(scale=0.5, size=(sum(sizes), 2))
    ids = [f"{seed}-{i:04d}" for i in range(len(X))]
    return feature_table({"a": X[:, 0].tolist(), "b": X[:, 1].tolist()}, ids=ids)


def release(table: FeatureTable, order: tuple[int, ...], fingerprint: str) -> Release:
    recipe = release_of(table).recipe
    rows = np.array([60 * place for place in order])
    points = recipe.apply(table).X[rows]
    made = as_release(table, recipe, points, np.arange(len(order)))
    return replace(made, fingerprint=fingerprint)


def said(home: Path, made: Release, **facts: dict[int, str]) -> None:
    keep_release(home, made)
    with Book.of(home) as book:
        for segment_id, name in facts["names"].items():
            book.say(made.fingerprint, segment_id, Deed.RENAME, {"name": name})


def at(home: Path) -> Project:
    return shop_project(home)


def answers(made: Release, table: FeatureTable) -> np.ndarray:
    return made.assigner.answer(made.recipe.apply(table).X).segment


def test_a_name_follows_the_segment_to_another_place_and_to_other_people(tmp_path: Path) -> None:
    then, now = crowd(1), crowd(2, (30, 60, 90))
    said(tmp_path, release(then, (0, 1, 2), "a" * 64), names={1: "Left", 3: "Right"})
    today = release(crowd(1), (2, 0, 1), "b" * 64)
    found = recognise(at(tmp_path), now, answers(today, now), today.segment_ids)
    assert {i: o.name for i, o in found.found.items()} == {1: "Right", 2: "Left"}
    assert all(o.overlap > 0.9 for o in found.found.values())
    assert found.lost == ()


def test_a_segment_that_is_gone_is_told_in_words_and_comes_back_later(tmp_path: Path) -> None:
    table = crowd(1)
    said(tmp_path, release(table, (0, 1, 2), "a" * 64), names={1: "Left", 2: "Middle"})
    with Book.of(tmp_path) as book:
        book.say("a" * 64, 1, Deed.LOCK, {"is_locked": True, "owner": "ada"})
    found = recognise(at(tmp_path), table, np.repeat([0, 1], [170, 10]), (1, 2))
    assert found.found == {}
    first, second = (x.sentence for x in found.lost)
    assert first.startswith("The locked segment 'Left' of ada was not found again: the most sim")
    assert "50" in first
    assert second.startswith("The segment 'Middle' was not found again")
    audit = Audit()
    found.tell(audit)
    assert [f.severity for f in audit.findings] == ["warning", "warning"]
    found.keep(release(table, (0, 2), "b" * 64))
    reversed_order = 2 - answers(release(table, (0, 1, 2), "a" * 64), table)
    again = recognise(at(tmp_path), table, reversed_order, (1, 2, 3))
    assert {i: o.name for i, o in again.found.items()} == {3: "Left", 2: "Middle"}


def test_of_two_that_claim_one_segment_as_much_the_elder_one_has_it(tmp_path: Path) -> None:
    table = crowd(1)
    said(tmp_path, release(table, (0, 1, 2), "a" * 64), names={1: "Left"})
    said(tmp_path, release(table, (1, 2, 0), "b" * 64), names={3: "Also left"})
    found = recognise(at(tmp_path), table, np.repeat([0, 1, 2], 60), (1, 2, 3))
    assert {i: o.name for i, o in found.found.items()} == {1: "Left"}
    assert "another segment that people own overlaps more" in found.lost[0].sentence


def test_a_release_that_is_gone_or_asks_for_other_features_is_told(tmp_path: Path) -> None:
    table = crowd(1)
    said(tmp_path, release(table, (0, 1, 2), "a" * 64), names={1: "Left"})
    other = feature_table({"a": table.numbers("a").tolist(), "c": table.numbers("b").tolist()})
    segment = np.repeat([0, 1, 2], 60)
    assert "features have changed" in recognise(at(tmp_path), other, segment, (1, 2, 3)).lost[0].why
    shutil.rmtree(kept_releases(tmp_path))
    assert "is gone or damaged" in recognise(at(tmp_path), table, segment, (1, 2, 3)).lost[0].why


def test_names_of_the_rule_make_room_for_those_of_people() -> None:
    found = Recognised(Path(), {2: Owned(1, "Loyal Regulars", overlap=0.9)})
    one, two = profile("Loyal Regulars"), profile("Big Spenders", segment_id=2)
    named = found.named((one, two))
    assert [p.name for p in named] == ["Loyal Regulars 2", "Loyal Regulars"]
    assert named[1].naming.by_rule == "Big Spenders"
    assert "found again with an overlap of 90" in named[1].naming.reason
    assert "another segment is called 'Loyal Regulars' already" in named[0].naming.reason


def test_what_is_found_twice_is_written_once(tmp_path: Path) -> None:
    table = crowd(1)
    made = release(table, (0, 1, 2), "a" * 64)
    said(tmp_path, made, names={1: "Left"})
    today = release(table, (0, 1, 2), "b" * 64)
    for _ in range(2):
        recognise(at(tmp_path), table, np.repeat([0, 1, 2], 60), (1, 2, 3)).keep(today)
    with Book.of(tmp_path) as book:
        assert book.said("b" * 64)[1].name == "Left"
        assert [e.what for e in book.history()] == [Deed.RENAME, Deed.CARRY]


def test_without_a_state_nothing_is_looked_for(tmp_path: Path) -> None:
    found = recognise(at(tmp_path), crowd(1), np.zeros(180, dtype=np.int64), (1,))
    assert found.is_empty
    found.keep(release(crowd(1), (0,), "a" * 64))
    assert not state_file(tmp_path).exists()
    audit = Audit()
    found.tell(audit)
    assert audit.findings == []
    check_state(tmp_path)


def test_a_damaged_state_is_told_before_the_work_begins(tmp_path: Path) -> None:
    project = shop_project(tmp_path)
    state_file(tmp_path).parent.mkdir()
    state_file(tmp_path).write_bytes(b"rubbish" * 1000)
    with pytest.raises(StoreError, match=r"state\.db cannot be read"):
        run_project(project)
    assert not (tmp_path / "runs").exists() or not any((tmp_path / "runs").glob("2*"))


def test_later_runs_take_over_names_locks_owners_and_notes(tmp_path: Path) -> None:
    project = shop_project(tmp_path)
    first = run_project(project)
    shown = first.rename(1, "VIPs").lock(1).own(1, "ada").note(2, "ask in May")
    second = run_project(project)
    # The very same orders: everything that people said is there, and nobody moved.
    assert [s["name"] for s in second.segments] == [s["name"] for s in shown.segments]
    assert second.segments[0]["owner"] == "ada"
    assert second.segments[0]["locked"] is True
    assert second.segments[1]["note"] == "ask in May"
    assert "VIPs" in second.report.read_text()
    told = {f["code"]: f for f in second.documents["audit"]["findings"]}["owned_found"]
    assert told["sentence"].startswith("2 of 2 segments that people own were found again")
    columns = ["entity_id", "segment_id", "confidence"]
    assert second.assignments().select(columns).equals(first.assignments().select(columns))
    undone = second.undo().undo().undo().undo()
    rule = first.release().segment_names
    assert [s["name"] for s in undone.segments] == list(rule)


def test_a_run_that_is_no_release_loads_no_state_and_makes_none(tmp_path: Path) -> None:
    import subprocess

    shop_project(tmp_path)
    code = (
        "import sys; from pathlib import Path; from shops import shop_project\n"
        "from segmentry.pipeline.run import run_project\n"
        f"home = Path({str(tmp_path)!r})\n"
        "run_project(shop_project(home), output=home / 'out')\n"
        "assert not {'sqlalchemy', 'alembic'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / ".segmentry").exists()


def test_a_loss_is_told_with_its_owner() -> None:
    lost = Lost(Owned(1, "VIPs", owner="ada"), "VIPs", "it is gone")
    assert lost.sentence == "The segment 'VIPs' of ada was not found again: it is gone."


def test_where_features_are_gone_those_who_are_in_both_runs_are_compared(tmp_path: Path) -> None:
    project = shop_project(tmp_path)
    first = run_project(project).rename(1, "VIPs").lock(1)
    used = first.release().recipe.features[0]
    other = replace(project, features=replace(project.features, exclude=(used,)))
    second = run_project(other)
    told = {f["code"]: f for f in second.documents["audit"]["findings"]}["owned_found"]
    assert "entities were compared that are in both runs" in told["sentence"]
    (same,) = (s for s in second.segments if s["name"] == "VIPs")
    assert same["locked"] is True
    # Without the earlier run's folder there is nothing to compare, and that is said.
    for run in (first, second):
        shutil.rmtree(run.folder)
    shutil.rmtree(kept_releases(tmp_path))
    third = run_project(other)
    (lost,) = (f for f in third.documents["audit"]["findings"] if f["code"] == "owned_lost")
    assert "is gone or damaged" in lost["sentence"]
    assert lost["severity"] == "warning"


def test_a_segment_that_was_forgotten_is_not_missed(tmp_path: Path) -> None:
    table = crowd(1)
    said(tmp_path, release(table, (0, 1, 2), "a" * 64), names={1: "Left"})
    everyone = np.zeros(180, dtype=np.int64)
    lost = recognise(at(tmp_path), table, everyone, (1,))
    audit = Audit()
    lost.tell(audit)
    assert "segmentry segments forget Left" in audit.findings[0].done
    forget(tmp_path, "Left")
    assert recognise(at(tmp_path), table, everyone, (1,)).is_empty
