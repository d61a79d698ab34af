from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakes import SCHEMA, lake_events, rows_of
from segmentry.errors import DataError, StoreError
from segmentry.stores.lake import Lake
from segmentry.stores.lakehash import partitions_of
from segmentry.stores.lakemanifest import Duplicates
from segmentry.stores.lakewriting import append, compact, create_lake


def made(folder: Path, *batches: pa.Table, duplicates: Duplicates = "keep") -> Path:
    create_lake(folder, batches[0].schema, n_partitions=4, duplicates=duplicates)
    for i, table in enumerate(batches):
        append(folder, [table], batch=f"batch {i}")
    return folder


def test_a_lake_holds_what_was_appended(tmp_path: Path) -> None:
    one, two = lake_events(300), lake_events(200, seed=1)
    lake = Lake.opened(made(tmp_path / "lake", one, two))
    assert rows_of(lake.read()) == rows_of(pa.concat_tables([one, two]))


def test_each_file_holds_entities_of_its_partition_in_order(tmp_path: Path) -> None:
    lake = Lake.opened(made(tmp_path / "lake", lake_events(500)))
    for file in lake.manifest.files:
        table = pq.read_table(lake.folder / file.name, partitioning=None)
        assert set(partitions_of(table["entity_id"], 4).tolist()) == {file.partition}
        keys = list(zip(*(table[n].to_pylist() for n in ("entity_id", "micros")), strict=True))
        assert keys == sorted(keys)
        assert (file.first, file.last) == (min(k[1] for k in keys), max(k[1] for k in keys))


def test_a_batch_that_comes_twice_is_in_once(tmp_path: Path) -> None:
    folder, table = made(tmp_path / "lake", lake_events(100)), lake_events(50, seed=2)
    once = append(folder, [table], batch="again")
    assert append(folder, [table], batch="again") == once


def test_equal_rows_count_as_often_as_they_came(tmp_path: Path) -> None:
    table = lake_events(100)
    lake = Lake.opened(made(tmp_path / "lake", table, table))
    assert rows_of(lake.read()) == sorted(rows_of(table) * 2, key=repr)


def test_equal_rows_count_once_where_that_is_said(tmp_path: Path) -> None:
    table = lake_events(100)
    folder = made(tmp_path / "lake", table, table, duplicates="remove")
    wanted = sorted(set(rows_of(table)), key=repr)
    assert rows_of(Lake.opened(folder).read()) == wanted
    compact(folder)
    assert rows_of(Lake.opened(folder).read()) == wanted


def test_compaction_leaves_one_file_in_each_partition_and_the_same_rows(tmp_path: Path) -> None:
    folder = made(tmp_path / "lake", *(lake_events(80, seed=s) for s in range(5)))
    before = rows_of(Lake.opened(folder).read())
    told = compact(folder)
    assert [f.partition for f in told.files] == [0, 1, 2, 3]
    assert rows_of(Lake.opened(folder).read()) == before
    assert compact(folder) == told


def test_what_a_compaction_replaced_stays_for_its_readers_until_the_next_writer(
    tmp_path: Path,
) -> None:
    folder = made(tmp_path / "lake", lake_events(80), lake_events(80, seed=1))
    reader = Lake.opened(folder)
    compact(folder)
    assert reader.read().num_rows == 160
    compact(folder)
    named = {folder / f.name for f in Lake.opened(folder).manifest.files}
    assert set(folder.glob("partition=*/*")) == named


def test_the_order_of_batches_and_rows_does_not_change_a_compacted_file(tmp_path: Path) -> None:
    one, two = lake_events(90), lake_events(90, seed=1)
    first = compact(made(tmp_path / "a", one, two))
    second = compact(made(tmp_path / "b", two.take(list(range(89, -1, -1))), one))
    assert [f.sha256 for f in first.files] == [f.sha256 for f in second.files]


def test_nan_becomes_null(tmp_path: Path) -> None:
    rows = {"entity_id": ["a", "b"], "micros": [1, 2], "score": [float("nan"), 1.0]}
    folder = made(tmp_path / "lake", pa.table(rows))
    found = Lake.opened(folder).read(["a"])
    assert found["score"].null_count == 1


@pytest.mark.parametrize(
    "rows",
    [
        {"entity_id": [None], "micros": [1]},
        {"entity_id": ["a"], "micros": [None]},
        {"entity_id": ["a"]},
        {"entity_id": ["a"], "micros": [1], "more": [1]},
        {"entity_id": ["a"], "micros": ["yesterday"]},
    ],
    ids=str,
)
def test_rows_that_do_not_fit_are_refused_and_change_nothing(
    tmp_path: Path, rows: dict[str, list[object]]
) -> None:
    table = pa.table({"entity_id": ["a"], "micros": [1]})
    folder = made(tmp_path / "lake", table)
    before = Lake.opened(folder).manifest
    with pytest.raises(DataError, match="do not fit") as caught:
        append(folder, [pa.table(rows)], batch="bad")
    assert caught.value.code == "E2020"
    assert Lake.opened(folder).manifest == before
    append(folder, [table], batch="good")


@pytest.mark.parametrize(
    "schema",
    [
        pa.schema([("micros", pa.int64()), ("entity_id", pa.string())]),
        pa.schema([("entity_id", pa.float64()), ("micros", pa.int64())]),
        pa.schema([("entity_id", pa.string()), ("micros", pa.timestamp("us"))]),
        pa.schema([("entity_id", pa.string()), ("micros", pa.int64()), ("x", pa.list_(pa.int8()))]),
    ],
    ids=str,
)
def test_columns_that_a_lake_cannot_hold_are_refused(tmp_path: Path, schema: pa.Schema) -> None:
    with pytest.raises(DataError, match="do not fit"):
        create_lake(tmp_path / "lake", schema)


def test_a_lake_needs_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(StoreError, match="a lake needs") as caught:
        create_lake(tmp_path, SCHEMA)
    assert caught.value.code == "E5001"


def test_appending_to_no_lake_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not a lake") as caught:
        append(tmp_path, [lake_events(10)], batch="one")
    assert caught.value.code == "E5010"
    assert list(tmp_path.iterdir()) == []


def test_only_one_writes_at_a_time(tmp_path: Path) -> None:
    folder = made(tmp_path / "lake", lake_events(10))

    def rows() -> object:
        with pytest.raises(StoreError, match="another process") as caught:
            compact(folder)
        assert caught.value.code == "E5011"
        yield lake_events(10, seed=1)

    append(folder, rows(), batch="slow")  # type: ignore[arg-type]
    assert Lake.opened(folder).manifest.n_rows == 20


def test_a_compaction_does_not_hide_damage(tmp_path: Path) -> None:
    folder = made(tmp_path / "lake", lake_events(200), lake_events(200, seed=1))
    path = folder / Lake.opened(folder).manifest.files[0].name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(StoreError, match="differs"):
        compact(folder)
