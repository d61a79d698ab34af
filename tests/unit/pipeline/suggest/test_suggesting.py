"""The order of things: asked, judged, kept apart, and taken only by a person."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from members import club
from namers import endpoint, named, said
from segmentry.api import open_run
from segmentry.domain.owned import Deed
from segmentry.endpoints.chat import Chat
from segmentry.errors import NamerError, UsageError
from segmentry.pipeline.finished import Run
from segmentry.pipeline.owned import change, history, listed
from segmentry.pipeline.run import run_project
from segmentry.pipeline.suggest.suggesting import (
    ALIKE,
    NOTHING,
    Suggestion,
    accept,
    question,
    suggest,
)
from segmentry.pipeline.undoing import undo
from segmentry.stores.runfolder import RunFolder, find_run
from segmentry.stores.state.offers import Offers, keep_offers
from segmentry.stores.state.said import said_run

CHAMPIONS, LAPSED, OTHERS = 4, 1, 2
"""Ids of segments of the club."""

TRUE = "Their visits are above everyone's."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = run_project(club(tmp_path_factory.mktemp("club")))
    names = {s["id"]: s["name"] for s in run.segments}
    assert (names[CHAMPIONS], names[LAPSED]) == ("Champion Members", "Lapsed Members")
    return run


@pytest.fixture
def home(made: Run, tmp_path: Path) -> Path:
    shutil.copytree(made.folder.parent.parent, tmp_path / "club", symlinks=True)
    return tmp_path / "club"


def stored(home: Path) -> RunFolder:
    return said_run(find_run(home), home)


def champions(home: Path) -> dict[str, Any]:
    return listed(stored(home))[CHAMPIONS - 1]


def asked(home: Path, *entries: tuple[int, str, str]) -> dict[int, Suggestion]:
    with endpoint(named(*entries)) as server:
        made = suggest(stored(home), home, "small", Chat(server.url))
    return {s.segment_id: s for s in made}


def test_what_is_sent_is_what_a_dry_run_shows_and_names_nobody(home: Path) -> None:
    _, body = question(stored(home), home, "small")
    with endpoint(said('{"segments": []}')) as server:
        suggest(stored(home), home, "small", Chat(server.url))
    assert server.bodies == [body]
    ids = pq.read_table(find_run(home) / "assignments.parquet")["entity_id"].to_pylist()
    assert [i for i in ids if i.encode() in body] == []


def test_a_true_name_may_be_taken_and_one_that_says_the_opposite_is_refused(home: Path) -> None:
    found = asked(
        home,
        (CHAMPIONS, "Keen Court Lovers", TRUE),
        (LAPSED, "High-Value Court Lovers", "They play."),
    )
    assert found[CHAMPIONS] == Suggestion(CHAMPIONS, "Champion Members", "Keen Court Lovers", TRUE)
    assert found[LAPSED].refused == "no figure shows 'high value'"
    assert found[OTHERS].refused == NOTHING


def test_nothing_changes_by_asking(home: Path) -> None:
    before = listed(stored(home))
    asked(home, (CHAMPIONS, "Keen Court Lovers", TRUE))
    assert listed(stored(home)) == before
    assert history(home) == ()


def test_one_name_for_two_segments_is_refused_for_both(home: Path) -> None:
    found = asked(home, (CHAMPIONS, "Court Lovers", TRUE), (OTHERS, "court lovers", "They play."))
    assert {found[CHAMPIONS].refused, found[OTHERS].refused} == {ALIKE}


def test_a_name_that_was_taken_is_marked_in_list_history_and_documents(home: Path) -> None:
    asked(home, (CHAMPIONS, "Keen Court Lovers", TRUE))
    (done,) = accept(stored(home), [str(CHAMPIONS)])
    assert (
        done.sentence == "'Champion Members' is now called 'Keen Court Lovers', as small suggested."
    )
    first = champions(home)
    assert (first["name"], first["named_by"]) == ("Keen Court Lovers", "suggested by small")
    (entry,) = history(home)
    assert (entry.what, entry.after) == (
        Deed.ACCEPT,
        {"name": "Keen Court Lovers", "suggested_by": "small"},
    )
    told = stored(home).document("segments")["segments"][CHAMPIONS - 1]
    assert told["naming"]["reason"] == "suggested by small, a model, and accepted by people"
    assert (told["naming"]["by_rule"], told["suggested_by"]) == ("Champion Members", "small")
    (again,) = accept(stored(home), [str(CHAMPIONS)])
    assert again.entry is None


def test_a_name_by_people_takes_the_mark_away_and_undo_brings_it_back(home: Path) -> None:
    asked(home, (CHAMPIONS, "Keen Court Lovers", TRUE))
    accept(stored(home), [str(CHAMPIONS)])
    change(find_run(home), CHAMPIONS, Deed.RENAME, "VIPs")
    assert champions(home)["named_by"] == "people"
    undo(home)
    assert champions(home)["named_by"] == "suggested by small"
    undo(home)
    assert champions(home)["named_by"] == "rule"


def test_a_suggestion_that_was_refused_or_never_made_cannot_be_taken(home: Path) -> None:
    with pytest.raises(NamerError, match="no suggestion stands for segment 4") as told:
        accept(stored(home), [str(CHAMPIONS)])
    assert told.value.code == "E5067"
    asked(
        home,
        (CHAMPIONS, "Keen Court Lovers", TRUE),
        (LAPSED, "High-Value Court Lovers", "They play."),
    )
    with pytest.raises(NamerError, match="no suggestion stands for segment 1"):
        accept(stored(home), [str(CHAMPIONS), str(LAPSED)])
    assert history(home) == ()


def test_a_lock_made_meanwhile_and_a_name_given_meanwhile_hold(home: Path) -> None:
    asked(home, (CHAMPIONS, "Keen Court Lovers", TRUE), (OTHERS, "Hall People", "They play."))
    change(find_run(home), CHAMPIONS, Deed.LOCK)
    with pytest.raises(UsageError, match="is locked"):
        accept(stored(home), [str(OTHERS), str(CHAMPIONS)])
    change(find_run(home), LAPSED, Deed.RENAME, "hall people")
    with pytest.raises(UsageError, match="another segment is called"):
        accept(stored(home), [str(OTHERS)])
    assert [e.what for e in history(home)] == [Deed.LOCK, Deed.RENAME]


def test_trying_to_take_a_name_changes_nothing(home: Path) -> None:
    asked(home, (CHAMPIONS, "Keen Court Lovers", TRUE))
    (tried,) = accept(stored(home), ["Champion Members"], dry_run=True)
    assert tried.sentence.startswith("Only tried: ")
    assert history(home) == ()


def test_a_run_whose_segments_are_all_locked_is_not_told_of(home: Path) -> None:
    for row in listed(stored(home)):
        change(find_run(home), row["id"], Deed.LOCK)
    with pytest.raises(NamerError, match="every segment is locked") as told:
        question(stored(home), home, "small")
    assert told.value.code == "E5068"


def test_an_answer_that_is_no_json_leaves_everything_as_it_was(home: Path) -> None:
    before = sorted((home / ".segmentry").rglob("*"))
    with endpoint(said("I would call them heroes.")) as server:
        with pytest.raises(NamerError, match="did not answer with the JSON"):
            suggest(stored(home), home, "small", Chat(server.url))
        assert json.loads(server.bodies[0])["model"] == "small"
    assert sorted((home / ".segmentry").rglob("*")) == before
    assert history(home) == ()


def test_a_kept_name_that_somebody_wrote_over_is_judged_again(home: Path) -> None:
    asked(home, (CHAMPIONS, "Keen Court Lovers", TRUE))
    fingerprint = stored(home).release().fingerprint
    keep_offers(home, fingerprint, Offers("small", {CHAMPIONS: "Lapsed Court Lovers"}))
    with pytest.raises(NamerError, match="no figure shows 'lapsed'") as told:
        accept(stored(home), [str(CHAMPIONS)])
    assert told.value.code == "E5067"
    keep_offers(home, fingerprint, Offers("small", {CHAMPIONS: "<b>Lovers</b>"}))
    with pytest.raises(NamerError, match="may not stand"):
        accept(stored(home), [str(CHAMPIONS)])
    assert history(home) == ()


def test_python_asks_and_takes_as_the_command_does(home: Path) -> None:
    run = open_run(find_run(home))
    with endpoint(named((CHAMPIONS, "Keen Court Lovers", TRUE))) as server:
        made = run.suggest(endpoint=server.url, model="small")
    assert {s.name for s in made if s.refused is None} == {"Keen Court Lovers"}
    (done,) = run.accept_suggested([CHAMPIONS])
    assert "'Keen Court Lovers', as small suggested" in done.sentence
    assert champions(home)["named_by"] == "suggested by small"
