"""The first tables."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, inspect

from segmentry.stores.state.migrations.versions import first
from segmentry.stores.state.opening import migrate
from segmentry.stores.state.schema import REVISIONS


def test_the_first_step_makes_all_three_tables_out_of_nothing(tmp_path: Path) -> None:
    assert (first.revision, first.down_revision) == (REVISIONS[0], None)
    with create_engine(f"sqlite:///{tmp_path / 'new.db'}").begin() as connection:
        migrate(connection, first.revision)
        tables = set(inspect(connection).get_table_names())
        assert tables == {"alembic_version", "appearances", "history", "segments"}
        assert inspect(connection).get_indexes("history") == []
