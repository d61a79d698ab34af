"""Opening the state: durable settings, the version of its tables, and failures in words.

What lives here: everything that is of SQLite alone. What does not: what is read and written
(``book``), which knows tables only. A new state is made aside and linked in whole, so that of two
processes at once one wins and the other uses what it made.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from segmentry.errors import StoreError
from segmentry.stores.files import sync_folder, writing
from segmentry.stores.state.place import state_file
from segmentry.stores.state.schema import REVISIONS, SEGMENTS

BUSY_SECONDS = 30.0
"""How long one writer waits for another."""

STEPS = Path(__file__).parent / "migrations"

_STEPPING = threading.Lock()
"""Alembic keeps what it is at work on in the module: one thread at a time."""

_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_UNWRITABLE = ("SQLITE_READONLY", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_PERM")


@contextmanager
def opened(home: Path, *, busy_seconds: float = BUSY_SECONDS) -> Iterator[Connection]:
    """Open the state of a project for one transaction, which is durable when the block ends.

    Parameters
    ----------
    home : Path
        The project's folder; a state that is not there is made.
    busy_seconds : float, default=30
        How long to wait for another writer.

    Yields
    ------
    sqlalchemy.Connection
        Alone in writing until the block ends. An error inside leaves everything as it was. In a
        folder that nobody may write to it can be read.

    Raises
    ------
    StoreError
        E5001 if it cannot be written; E5020 if it is damaged; E5021 if another process keeps it;
        E5022 if a later version of this program made it.
    """
    path = state_file(home)
    if not path.exists():
        _make(path)
    if not os.access(path.parent, os.W_OK):
        with _wording(path), _transaction(_frozen(path)) as connection:
            _brought_up(connection, path)
            yield connection
        return
    for left in path.parent.glob(".state.*.partial*"):
        left.unlink(missing_ok=True)  # there is a state, so that nobody needs what may become one
    with _wording(path), _transaction(_engine(path, busy_seconds)) as connection:
        _brought_up(connection, path)
        yield connection


def migrate(connection: Connection, revision: str = "head") -> None:
    """Carry out the steps from the version that tables have to another."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _STEPPING:
        command.upgrade(config, revision)


def version_of(connection: Connection) -> str | None:
    """Give the version that the tables have; None where there are none of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _engine(path: Path, busy_seconds: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        # The driver would begin transactions when it sees fit.
        connect_args={"isolation_level": None, "timeout": busy_seconds},
    )
    event.listen(engine, "connect", _make_durable)
    event.listen(engine, "begin", _begin_writing)
    return engine


def _frozen(path: Path) -> Engine:
    """Open a state that cannot change: SQLite would want to write beside it even to read."""
    place = f"file:{quote(str(path.resolve()))}"
    options = {"mode": "ro", "immutable": "1", "uri": "true"}
    return create_engine(URL.create("sqlite", database=place, query=options), poolclass=NullPool)


def _make_durable(connection: Any, _: object) -> None:
    """Force every commit to the disk, and let readers read while one writes."""
    cursor = connection.cursor()
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "journal_mode = WAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_writing(connection: Connection) -> None:
    """Take the place of the writer at once: two that read first could both not go on."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _make(path: Path) -> None:
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(prefix=".state.", suffix=".partial", dir=path.parent)
        os.close(descriptor)
    aside = Path(name)
    try:
        with _wording(aside), _transaction(_engine(aside, BUSY_SECONDS)) as connection:
            migrate(connection)
        with writing(path):
            _link_in(aside, path)
    except StoreError:
        # Another process that was quicker has swept what this one was making.
        if not path.exists():
            raise


def _link_in(aside: Path, path: Path) -> None:
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        return  # another process made it first
    # What people say is of this folder; a copy of it is a backup, not a part of a repository.
    (path.parent / ".gitignore").write_text("*\n")
    sync_folder(path.parent)


def _brought_up(connection: Connection, path: Path) -> None:
    """Check that the tables are ours, and bring those of an earlier version up."""
    version = version_of(connection)
    if version is None:
        raise _damaged(path, "holds no state of segmentry")
    if version not in REVISIONS:
        raise StoreError(
            f"{path.name} is of version {version}, and this program knows {REVISIONS[-1]} at most",
            code="E5022",
            where=str(path),
            hint="use the later version of segmentry that wrote it; nothing was changed",
        )
    if version != REVISIONS[-1]:
        migrate(connection)
    if not inspect(connection).has_table(SEGMENTS.name):
        raise _damaged(path, "lacks tables")


@contextmanager
def _wording(path: Path) -> Iterator[None]:
    """Turn a failure of the database into a sentence that names the file and what to do."""
    try:
        yield
    except IntegrityError as error:
        raise _busy(path, "another writer changed the same segment at the same time") from error
    except DBAPIError as error:
        raise _worded(path, error) from error


def _worded(path: Path, error: DBAPIError) -> StoreError:
    kind = str(getattr(error.orig, "sqlite_errorname", ""))
    if kind.startswith(_BUSY):
        return _busy(path, "another process is writing to the state")
    if kind.startswith(_UNWRITABLE):
        return StoreError(
            f"cannot write {path.name}: {error.orig}",
            code="E5001",
            where=str(path.parent),
            hint="see to the space on this disk and to who may write to the folder",
        )
    return _damaged(path, f"cannot be read: {error.orig}")


def _busy(path: Path, what: str) -> StoreError:
    return StoreError(
        what,
        code="E5021",
        where=str(path),
        hint="wait until it is done, and try again; nothing was changed",
    )


def _damaged(path: Path, what: str) -> StoreError:
    return StoreError(
        f"{path.name} {what}",
        code="E5020",
        where=str(path),
        hint="put back a copy of the file, or move it away: runs stay as they are, and names, "
        "locks, owners and notes begin anew",
    )
