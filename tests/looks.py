"""Sources as the searches for findings see them: columns in memory, asked like files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from segmentry.domain.project import FeatureChoice, Project, Shape, Source, frozen_mapping
from segmentry.domain.role import Role
from segmentry.projectfile.findings.finding import Finding
from segmentry.projectfile.findings.look import Look
from segmentry.projectfile.findings.rows import Rows
from segmentry.projectfile.survey import survey

TODAY = datetime(2025, 6, 1, tzinfo=UTC)
"""The day on which the tests look at data."""


def moment(text: str) -> datetime:
    """Give an instant without a zone, as files hold them."""
    return datetime.fromisoformat(text)


def arrow(columns: Mapping[str, Any]) -> pa.Table:
    """Put columns into a table."""
    return pa.table({name: pa.array(values) for name, values in columns.items()})


def held(columns: Mapping[str, Any]) -> Any:
    """Keep columns as a table that can be asked."""
    backend = ibis.duckdb.connect()
    backend.con.register("given", arrow(columns))
    backend.con.execute("CREATE TABLE held AS SELECT * FROM given")
    return backend.table("held")


def rows_of(columns: Mapping[str, Any]) -> Rows:
    """Give rows that can be asked."""
    return Rows(held(columns))


def look_at(
    columns: Mapping[str, Any],
    mapping: Mapping[str, str] | None = None,
    *,
    where: str | None = None,
    roles: Mapping[str, Role] | None = None,
    advised: Mapping[str, Role] | None = None,
    reasons: Mapping[str, str] | None = None,
    deduplicate: Any = None,
) -> Look:
    """Look at events, where a mapping says what columns mean; else at a table."""
    table = held(columns)
    rows = Rows(table)
    is_events = mapping is not None and "time" in mapping
    shape = Shape.EVENTS if is_events else Shape.TABLE
    source = Source(
        "held", "held.csv", shape, frozen_mapping(mapping), where=where, deduplicate=deduplicate
    )
    features = FeatureChoice(roles=frozen_mapping(roles))
    project = Project("test", (source,), features=features, folder=Path())
    seen = survey(table, rows.n_rows)
    return Look(seen, rows, project, source, TODAY, advised or {}, reasons or {})


def only(search: Callable[[Look], Iterator[Finding]], look: Look) -> Finding:
    """Give the one finding of a search."""
    found = list(search(look))
    assert len(found) == 1, [f.sentence for f in found]
    return found[0]
