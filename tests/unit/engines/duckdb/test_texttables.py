from __future__ import annotations

from segmentry.domain.audit import Audit
from segmentry.engines.duckdb.connection import Connection
from segmentry.engines.duckdb.texttables import TextTable


def test_files_are_put_below_each_other_and_tidied(connection: Connection) -> None:
    columns = [("id", "x"), ("x", "id", "y")]
    texts, audit = TextTable(connection, "t", "files", columns), Audit()
    rows = ("('1', ' a '), ('Total', NULL)", "('b', '2', 'NA')")
    for names, values in zip(columns, rows, strict=True):
        texts.begin_file()
        listed = ", ".join(names)
        connection.run(f"INSERT INTO t ({listed}) VALUES {values}")
    raw = texts.finished(audit)
    assert texts.starts == [0, 2]
    assert raw.n_rows == 2
    assert connection.rows("SELECT id, x, y FROM t") == [("1", "a", None), ("2", "b", None)]
    assert {(f.code, f.column, f.count) for f in audit.findings} == {
        ("missing_column", "y", 1),
        ("footer", None, 1),
    }


def test_lines_that_never_became_rows_are_told_too(connection: Connection) -> None:
    texts, audit = TextTable(connection, "t", "files", [("id", "x")]), Audit()
    texts.begin_file()
    connection.run("INSERT INTO t VALUES ('1', 'a')")
    texts.n_footers = 2
    texts.finished(audit)
    assert [f.sentence for f in audit.findings] == ["2 lines about the table left out"]
