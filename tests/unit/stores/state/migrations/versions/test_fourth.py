"""The fourth version of the tables."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, inspect, text

from segmentry.stores.state.migrations.versions import fourth, third
from segmentry.stores.state.opening import migrate
from segmentry.stores.state.schema import REVISIONS


def test_what_people_said_stays_and_there_are_no_releases_yet(tmp_path: Path) -> None:
    assert (fourth.revision, fourth.down_revision) == (REVISIONS[3], third.revision)
    with create_engine(f"sqlite:///{tmp_path / 'old.db'}").begin() as connection:
        migrate(connection, third.revision)
        connection.execute(
            text(
                "INSERT INTO segments (key, workspace, name, is_locked, made_at)"
                " VALUES (1, 'default', 'VIPs', 0, '2026-01-01')"
            )
        )
        assert not inspect(connection).has_table("releases")
        migrate(connection, fourth.revision)
        assert connection.execute(text("SELECT name FROM segments")).scalar() == "VIPs"
        for table in ("releases", "champions", "steps", "descents"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
