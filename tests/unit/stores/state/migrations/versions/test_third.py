"""The third version of the tables."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, text

from segmentry.stores.state.migrations.versions import second, third
from segmentry.stores.state.opening import migrate
from segmentry.stores.state.schema import REVISIONS


def test_names_of_earlier_versions_stay_and_are_nobodys_suggestion(tmp_path: Path) -> None:
    assert (third.revision, third.down_revision) == (REVISIONS[2], second.revision)
    with create_engine(f"sqlite:///{tmp_path / 'old.db'}").begin() as connection:
        migrate(connection, second.revision)
        connection.execute(
            text(
                "INSERT INTO segments (key, workspace, name, is_locked, made_at)"
                " VALUES (1, 'default', 'VIPs', 0, '2026-01-01')"
            )
        )
        migrate(connection, third.revision)
        found = connection.execute(text("SELECT name, suggested_by FROM segments")).one()
        assert tuple(found) == ("VIPs", None)
