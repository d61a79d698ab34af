"""How far a picture of rows may be trusted: whose neighbours are neighbours in the data, too.

What lives here: trustworthiness, continuity and shared neighbours, row by row. What does not:
making pictures, and the words for them. Read on in ``docs/methods/maps.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.distances import squared_gaps

BLOCK_ROWS = 250
"""Rows whose distances to all others are held at a time."""

LEEWAY = 1e-9
"""Share of a squared distance by which rounding may make equal ones differ."""


@dataclass(frozen=True)
class Faithfulness:
    """What a picture keeps of each row's neighbourhood.

    ``trustworthiness`` and ``continuity`` have shape (n_rows,); their means are those of the
    picture. ``shared`` counts, of the ``n_neighbours`` nearest rows in the picture, those that are
    among as many nearest in the data.
    """

    n_neighbours: int
    trustworthiness: NDArray[np.float64]
    continuity: NDArray[np.float64]
    shared: NDArray[np.int64]


def faithfulness(
    X: NDArray[np.float64], picture: NDArray[np.float64], *, n_neighbours: int
) -> Faithfulness:
    r"""Hold each row's neighbours in a picture against its neighbours in the data.

    A picture in two dimensions can put rows side by side that are far apart (then it is not to be
    trusted), and tear neighbours from each other (then it is not continuous).

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        The data.
    picture : ndarray of shape (n_rows, n_dimensions), finite
        The same rows in the picture.
    n_neighbours : int
        Rows that make a neighbourhood; fewer than half of the rows.

    Returns
    -------
    Faithfulness
        Trustworthiness and continuity lie between 0 and 1; pictures made by chance get about 0.5.

    Raises
    ------
    MathsError
        If the numbers of rows differ, or there are too few rows for the neighbours.

    Notes
    -----
    With :math:`r(i, j)` the place of row j among row i's neighbours in the data, and :math:`U_i`
    the k nearest in the picture,

    .. math:: T_i = 1 - \frac{2}{k (2n - 3k - 1)} \sum_{j \in U_i} \max(0, r(i, j) - k)

    Continuity is the same with data and picture exchanged. Of rows equally far away, each takes the
    first of their places, so that copies of a row cost nothing. O(n_rows^2 (n_columns + log
    n_rows)), in memory for a few rows at a time.

    References
    ----------
    Venna, J. and Kaski, S. (2001). Neighborhood preservation in nonlinear projection methods: an
    experimental study. ICANN 2001, 485-491.

    Examples
    --------
    >>> X = np.arange(12.0)[:, None]
    >>> found = faithfulness(X, 2 * X, n_neighbours=2)
    >>> float(found.trustworthiness.mean()), float(found.continuity.mean()), int(found.shared[0])
    (1.0, 1.0, 2)
    """
    n = len(X)
    if len(picture) != n:
        msg = f"the data has {n} rows and its picture {len(picture)}"
        raise MathsError(msg)
    if not 1 <= n_neighbours < n / 2:
        msg = f"{n_neighbours} neighbours among {n} rows"
        raise MathsError(msg)
    data, drawn = X - X.mean(axis=0), picture - picture.mean(axis=0)
    false, torn, shared = np.empty(n), np.empty(n), np.empty(n, dtype=np.int64)
    for start in range(0, n, BLOCK_ROWS):
        rows = np.arange(start, min(start + BLOCK_ROWS, n))
        there, here = _to_others(data, rows), _to_others(drawn, rows)
        places = _places(there, here, n_neighbours)
        false[rows] = np.maximum(places - n_neighbours, 0).sum(axis=1)
        shared[rows] = (places <= n_neighbours).sum(axis=1)
        torn[rows] = np.maximum(_places(here, there, n_neighbours) - n_neighbours, 0).sum(axis=1)
    most = n_neighbours * (2 * n - 3 * n_neighbours - 1) / 2
    return Faithfulness(n_neighbours, 1.0 - false / most, 1.0 - torn / most, shared)


def _to_others(X: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Measure squared distances from some rows to all; a row itself is infinitely far."""
    found = squared_gaps(X[rows], X)
    found[np.arange(len(rows)), rows] = np.inf
    return found


def _places(
    judged: NDArray[np.float64], chosen: NDArray[np.float64], count: int
) -> NDArray[np.int64]:
    """Give the places by the distances judged of the rows that are nearest by those chosen."""
    near = np.argpartition(chosen, count - 1, axis=1)[:, :count]
    gaps = np.take_along_axis(judged, near, axis=1) * (1.0 - LEEWAY)
    ordered = np.sort(judged, axis=1)
    found = [np.searchsorted(o, g) for o, g in zip(ordered, gaps, strict=True)]
    return np.array(found, dtype=np.int64) + 1
