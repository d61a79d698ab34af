"""The entities that are looked at where there are many."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_ROWS = 25_000
"""Entities that mistakes are looked for in: shares and medium effects need no more."""


def some_rows(n: int, most: int = MOST_ROWS) -> NDArray[np.int64]:
    """Give rows spread evenly over all, or all of them where they are few.

    Tables are sorted by entity, so that neither the order of a source nor chance decides.

    Examples
    --------
    >>> some_rows(3), some_rows(9, 3)
    (array([0, 1, 2]), array([0, 4, 8]))
    """
    count = min(n, most)
    return np.arange(count) * (n - 1) // max(count - 1, 1)
