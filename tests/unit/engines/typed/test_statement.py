"""Expressions as statements."""

from __future__ import annotations

import ibis
import pytest
from ibis.backends.sql.compilers.postgres import PostgresCompiler

from segmentry.engines.typed.statement import written
from segmentry.errors import EngineError

ROWS = ibis.table({"a": "int64", "b": "string"}, name="rows")


def test_an_expression_becomes_one_statement() -> None:
    sql = written(ROWS.filter(ROWS["a"] > 1).select("b"), PostgresCompiler(), "PostgreSQL")
    assert sql.startswith("SELECT")
    assert '"a" > ' in sql


def test_what_cannot_be_written_names_the_engine() -> None:
    digests = ROWS.select(x=ROWS["b"].hexdigest())
    with pytest.raises(EngineError, match="PostgreSQL cannot compute this") as refused:
        written(digests, PostgresCompiler(), "PostgreSQL")
    assert refused.value.code == "E3001"
