"""The releases of a project: which there are, which is in use, and two who change it at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from segmentry.domain.lifecycle import Descent, Kinship, Registered, Stage, Step
from segmentry.errors import StoreError
from segmentry.stores.state.shelf import Shelf

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def release(fingerprint: str, parent: str | None = None) -> Registered:
    return Registered(
        0, fingerprint, f"run-{fingerprint}", AT, None, 5_000_000_000, 3, parent, {"seed": 1}
    )


def filled(home: Path, *fingerprints: str) -> None:
    with Shelf.of(home) as shelf:
        for fingerprint in fingerprints:
            shelf.add(release(fingerprint))


def stages(home: Path) -> dict[str, Stage]:
    with Shelf.of(home) as shelf:
        return {r.fingerprint: r.stage for r in shelf.releases()}


def test_the_first_release_is_in_use_and_later_ones_are_candidates(tmp_path: Path) -> None:
    filled(tmp_path, "a", "b")
    assert stages(tmp_path) == {"a": Stage.CHAMPION, "b": Stage.CANDIDATE}
    with Shelf.of(tmp_path) as shelf:
        first, second = shelf.releases()
        assert (first.number, second.number, second.run) == (1, 2, "run-b")
        assert (first.n_entities, first.made_at, first.facts) == (5_000_000_000, AT, {"seed": 1})
        assert [s.what for s in shelf.steps()] == [Step.FIRST]
        assert shelf.find("c") is None


def test_an_equal_release_is_registered_once(tmp_path: Path) -> None:
    filled(tmp_path, "a", "b", "a")
    assert list(stages(tmp_path)) == ["a", "b"]


def promote(home: Path, fingerprint: str, **said: str) -> None:
    with Shelf.of(home) as shelf:
        seen = shelf.champion()
        assert seen is not None
        shelf.promote(fingerprint, seen, **said)


def test_a_promotion_retires_the_one_before_and_is_written_down(tmp_path: Path) -> None:
    filled(tmp_path, "a", "b")
    promote(tmp_path, "b", role="analyst", reason="fewer gaps")
    assert stages(tmp_path) == {"a": Stage.RETIRED, "b": Stage.CHAMPION}
    with Shelf.of(tmp_path) as shelf:
        step = shelf.steps("b")[-1]
    assert (step.what, step.before, step.role, step.reason) == (
        Step.PROMOTE,
        "a",
        "analyst",
        "fewer gaps",
    )


def test_who_saw_another_champion_comes_too_late(tmp_path: Path) -> None:
    filled(tmp_path, "a", "b", "c")
    with Shelf.of(tmp_path) as shelf:
        seen = shelf.champion()
    assert seen is not None
    # There and back again: the release is the same one, the fence is not.
    promote(tmp_path, "b")
    promote(tmp_path, "a")
    with (
        pytest.raises(StoreError, match="another release was put in use") as error,
        Shelf.of(tmp_path) as shelf,
    ):
        shelf.promote("c", seen)
    assert error.value.code == "E5021"
    assert stages(tmp_path)["a"] is Stage.CHAMPION


def test_of_many_at_once_exactly_one_wins(tmp_path: Path) -> None:
    names = [f"r{i}" for i in range(8)]
    filled(tmp_path, "a", *names)
    with Shelf.of(tmp_path) as shelf:
        seen = shelf.champion()
    assert seen is not None
    won, lost = [], []

    def race(name: str) -> None:
        try:
            with Shelf.of(tmp_path) as shelf:
                shelf.promote(name, seen)
            won.append(name)
        except StoreError:
            lost.append(name)

    threads = [threading.Thread(target=race, args=(n,)) for n in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 7)
    assert [n for n, stage in stages(tmp_path).items() if stage is Stage.CHAMPION] == won


def test_descents_are_kept_with_their_release(tmp_path: Path) -> None:
    lines = (
        Kinship(4, Descent.MERGED, (2, 1), 0.6),
        Kinship(None, Descent.RETIRED, (3,), 0.1),
    )
    with Shelf.of(tmp_path) as shelf:
        assert shelf.largest_id() == 0
        shelf.add(release("a"), lines)
        shelf.add(release("b"), [Kinship(9, Descent.NEW)])
    with Shelf.of(tmp_path) as shelf:
        assert shelf.descents("a") == lines
        assert shelf.largest_id() == 9
