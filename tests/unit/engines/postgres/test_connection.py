"""Rows there and back, exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from segmentry.engines.postgres.connection import SETTINGS, Connection
from segmentry.errors import EngineError

pytestmark = pytest.mark.postgres

ROWS = pa.table(
    {
        "n": pa.array([1, None, -(2**63)], pa.int64()),
        "f": pa.array([0.1 + 0.2, float("inf"), None]),
        "s": pa.array(["", None, 'a "quote",\nline']),
        "b": pa.array([True, False, None]),
        "d": pa.array([Decimal("1.50"), None, Decimal("-99999999.99")], pa.decimal128(10, 2)),
        "day": pa.array([date(2024, 2, 29), None, date(1969, 1, 1)]),
        "at": pa.array([datetime(2024, 1, 1, 0, 0, 0, 1), None, None], pa.timestamp("us")),  # noqa: DTZ001
        "z": pa.array([datetime(2024, 1, 1, tzinfo=UTC), None, None], pa.timestamp("us", "UTC")),
    }
)


def test_rows_come_back_as_they_were(postgres_url: str) -> None:
    con = Connection(postgres_url, {})
    table = con.take_in(ROWS, "taken")
    assert con.to_arrow(con.keep(table, "kept")).equals(ROWS)
    assert con.to_arrow(table.filter(table["n"] > 5)).schema.equals(ROWS.schema)
    con.close()


def test_the_session_has_our_settings_and_a_name(postgres_url: str) -> None:
    con = Connection(postgres_url, {})
    found = {name: con.rows(f"SHOW {name}")[0][0].split(",")[0] for name, _ in SETTINGS}
    assert found == dict(SETTINGS)
    assert con.rows("SHOW application_name") == [("segmentry",)]
    con.close()


def test_a_failed_statement_carries_its_sql_and_leaves_the_session_usable(
    postgres_url: str,
) -> None:
    con = Connection(postgres_url, {})
    with pytest.raises(EngineError, match="cannot be computed with: division by zero") as failed:
        con.rows("SELECT 1 / 0")
    assert failed.value.sql == "SELECT 1 / 0"
    with pytest.raises(EngineError, match="a table is not there"):
        con.view("v", ROWS.schema, "SELECT * FROM nowhere_at_all")
    assert con.rows("SELECT 1") == [(1,)]
    con.close()
