"""Opening tables of a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from segmentry.domain.audit import Audit
from segmentry.domain.project import Shape, Source, frozen_mapping
from segmentry.engines.postgres.engine import PostgresEngine
from segmentry.errors import DataError, EngineError

pytestmark = pytest.mark.postgres

SETUP = """
DROP SCHEMA IF EXISTS "My shop" CASCADE;
CREATE SCHEMA "My shop";
CREATE TYPE "My shop".kind AS ENUM ('buy', 'view');
CREATE DOMAIN "My shop".price AS numeric(10,2) CHECK (VALUE >= -5);
CREATE TABLE "My shop"."Events" (
  who char(4), at timestamp, what "My shop".kind, paid "My shop".price, rate numeric, more jsonb);
INSERT INTO "My shop"."Events" VALUES
  ('a', '2024-01-01', 'buy', 1.25, 'NaN', '{}'), ('b', 'infinity', 'view', NULL, 0.1, NULL);
CREATE VIEW "My shop".nothing AS SELECT * FROM "My shop"."Events" WHERE false;
"""


@pytest.fixture
def engine(postgres_url: str) -> Iterator[PostgresEngine]:
    with psycopg.connect(postgres_url, autocommit=True) as con:
        con.execute(SETUP)
    engine = PostgresEngine(postgres_url)
    yield engine
    engine.close()


def opened(engine: PostgresEngine, table: str, **columns: str) -> list[dict[str, Any]]:
    source = Source("s", "", Shape.EVENTS, frozen_mapping(columns), table=table, connection="x")
    relation = engine.open(source, folder=".", audit=Audit())
    found: list[dict[str, Any]] = engine.to_arrow(relation.table).to_pylist()
    return found


def test_enums_domains_padded_texts_and_endless_times(engine: PostgresEngine) -> None:
    rows = opened(engine, '"My shop"."Events"', entity="who", time="at", kind="what", amount="rate")
    assert [(r["entity"], r["kind"]) for r in rows] == [("a", "buy"), ("b", "view")]
    assert rows[1]["time"] is None
    assert rows[0]["amount"] is None
    assert float(rows[1]["amount"]) == 0.1


def test_a_table_without_rows_and_one_that_is_not_there(engine: PostgresEngine) -> None:
    with pytest.raises(DataError, match="has no rows"):
        opened(engine, '"My shop".nothing', entity="who")
    with pytest.raises(EngineError, match=r"no table 'My shop\.Event'") as refused:
        opened(engine, "My shop.Event", entity="who")
    assert "My shop.Events" in str(refused.value.hint)
    assert refused.value.code == "E3005"


def test_rows_are_read_once_so_later_ones_are_not_seen(
    engine: PostgresEngine, postgres_url: str
) -> None:
    source = Source(
        "s", "", Shape.EVENTS, frozen_mapping({"entity": "who"}), table='"My shop"."Events"'
    )
    relation = engine.open(source, folder=".", audit=Audit())
    with psycopg.connect(postgres_url, autocommit=True) as con:
        con.execute("""INSERT INTO "My shop"."Events" (who) VALUES ('c')""")
    assert engine.to_arrow(relation.table).num_rows == relation.n_rows == 2
