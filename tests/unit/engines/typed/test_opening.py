"""What a mapped field has to be, whatever engine computes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ibis
import pyarrow as pa
import pytest

from segmentry.domain.audit import Audit
from segmentry.domain.project import Shape, Source, frozen_mapping
from segmentry.domain.role import Role
from segmentry.engines.base import Capabilities
from segmentry.engines.typed.opening import Opening, Raw
from segmentry.engines.typed.writer import Dialect
from segmentry.errors import ProjectFileError

DIALECT = Dialect("here", Capabilities(), {"trim": lambda text, _: text.strip()})
ROWS = pa.table({"who": [1.0, 2.0], "s": [" a ", "NULL"], "half": [0.5, 1.0], "Entity_ID": [1, 2]})


def opening(rows: pa.Table = ROWS, shape: Shape = Shape.EVENTS, **given: Any) -> Opening:
    columns = frozen_mapping(given.pop("columns", {}))
    source = Source("rows", "rows", shape, columns, **given.pop("source", {}))
    raw = Raw(ibis.memtable(rows), given.pop("unread", {}))
    wanted: dict[str, Any] = {"roles": None, "kinds": None} | given
    return Opening(
        source, raw, "sources[0]", dialect=DIALECT, compute=lambda t: t.to_pyarrow(), **wanted
    )


def test_whole_numbers_are_ids_and_broken_ones_are_not() -> None:
    table = opening(columns={"entity": "who", "kind": "s"}).table
    assert str(table["entity"].type()) == "int64"
    with pytest.raises(ProjectFileError, match="as text: each engine writes it"):
        _ = opening(columns={"entity": "half"}).table


def test_texts_lose_blanks_and_words_for_missing() -> None:
    table = opening(columns={"entity": "who", "kind": "s"}).table
    assert table.to_pyarrow()["kind"].to_pylist() == ["a", None]


def test_a_column_called_as_the_key_gives_way() -> None:
    table = opening(shape=Shape.TABLE, columns={"entity": "who"}).table
    assert set(table.columns) == {"entity_id", "s", "half", "Entity_ID_"}


def test_a_column_of_a_type_that_is_not_read_is_told_or_refused() -> None:
    audit = Audit()
    opening(shape=Shape.TABLE, columns={"entity": "who"}, unread={"j": "json"}).tell_unread(audit)
    assert [f.code for f in audit.findings] == ["column_not_read"]
    with pytest.raises(ProjectFileError, match="'j' is of the type json"):
        _ = opening(columns={"entity": "who", "kind": "j"}, unread={"j": "json"}).table


def test_a_measured_column_has_to_be_a_number() -> None:
    with pytest.raises(ProjectFileError, match="must give a number") as refused:
        _ = opening(
            columns={"entity": "who"}, roles={"s": Role.CLUSTER}, kinds={"s": "number"}
        ).table
    assert refused.value.key == "features.roles.s"


def test_the_end_of_a_state_is_a_time_and_the_start_of_a_lookup_is_read_as_a_key() -> None:
    rows = ROWS.append_column("ended", pa.array([datetime(2024, 1, 1), None], pa.date32()))  # noqa: DTZ001
    table = opening(rows, columns={"entity": "s", "entity_id": "who", "until": "ended"}).table
    assert str(table["entity_id"].type()) == "int64"
    assert str(table["until"].type()) == "timestamp"
    with pytest.raises(ProjectFileError, match="must give a date or time"):
        _ = opening(columns={"entity": "who", "until": "s"}).table
