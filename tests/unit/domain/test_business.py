"""What came from entities goes along with them."""

from __future__ import annotations

import numpy as np

from segmentry.domain.business import Flows


def test_taking_entities_takes_what_came_from_them() -> None:
    flows = Flows(before=np.arange(4.0), tickets=10.0 * np.arange(4.0))
    some = flows.take(np.array([3, 1]))
    assert some.before is not None
    assert some.tickets is not None
    assert (some.before.tolist(), some.tickets.tolist()) == ([3, 1], [30, 10])
    assert some.after is None
