"""One transaction over a project's state, for one workspace: what its stores have in common.

What lives here: opening until a block ends, and reading rows. What does not: which tables there are
to read (``book``, ``shelf``), and how the state is opened (``opening``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection

from segmentry.domain.workspace import DEFAULT
from segmentry.stores.state.opening import opened


@dataclass(frozen=True)
class Inside:
    """The state of one workspace inside one transaction."""

    connection: Connection
    workspace: str = DEFAULT.name

    @classmethod
    @contextmanager
    def of(cls, home: Path) -> Iterator[Self]:
        """Open the state of a project until the block ends; what is written is then durable.

        Raises
        ------
        StoreError
            See ``opening.opened``.
        """
        with opened(home) as connection:
            yield cls(connection)

    def _rows(self, statement: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in self.connection.execute(statement).mappings()]
