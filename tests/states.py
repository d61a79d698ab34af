"""States as earlier versions of this program left them."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, text

from segmentry.stores.state.opening import migrate
from segmentry.stores.state.place import state_file


def leave_state(home: Path, revision: str) -> None:
    """Leave a state of an earlier version that says one name."""
    path = state_file(home)
    path.parent.mkdir(parents=True)
    with create_engine(f"sqlite:///{path}").begin() as connection:
        migrate(connection, revision)
        connection.execute(
            text(
                "INSERT INTO segments (workspace, name, is_locked, made_at)"
                " VALUES ('default', 'VIPs', 1, '2026-01-01')"
            )
        )
