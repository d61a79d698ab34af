"""Naming releases, approving them, putting them in use and going back."""

from __future__ import annotations

import itertools
import threading
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from builders import feature_table
from descending import under_other_ids
from releases import release_of
from segmentry.domain.lifecycle import Descent, Kinship, Registered, Stage, Step, Stepped
from segmentry.domain.project import Review
from segmentry.errors import ReleaseError
from segmentry.pipeline.releases import Releases, in_use, named
from segmentry.stores.state import shelf as shelves
from segmentry.stores.state.keeping import keep_papers, keep_release
from segmentry.stores.state.place import kept_papers_file, kept_releases
from segmentry.stores.state.shelf import Shelf

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
PRINTS = ("a1b2" * 16, "a1c3" * 16, "b2d4" * 16)


def register(home: Path, fingerprint: str, parent: str | None = None) -> None:
    rng = np.random.default_rng(0)
    table = feature_table({"a": rng.normal(size=40), "b": rng.normal(size=40)})
    keep_release(home, under_other_ids(release_of(table), (1, 2, 3), fingerprint))
    papers = keep_papers(home, {"segments": {"segments": [{"id": 1, "name": "VIPs"}]}})
    facts = {"papers": papers}
    made = Registered(0, fingerprint, f"run-{fingerprint[:4]}", AT, None, 40, 3, parent, facts)
    with Shelf.of(home) as shelf:
        shelf.add(made, [Kinship(i, Descent.NEW) for i in (1, 2, 3)])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for fingerprint in PRINTS:
        register(tmp_path, fingerprint, None if fingerprint == PRINTS[0] else PRINTS[0])
    return tmp_path


def champion(home: Path) -> int:
    return Releases(home).find("champion").number


def test_a_release_is_found_by_whatever_it_is_called(home: Path) -> None:
    known = Releases(home)
    for asked in (2, "2", "run-a1c3", "a1c3", PRINTS[1]):
        assert known.find(asked).number == 2
    assert (known.find("champion").number, known.find("latest").number) == (1, 3)


@pytest.mark.parametrize(
    ("asked", "told"),
    [(7, r"there is no release '7'(?s:.*)releases 1 to 3"), ("a1", "there is no release 'a1'")],
)
def test_what_is_no_release_is_refused(home: Path, asked: int | str, told: str) -> None:
    with pytest.raises(ReleaseError, match=told) as error:
        Releases(home).find(asked)
    assert error.value.code == "E5110"


def test_the_beginning_of_two_fingerprints_is_no_name() -> None:
    alike = [
        Registered(i, f"abcd{i}" + "0" * 59, f"r{i}", AT, None, 1, 1, None, {}, Stage.CANDIDATE)
        for i in (1, 2)
    ]
    with pytest.raises(ReleaseError, match="'abcd' fits 2 releases"):
        named(alike, "abcd")


def test_a_project_without_a_run_has_none(tmp_path: Path) -> None:
    assert Releases(tmp_path).list() == ()
    with pytest.raises(ReleaseError, match="the first run makes one"):
        Releases(tmp_path).promote()
    assert list(tmp_path.iterdir()) == []


def test_promoting_and_going_back_all_the_way(home: Path) -> None:
    known = Releases(home)
    known.promote(2, role="analyst", reason="finer")
    known.promote(3)
    assert champion(home) == 3
    assert [str(r.stage) for r in known.list()] == ["retired", "retired", "champion"]
    assert known.rollback(reason="worse").what is Step.ROLLBACK
    assert champion(home) == 2
    known.rollback()
    assert champion(home) == 1
    with pytest.raises(ReleaseError, match="release 1 is the first that was in use") as error:
        known.rollback()
    assert error.value.code == "E5113"
    known.promote(3)
    known.rollback()
    assert champion(home) == 1


def test_what_is_in_use_is_not_promoted_again(home: Path) -> None:
    with pytest.raises(ReleaseError, match="release 1 is in use already") as error:
        Releases(home).promote("champion")
    assert error.value.code == "E5112"


def test_a_release_whose_copy_is_gone_is_not_put_in_use(home: Path) -> None:
    (kept_releases(home) / PRINTS[1] / "prototypes.npy").unlink()
    with pytest.raises(ReleaseError, match="kept of release 2 is gone") as error:
        Releases(home).promote(2)
    assert error.value.code == "E5115"
    assert champion(home) == 1


def test_without_approval_nothing_is_promoted_and_the_command_is_told(home: Path) -> None:
    known = Releases(home, Review(1, ("analyst", "owner")))
    with pytest.raises(ReleaseError, match="approved by 0 of 1 people") as error:
        known.promote(2)
    assert error.value.code == "E5111"
    assert str(error.value.hint).startswith("segmentry releases approve 2 --role analyst")
    with pytest.raises(ReleaseError, match="'intern' is no role") as refused:
        known.approve(2, role="intern")
    assert refused.value.code == "E5116"
    with pytest.raises(ReleaseError, match="no role was given"):
        known.approve(2)
    known.approve(2, role="owner", reason="seen")
    known.promote(2)
    assert champion(home) == 2
    # Going back needs nobody: it was in use before.
    known.rollback()
    assert champion(home) == 1


def test_who_approves_twice_counts_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Releases(home, Review(2))
    known.approve(2)
    known.approve(2)
    with pytest.raises(ReleaseError, match="approved by 1 of 2 people, and needs 1 more"):
        known.promote(2)
    monkeypatch.setattr(shelves, "present_user", lambda: "somebody else")
    known.approve(3)
    with pytest.raises(ReleaseError, match="approved by 1 of 2"):
        known.promote(2)
    known.approve(2)
    known.promote(2)
    assert champion(home) == 2


def test_of_many_who_promote_at_once_the_steps_tell_one_story(home: Path) -> None:
    def promote(number: int) -> None:
        try:
            Releases(home).promote(number)
        except ReleaseError as error:
            assert error.code == "E5112"  # noqa: PT017 - in a thread

    threads = [threading.Thread(target=promote, args=(2 + i % 2,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Shelf.of(home) as shelf:
        steps = shelf.steps()
        found = shelf.champion()
    assert found is not None
    assert steps[-1].release == found.release
    assert all(b.before == a.release for a, b in itertools.pairwise(steps))


def test_showing_tells_steps_descents_and_names(home: Path) -> None:
    known = Releases(home)
    known.approve(2, reason="fine")
    shown = known.show(2)
    assert (shown.parent, shown.names) == (1, {1: "VIPs"})
    assert [s.what for s in shown.steps] == [Step.APPROVE]
    assert len(shown.descents) == 3
    kept_papers_file(home, str(shown.release.facts["papers"])).unlink()
    assert known.show(2).names == {}
    with pytest.raises(ReleaseError, match="gone or damaged"):
        known.papers(shown.release)


def test_the_way_back_forgets_what_was_gone_back_from() -> None:
    def step(what: Step, release: str) -> Stepped:
        return Stepped(0, AT, "ada", what, release)

    told = [
        step(Step.FIRST, "a"),
        step(Step.PROMOTE, "b"),
        step(Step.APPROVE, "c"),
        step(Step.ROLLBACK, "a"),
        step(Step.PROMOTE, "c"),
    ]
    assert in_use(told) == ("a", "c")
