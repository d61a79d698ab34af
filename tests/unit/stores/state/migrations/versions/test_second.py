"""The second version of the tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from segmentry.stores.state.migrations.versions import first, second
from segmentry.stores.state.opening import migrate
from segmentry.stores.state.schema import REVISIONS

ROW = (
    "INSERT INTO history (number, workspace, at, who, what, release, before, after, undoes)"
    " VALUES ({}, 'default', '2026-01-01', 'ada', 'note', 'a', '{{}}', '{{}}', {})"
)


def test_rows_of_the_first_version_stay_and_nothing_is_undone_twice(tmp_path: Path) -> None:
    assert (second.revision, second.down_revision) == (REVISIONS[1], first.revision)
    with create_engine(f"sqlite:///{tmp_path / 'old.db'}").begin() as connection:
        migrate(connection, first.revision)
        connection.execute(text(ROW.format(1, "NULL")))
        connection.execute(text(ROW.format(2, 1)))
        migrate(connection, second.revision)
        assert connection.execute(text("SELECT count(*) FROM history")).scalar() == 2
        indexes = {i["name"] for i in inspect(connection).get_indexes("history")}
        assert indexes == {"history_of_a_segment", "undone_once"}
        with pytest.raises(IntegrityError, match=r"history\.undoes"):
            connection.execute(text(ROW.format(3, 1)))
