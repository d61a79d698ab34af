"""A plane divided into hexagons, and in which of them points lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def hexagons_of(points: NDArray[np.float64], *, width: float, height: float) -> NDArray[np.int64]:
    """Find the hexagon of each point.

    Parameters
    ----------
    points : ndarray of shape (n_points, 2), finite
    width, height : float, above 0
        From one hexagon's centre to the next in its row, and from one row to the next. Where the
        picture's unit upwards is worth height / (0.866 width) across, hexagons are regular.

    Returns
    -------
    ndarray of int, shape (n_points, 2)
        Column and row; see ``centres_of``.

    Notes
    -----
    Centres of even and of odd rows are two rectangular lattices: the nearest centre of each is a
    matter of rounding, and the nearer of the two is it. O(n_points).

    References
    ----------
    Carr, D. B., Littlefield, R. J., Nicholson, W. L. and Littlefield, J. S. (1987). Scatterplot
    matrix techniques for large N. JASA 82, 424-436.

    Examples
    --------
    >>> hexagons_of(np.array([[0.1, 0.1], [2.4, 1.1]]), width=1.0, height=1.0).tolist()
    [[0, 0], [2, 1]]
    """
    across, up = points[:, 0] / width, points[:, 1] / height
    even = np.column_stack([np.rint(across), 2 * np.rint(up / 2)])
    odd = np.column_stack([np.floor(across), 2 * np.floor(up / 2) + 1])
    to_even = (across - even[:, 0]) ** 2 + 0.75 * (up - even[:, 1]) ** 2
    to_odd = (across - odd[:, 0] - 0.5) ** 2 + 0.75 * (up - odd[:, 1]) ** 2
    return np.where((to_even <= to_odd)[:, None], even, odd).astype(np.int64)


def centres_of(hexagons: NDArray[np.int64], *, width: float, height: float) -> NDArray[np.float64]:
    """Give the centres of hexagons; odd rows are half a hexagon to the right.

    Examples
    --------
    >>> centres_of(np.array([[0, 0], [2, 1]]), width=1.0, height=1.0).tolist()
    [[0.0, 0.0], [2.5, 1.0]]
    """
    columns, rows = hexagons.T
    return np.column_stack([(columns + 0.5 * (rows % 2)) * width, rows * height])
