"""The tables: what the steps make is what the statements know, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

from segmentry.stores.state.opening import opened
from segmentry.stores.state.schema import APPEARANCES, HISTORY, METADATA, SEGMENTS, Instant


def test_the_steps_make_the_tables_that_the_statements_know(tmp_path: Path) -> None:
    with opened(tmp_path) as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_every_table_has_a_workspace() -> None:
    assert all("workspace" in table.c for table in METADATA.tables.values())


def test_both_databases_have_words_for_every_table() -> None:
    for table in (SEGMENTS, APPEARANCES, HISTORY):
        for dialect in (sqlite.dialect(), postgresql.dialect()):
            assert f"CREATE TABLE {table.name}" in str(CreateTable(table).compile(dialect=dialect))


def test_an_instant_comes_back_in_utc_whatever_zone_it_went_in_with() -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    stored = Instant().process_bind_param(at, sqlite.dialect())
    assert stored == datetime(2026, 3, 1, 10, tzinfo=UTC)
    naive = datetime(2026, 3, 1, 10)  # noqa: DTZ001 - what SQLite gives back
    for given in (naive, at):
        back = Instant().process_result_value(given, sqlite.dialect())
        assert back == stored
        assert back is not None
        assert back.tzinfo is UTC
    assert Instant().process_bind_param(None, sqlite.dialect()) is None
    assert Instant().process_result_value(None, sqlite.dialect()) is None
