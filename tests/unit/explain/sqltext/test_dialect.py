"""Names, texts, numbers and tables as each dialect writes them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentry.errors import AssignmentError, UsageError
from segmentry.explain.sqltext.dialect import ENGINE_BYTES, Dialect, dialect_of, less, number


@pytest.mark.parametrize("dialect", list(Dialect))
def test_texts_and_names_are_read_back_as_they_were(dialect):
    import sqlglot

    for words in ("it's", "back\\slash", 'a "b" c', "line\nbreak", "Ünï", "-- no; comment /*"):
        told = sqlglot.parse_one(f"select {dialect.text(words)}", read=dialect.value)
        assert told.expressions[0].this == words
    for words in ("it's", 'a "b" c', "share_channel=web", "Ünï", "two words; --"):
        told = sqlglot.parse_one(f"select {dialect.column(words)}", read=dialect.value)
        assert told.expressions[0].name == words


@pytest.mark.parametrize(
    ("dialect", "named"),
    [
        ("duckdb", "double"),
        ("postgres", "double precision"),
        ("spark", "double"),
        ("bigquery", "float64"),
        ("snowflake", "double"),
    ],
)
def test_a_double_has_its_name_in_each_dialect(dialect, named):
    assert Dialect(dialect).double == named


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back_to_the_bit_and_are_never_decimals(value):
    text = number(value)
    assert float(text) == value
    assert "e" in text


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_subtracting_writes_no_two_signs_in_a_row(x, value):
    text = less("x", value)
    assert "--" not in text.replace(" ", "")
    found = eval(text, {"x": x})
    assert found == x - value or math.isclose(found, x - value)


def test_a_table_keeps_its_plain_parts_and_quotes_the_others():
    assert Dialect.POSTGRES.table("crm.Features") == "crm.Features"
    assert Dialect.POSTGRES.table("my-shop.features") == '"my-shop".features'
    assert Dialect.BIGQUERY.table("my-shop.crm.features") == "my-shop.crm.features"
    assert Dialect.SPARK.table("x; drop table y") == "`x; drop table y`"


@pytest.mark.parametrize("name", ["", ".", "a..b", "a.b.c.d", "a\nb"])
def test_what_is_no_table_is_refused(name):
    with pytest.raises(UsageError, match="is no name of a table"):
        Dialect.DUCKDB.table(name)


def test_a_dialect_is_found_or_the_nearest_is_named():
    assert dialect_of("spark") is Dialect.SPARK
    with pytest.raises(UsageError, match="no dialect 'postgresql'") as refused:
        dialect_of("postgresql")
    assert "'postgres'" in str(refused.value.hint)


def test_only_engines_with_a_limit_refuse_long_statements():
    long = "x" * (ENGINE_BYTES + 1)
    for dialect in (Dialect.DUCKDB, Dialect.POSTGRES, Dialect.SPARK):
        dialect.check_length(long)
    for dialect in (Dialect.BIGQUERY, Dialect.SNOWFLAKE):
        dialect.check_length(long[:-1])
        with pytest.raises(AssignmentError, match="1,000,001 bytes") as refused:
            dialect.check_length(long)
        assert refused.value.code == "E6004"
