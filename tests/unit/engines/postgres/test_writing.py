"""Assignments in a table: whole or not at all, and never over what is not ours."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from threading import Thread
from typing import Any

import pyarrow as pa
import pytest

from segmentry.engines.postgres.connection import Connection
from segmentry.engines.postgres.writing import MARK, check_target, replace_rows
from segmentry.errors import EngineError, UsageError

pytestmark = pytest.mark.postgres
_NUMBERS = count(1)


def rows(n: int, *, segment: str = "Früh") -> pa.Table:
    return pa.table(
        {
            "entity_id": pa.array(range(n), pa.int64()),
            "segment": pa.array([segment if i % 2 else 'a "b",\n\\.' for i in range(n)]),
            "confidence": pa.array([0.1 + i / 3 for i in range(n)]),
            "anomaly": pa.array([i % 3 == 0 for i in range(n)]),
            "as_of": pa.array(
                [datetime(2024, 1, 2, 3, 4, 5, 6, UTC)] * n, pa.timestamp("us", "UTC")
            ),
        }
    )


@pytest.fixture
def table() -> str:
    return f"segments_{next(_NUMBERS)}_{os.getpid()}"


@pytest.fixture
def con(postgres_url: str) -> Iterator[Connection]:
    connection = Connection(postgres_url, {})
    yield connection
    connection.close()


def held(con: Connection, table: str) -> list[tuple[Any, ...]]:
    return con.rows(f"SELECT * FROM {table} ORDER BY 1")


def plain(data: pa.Table) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in data.to_pylist()]


def test_a_table_is_made_and_then_holds_the_present_state(con: Connection, table: str) -> None:
    replace_rows(con, rows(5), table.upper())
    assert held(con, table) == plain(rows(5))
    replace_rows(con, rows(3, segment="now"), table)
    assert held(con, table) == plain(rows(3, segment="now"))


def test_a_table_is_called_what_the_database_reads(con: Connection, table: str) -> None:
    name = f'"public".{table.upper()}'
    replace_rows(con, rows(2), name)
    assert held(con, name) == held(con, table) == plain(rows(2))
    replace_rows(con, rows(1), f'"{table.upper()}"')
    assert held(con, f'"{table.upper()}"') == plain(rows(1))
    assert held(con, table) == plain(rows(2))


def test_what_depends_on_the_table_stays(con: Connection, table: str, postgres_url: str) -> None:
    import psycopg

    replace_rows(con, rows(2), table)
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute(f"CREATE VIEW {table}_view AS SELECT segment FROM {table}")
        replace_rows(con, rows(4), table)
        assert other.execute(f"SELECT count(*) FROM {table}_view").fetchone() == (4,)


def test_a_table_that_is_not_ours_is_refused_and_stays(
    con: Connection, table: str, postgres_url: str
) -> None:
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute(f"CREATE TABLE {table} AS SELECT 7 AS entity_id")
        other.execute(f"CREATE VIEW {table}_view AS SELECT 1 AS a")
        other.execute(f"COMMENT ON VIEW {table}_view IS '{MARK}'")
    for name in (table, f"{table}_view"):
        with pytest.raises(UsageError, match="holds no assignments of ours") as refused:
            check_target(con, name)
        assert refused.value.code == "E1101"
        with pytest.raises(UsageError, match="holds no assignments of ours"):
            replace_rows(con, rows(2), name)
    assert held(con, table) == [(7,)]
    con.rows("SELECT 1")


def test_other_columns_are_refused_with_what_they_are(con: Connection, table: str) -> None:
    replace_rows(con, rows(2), table)
    with pytest.raises(UsageError, match="confidence double precision") as refused:
        replace_rows(con, rows(2).drop_columns(["anomaly"]), table)
    assert "drop the table" in str(refused.value.hint)
    assert len(held(con, table)) == 2


def test_rows_that_cannot_be_written_leave_those_of_before(con: Connection, table: str) -> None:
    replace_rows(con, rows(5), table)
    with pytest.raises(EngineError, match="duplicate key"):
        replace_rows(con, pa.concat_tables([rows(3), rows(3)]), table)
    assert held(con, table) == plain(rows(5))


KILLED = """
import os, signal, sys
import pyarrow as pa
from segmentry.engines.postgres.connection import Connection
from segmentry.engines.postgres.writing import replace_rows
whole = Connection.copy_in
def half(self, data, written):
    whole(self, data.slice(0, data.num_rows // 2), written)
    os.kill(os.getpid(), signal.SIGKILL)
Connection.copy_in = half
n = 1000
rows = pa.table({
    "entity_id": list(range(n)), "segment": ["x"] * n, "confidence": [0.5] * n,
    "anomaly": [True] * n, "as_of": pa.nulls(n, pa.timestamp("us", "UTC")),
})
replace_rows(Connection(sys.argv[1], os.environ), rows, sys.argv[2])
"""


def test_a_writer_that_is_killed_leaves_those_of_before(
    con: Connection, table: str, postgres_url: str
) -> None:
    replace_rows(con, rows(5), table)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, postgres_url, table],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    assert held(con, table) == plain(rows(5))
    # Nothing of the killed one is in the way of the next.
    replace_rows(con, rows(6), table)
    assert held(con, table) == plain(rows(6))


def test_two_writers_do_not_mix_their_rows(con: Connection, table: str, postgres_url: str) -> None:
    replace_rows(con, rows(5), table)

    def write(n: int) -> None:
        other = Connection(postgres_url, {})
        replace_rows(other, rows(n), table)
        other.close()

    writers = [Thread(target=write, args=(n,)) for n in (200, 300, 400)]
    for one in writers:
        one.start()
    for one in writers:
        one.join(60)
    found = held(con, table)
    assert len(found) in {200, 300, 400}
    assert found == plain(rows(len(found)))


def test_what_the_role_may_not_do_is_named(con: Connection, table: str, postgres_url: str) -> None:
    import psycopg

    role = f"writer_{os.getpid()}"
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute(f"DROP ROLE IF EXISTS {role}")
        owner.execute(f"CREATE ROLE {role} LOGIN")
        owner.execute("REVOKE CREATE ON SCHEMA public FROM public")
        poor = Connection(postgres_url.replace("owner@", f"{role}@"), {})
        with pytest.raises(EngineError, match="permission denied") as refused:
            replace_rows(poor, rows(2), table)
        assert refused.value.code == "E3006"
        assert "INSERT and DELETE" in str(refused.value.hint)
        replace_rows(con, rows(2), table)
        owner.execute(f"GRANT SELECT, INSERT, DELETE ON {table} TO {role}")
        replace_rows(poor, rows(3), table)
        assert held(con, table) == plain(rows(3))
        poor.close()
        owner.execute(f"REVOKE ALL ON {table} FROM {role}")
        owner.execute(f"DROP ROLE {role}")
