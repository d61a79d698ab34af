"""The statement that assigns gives the same segments wherever the features lie."""

from __future__ import annotations

import pyarrow as pa
import pytest

from builders import feature_table
from mixed import people
from places import Place, parquet, to_postgres
from releases import release_of
from segmentry.domain.preparation import PerColumn, Preparation, Reduce
from segmentry.domain.release import Release
from segmentry.explain.sqltext.dialect import Dialect
from segmentry.explain.sqltext.statement import assigning_statement
from segmentry.pipeline.sql import close_rows


def features():
    data = people(500)
    return feature_table({c: data[c].to_pylist() for c in data.column_names[1:]})


def answered(place: Place, rows: pa.Table, release: Release, name: str) -> dict[str, str]:
    """Carry the statement out over features that lie in a table of the engine."""
    sql = assigning_statement(release, dialect=Dialect(place.name), table=name)
    if place.name == "postgres":
        import psycopg

        to_postgres(place.url, name, rows)
        with psycopg.connect(place.url) as con:
            found = con.execute(sql).fetchall()
        return {entity: segment for entity, _, segment in found}
    from segmentry.engines.spark.session import Session

    parquet(rows, place.folder / f"{name}.parquet")
    session = Session(place.url, threads=None)
    spark = session.spark
    try:
        spark.read.parquet(str(place.folder / f"{name}.parquet")).createOrReplaceTempView(name)
        return {row["entity_id"]: row["segment"] for row in spark.sql(sql).collect()}
    finally:
        session.close()


ASKED = Preparation(
    transform=PerColumn("yeo-johnson", {"visits": "quantile-uniform", "age": "log1p"}),
    indicate_missing=("age",),
    encode=PerColumn("indicators", {"word": "frequency"}),
    reduce=Reduce("pca", 3),
)


@pytest.mark.parametrize(
    ("asked", "n_prototypes"),
    [(None, 6), (ASKED, 6), (None, 60)],
    ids=["written", "reduced", "listed"],
)
def test_segments_are_the_assigners(
    place: Place, asked: Preparation | None, n_prototypes: int
) -> None:
    table = features()
    release = release_of(table, asked, n_prototypes=n_prototypes)
    name = f"features_{n_prototypes}_{asked is None}".lower()
    found = answered(place, table.data, release, name)
    told = release.assign(table).to_arrow()
    expected = dict(zip(*(told[c].to_pylist() for c in ("entity_id", "segment")), strict=True))
    close = close_rows(release, table.data)
    ids = table.entity_ids.to_pylist()
    sure = [entity for entity, is_close in zip(ids, close, strict=True) if not is_close]
    assert len(sure) > 490
    assert found.keys() == expected.keys()
    assert {e: found[e] for e in sure} == {e: expected[e] for e in sure}


def test_numbers_beyond_all_that_was_learned_are_no_error(place: Place) -> None:
    table = features()
    release = release_of(table, ASKED)
    far = feature_table(
        {
            "spend": [1e300, -1e300, 0.0, None],
            "visits": [1e300, -1e300, None, 0.0],
            "balance": [-1e300, 1e300, 1e-300, 0.0],
            "age": [1e300, -1e300, None, 1e-300],
            "word": ["new", None, "plain", "it's"],
            "tier": [None, "new", "low", "mid"],
        }
    )
    found = answered(place, far.data, release, "far_features")
    told = release.assign(far).to_arrow()
    assert list(found.values()) == told["segment"].to_pylist()
