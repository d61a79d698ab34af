"""What Alembic runs goes over the connection that it is given, and commits nothing itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.stores.state.opening import opened, version_of
from segmentry.stores.state.schema import REVISIONS
from states import leave_state


def stop_in_the_middle(home: Path) -> None:
    with opened(home) as connection:
        raise ValueError(f"at {version_of(connection)}")


def test_steps_are_part_of_the_transaction_that_they_are_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from segmentry.stores.state import opening

    leave_state(tmp_path, REVISIONS[0])
    with pytest.raises(ValueError, match=f"at {REVISIONS[-1]}"):
        stop_in_the_middle(tmp_path)
    monkeypatch.setattr(opening, "_brought_up", lambda connection, path: None)
    with opened(tmp_path) as connection:
        assert version_of(connection) == REVISIONS[0]
