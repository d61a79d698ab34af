"""Parts of times."""

from __future__ import annotations

from datetime import datetime

import ibis
import pyarrow as pa
import pytest

from segmentry.engines.typed.times import PARTS, as_naive, part
from segmentry.engines.typed.values import Refused

DAY = datetime(2024, 1, 7, 23, 59, 58)  # noqa: DTZ001 - a Sunday, without zone
TABLE = ibis.memtable(pa.table({"at": pa.array([DAY, None])}))


@pytest.mark.parametrize(
    ("name", "value"),
    [("dow", 0), ("weekday", 0), ("isodow", 7), ("week", 1), ("doy", 7), ("second", 58)],
)
def test_parts_of_a_sunday(name: str, value: int) -> None:
    found = TABLE.select(x=part(TABLE["at"], name)).to_pyarrow()["x"].to_pylist()
    assert found == [value, None]


def test_a_part_that_is_not_known_is_refused() -> None:
    assert "epoch" not in PARTS
    with pytest.raises(Refused, match="'epoch'"):
        part(TABLE["at"], "epoch")


def test_a_date_becomes_its_first_instant() -> None:
    found = TABLE.select(x=as_naive(TABLE["at"].cast("date"))).to_pyarrow()["x"].to_pylist()
    assert found[0] == datetime(2024, 1, 7)  # noqa: DTZ001
