"""What Alembic runs goes over the connection that it is given, and commits nothing itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.stores.state.opening import opened, version_of


def stop_in_the_middle(home: Path) -> None:
    with opened(home) as connection:
        raise ValueError(f"at {version_of(connection)}")


def test_steps_are_part_of_the_transaction_that_they_are_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import text

    from segmentry.stores.state import opening

    with opened(tmp_path) as connection:
        for name in ("history_of_a_segment", "undone_once"):
            connection.execute(text(f"DROP INDEX {name}"))
        connection.execute(text("ALTER TABLE segments DROP COLUMN suggested_by"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(ValueError, match="at 0003"):
        stop_in_the_middle(tmp_path)
    monkeypatch.setattr(opening, "_brought_up", lambda connection, path: None)
    with opened(tmp_path) as connection:
        assert version_of(connection) == "0001"
