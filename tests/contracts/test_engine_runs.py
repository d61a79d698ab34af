"""A run from a project file gives the same run folder's values wherever the rows lie."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import segmentry
from commands import segmentry as command
from places import Place, parquet, to_postgres
from segmentry.domain.project import Shape, Source
from segmentry.engines.catalogue import open_engine, url_of
from segmentry.errors import EngineError, ProjectFileError
from segmentry.pipeline.finished import Run
from shop import orders

PROJECT = """
version: 1
project: shop
sources:
  - name: orders
{lies}
    columns: {{entity: customer_id, time: ordered_at, amount: amount}}
segments: {{min: 2, max: 3}}
"""


def run(folder: Path, lies: dict[str, str]) -> Run:
    """Run a project file whose source lies somewhere."""
    folder.mkdir(exist_ok=True)
    said = "\n".join(f"    {key}: '{value}'" for key, value in lies.items())
    (folder / "segmentry.yaml").write_text(PROJECT.format(lies=said))
    return segmentry.open_project(folder).run(threads=1)


def lies_of(place: Place, name: str) -> dict[str, str]:
    rows = orders()
    parquet(rows, place.folder / f"{name}.parquet")
    if place.name == "postgres":
        to_postgres(place.url, name, rows)
        return {"table": name, "connection": place.url}
    return {"path": str(place.folder / f"{name}.parquet"), "connection": place.url}


def test_a_run_gives_the_same_segments_and_fingerprint(place: Place) -> None:
    name = f"orders_{place.folder.name.lower()}".replace("-", "_")[:60]
    found = run(place.folder / "there", lies_of(place, name))
    expected = run(place.folder / "here", {"path": str(place.folder / f"{name}.parquet")})
    for table in ("features", "assignments"):
        files = [pq.read_table(r.folder / f"{table}.parquet") for r in (found, expected)]
        assert files[0].equals(files[1])
    assert found.segments == expected.segments
    assert found.fingerprint == expected.fingerprint
    assert_written_back(place, found, name)


def assert_written_back(place: Place, run: Run, name: str) -> None:
    """Write assignments of a run, and of its sources as they lie, where the rows lie."""
    where = f"{name}_segments"
    opened = segmentry.open_project(place.folder / "there")
    written = opened.write_back(run, where)
    assert written_rows(place, where, written).equals(run.assignments())
    done = command("assign", "--write-to", where, folder=place.folder / "there")
    assert done.status == 0, done.messages
    assert done.output == ""
    again = done.messages.rpartition(" entities written to ")[2].strip()
    assert written_rows(place, where, again).equals(run.assignments())
    if place.name == "spark":
        # Each writing lies beside the earlier ones, told apart by its time.
        assert written_rows(place, where, written).equals(run.assignments())
        both = pq.read_table(place.folder / "there" / where)
        assert len(set(both["written"].to_pylist())) == 2


def written_rows(place: Place, where: str, written: str) -> pa.Table:
    if place.name == "spark":
        (file,) = Path(written).glob("*.parquet")
        return pq.read_table(file, partitioning=None)
    assert written == f"table {where}"
    source = Source("written", "", Shape.EVENTS, table=where, connection=place.url)
    return place.rows(source).sort_by("entity_id")


SECRET = "pa55/w@rd"


@pytest.mark.postgres
def test_a_password_is_nowhere_in_run_folder_output_or_errors(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_postgres(postgres_url, "secret_orders", orders())
    monkeypatch.setenv("SHOP_PASSWORD", SECRET)
    urls = [
        postgres_url.replace("owner@", f"owner:{shown}@")
        for shown in ("${SHOP_PASSWORD}", "pa55%2Fw%40rd")
    ]
    for i, url in enumerate(urls):
        done = run(tmp_path / str(i), {"table": "secret_orders", "connection": url})
        for file in done.folder.rglob("*"):
            if file.is_file():
                content = file.read_bytes()
                assert SECRET.encode() not in content, file
                assert b"pa55%2Fw%40rd" not in content, file
        for broken in ("segmentry_nowhere_", "secret_orders"):
            text = (tmp_path / str(i) / "segmentry.yaml").read_text()
            wrong = text.replace("secret_orders", broken).replace("amount: amount", "amount: nix")
            (tmp_path / str(i) / "segmentry.yaml").write_text(wrong)
            told = command("--debug", "run", folder=tmp_path / str(i))
            assert told.status != 0
            assert "pa55" not in told.output + told.messages


def test_a_password_is_not_told_where_there_is_no_connection(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    url = f"postgresql://owner:hush@/postgres?host={tmp_path}"
    with pytest.raises(EngineError, match="cannot be reached") as refused:
        open_engine(url)
    assert refused.value.code == "E3004"
    assert "hush" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_variable_that_is_not_set_is_named() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(EngineError, match="'SEGMENTRY_NO_SUCH'") as refused:
        open_engine("postgresql://${SEGMENTRY_NO_SUCH}@host/db")
    assert refused.value.code == "E3004"


def test_sources_in_two_places_are_refused() -> None:
    here = Source("here", "rows.parquet")
    there = replace(here, name="there", path="", table="rows", connection="postgresql://h/d")
    assert url_of([there, there]) == "postgresql://h/d"
    with pytest.raises(ProjectFileError, match="lies elsewhere") as refused:
        url_of([here, there])
    assert (refused.value.code, refused.value.key) == ("E1002", "sources[1].connection")


INTERRUPTED = """
import os, signal, sys, threading
from segmentry.engines.postgres.connection import Connection
con = Connection(sys.argv[1], os.environ)
threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    con.rows("SELECT pg_sleep(300)")
except KeyboardInterrupt:
    print(con.rows("SELECT 'goes on'")[0][0])
"""


@pytest.mark.postgres
def test_a_statement_ends_with_the_command_that_is_interrupted(postgres_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, postgres_url],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout == "goes on\n", done.stderr


@pytest.mark.postgres
def test_the_session_writes_nothing_but_its_own_temporary_tables(postgres_url: str) -> None:
    import psycopg

    from segmentry.engines.postgres.connection import Connection

    to_postgres(postgres_url, "read_only", orders())
    con = Connection(postgres_url, {})
    for sql in ("DELETE FROM read_only", "DROP TABLE read_only", "CREATE TABLE other (a int)"):
        with pytest.raises(EngineError, match="read-only transaction"):
            con.run(sql)
    con.close()
    with psycopg.connect(postgres_url) as other:
        assert other.execute("SELECT count(*) FROM read_only").fetchone() == (orders().num_rows,)


@pytest.mark.postgres
def test_what_the_role_may_not_do_is_named_with_the_grant(postgres_url: str) -> None:
    import psycopg

    to_postgres(postgres_url, "guarded", orders())
    with psycopg.connect(postgres_url, autocommit=True) as con:
        con.execute("DROP ROLE IF EXISTS nobody_much")
        con.execute("CREATE ROLE nobody_much LOGIN")
    engine = open_engine(postgres_url.replace("owner@", "nobody_much@"))
    from segmentry.domain.audit import Audit

    source = Source("guarded", "", table="guarded", connection="x")
    with pytest.raises(EngineError, match="permission denied for table guarded") as refused:
        engine.open(source, folder=".", audit=Audit())
    engine.close()
    assert refused.value.code == "E3006"
    assert "SELECT" in str(refused.value.hint)
