"""Transforms of one column, element by element, so that one row and a million agree to the bit."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.minimum import lowest_between
from segmentry.maths.quantiles import by_quantiles

Transform = Literal["identity", "log1p", "yeo-johnson", "quantile-normal", "quantile-uniform"]


def transformed(
    values: NDArray[np.float64],
    how: Transform,
    *,
    exponent: float = 1.0,
    landmarks: tuple[float, ...] = (),
) -> NDArray[np.float64]:
    r"""Bend a skewed column towards symmetry.

    Parameters
    ----------
    values : ndarray of shape (n,), finite
        A column; for ``log1p`` greater than -1.
    how : {"identity", "log1p", "yeo-johnson", "quantile-normal", "quantile-uniform"}
    exponent : float, default=1.0
        The power of Yeo-Johnson's family; 1 leaves the column as it is.
    landmarks : tuple of float
        Quantiles at even shares, which the quantile transforms go by.

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
    if how != "yeo-johnson":
        marks = np.array(landmarks, dtype=np.float64)
        return by_quantiles(values, marks, is_normal=how == "quantile-normal")
    above = _power(np.abs(values), exponent)
    is_below = values < 0
    if not is_below.any():
        return above
    return np.where(is_below, -_power(np.abs(values), 2.0 - exponent), above)


def _power(magnitudes: NDArray[np.float64], exponent: float) -> NDArray[np.float64]:
    return _bent(np.log1p(magnitudes), exponent)


def _bent(logs: NDArray[np.float64], exponent: float) -> NDArray[np.float64]:
    """Bend values given by the logarithm of one plus their magnitude."""
    if abs(exponent) < 1e-12:
        return logs
    result: NDArray[np.float64] = np.expm1(exponent * logs) / exponent
    return result


def skewness(values: NDArray[np.float64]) -> float:
    r"""Measure how lopsided a column is: :math:`m_3 / m_2^{3/2}`, 0 for a symmetric one.

    Parameters
    ----------
    values : ndarray of shape (n,), finite

    Returns
    -------
    float
        0 also where all values are equal.

    Examples
    --------
    >>> skewness(np.array([1.0, 2.0, 3.0]))
    0.0
    """
    gaps = values - values.mean()
    squares = gaps * gaps
    spread = float(squares.mean())
    return float((squares * gaps).mean()) / spread**1.5 if spread > 0 else 0.0


def yeo_johnson_exponent(
    values: NDArray[np.float64], *, low: float = -3.0, high: float = 5.0
) -> float:
    r"""Find the exponent of Yeo-Johnson's family that makes a column most like a normal one.

    Parameters
    ----------
    values : ndarray of shape (n,), finite, not all equal
    low, high : float
        Bounds of the search: beyond them a transform does little but flatten.

    Returns
    -------
    float
        To four decimals.

    Notes
    -----
    Maximises the profile log-likelihood
    :math:`-\frac{n}{2}\ln\hat\sigma^2_\lambda + (\lambda - 1)\sum \mathrm{sign}(x)\ln(|x|+1)`.

    References
    ----------
    Yeo, I.-K. and Johnson, R. (2000). Biometrika 87, 954-959, equation 3.1.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> bool(abs(yeo_johnson_exponent(np.expm1(rng.normal(2.0, 0.5, 5_000)))) < 0.1)
    True
    """
    # The logarithms are the costly part, and the same for every exponent.
    is_below = values < 0
    above, below = np.log1p(values[~is_below]), np.log1p(-values[is_below])
    jacobian = float(above.sum() - below.sum())

    def loss(exponent: float) -> float:
        with np.errstate(over="ignore", invalid="ignore"):
            bent = np.concatenate([_bent(above, exponent), -_bent(below, 2.0 - exponent)])
            variance = float(bent.var())
        if not (np.isfinite(variance) and variance > 0):
            return np.inf
        return float(len(values) / 2 * np.log(variance) - (exponent - 1.0) * jacobian)

    return round(lowest_between(loss, low, high), 4)
