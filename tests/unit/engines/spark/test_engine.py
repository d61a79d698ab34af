"""Reading a lake, and writing into it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.domain.audit import Audit
from segmentry.domain.project import Shape, Source, frozen_mapping
from segmentry.engines.spark.engine import SparkEngine, place_of
from segmentry.errors import DataError, EngineError

ROWS = pa.table({"who": pa.array([1, 2, 2]), "s": pa.array(["a", None, ""]), "l": [[1], [2], []]})


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_a_folder_of_parquet_is_read_and_answers_are_written_back(
    spark_url: str, tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    lake.mkdir()
    pq.write_table(ROWS.slice(0, 2), lake / "a.parquet")
    pq.write_table(ROWS.slice(2), lake / "b.parquet")
    engine, audit = SparkEngine(spark_url), Audit()
    columns = frozen_mapping({"entity": "who"})
    source = Source("lake", "lake", Shape.TABLE, columns, connection=spark_url)
    relation = engine.open(source, folder=str(tmp_path), audit=audit)
    assert relation.n_rows == 3
    assert [f.column for f in audit.findings] == ["l"]
    taken = engine.take_in(pa.table({"who": [1, 2], "segment": [7, 8]}))
    table = relation.table
    joined = table.join(taken, table["entity_id"] == taken["who"]).select("entity_id", "segment")
    engine.write_parquet(joined, str(tmp_path / "out"))
    found = pq.read_table(tmp_path / "out").sort_by("entity_id")
    assert found.to_pydict() == {"entity_id": [1, 2, 2], "segment": [7, 8, 8]}
    engine.write_parquet(pa.table({"a": [1]}), str(tmp_path / "ours"))
    assert pq.read_table(tmp_path / "ours").num_rows == 1
    with pytest.raises(EngineError, match="something already"):
        engine.write_parquet(joined, str(tmp_path / "out"))
    with pytest.raises(DataError, match="no such file or folder"):
        engine.open(Source("x", "nowhere", Shape.TABLE), folder=str(tmp_path), audit=audit)
    engine.close()


def test_paths_start_in_the_project_folder_and_addresses_do_not() -> None:
    assert place_of("s3a://lake/a", "/home/ada") == "s3a://lake/a"
    assert place_of("/data/a", "/home/ada") == "/data/a"
    assert place_of("a/*.parquet", "/home/ada") == "/home/ada/a/*.parquet"
