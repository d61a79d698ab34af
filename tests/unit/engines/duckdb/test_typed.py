from __future__ import annotations

from segmentry.engines.duckdb.typed import Typed


def test_a_reading_is_without_failures_unless_it_says_otherwise() -> None:
    reading = Typed("x", "number")
    assert reading.n_bad == 0
    assert reading.bad == "false"
    assert reading.way is None
    assert not reading.doubt
