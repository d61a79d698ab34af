"""The table of assignments."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from builders import assigner
from segmentry.domain.assignment import Assignments

CUT = datetime(2024, 5, 1, tzinfo=UTC)


def assignments(as_of=CUT):
    answers = assigner((0.0,), (10.0,)).answer(np.array([[1.0], [9.0], [30.0]]))
    ids = pa.array(["a", "b", "c"])
    return Assignments(ids, answers, (7, 3), ("Loyal", "Lapsed"), "f00", as_of).to_arrow()


def test_the_table_has_the_columns_of_assignments_parquet():
    assert assignments().column_names == [
        "entity_id",
        "segment_id",
        "segment",
        "confidence",
        "second_segment",
        "anomaly",
        "anomaly_score",
        "as_of",
    ]


def test_ids_and_names_come_from_the_release():
    table = assignments().to_pydict()
    assert table["segment_id"] == [7, 3, 3]
    assert table["segment"] == ["Loyal", "Lapsed", "Lapsed"]
    assert table["second_segment"] == ["Lapsed", "Loyal", "Loyal"]


def test_nearness_is_passed_on_as_it_is():
    table = assignments().to_pydict()
    assert table["confidence"] == [0.9, 0.9, 0.6]
    assert table["anomaly"] == [False, False, True]
    assert table["anomaly_score"] == [1.0, 1.0, 20.0]


def test_every_row_has_the_cut_in_utc():
    column = assignments()["as_of"]
    assert column.type == pa.timestamp("us", tz="UTC")
    assert set(column.to_pylist()) == {CUT}


def test_a_table_without_a_cut_has_an_empty_column_of_the_same_type():
    column = assignments(as_of=None)["as_of"]
    assert column.type == pa.timestamp("us", tz="UTC")
    assert column.null_count == 3
