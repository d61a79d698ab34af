"""Where assignments may be written back, and what is handed to the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from segmentry.domain.project import Project, Source
from segmentry.errors import UsageError
from segmentry.pipeline import writeback
from segmentry.pipeline.writeback import check_place, write_back

ROWS = pa.table({"entity_id": [1, 2], "segment": ["a", "b"]})


class Receiver:
    """An engine that remembers what it was given."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.given: dict[str, Any] = {}
        self.n_closed = 0

    def check_place(self, place: str) -> None:
        self.asked.append(place)

    def put(self, rows: pa.Table, place: str, *, folder: str, name: str) -> str:
        self.given = {"rows": rows, "place": place, "folder": folder, "name": name}
        return f"there: {place}"

    def close(self) -> None:
        self.n_closed += 1


def project(connection: str | None) -> Project:
    return Project("x", (Source("s", "s.parquet", connection=connection),), folder=Path("home"))


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Receiver:
    found = Receiver()
    monkeypatch.setattr(writeback, "open_engine", lambda url, threads=None: found)
    return found


@pytest.mark.parametrize("connection", [None, "duckdb://"])
def test_files_take_nothing_and_output_is_named_instead(connection: str | None) -> None:
    for refuse in (check_place, lambda p, to: write_back(ROWS, p, to, fingerprint="f")):
        with pytest.raises(UsageError, match="these are files") as refused:
            refuse(project(connection), "segments")
        assert refused.value.code == "E1101"
        assert "--output" in str(refused.value.hint)


def test_the_engine_gets_rows_place_folder_and_a_name_that_sorts_by_time(
    receiver: Receiver,
) -> None:
    told = write_back(ROWS, project("spark"), "lake/segments", fingerprint="3f9a1c77e0")
    assert told == "there: lake/segments"
    assert receiver.given["rows"] is ROWS
    assert (receiver.given["place"], receiver.given["folder"]) == ("lake/segments", "home")
    assert receiver.given["name"].endswith("-3f9a1c")
    assert receiver.n_closed == 1


def test_a_database_is_asked_before_any_work_and_a_lake_is_not(receiver: Receiver) -> None:
    check_place(project("spark"), "lake/segments")
    assert (receiver.asked, receiver.n_closed) == ([], 0)
    check_place(project("postgresql://h/d"), "shop.segments")
    assert (receiver.asked, receiver.n_closed) == (["shop.segments"], 1)
