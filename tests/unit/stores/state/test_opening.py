"""Opening the state: durable, of a version that is known, and failures in words."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select, text

from segmentry.domain.owned import Deed, Owned
from segmentry.errors import StoreError
from segmentry.stores.state.book import Book
from segmentry.stores.state.opening import migrate, opened, version_of
from segmentry.stores.state.place import state_file
from segmentry.stores.state.schema import REVISIONS, SEGMENTS
from states import leave_state


def test_a_state_is_made_where_there_is_none_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    with opened(tmp_path) as connection:
        assert version_of(connection) == REVISIONS[-1]
    left = sorted(p.name for p in state_file(tmp_path).parent.iterdir())
    assert left == [".gitignore", "state.db"]


def test_commits_are_forced_to_the_disk_and_keys_are_checked(tmp_path: Path) -> None:
    with opened(tmp_path) as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert asked == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


def say_and_stop(home: Path) -> None:
    with Book.of(home) as book:
        entry = book.say("a", 1, Deed.NOTE, {"note": "lost"})
        raise ValueError(f"after saying {entry.after['note']!r}")


def read_all(home: Path) -> None:
    with Book.of(home) as book:
        book.known()
        book.history()


def let_appear(home: Path, key: int) -> None:
    with Book.of(home) as book:
        book.appear("a", {1: Owned(key)})


def touch(home: Path, busy_seconds: float = 1.0) -> None:
    with opened(home, busy_seconds=busy_seconds):
        pass


def test_an_error_inside_leaves_everything_as_it_was(tmp_path: Path) -> None:
    with Book.of(tmp_path) as book:
        book.say("a", 1, Deed.NOTE, {"note": "kept"})
    with pytest.raises(ValueError, match="after saying 'lost'"):
        say_and_stop(tmp_path)
    with Book.of(tmp_path) as book:
        assert [e.after for e in book.history()] == [{"note": "kept"}]


def test_a_later_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    before = state_file(tmp_path).read_bytes()
    with pytest.raises(StoreError, match="is of version 0999, and this program knows") as error:
        touch(tmp_path)
    assert error.value.code == "E5022"
    assert state_file(tmp_path).read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"no database at all" * 500, b"SQLite format 3\x00" + b"\x01" * 5000]
)
def test_a_damaged_file_is_told_with_its_place_and_what_mends_it(
    tmp_path: Path, content: bytes
) -> None:
    state_file(tmp_path).parent.mkdir()
    state_file(tmp_path).write_bytes(content)
    with pytest.raises(StoreError, match=r"state\.db (cannot be read|holds no state)") as error:
        touch(tmp_path)
    assert error.value.code == "E5020"
    assert error.value.where == str(state_file(tmp_path))
    assert "put back a copy" in str(error.value.hint)


def test_a_file_whose_pages_were_overwritten_is_told_as_damaged(tmp_path: Path) -> None:
    with Book.of(tmp_path) as book:
        for i in range(200):
            book.say("a", i, Deed.NOTE, {"note": "x" * 200})
    content = bytearray(state_file(tmp_path).read_bytes())
    content[4096 * 3 :] = b"\xff" * (len(content) - 4096 * 3)
    state_file(tmp_path).write_bytes(content)
    with pytest.raises(StoreError, match="cannot be read") as error:
        read_all(tmp_path)
    assert error.value.code == "E5020"


def test_a_database_of_somebody_else_is_not_written_into(tmp_path: Path) -> None:
    state_file(tmp_path).parent.mkdir()
    with sqlite3.connect(state_file(tmp_path)) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(StoreError, match="holds no state of segmentry"):
        touch(tmp_path)


def test_a_state_without_its_tables_is_damaged(tmp_path: Path) -> None:
    with opened(tmp_path) as connection:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(text("DROP TABLE appearances"))
        connection.execute(text("DROP TABLE history"))
        connection.execute(text("DROP TABLE segments"))
    with pytest.raises(StoreError, match="lacks tables"):
        touch(tmp_path)


def test_who_waits_in_vain_for_another_writer_is_told(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(StoreError, match="another process is writing") as error:
        touch(tmp_path, busy_seconds=0.05)
    assert error.value.code == "E5021"


def test_who_may_not_write_is_told(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("no folder")
    with pytest.raises(StoreError, match=r"cannot write state\.db") as error:
        touch(home)
    assert error.value.code == "E5001"


def test_a_state_that_nobody_may_write_to_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "a shop #1"
    home.mkdir()
    with Book.of(home) as book:
        book.say("a", 1, Deed.NOTE, {"note": "kept"})
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with Book.of(home) as book:
        assert book.said("a")[1].note == "kept"
    with pytest.raises(StoreError, match=r"cannot write state\.db.*readonly") as error:
        let_appear(home, key=1)
    assert error.value.code == "E5001"
    assert [p.name for p in state_file(home).parent.glob("state.db*")] == ["state.db"]


def test_a_segment_that_is_not_there_cannot_appear(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="another writer changed") as error:
        let_appear(tmp_path, key=99)
    assert error.value.code == "E5021"


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_an_earlier_version_is_brought_up_with_all_its_rows(tmp_path: Path, revision: str) -> None:
    leave_state(tmp_path, revision)
    with opened(tmp_path) as connection:
        assert version_of(connection) == REVISIONS[-1]
        assert connection.execute(select(SEGMENTS.c.name)).scalars().all() == ["VIPs"]


def test_steps_can_stop_at_any_version(tmp_path: Path) -> None:
    from sqlalchemy import create_engine

    with create_engine(f"sqlite:///{tmp_path / 'first.db'}").begin() as connection:
        assert version_of(connection) is None
        for revision in REVISIONS:
            migrate(connection, revision)
            assert version_of(connection) == revision


def _row() -> dict[str, object]:
    from datetime import UTC, datetime

    return {
        "workspace": "default",
        "name": "VIPs",
        "is_locked": True,
        "made_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
