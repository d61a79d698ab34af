"""Values held apart, by rows and by columns."""

from __future__ import annotations

from collections import Counter
from math import log

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logs import CUT
from segmentry.domain.formula import Aggregate, Condition, Measure
from segmentry.domain.window import Window
from segmentry.features.rows import Rows
from segmentry.features.values import VALUES, by_value

CONNECTION = ibis.duckdb.connect()
WANTED = {str(m): Aggregate(m, "item") for m in VALUES} | {
    "two": Aggregate(Measure.COUNT, where=(Condition("item", "in", ("a", "z")),)),
    "rest": Aggregate(Measure.COUNT, where=(Condition("item", "not in", ("a", "z")),)),
    "known": Aggregate(Measure.COUNT, "item"),
}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from("abcd") | st.none(), min_size=1), st.booleans())
def test_both_ways_of_counting_agree_with_a_counter(items: list[str | None], coded: bool) -> None:
    known = Counter(i for i in items if i is not None)
    codes = {w: i for i, w in enumerate("abcd")} if coded else None
    values = [None if i is None else codes[i] for i in items] if codes else items
    table = pa.table(
        {
            "entity_id": [1] * len(items),
            "item": pa.array(values, pa.int8() if coded else pa.string()),
        }
    )
    rows = ibis.memtable(table)
    about = Rows(rows, Window(CUT), "UTC", {"item": codes} if codes else {})
    found = CONNECTION.to_pyarrow(by_value(about, rows, "item", WANTED, codes)).to_pylist()
    # A count of nothing is made zero when the feature is finished.
    found = [{n: v or 0 for n, v in row.items()} for row in found]
    if not known:
        assert found == []
        return
    assert found == [
        {
            "entity_id": 1,
            "top": max(known.values()),
            "distinct": len(known),
            "pairs": sum(n * n for n in known.values()),
            "surprise": pytest.approx(sum(n * log(n) for n in known.values())),
            "two": known["a"],
            "rest": known.total() - known["a"],
            "known": known.total(),
        }
    ]
