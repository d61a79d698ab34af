"""A transaction over the state: rows as they are, of the workspace that is asked for."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from segmentry.domain.workspace import DEFAULT
from segmentry.stores.state.inside import Inside


class Counted(Inside):
    """A store of its own."""

    def names(self) -> list[str]:
        found = self._rows(text("SELECT name FROM sqlite_master WHERE name = 'segments'"))
        return [row["name"] for row in found]


def test_a_store_is_opened_as_itself_and_reads_rows(tmp_path: Path) -> None:
    with Counted.of(tmp_path) as store:
        assert store.workspace == DEFAULT.name
        assert store.names() == ["segments"]
