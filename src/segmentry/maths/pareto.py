"""The Pareto front: what no other beats in one respect without being worse in another.

What lives here: dominance between rows of figures. What does not: which figures may be compared at
all (``judge.contest``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError


def pareto_front(figures: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Find the rows that no other row dominates.

    A row dominates another where it is no lower in any column and higher in one.

    Parameters
    ----------
    figures : ndarray of shape (n_rows, n_columns), finite
        More is better in every column: turn the sign where less is.

    Returns
    -------
    ndarray of bool, shape (n_rows,)
        Equal rows are on the front together. Without columns nothing dominates, so all are.

    Raises
    ------
    MathsError
        If the figures are no table, or not finite.

    Notes
    -----
    Every pair is looked at: O(n_rows^2 n_columns), for the few rows of a comparison.

    References
    ----------
    Pareto, V. (1906). Manuale di economia politica. Kung, H. T., Luccio, F. and Preparata, F. P.
    (1975). On finding the maxima of a set of vectors. J. ACM 22, 469-476.

    Examples
    --------
    >>> pareto_front(np.array([[1.0, 3.0], [2.0, 2.0], [1.0, 2.0]]))
    array([ True,  True, False])
    """
    if figures.ndim != 2 or not np.isfinite(figures).all():
        msg = f"figures must be a finite table, not of shape {figures.shape}"
        raise MathsError(msg)
    over = figures[:, None, :] - figures[None, :, :]
    dominates = (over >= 0).all(axis=2) & (over > 0).any(axis=2)
    return np.logical_not(dominates.any(axis=0))
