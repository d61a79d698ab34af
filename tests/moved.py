"""Movements of a few entities between two segments, made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.domain.bounded import Bounded
from segmentry.domain.movement import (
    BEHAVIOUR,
    NEW,
    NOWHERE,
    EarlyWarning,
    Flow,
    Growth,
    Hysteresis,
    Movements,
    Shift,
    Staying,
    Transitions,
    Unexpected,
)

DAYS = (date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1))
SHARE = Bounded(0.25, 0.1, 0.4)


def moved(**changes: Any) -> Movements:
    """Build movements, but for the changes."""

    def whole(*values: int) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    told = Transitions(
        whole(0, 1), whole(0, NOWHERE), whole(1, 0), whole(1, 1), whole(2, 1),
        whole(BEHAVIOUR, NEW), np.array([0.5, np.nan]),
    )  # fmt: skip
    found = Movements(
        DAYS,
        (1, 3),
        ("Loyal", "Gone"),
        pa.array(["a", "b"]),
        told,
        Hysteresis(0.4),
        np.array([[[4, 2], [0, 3]], [[4, 0], [1, 4]]]),
        np.array([[4, 2], [0, 3]]),
        Bounded(0.5, 0.4, 0.6),
        (Flow(3, 1, 1, 0, SHARE, 0.8, 0.5), Flow(1, 3, 2, 1, SHARE, 0.5, 0.01)),
        (Unexpected(DAYS[2], 3, 1, 4, 0.5, 0.001),),
        (
            Growth(1, (6, 4, 5), (SHARE,) * 3, 0, 2, Bounded(-0.2, -0.4, -0.1)),
            Growth(3, (3, 5, 4), (SHARE,) * 3, 2, 0, Bounded(0.2, 0.1, 0.4)),
        ),
        (
            Staying(1, 6, (6, 4), (Bounded(0.8, 0.5, 0.9), SHARE)),
            Staying(3, 4, (4,), (Bounded(1.0, 0.4, 1.0),)),
        ),
        (Shift(1, "n_orders", Bounded(0.5, 0.2, 0.8)),),
        (EarlyWarning(3, 2, whole(1), 10, SHARE, SHARE, SHARE, None),),
    )
    return replace(found, **changes)
