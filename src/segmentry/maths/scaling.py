"""Transforms of one column, element by element, so that one row and a million agree to the bit."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError

Transform = Literal["identity", "log1p", "yeo-johnson"]


def transformed(
    values: NDArray[np.float64], how: Transform, *, exponent: float = 1.0
) -> NDArray[np.float64]:
    r"""Bend a skewed column towards symmetry.

    Parameters
    ----------
    values : ndarray of shape (n,), finite
        A column; for ``log1p`` greater than -1.
    how : {"identity", "log1p", "yeo-johnson"}
    exponent : float, default=1.0
        The power of Yeo-Johnson's family; 1 leaves the column as it is.

    Returns
    -------
    ndarray of shape (n,)

    Raises
    ------
    MathsError
        If ``log1p`` meets a value of -1 or less.

    Notes
    -----
    For x >= 0: :math:`((x+1)^\lambda - 1)/\lambda`, its limit being the logarithm; for x < 0 the
    mirrored form with :math:`2 - \lambda`.

    References
    ----------
    Yeo, I.-K. and Johnson, R. (2000). A new family of power transformations to improve normality
    or symmetry. Biometrika 87, 954-959.

    Examples
    --------
    >>> transformed(np.array([0.0, np.e - 1]), "log1p").round(6)
    array([0., 1.])
    """
    values = np.ascontiguousarray(values, dtype=np.float64)
    if how == "identity":
        return values.copy()
    if how == "log1p":
        if (values <= -1).any():
            msg = f"log1p needs values above -1 and met {values.min():.6g}"
            raise MathsError(msg)
        return np.log1p(values)
    return np.where(
        values >= 0,
        _power(np.abs(values), exponent),
        -_power(np.abs(values), 2.0 - exponent),
    )


def _power(magnitudes: NDArray[np.float64], exponent: float) -> NDArray[np.float64]:
    logs = np.log1p(magnitudes)
    if abs(exponent) < 1e-12:
        return logs
    result: NDArray[np.float64] = np.expm1(exponent * logs) / exponent
    return result
