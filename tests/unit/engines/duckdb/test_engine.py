from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from reading import an_engine, events, log, opened, table, write
from segmentry.domain.audit import Audit
from segmentry.errors import DataError


def test_several_sources_are_open_at_once(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", log(30))
    write(tmp_path / "b.csv", "id,x\n1,a\n2,b\n")
    with an_engine() as engine:
        logs, rows = (
            engine.open(s, folder=str(tmp_path), audit=Audit())
            for s in (events("a.csv"), table("b.csv"))
        )
        assert engine.to_arrow(logs.table).num_rows == 30
        assert engine.to_arrow(rows.table).num_rows == 2
        kept = [engine.keep(rows.table), engine.keep(logs.table)]
        assert [engine.to_arrow(k).num_rows for k in kept] == [2, 30]


def test_rows_are_computed_in_the_order_of_the_file(tmp_path: Path) -> None:
    n = 250_000
    lines = "id,x\n" + "".join(f"{i},{i % 7}\n" for i in range(n))
    found = opened(table(write(tmp_path / "a.csv", lines)), roles={})
    assert found.values("entity_id") == list(range(n))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no file 'a\.csv'"):
        opened(events("a.csv"), folder=tmp_path)


def test_facts_tell_how_dates_were_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,at\n1,13.02.2011\n2,14.02.2011\n")
    assert opened(events(path)).audit.facts["date_formats"] == {"log": {"at": "%d.%m.%Y"}}


def test_files_are_loaded_once_however_often_they_are_opened(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", log(30))
    with an_engine() as engine:
        first = engine.open(table(path), folder="", audit=Audit())
        path.write_text("gone")
        again = engine.open(events(path), folder="", audit=Audit())
        assert engine.to_arrow(first.table).num_rows == engine.to_arrow(again.table).num_rows == 30


def test_rows_of_ours_are_taken_in_again_and_again() -> None:
    with an_engine() as engine:
        taken = [engine.take_in(pa.table({"n": [i]})) for i in range(3)]
        assert [engine.to_arrow(t)["n"].to_pylist() for t in taken] == [[0], [1], [2]]
