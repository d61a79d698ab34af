"""What sets parts apart is told against their segment, never against everyone."""

from __future__ import annotations

import numpy as np

from builders import feature_table
from segmentry.domain.matrix import Matrix
from segmentry.explain.within import part_traits


def test_the_segment_is_the_measure_and_everyone_is_not_named():
    rng = np.random.default_rng(0)
    part = np.repeat([0, 1], [150, 50])
    spend = np.where(part == 0, 10.0, 40.0) + rng.normal(size=200)
    plan = np.where(part == 0, "basic", "pro").tolist()
    table = feature_table({"spend": spend.tolist(), "plan": plan})
    X = ((spend - spend.mean()) / spend.std())[:, None]
    matrix = Matrix(X, table.entity_ids, ("spend",), ("spend",))
    less, more = part_traits(table, matrix, part, 2)
    assert any("value 3.8 times the segment's" in phrase for phrase in more)
    assert any("pro" in phrase and "100" in phrase for phrase in more)
    assert not any("everyone" in phrase for phrase in (*less, *more))
    assert 3 <= len(more) <= 5
