"""How far a part lies from the whole: standardised differences with their standard errors.

What lives here: effect sizes of a segment against everyone. What does not: intervals of single
means and shares (``maths/intervals.py``), and the words made of them (``explain``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.ranks import average_ranks


def cohens_h(share: float, other: float) -> float:
    r"""Compare two shares on the arcsine scale.

    The scale stretches differences near 0 and 1, so that 1 % against 5 % counts for more than
    48 % against 52 %; 0.2 is read as small, 0.5 as medium, 0.8 as large.

    Parameters
    ----------
    share, other : float
        Shares in [0, 1].

    Returns
    -------
    float
        Between -pi and pi; positive where ``share`` is the larger.

    Raises
    ------
    MathsError
        If a share lies outside [0, 1].

    Notes
    -----
    .. math:: h = 2 \arcsin\sqrt{p} - 2 \arcsin\sqrt{q}

    References
    ----------
    Cohen, J. (1988). Statistical power analysis for the behavioral sciences, 2nd ed., chapter 6.

    Examples
    --------
    >>> round(cohens_h(0.65, 0.50), 4)
    0.3047
    """
    if not (0.0 <= share <= 1.0 and 0.0 <= other <= 1.0):
        msg = f"shares lie in [0, 1], not {share} and {other}"
        raise MathsError(msg)
    return float(2.0 * np.arcsin(np.sqrt(share)) - 2.0 * np.arcsin(np.sqrt(other)))


def standardised_differences(
    values: NDArray[np.float64], segment: NDArray[np.int64], n_segments: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Measure each segment's mean against everyone's, in everyone's standard deviations.

    Everyone includes the segment itself, which is what a reader of a profile compares with. The
    standard error follows from the influence function of the whole statistic, so that it covers
    the overlap of part and whole, the spread and skew inside the segment, and that the standard
    deviation is itself estimated. Membership is taken as given: the error says how well the
    difference is measured, not whether the segments are real.

    Parameters
    ----------
    values : ndarray of shape (n,), finite
        One column.
    segment : ndarray of shape (n,)
        Segment of each row, 0 .. n_segments - 1.
    n_segments : int
        Number of segments; one without rows gets 0 and 0.

    Returns
    -------
    differences : ndarray of shape (n_segments,), standard deviations
    errors : ndarray of shape (n_segments,), standard deviations
        Standard errors. A segment of one row borrows everyone's variance.

    Raises
    ------
    MathsError
        If the lengths differ.

    Notes
    -----
    With :math:`z = (x - \mu)/\sigma`, w the segment's share and :math:`\delta` its mean of z, a
    row's influence is

    .. math:: \frac{1_s}{w}(z - \delta) - z - \frac{\delta}{2}(z^2 - 1)

    and the squared error is its mean square over n. Cost O(n).

    References
    ----------
    Hampel, F. (1974). The influence curve and its role in robust estimation. JASA 69, 383-393.

    Examples
    --------
    >>> d, e = standardised_differences(np.array([0.0, 0, 2, 2]), np.array([0, 0, 1, 1]), 2)
    >>> d
    array([-1.,  1.])
    """
    if values.shape != segment.shape:
        msg = f"values have shape {values.shape} but segments {segment.shape}"
        raise MathsError(msg)
    counts = np.bincount(segment, minlength=n_segments).astype(np.float64)
    deviation = values.std() if len(values) else 0.0
    nothing = np.zeros(n_segments)
    if deviation <= 1e-12 * max(1.0, float(np.abs(values).max(initial=0.0))):
        return nothing, nothing.copy()
    z = (values - values.mean()) / deviation
    safe = np.maximum(counts, 1.0)
    squares = z * z
    cubes = squares * z
    s1, s2, s3 = (
        np.bincount(segment, weights=powers, minlength=n_segments) / safe
        for powers in (z, squares, cubes)
    )
    skew, tail = float(cubes.mean()), float((squares * squares).mean())
    within = np.where(counts > 1, np.maximum(s2 - s1**2, 0.0), 1.0)
    share = safe / len(values)
    whole = 1.0 + s1 * skew + s1**2 / 4.0 * (tail - 1.0)
    # The mixed term: mean over the segment of (z - delta) times the whole's influence.
    mixed = -within - s1 / 2.0 * (s3 - s1 * s2)
    squared = within / share + whole + 2.0 * mixed
    errors = np.sqrt(np.maximum(squared, 0.0) / len(values))
    present = counts > 0
    return np.where(present, s1, 0.0), np.where(present & (share < 1.0), errors, 0.0)


def standardised_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Replace values by their mid-ranks, as shares of n: a scale that no outlier can bend.

    Parameters
    ----------
    values : ndarray of shape (n,), finite

    Returns
    -------
    ndarray of shape (n,), in (0, 1)
        Ties share their mean rank.

    Examples
    --------
    >>> standardised_ranks(np.array([10.0, 30.0, 10.0, 99.0]))
    array([0.25 , 0.625, 0.25 , 0.875])
    """
    result: NDArray[np.float64] = (average_ranks(values) - 0.5) / max(len(values), 1)
    return result
