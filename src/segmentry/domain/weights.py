"""How much each entity counts: weights that are given, checked and brought to one on average.

What lives here: what weights may be, and that equal ones are none. What does not: what they shape,
which each method says (``cluster``). Read on in ``docs/methods/weights.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import WeightError

LARGEST = 1e150
"""Beyond it sums of squares have no room."""


def evened(weights: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
    """Bring weights to one on average; equal ones say nothing, and are none.

    Parameters
    ----------
    weights : ndarray of shape (n_rows,), not negative, or None

    Returns
    -------
    ndarray of shape (n_rows,), or None
        Evened once more they are the same but for rounding.

    Raises
    ------
    WeightError
        E5070 if all are zero, as those of a part of the rows may be.

    Examples
    --------
    >>> evened(np.array([2.0, 6.0]))
    array([0.5, 1.5])
    >>> evened(np.array([3.0, 3.0])) is None
    True
    """
    if weights is None:
        return None
    if not weights.any():
        msg = f"none of {len(weights):,} rows has any weight, so that nothing shapes segments"
        raise WeightError(msg, code="E5070", hint="give some rows a weight above 0")
    if (weights == weights[0]).all():
        return None
    result: NDArray[np.float64] = weights / weights.mean()
    return result


def checked(
    values: NDArray[np.float64], *, name: str, rows: Sequence[object] | None = None
) -> NDArray[np.float64]:
    """Refuse what is no weight.

    Parameters
    ----------
    values : ndarray of shape (n_rows,)
        NaN where a weight is missing.
    name : str
        What they are called where they come from, such as a column's name.
    rows : sequence or None
        What rows are called; None counts them from 0.

    Returns
    -------
    ndarray of shape (n_rows,)
        The same.

    Raises
    ------
    WeightError
        E5070 if a weight is missing, negative or not finite, or all are zero.
    """
    bad = np.flatnonzero(~((values >= 0) & (values < LARGEST)))
    if len(bad):
        first = int(bad[0])
        value = float(values[first])
        told = "is missing" if np.isnan(value) else f"is {value:g}"
        others = f", and so are {len(bad) - 1:,} others" if len(bad) > 1 else ""
        row = f"row {first}" if rows is None else f"{rows[first]}"
        msg = f"the weight of {row} in {name!r} {told}{others}: no number of 0 or more"
        hint = "give every row a number of 0 or more; 0 leaves a row out of what shapes segments"
        raise WeightError(msg, code="E5070", hint=hint)
    if not values.any():
        msg = f"all {len(values):,} weights in {name!r} are zero, so that no row shapes anything"
        raise WeightError(msg, code="E5070", hint="give some rows a weight above 0")
    return values
