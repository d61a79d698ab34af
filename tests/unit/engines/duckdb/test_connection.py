from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from segmentry.engines.duckdb.connection import MEMORY_SHARE, Connection, asked, translated
from segmentry.errors import DataError, EngineError, StoreError


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    connection = Connection(threads=1, scratch=tmp_path)
    yield connection
    connection.close()


def setting(connection: Connection, name: str) -> str:
    return str(connection.rows(f"SELECT current_setting('{name}')")[0][0])


def test_times_are_utc_and_nothing_is_fetched(connection: Connection) -> None:
    assert setting(connection, "TimeZone") == "UTC"
    assert setting(connection, "threads") == "1"
    assert setting(connection, "autoinstall_known_extensions") == "False"
    assert setting(connection, "autoload_known_extensions") == "False"


def test_memory_is_limited(connection: Connection) -> None:
    assert 0 < MEMORY_SHARE < 1
    assert "iB" in setting(connection, "memory_limit")


def test_an_expression_is_computed_and_kept(connection: Connection) -> None:
    connection.run("CREATE TABLE numbers AS SELECT range AS n FROM range(4)")
    table = connection.table("numbers")
    kept = connection.keep(table.filter(table["n"] > 1), "kept")
    assert connection.to_arrow(kept).to_pylist() == [{"n": 2}, {"n": 3}]


def test_a_failing_statement_is_told_with_its_sql(connection: Connection) -> None:
    with pytest.raises(EngineError, match="a statement failed") as caught:
        connection.run("SELECT no_such_column")
    assert caught.value.code == "E3001"
    assert caught.value.sql == "SELECT no_such_column"


def test_a_number_too_large_has_its_own_code(connection: Connection) -> None:
    with pytest.raises(EngineError, match="too large") as caught:
        connection.rows("SELECT CAST(1e30 AS DECIMAL(38, 9))")
    assert caught.value.code == "E3003"


def test_a_damaged_parquet_file_is_a_matter_of_data() -> None:
    with pytest.raises(DataError, match="Parquet file is damaged") as caught, translated():
        raise duckdb.IOException("cannot read page of parquet file")
    assert caught.value.code == "E2002"


def test_memory_that_runs_out_is_told_with_a_way_out() -> None:
    with pytest.raises(EngineError, match="ran out") as caught, translated("SELECT 1"):
        raise duckdb.OutOfMemoryException("out of memory")
    assert "--threads 1" in str(caught.value.hint)


def test_errors_of_the_house_pass_as_they_are() -> None:
    with pytest.raises(DataError, match="mine"), translated():
        raise DataError("mine", code="E2003")


def test_scratch_files_go_with_a_connection_that_nobody_closed(tmp_path: Path) -> None:
    connection = Connection(threads=1, scratch=tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    del connection
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_what_is_larger_than_memory_spills_and_leaves_nothing(tmp_path: Path) -> None:
    connection = Connection(threads=1, scratch=tmp_path)
    connection.run("SET memory_limit = '60MB'")
    connection.run("CREATE TABLE numbers AS SELECT random() AS x FROM range(12_000_000)")
    assert any(p.is_file() for p in connection.folder.rglob("*"))
    assert connection.rows("SELECT count(*) FROM numbers WHERE x < 2") == [(12_000_000,)]
    connection.close()
    assert list(tmp_path.iterdir()) == []


def test_statements_work_before_expressions_do(tmp_path: Path) -> None:
    """In a process of its own, where Ibis is not loaded yet."""
    code = (
        "import sys; from pathlib import Path;"
        "from segmentry.engines.duckdb import connection as module;"
        "module._load_ibis = lambda: None;"
        f"c = module.Connection(threads=1, scratch=Path({str(tmp_path)!r}));"
        "assert c.rows('SELECT 1') == [(1,)]; c.close(); assert 'ibis' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_full_scratch_space_is_no_damaged_file() -> None:
    said = 'IO Error: Could not write file "a.parquet": No space left on device'
    with pytest.raises(StoreError, match="no scratch space") as caught, translated():
        raise duckdb.IOException(said)
    assert caught.value.code == "E5001"


LOADED_BEFORE = """
import sys
from segmentry.engines.duckdb import connection

class Watched(connection.Thread):
    def start(self):
        print("sqlglot.dialects.duckdb" in sys.modules)
        super().start()

connection.Thread = Watched
connection.Connection(threads=1, scratch=None).close()
"""


def test_what_two_threads_would_load_at_once_is_loaded_before_the_second_starts() -> None:
    # SQLGlot's lock and Python's locks of modules, taken in other orders, once held a run for ever.
    done = subprocess.run(
        [sys.executable, "-c", LOADED_BEFORE], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


def test_rows_of_ours_stand_beside_those_of_the_engine(connection: Connection) -> None:
    connection.run("CREATE TABLE texts AS SELECT * FROM (VALUES (1, 'a'), (2, 'b')) t(id, text)")
    data = pa.table({"text": pa.array(["b", None]), "score": pa.array([0.5, None])})
    taken, texts = connection.take_in(data, "taken"), connection.table("texts")
    del data
    joined = texts.left_join(taken, texts["text"] == taken["text"]).select(texts["id"], "score")
    assert connection.to_arrow(joined.order_by("id"))["score"].to_pylist() == [None, 0.5]


def test_a_query_over_rows_of_ours_needs_no_connection_that_stays() -> None:
    rows = pa.table({"n": [1, 2, 3]})
    found = asked("SELECT sum(n) AS total FROM numbers", 1, numbers=rows)
    assert found.to_pylist() == [{"total": 6}]
    with pytest.raises(EngineError, match="a statement failed") as refused:
        asked("SELECT nothing FROM numbers", numbers=rows)
    assert refused.value.sql == "SELECT nothing FROM numbers"
