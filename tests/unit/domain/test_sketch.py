"""Sketches of parts add up to that of the whole."""

from __future__ import annotations

import numpy as np
import pytest

from drifting import World, release_for
from segmentry.errors import MathsError
from segmentry.watch.reference import grid_of, sketch_of


def test_parts_add_up_to_the_whole_and_other_bins_are_refused() -> None:
    world = World.drawn(0)
    table = world.table(world.people(600))
    release = release_for(table)
    grid = grid_of(table, 4)
    rows = np.arange(600)
    one, other = (
        sketch_of([table.take(rows[s])], grid, release) for s in (rows < 200, rows >= 200)
    )
    whole = sketch_of([table], grid, release)
    both = one + other
    assert both.n == whole.n == 600
    assert both.missing == whole.missing
    assert both.lowest == whole.lowest
    assert both.n_anomalies == whole.n_anomalies
    np.testing.assert_array_equal(both.segments, whole.segments)
    np.testing.assert_array_equal(both.nearness, whole.nearness)
    np.testing.assert_array_equal(both.scores, whole.scores)
    for name, counts in whole.counts.items():
        np.testing.assert_array_equal(both.counts[name], counts)
    different = grid_of(table.take(rows[:50]), 4)
    with pytest.raises(MathsError, match="bins are the same"):
        whole + sketch_of([table], different, release)


def test_quantiles_are_near_those_of_the_values() -> None:
    world = World.drawn(1)
    table = world.table(world.people(2_000))
    sketch = sketch_of([table], grid_of(table, 4), release_for(table))
    shares = np.array([0.1, 0.5, 0.9])
    values = table.numbers("orders")
    near = np.quantile(values, shares)
    np.testing.assert_allclose(sketch.quantiles("orders", shares), near, atol=0.02 * values.std())
