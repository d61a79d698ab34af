"""Functions of texts and numbers; that engines agree on them is held by the contracts."""

from __future__ import annotations

import ibis
import pytest

from segmentry.engines.typed.functions import FUNCTIONS, as_text
from segmentry.engines.typed.scalars import OPERATORS
from segmentry.engines.typed.times import TIME_FUNCTIONS
from segmentry.engines.typed.values import Refused

TABLE = ibis.table({"i": "int64", "f": "float64", "at": "timestamp", "s": "string"}, name="t")


def test_only_what_is_written_alike_becomes_text() -> None:
    assert as_text(TABLE["s"]).equals(TABLE["s"])
    assert as_text(TABLE["i"]).type().is_string()
    for name in ("f", "at"):
        with pytest.raises(Refused, match="a way of its own"):
            as_text(TABLE[name])


def test_each_construct_has_one_rule() -> None:
    assert not set(FUNCTIONS) & set(TIME_FUNCTIONS)
    assert not (set(FUNCTIONS) | set(TIME_FUNCTIONS)) & set(OPERATORS)
