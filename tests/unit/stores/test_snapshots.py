from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.errors import UsageError
from segmentry.stores.snapshots import Snapshot, SnapshotFolder

DAY, NEXT = date(2024, 3, 1), date(2024, 4, 1)
TABLE = pa.table({"entity_id": ["a", "b"], "n_events": [1.0, float("nan")]})
MEANT = {"columns": [{"name": "n_events"}]}


def written(folder: Path, day: date = DAY, fingerprint: str = "f") -> Snapshot:
    store = SnapshotFolder.at(folder)
    store.settle(MEANT, [day])
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return store.write(day, at, {"features.parquet": TABLE}, fingerprint=fingerprint)


def test_a_snapshot_is_found_again(tmp_path: Path) -> None:
    made = written(tmp_path / "s")
    store = SnapshotFolder.at(tmp_path / "s")
    assert store.finished(DAY, "f") == made
    assert store.finished(DAY, "another") is None
    assert store.finished(NEXT, "f") is None
    assert store.all_snapshots() == [made]
    assert made.n_entities == 2


def test_nothing_is_nan(tmp_path: Path) -> None:
    written(tmp_path / "s")
    found = pq.read_table(
        tmp_path / "s" / "as_of=2024-03-01" / "features.parquet", partitioning=None
    )
    assert found["n_events"].to_pylist() == [1.0, None]


def test_other_tools_read_the_folder_as_one_table(tmp_path: Path) -> None:
    written(tmp_path / "s")
    store = SnapshotFolder.at(tmp_path / "s")
    at = datetime(2024, 4, 1, tzinfo=UTC)
    store.write(NEXT, at, {"features.parquet": TABLE}, fingerprint="f")
    rows = duckdb.sql(
        f"SELECT as_of::VARCHAR, count(*) FROM read_parquet('{tmp_path}/s/*/features.parquet', "
        "hive_partitioning=true) GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert rows == [("2024-03-01", 2), ("2024-04-01", 2)]


def test_the_manifest_lists_what_is_there_and_what_it_means(tmp_path: Path) -> None:
    written(tmp_path / "s")
    told = json.loads((tmp_path / "s" / "manifest.json").read_text())
    assert told["definitions"] == MEANT
    assert [s["day"] for s in told["snapshots"]] == ["2024-03-01"]
    assert told["snapshots"][0]["files"][0]["rows"] == 2


def test_a_snapshot_is_replaced_whole(tmp_path: Path) -> None:
    written(tmp_path / "s", fingerprint="old")
    made = written(tmp_path / "s", fingerprint="new")
    store = SnapshotFolder.at(tmp_path / "s")
    assert store.finished(DAY, "new") == made
    assert {p.name for p in (tmp_path / "s").iterdir()} == {"manifest.json", "as_of=2024-03-01"}


def test_a_damaged_snapshot_is_not_finished(tmp_path: Path) -> None:
    written(tmp_path / "s")
    path = tmp_path / "s" / "as_of=2024-03-01" / "features.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    assert SnapshotFolder.at(tmp_path / "s").finished(DAY, "f") is None


def test_what_a_killed_writer_left_is_swept(tmp_path: Path) -> None:
    written(tmp_path / "s")
    (tmp_path / "s" / ".as_of=2024-05-01.77.partial").mkdir()
    (tmp_path / "s" / ".manifest.json.77.partial").write_text("{")
    SnapshotFolder.at(tmp_path / "s")
    assert [p.name for p in (tmp_path / "s").iterdir() if p.name[0] == "."] == []


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="other files"):
        SnapshotFolder.at(tmp_path)


def test_snapshots_of_other_definitions_are_not_mixed(tmp_path: Path) -> None:
    written(tmp_path / "s")
    store = SnapshotFolder.at(tmp_path / "s")
    with pytest.raises(UsageError, match="other definitions"):
        store.settle({"columns": []}, [NEXT])
    store.settle({"columns": []}, [DAY, NEXT])
    assert store.all_snapshots() == []
