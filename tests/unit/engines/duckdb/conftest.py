"""A DuckDB of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from segmentry.engines.duckdb.connection import Connection


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Open a connection for one test, its scratch below the test's own folder."""
    connection = Connection(threads=1, scratch=tmp_path / "scratch")
    yield connection
    connection.close()
