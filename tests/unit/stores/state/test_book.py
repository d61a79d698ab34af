"""What is read from the state and written to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from segmentry.domain.owned import Deed, Owned
from segmentry.stores.state.book import Book
from segmentry.stores.state.opening import migrate, opened, version_of
from segmentry.stores.state.place import present_user
from segmentry.stores.state.schema import METADATA, REVISIONS

AT = datetime(2026, 3, 1, 10, 15, tzinfo=UTC)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    monkeypatch.setattr("segmentry.clock.now", lambda: AT)
    with Book.of(tmp_path) as opened_book:
        yield opened_book


def test_nothing_is_said_of_a_release_that_nobody_spoke_of(book: Book) -> None:
    assert book.said("a") == {}
    assert book.known() == ()
    assert book.last() is None


def test_what_is_said_is_kept_and_written_into_the_history(book: Book) -> None:
    entry = book.say("a", 2, Deed.RENAME, {"name": "VIPs"})
    book.say("a", 2, Deed.LOCK, {"is_locked": True})
    assert book.said("a") == {2: Owned(entry.key or 0, "VIPs", is_locked=True)}
    first, second = book.history()
    assert first == entry
    assert (first.at, first.who, first.what) == (AT, present_user(), Deed.RENAME)
    assert (first.before, first.after) == ({"name": None}, {"name": "VIPs"})
    assert (second.before, second.after) == ({"is_locked": False}, {"is_locked": True})


def test_a_segment_is_the_same_one_in_every_release_that_it_appears_in(book: Book) -> None:
    entry = book.say("a", 2, Deed.OWN, {"owner": "ada"})
    owned = book.said("a")[2]
    book.appear("b", {5: Owned(owned.key, overlap=0.8)})
    book.say("b", 5, Deed.NOTE, {"note": "watch"})
    assert book.said("a")[2].note == "watch"
    assert book.said("b")[5] == Owned(entry.key or 0, None, owner="ada", note="watch", overlap=0.8)


def test_a_segment_is_known_where_it_was_last_seen(tmp_path: Path) -> None:
    with Book.of(tmp_path) as book:
        book.say("a", 2, Deed.OWN, {"owner": "ada"})
        book.say("a", 1, Deed.OWN, {"owner": "eve"})
    with Book.of(tmp_path) as book:
        book.appear("b", {7: Owned(book.said("a")[2].key, overlap=0.6)})
        seen = {s.owned.owner: (s.release, s.segment_id) for s in book.known()}
    assert seen == {"ada": ("b", 7), "eve": ("a", 1)}


def test_workspaces_do_not_see_each_other(tmp_path: Path) -> None:
    with opened(tmp_path) as connection:
        one, other = Book(connection, "one"), Book(connection, "other")
        one.say("a", 1, Deed.RENAME, {"name": "VIPs"})
        assert other.said("a") == {}
        assert other.known() == ()
        assert other.history() == ()
        other.say("a", 1, Deed.RENAME, {"name": "Guests"})
        assert (one.said("a")[1].name, other.said("a")[1].name) == ("VIPs", "Guests")


def test_the_last_entry_that_can_be_taken_back_skips_what_was_taken_back(book: Book) -> None:
    first = book.say("a", 1, Deed.RENAME, {"name": "VIPs"})
    second = book.say("a", 1, Deed.NOTE, {"note": "x"})
    book.wrote(Deed.CARRY, "b", {}, {"found": 1})
    assert book.last() == second
    book.say("a", 1, Deed.UNDO, second.before, undoes=second.number)
    assert book.last() == first
    book.say("a", 1, Deed.UNDO, first.before, undoes=first.number)
    assert book.last() is None
    assert book.said("a")[1] == Owned(first.key or 0)


@pytest.mark.postgres
def test_the_same_statements_and_steps_hold_on_postgresql(postgres_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import create_engine, text

    engine = create_engine(postgres_url.replace("postgresql:", "postgresql+psycopg:", 1))
    with engine.connect() as connection, connection.begin() as change:
        connection.execute(text("CREATE SCHEMA said"))
        connection.execute(text("SET LOCAL search_path TO said"))
        for revision in REVISIONS:
            migrate(connection, revision)
        assert version_of(connection) == REVISIONS[-1]
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        book = Book(connection)
        first = book.say("a", 2, Deed.RENAME, {"name": "VIPs"}, called="Loyal Regulars")
        book.say("a", 2, Deed.LOCK, {"is_locked": True})
        book.appear("b", {1: Owned(book.said("a")[2].key, overlap=0.75)})
        assert book.said("b") == {1: Owned(first.key or 0, "VIPs", is_locked=True, overlap=0.75)}
        assert book.known()[0].release == "b"
        last = book.last()
        assert last is not None
        book.say("a", 2, Deed.UNDO, last.before, undoes=last.number)
        told = book.history()
        assert told[0] == first
        assert [e.what for e in told] == [Deed.RENAME, Deed.LOCK, Deed.UNDO]
        assert book.last() == first
        change.rollback()
    engine.dispose()
