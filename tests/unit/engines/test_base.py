from __future__ import annotations

import inspect

from segmentry.engines.base import BAD_SHARE_LIMIT, Engine
from segmentry.engines.duckdb.engine import DuckDBEngine


def test_an_engine_takes_what_the_protocol_says() -> None:
    for method in ("open", "to_arrow", "keep", "close"):
        wanted = inspect.signature(getattr(Engine, method)).parameters
        given = inspect.signature(getattr(DuckDBEngine, method)).parameters
        assert list(given) == list(wanted)


def test_one_bad_row_in_a_hundred_is_borne() -> None:
    assert BAD_SHARE_LIMIT == 0.01
