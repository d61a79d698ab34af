"""Bins of a reference, and counts in them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drifting import World, release_for
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import FeatureColumn, FeatureTable
from segmentry.watch.reference import FINE_BINS, bin_counts, grid_of, level_codes, sketch_of


def table_of(**columns: list) -> FeatureTable:
    n = len(next(iter(columns.values())))
    known = tuple(
        FeatureColumn(k, Role.CLUSTER, Kind.CATEGORY if isinstance(v[0], str) else Kind.NUMBER)
        for k, v in columns.items()
    )
    ids = pa.array([f"{i:06d}" for i in range(n)])
    return FeatureTable.of(pa.table({"entity_id": ids, **columns}), known)


@given(st.lists(st.floats(-1e6, 1e6), max_size=50))
def test_each_value_falls_into_one_bin(values: list[float]) -> None:
    edges = np.array([-10.0, 0.0, np.nextafter(0.0, 1.0), 5.0])
    assert bin_counts(np.array(values), edges).sum() == len(values)


def test_a_value_that_many_share_has_a_bin_of_its_own() -> None:
    table = table_of(x=[0.0] * 500 + [float(v) for v in range(1, 501)])
    ((name, edges),) = grid_of(table, 1).edges
    assert name == "x"
    assert len(edges) <= 2 * FINE_BINS + 2
    counts = bin_counts(table.numbers("x"), np.array(edges))
    place = int(np.searchsorted(edges, 0.0, side="right"))
    assert counts[place] == 500
    assert counts[0] == counts[-1] == 0


def test_levels_without_a_place_share_the_last_and_gaps_have_none() -> None:
    table = table_of(c=["a", "b", "z"])
    assert level_codes(table, "c", ("a", "b")).tolist() == [0, 1, 2]
    assert level_codes(table, "c", ("a",), is_there=False).tolist() == [-1, -1, -1]


def test_a_sketch_counts_what_the_release_answers() -> None:
    world = World.drawn(0)
    table = world.table(world.people(400))
    release = release_for(table)
    sketch = sketch_of([table], grid_of(table, 4), release)
    answers = release.assign(table).answers
    np.testing.assert_array_equal(sketch.segments, np.bincount(answers.segment, minlength=4))
    assert sketch.n_anomalies == int(answers.anomaly.sum())
    assert sketch.missing["returns"] == table.data["returns"].null_count
    with pytest.raises(ValueError, match="nothing to count"):
        sketch_of([], sketch.grid, release)
