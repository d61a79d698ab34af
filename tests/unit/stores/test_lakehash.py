from __future__ import annotations

import duckdb
import pyarrow as pa

from segmentry.stores.lakehash import partition_of, partitions_of


def test_a_column_gives_what_its_entities_give() -> None:
    ids = ["a", "b", "a", "", "é", "c" * 500]
    found = partitions_of(pa.chunked_array([ids[:2], ids[2:]]), 7)
    assert found.tolist() == [partition_of(i, 7) for i in ids]


def test_whole_numbers_lie_where_their_digits_do() -> None:
    assert partitions_of(pa.array([12, -3]), 64).tolist() == [
        partition_of("12", 64),
        partition_of("-3", 64),
    ]


def test_another_engine_agrees_with_the_stated_rule() -> None:
    ids = [f"é{i}" for i in range(50)]
    rows = duckdb.sql(
        "SELECT ('0x' || substr(md5(id), 1, 8))::BIGINT % 16 FROM (SELECT unnest(?) AS id)",
        params=[ids],
    ).fetchall()
    assert [r[0] for r in rows] == [partition_of(i, 16) for i in ids]


def test_partitions_are_about_equally_large() -> None:
    found = partitions_of(pa.array(range(16_000)), 16)
    counts = [int((found == p).sum()) for p in range(16)]
    assert min(counts) > 800
    assert max(counts) < 1_200


def test_one_partition_holds_all() -> None:
    assert partitions_of(pa.array(["a", "b"]), 1).tolist() == [0, 0]
