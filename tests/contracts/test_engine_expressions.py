"""Each construct that is allowed in an expression gives what DuckDB gives, for edge values too."""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from places import Place, parquet
from segmentry.domain.audit import Audit
from segmentry.domain.project import Shape
from segmentry.engines.catalogue import open_engine
from segmentry.engines.expressions import read_expression
from segmentry.engines.typed.functions import WIDEST
from segmentry.engines.typed.opening import NO_ORDER
from segmentry.engines.typed.rules import known_functions, writer_of
from segmentry.engines.typed.writer import Dialect
from segmentry.errors import ProjectFileError

INTEGERS = [0, 7, -7, 3, -3, 2, None, 2**53 + 1, -(2**40), 1]
DIVISORS = [1, 2, 2, -2, -3, None, 3, 10, 7, -1]
MONEYS = [
    "0.000",
    "2.500",
    "-2.500",
    "3.500",
    "0.125",
    "-0.125",
    None,
    "9999999.999",
    "1.005",
    "-1",
]
FLOATS = [0.0, 0.1, -2.5, 3.5, None, math.nan, math.inf, -math.inf, 1e-300, 1e15]
OTHERS = [1.0, 0.0, 0.0, -2.0, 0.0, 0.0, 0.0, 3.0, None, 0.3]
TEXTS = ["", "a", "B", "aB-c", None, "É-é", "  x\t ", "100%", "日本-語", "a_b-"]
WORDS = ["a", "b", "a", None, "b", "É", "x", "100", "本", "_"]
TIMES = [
    *("2024-01-07 23:59:59.999999", "2023-12-31 00:00:00", "2024-12-30 12:30:00.5", None),
    *(
        "2024-02-29 10:00:00",
        "1969-12-31 23:59:59.25",
        "2024-03-31 02:30:00",
        "2000-01-01 00:00:00",
    ),
    *("2038-01-19 03:14:08", "2024-01-31 10:00:00"),
]
DAYS = [
    "2024-01-07",
    None,
    "2023-01-01",
    "2024-02-29",
    "1969-12-31",
    "2024-12-31",
    *["2024-01-31"] * 4,
]


def edge_values() -> pa.Table:
    times = [None if t is None else datetime.fromisoformat(t) for t in TIMES]
    zoned = [None if t is None else t.replace(tzinfo=UTC) for t in times]
    return pa.table(
        {
            "id": pa.array(range(10), pa.int64()),
            "i": pa.array(INTEGERS, pa.int64()),
            "j": pa.array(DIVISORS, pa.int64()),
            "d": pa.array(
                [None if m is None else Decimal(m) for m in MONEYS], pa.decimal128(10, 3)
            ),
            "f": pa.array(FLOATS, pa.float64()),
            "g": pa.array(OTHERS, pa.float64()),
            "s": pa.array(TEXTS, pa.string()),
            "t": pa.array(WORDS, pa.string()),
            "ts": pa.array(times, pa.timestamp("us")),
            "ts2": pa.array(times[::-1], pa.timestamp("us")),
            "z": pa.array(zoned, pa.timestamp("us", "UTC")),
            "day": pa.array([None if d is None else date.fromisoformat(d) for d in DAYS]),
            "b": pa.array([True, False, None, True, False] * 2),
        }
    )


EXPRESSIONS = tuple(
    """
    i + j ; i - 3 ; i * 2 ; i / j ; i / 0 ; f / g ; d / 3 ; i // j ; i % j ; mod(i, 5) ; -i ; -d ;
    abs(i) ; abs(d) ; abs(f) ; d + i ; d * 2.5 ; d - 0.5 ; d % 2 ; f + d ; f * 2 ; 1.5 * i ;
    round(d) ; round(d, 1) ; round(i) ; floor(d) ; ceil(d) ; floor(i) ; i = j ; i <> 7 ; f = f ;
    f > 1 ; f < g ; d >= 0.125 ; d = 2.5 ; i BETWEEN -3 AND 3 ; i IN (7, -7, 1) ;
    t IN ('a', 'É') ; t NOT IN ('a') ; i IS NULL ; s IS NOT NULL ; b ; NOT b ; b AND i > 0 ;
    b OR i > 0 ; b IS TRUE ; b = false ; i IS DISTINCT FROM j ; coalesce(i, 5) ;
    coalesce(t, 'none') ; coalesce(d, i, 1.25) ; ifnull(f, 0) ; nullif(i, 7) ; nullif(t, 'a') ;
    if(i > 0, i, j) ; CASE WHEN i > 2 THEN 'big' WHEN b THEN t END ;
    CASE i WHEN 7 THEN 1 WHEN 3 THEN 2 ELSE 0 END ; greatest(i, j) ; least(d, i) ;
    greatest(f, g) ; least(ts, ts2) ; s = t ; s < t ; s >= 'a' ; s || t ; s || i ; concat(s, t) ;
    concat(s, '-', i) ; length(s) ; trim(s) ; ltrim(s) ; rtrim(s) ; substring(s, 2, 2) ;
    substr(s, 3) ; left(s, 2) ; right(s, 2) ; replace(s, '-', '+') ; contains(s, 'a') ;
    starts_with(s, 'a') ; ends_with(s, '-') ; prefix(s, 'É') ; suffix(s, 'c') ; s LIKE 'a%' ;
    s LIKE '_%-%' ; s NOT LIKE '%x%' ; s LIKE '100%' ; split_part(s, '-', 1) ;
    split_part(s, '-', 2) ; split_part(s, '-', 5) ; strpos(s, 'B') ; instr(s, '-') ;
    CAST(i AS VARCHAR) ; CAST(d AS VARCHAR) ; CAST(b AS VARCHAR) ; CAST(day AS VARCHAR) ;
    CAST(b AS INTEGER) ; CAST(i AS DOUBLE) ; CAST(d AS BIGINT) ; CAST(d AS DOUBLE) ;
    CAST(d AS DECIMAL(12, 1)) ; CAST(i AS BOOLEAN) ; CAST(ts AS DATE) ; CAST(day AS TIMESTAMP) ;
    CAST(z AS TIMESTAMP) ; CAST(ts AS TIMESTAMPTZ) ; date(ts) ; i * 1e0 ; year(ts) ; quarter(ts) ;
    month(ts) ; day(ts) ; hour(ts) ; minute(ts) ; second(ts) ; extract(dow FROM ts) ;
    extract(isodow FROM ts) ; extract(week FROM ts) ; extract(doy FROM ts) ;
    extract(year FROM ts) ; date_part('month', day) ; dayofweek(ts) ; isodow(day) ; weekday(day) ;
    dayofyear(z) ; hour(z) ; date_trunc('year', ts) ; date_trunc('quarter', ts) ;
    date_trunc('month', ts) ; date_trunc('week', ts) ; date_trunc('day', ts) ;
    date_trunc('hour', ts) ; date_trunc('minute', ts) ; date_trunc('second', ts) ;
    date_trunc('week', day) ; date_trunc('day', z) ; date_diff('year', ts2, ts) ;
    date_diff('month', ts2, ts) ; date_diff('day', ts2, ts) ; date_diff('hour', ts2, ts) ;
    date_diff('minute', ts2, ts) ; date_diff('second', ts2, ts) ; date_diff('day', day, ts) ;
    ts + INTERVAL 3 DAY ; ts - INTERVAL 1 MONTH ; day + INTERVAL 1 MONTH ;
    z + INTERVAL 90 MINUTE ; day - INTERVAL 1 YEAR ; ts >= '2024-01-31' ;
    ts < '2024-01-07 23:59:59.999999' ; day = '2024-01-07' ; day >= DATE '2024-01-01' ;
    ts = TIMESTAMP '2024-02-29 10:00:00' ; z >= '2024-01-01' ; z = ts ; day <= ts ;
    ts BETWEEN '2024-01-01' AND '2024-03-01'
    """.strip()
    .replace("\n    ", " ")
    .split(" ; ")
)
"""Each is computed in one statement over all edge values."""


def by_duckdb(rows: pa.Table, folder: Any) -> dict[str, list[Any]]:
    path = folder / "edge.parquet"
    parquet(rows, path)
    con = duckdb.connect(config={"threads": 1})
    con.execute("SET TimeZone = 'UTC'")
    values = ", ".join(f'({sql}) AS "{n}"' for n, sql in enumerate(EXPRESSIONS))
    found = con.sql(f"SELECT {values} FROM '{path}' ORDER BY id").to_arrow_table()
    return {sql: found[str(n)].to_pylist() for n, sql in enumerate(EXPRESSIONS)}


def plain(value: Any) -> Any:
    """Compare numbers by value, times by instant; NaN is itself."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a plain date
    return float(value)


def test_every_allowed_construct_gives_what_duckdb_gives(place: Place) -> None:
    rows = edge_values()
    expected = by_duckdb(rows, place.folder)
    with closing(open_engine(place.url)) as engine:
        table = engine.take_in(rows)
        columns = {n: table[n] for n in rows.column_names}
        writer = writer_of(columns, dialect_of(engine.name))
        values = {}
        for n, sql in enumerate(EXPRESSIONS):
            read = read_expression(
                sql, rows.column_names, key="", source="", functions=known_functions()
            )
            value = columns[sql] if read.tree is None else writer.write(read.tree)
            # As a relation gives it: Ibis does not follow the digits of a computed decimal.
            values[str(n)] = value.cast(WIDEST) if value.type().is_decimal() else value
        found = engine.to_arrow(table.select(table["id"], **values)).sort_by("id")
    wrong = {}
    for n, sql in enumerate(EXPRESSIONS):
        got = found[str(n)].to_pylist()
        if [plain(v) for v in got] != [plain(v) for v in expected[sql]]:
            pairs = zip(got, expected[sql], strict=True)
            wrong[sql] = [pair for pair in pairs if plain(pair[0]) != plain(pair[1])]
    assert wrong == {}


def dialect_of(engine: str) -> Dialect:
    from segmentry.engines.postgres import compiler as of_postgres
    from segmentry.engines.spark import compiler as of_spark

    return of_spark.dialect() if engine == "Spark" else of_postgres.dialect()


REFUSED = {
    "lower(t)": "outside ASCII",
    "regexp_matches(s, 'a')": "regular expressions",
    "s LIKE 'a\\_%'": "backslash",
    "ln(i)": "last digits",
    "round(f, 2)": "not a floating-point number",
    "CAST(t AS INTEGER)": "read and round it differently",
    "CAST(f AS VARCHAR)": "a way of its own",
    "CAST(f AS DECIMAL(10, 2))": "read and round it differently",
    "try_cast(t AS DOUBLE)": "read texts and numbers differently",
    "t > 5": "stand beside each other",
    "ts > '31.12.2024'": "write it like",
    "ts > t": "a text stands beside a time",
    "substring(s, -2)": "from 1 on",
    "i // f": "takes a whole number",
    "strftime(ts, '%Y')": "write times differently",
    "greatest(b, i)": "stand beside each other",
}


def test_what_is_not_known_to_be_equal_is_refused_with_the_reason(place: Place) -> None:
    source = place.source(edge_values().slice(0, 1), shape=Shape.EVENTS, columns={"entity": "id"})
    engine, _ = place.opened(source)
    with closing(engine):
        for sql, why in REFUSED.items():
            asked = replace(source, where=f"({sql}) IS NOT NULL")
            with pytest.raises(ProjectFileError, match=why) as refused:
                engine.open(asked, folder=str(place.folder), audit=Audit())
            assert refused.value.code == "E1009"
            assert refused.value.key == "sources[0].where"


def test_all_that_a_source_asks_in_vain_is_told_at_once(place: Place) -> None:
    rows = edge_values()
    source = place.source(
        rows,
        shape=Shape.EVENTS,
        columns={"entity": "id", "time": "s", "amount": "lower(t)", "kind": "f", "item": "nix"},
        types={"s": "time"},
    )
    with pytest.raises(ProjectFileError, match="types of their own") as refused:
        place.rows(source)
    keys = [p.key for p in refused.value.problems]
    assert sorted(map(str, keys)) == [
        *("sources[0].columns.amount", "sources[0].columns.item", "sources[0].columns.kind"),
        *("sources[0].columns.time", "sources[0].types"),
    ]


def test_the_order_of_rows_is_nothing_to_rely_on(place: Place) -> None:
    rows = edge_values().select(["id", "i"])
    source = place.source(
        rows, shape=Shape.TABLE, columns={"entity": "row_number"}, deduplicate="last"
    )
    with pytest.raises(ProjectFileError, match=NO_ORDER) as refused:
        place.rows(source)
    assert {p.code for p in refused.value.problems} == {"E1009"}
