"""Blocks of a Parquet file hold its rows in their order."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.maths.streaming import kmeans_blocks
from segmentry.stores.rowblocks import parquet_rows


@pytest.fixture
def file(tmp_path):
    columns = {"a": np.arange(10.0), "n": np.arange(10, 20), "b": -np.arange(10.0)}
    pq.write_table(pa.table(columns), tmp_path / "rows.parquet", row_group_size=4)
    return tmp_path / "rows.parquet"


def test_blocks_together_are_the_file(file):
    blocks = list(parquet_rows(file, batch_rows=3))
    assert max(len(block) for block in blocks) <= 3
    whole = np.vstack(blocks)
    assert whole.dtype == np.float32
    np.testing.assert_array_equal(whole, np.stack([np.r_[:10], np.r_[10:20], -np.r_[:10]], axis=1))


def test_columns_come_in_the_order_asked_for(file):
    whole = np.vstack(list(parquet_rows(file, ["b", "a"])))
    np.testing.assert_array_equal(whole, np.stack([-np.r_[:10], np.r_[:10]], axis=1))


def test_missing_values_are_not_a_number(tmp_path):
    pq.write_table(pa.table({"a": [1.0, None], "n": [None, 2]}), tmp_path / "gaps.parquet")
    (block,) = parquet_rows(tmp_path / "gaps.parquet")
    np.testing.assert_array_equal(block, [[1.0, np.nan], [np.nan, 2.0]])


def test_a_file_can_be_walked_again_and_again(file):
    found = kmeans_blocks(lambda: parquet_rows(file), 2, rng=np.random.default_rng(0))
    assert sorted(np.bincount(found.labels)) == [5, 5]
