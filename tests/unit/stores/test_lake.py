from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lakes import lake_events, rows_of
from segmentry.errors import StoreError
from segmentry.stores.lake import Lake
from segmentry.stores.lakewriting import append, compact, create_lake


def lake_of(folder: Path, *batches: pa.Table, n_partitions: int = 4) -> Lake:
    create_lake(folder, batches[0].schema, n_partitions=n_partitions)
    for i, table in enumerate(batches):
        append(folder, [table.slice(0, 50), table.slice(50)], batch=f"batch {i}")
    return Lake.opened(folder)


@pytest.mark.parametrize("as_text", [True, False])
def test_reading_some_entities_gives_their_events_and_no_others(
    tmp_path: Path, as_text: bool
) -> None:
    one = lake_events(400, as_text=as_text)
    two = lake_events(400, as_text=as_text, seed=1)
    lake = lake_of(tmp_path / "lake", one, two)
    every = pa.concat_tables([one, two])
    ids = sorted(set(every["entity_id"].to_pylist()))
    asked = [ids[0], ids[7], ids[-1], ids[7]]
    wanted = every.filter(pc.is_in(every["entity_id"], pa.array(asked)))
    assert rows_of(lake.read(asked)) == rows_of(wanted)


def test_who_has_no_event_is_in_no_row(tmp_path: Path) -> None:
    lake = lake_of(tmp_path / "lake", lake_events(100))
    assert lake.read(["nobody", None]).num_rows == 0
    assert lake.read([]).schema == lake.manifest.schema


def test_only_the_columns_asked_for_are_read(tmp_path: Path) -> None:
    lake = lake_of(tmp_path / "lake", lake_events(100))
    assert lake.read(None, ["amount"]).column_names == ["entity_id", "micros", "amount"]
    with pytest.raises(StoreError, match="no field 'colour'"):
        lake.read(None, ["colour"])


def test_few_entities_take_few_row_groups(tmp_path: Path) -> None:
    table = lake_events(60_000, entities=6_000)
    lake = lake_of(tmp_path / "lake", table, n_partitions=2)
    taken, all_groups = lake.groups_read(["c0100", "c2000", "c5999"])
    assert all_groups >= 29
    assert taken <= 6
    assert lake.groups_read(table["entity_id"].to_pylist())[0] == all_groups


def test_the_dataset_is_all_rows(tmp_path: Path) -> None:
    table = lake_events(300)
    lake = lake_of(tmp_path / "lake", table)
    assert rows_of(lake.dataset().to_table()) == rows_of(table)
    assert sum(len(lake.paths(p)) for p in range(4)) == len(lake.paths())


def test_a_file_that_was_changed_is_found(tmp_path: Path) -> None:
    lake = lake_of(tmp_path / "lake", lake_events(300))
    lake.verify()
    path = lake.paths()[0]
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(StoreError, match="differs"):
        lake.verify()


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    lake = lake_of(tmp_path / "lake", lake_events(300))
    for path in lake.paths():
        path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(StoreError, match="cannot be read") as caught:
        lake.read(["c0001"])
    assert caught.value.code == "E5012"
    with pytest.raises(StoreError, match="cannot be read"):
        lake.read()


def test_a_file_that_is_emptied_while_the_lake_is_open_is_told(tmp_path: Path) -> None:
    lake = lake_of(tmp_path / "lake", lake_events(300))
    lake.read(["c0001"])
    for path in lake.paths():
        path.write_bytes(b"")
    with pytest.raises(StoreError, match="cannot be read") as caught:
        lake.read(["c0001"])
    assert caught.value.code == "E5012"


def test_a_lake_that_is_open_stays_as_it_was(tmp_path: Path) -> None:
    table = lake_events(100)
    lake = lake_of(tmp_path / "lake", table)
    append(lake.folder, [lake_events(100, seed=1)], batch="later")
    assert lake.read().num_rows == 100
    compact(lake.folder)
    assert Lake.opened(lake.folder).read().num_rows == 200
