"""The whole statement answers as the assigner does, in DuckDB and, translated, in every dialect."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np
import pyarrow as pa
import pytest
import sqlglot
from sqlglot import ErrorLevel

from builders import feature_table, number_step
from mixed import people
from releases import as_release, release_of
from segmentry.domain.preparation import PerColumn, Preparation, Reduce
from segmentry.domain.recipe import Recipe
from segmentry.domain.table import FeatureTable
from segmentry.errors import AssignmentError, UsageError
from segmentry.explain.sqltext.dialect import Dialect
from segmentry.explain.sqltext.statement import assigning_statement


def table(n: int = 300) -> FeatureTable:
    data = people(n)
    return feature_table({c: data[c].to_pylist() for c in data.column_names[1:]})


TABLE = table()
ASKED = Preparation(
    transform=PerColumn("auto", {"balance": "quantile-uniform"}),
    indicate_missing=("age",),
    encode=PerColumn("indicators", {"word": "frequency"}),
    reduce=Reduce("pca", 3),
)


def answered(sql: str, data: pa.Table, name: str = "features") -> tuple[list[int], list[str]]:
    with duckdb.connect() as con:
        con.register(name, data)
        rows = con.sql(sql).to_arrow_table().sort_by("entity_id")
    return rows["segment_id"].to_pylist(), rows["segment"].to_pylist()


def expected(release, rows: FeatureTable) -> tuple[list[int], list[str]]:
    found = release.assign(rows).to_arrow()
    return found["segment_id"].to_pylist(), found["segment"].to_pylist()


@pytest.mark.parametrize(
    ("asked", "n_prototypes"),
    [(None, 7), (ASKED, 7), (None, 60)],
    ids=["usual", "reduced", "listed"],
)
@pytest.mark.parametrize("dialect", list(Dialect))
def test_every_dialect_says_the_same(dialect, asked, n_prototypes):
    release = release_of(TABLE, asked, n_prototypes=n_prototypes)
    sql = assigning_statement(release, dialect=dialect)
    (translated,) = sqlglot.transpile(
        sql, read=dialect.value, write="duckdb", unsupported_level=ErrorLevel.RAISE
    )
    assert answered(translated, TABLE.data) == expected(release, TABLE)


@pytest.mark.parametrize("dialect", list(Dialect))
def test_nothing_in_it_is_unsupported_in_its_own_dialect(dialect):
    sql = assigning_statement(release_of(TABLE, ASKED), dialect=dialect, table="crm.features")
    for write in (dialect.value, *Dialect):
        sqlglot.transpile(
            sql, read=dialect.value, write=str(write), unsupported_level=ErrorLevel.RAISE
        )
    tables = {
        t.sql() for t in sqlglot.parse_one(sql, read=dialect.value).find_all(sqlglot.exp.Table)
    }
    assert "crm.features" in tables


def test_only_postgres_is_kept_from_putting_stages_into_each_other():
    release = release_of(TABLE, ASKED)
    told = {d: assigning_statement(release, dialect=d).count("offset 0") for d in Dialect}
    assert told == {d: 6 * (d is Dialect.POSTGRES) for d in Dialect}


def test_few_prototypes_are_written_out_and_many_are_listed():
    few, many = (
        assigning_statement(release_of(TABLE, n_prototypes=n), dialect=Dialect.POSTGRES)
        for n in (7, 60)
    )
    assert "join" not in few
    assert "group by" not in few
    assert many.count("cross join prototypes") == 1
    assert len(many) < 12 * len(few)


def test_one_row_gets_the_answer_that_it_gets_among_all():
    release = release_of(TABLE)
    sql = assigning_statement(release, dialect=Dialect.DUCKDB)
    ids, _ = expected(release, TABLE)
    assert [answered(sql, TABLE.data.slice(i, 1))[0][0] for i in range(8)] == ids[:8]


def on_a_line(values, prototypes, groups):
    """Place rows and prototypes on one line, without any preparation."""
    rows = feature_table({"spend": values})
    recipe = Recipe((number_step("spend", limit=1e100),))
    points = np.array(prototypes, dtype=float)[:, None]
    return rows, as_release(rows, recipe, points, np.array(groups))


def test_ties_go_to_the_first_segment_whichever_prototype_comes_first():
    rows, release = on_a_line([0.0, 0.5, -0.5], [1.0, -1.0], [1, 0])
    sql = assigning_statement(release, dialect=Dialect.DUCKDB)
    assert answered(sql, rows.data)[0] == [1, 2, 1] == expected(release, rows)[0]


def test_what_rounding_ties_is_tied():
    # 0.3 - 0.2 is less than 0.4 - 0.3, in the last bits only.
    rows, release = on_a_line([0.3], [0.4, 0.2], [0, 1])
    squares = (rows.numbers("spend")[:, None] - release.assigner.prototypes[:, 0]) ** 2
    assert squares[0, 1] < squares[0, 0]
    sql = assigning_statement(release, dialect=Dialect.DUCKDB)
    assert answered(sql, rows.data)[0] == [1] == expected(release, rows)[0]


def test_a_row_on_its_prototype_is_there():
    rows, release = on_a_line([3.0, 5.0], [3.0, 5.0], [0, 1])
    sql = assigning_statement(release, dialect=Dialect.DUCKDB)
    assert answered(sql, rows.data)[0] == [1, 2]


def test_one_segment_takes_everybody():
    rows, release = on_a_line([3.0, 5.0], [3.0], [0])
    for dialect in Dialect:
        assert "least(d" not in assigning_statement(release, dialect=dialect)
    sql = assigning_statement(release, dialect=Dialect.DUCKDB)
    assert answered(sql, rows.data)[0] == [1, 1]


def test_ids_of_segments_are_the_releases_own():
    rows, release = on_a_line([3.0, 5.0], [3.0, 5.0], [0, 1])
    renamed = replace(release, segment_ids=(7, 4))
    assert answered(assigning_statement(renamed, dialect=Dialect.DUCKDB), rows.data)[0] == [7, 4]


def test_the_table_is_the_one_that_is_asked_for():
    rows, release = on_a_line([3.0], [3.0, 5.0], [0, 1])
    sql = assigning_statement(release, dialect=Dialect.DUCKDB, table="odd name")
    assert answered(sql, rows.data, "odd name")[0] == [1]
    with pytest.raises(UsageError, match="the statement itself uses"):
        assigning_statement(release, dialect=Dialect.DUCKDB, table="Prepared_Features")


def test_no_entity_is_in_the_statement():
    sql = assigning_statement(release_of(TABLE), dialect=Dialect.DUCKDB)
    assert not any(str(i) in sql for i in TABLE.entity_ids.to_pylist())


def test_too_many_prototypes_are_refused_where_the_engine_reads_no_longer_statement():
    rng = np.random.default_rng(0)
    names = [f"feature_{j:02d}" for j in range(40)]
    rows = feature_table({name: rng.normal(size=20) for name in names})
    recipe = Recipe(tuple(number_step(name) for name in names))
    release = as_release(rows, recipe, rng.normal(size=(1_600, 40)), np.arange(1_600) % 4)
    with pytest.raises(AssignmentError, match="snowflake reads 1,000,000 at most"):
        assigning_statement(release, dialect=Dialect.SNOWFLAKE)
    sql = assigning_statement(release, dialect=Dialect.DUCKDB)
    assert answered(sql, rows.data) == expected(release, rows)


def test_directions_are_refused():
    release = release_of(TABLE)
    origin = np.zeros(release.assigner.prototypes.shape[1])
    directed = replace(release, assigner=replace(release.assigner, origin=origin))
    with pytest.raises(AssignmentError, match="they are told by direction"):
        assigning_statement(directed, dialect=Dialect.DUCKDB)
