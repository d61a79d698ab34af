"""From a score to how often what it speaks of comes true: monotone maps of few numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError

KNOTS = 50
"""Places of a map at most: groups of as many scores each, in the order of the scores. Near a
border shares change fast, and a wide group there would be told one share for all."""

LEAST_IN_GROUP = 500
"""Scores of a group, so that its share is off by two points at most by chance."""


def fit_calibration(
    scores: NDArray[np.float64],
    hits: NDArray[np.bool_],
    *,
    knots: int = KNOTS,
    least: int = LEAST_IN_GROUP,
) -> NDArray[np.float64]:
    r"""Learn how often something comes true at each score; never less often at a higher one.

    Parameters
    ----------
    scores : ndarray of shape (n,), finite
    hits : ndarray of bool, shape (n,)
        Whether it came true.
    knots : int, default=50
        At most; fewer where scores are few or take few values.
    least : int, default=500
        Scores of each place, where there are enough for more than one.

    Returns
    -------
    ndarray of shape (2, n_knots)
        Scores, ascending, and the share of hits at each, in [0, 1]; read it with ``calibrated``.

    Raises
    ------
    MathsError
        If shapes differ, or there is no score.

    Notes
    -----
    Scores are put into groups of nearly equal size; the share of hits of neighbouring groups that
    fall instead of rising is pooled until none does, which is the isotonic regression of the
    groups. Cost O(n log n).

    References
    ----------
    Zadrozny, B. and Elkan, C. (2002). Transforming classifier scores into accurate multiclass
    probability estimates. KDD, 694-699. Ayer, M., Brunk, H. D., Ewing, G. M., Reid, W. T. and
    Silverman, E. (1955). An empirical distribution function for sampling with incomplete
    information. Annals of Mathematical Statistics 26, 641-647.

    Examples
    --------
    >>> scores, hits = np.array([0.1, 0.1, 0.9, 0.9]), np.array([True, False, True, True])
    >>> fit_calibration(scores, hits, least=2)
    array([[0.1, 0.9],
           [0.5, 1. ]])
    """
    if scores.shape != hits.shape or scores.ndim != 1 or not len(scores):
        msg = f"scores have shape {scores.shape} and hits {hits.shape}: one row of each is needed"
        raise MathsError(msg)
    knots = max(1, min(knots, len(scores) // least))
    values, groups = np.unique(scores, return_inverse=True)
    if len(values) > knots:
        steps = np.linspace(0.0, 1.0, knots + 1)[:-1]
        starts = np.unique(np.quantile(scores, steps, method="lower"))
        groups = np.searchsorted(starts, scores, side="right") - 1
    sizes = np.bincount(groups).astype(np.float64)
    places = np.bincount(groups, scores) / sizes
    return np.stack([places, _rising(np.bincount(groups, hits) / sizes, sizes)])


def _rising(shares: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pool neighbours whose shares fall, weighed by their sizes."""
    pools: list[tuple[float, float, int]] = []
    for share, size in zip(shares.tolist(), sizes.tolist(), strict=True):
        pools.append((share, size, 1))
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (a, m, i), (b, n, j) = pools[-2:]
            pools[-2:] = [((a * m + b * n) / (m + n), m + n, i + j)]
    return np.repeat([p[0] for p in pools], [p[2] for p in pools])


def calibrated(scores: NDArray[np.float64], table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Read a map: linear between its places, constant beyond them.

    Parameters
    ----------
    scores : ndarray of shape (n,)
    table : ndarray of shape (2, n_knots)
        From ``fit_calibration``.

    Returns
    -------
    ndarray of shape (n,)
        The same number for the same score, whatever others are asked beside it.

    Examples
    --------
    >>> calibrated(np.array([0.0, 0.5, 1.0]), np.array([[0.1, 0.9], [0.5, 1.0]]))
    array([0.5 , 0.75, 1.  ])
    """
    places, shares = table
    if len(places) == 1:
        return np.full(len(scores), float(shares[0]))
    left = np.clip(np.searchsorted(places, scores, side="right") - 1, 0, len(places) - 2)
    part = (scores - places[left]) / (places[left + 1] - places[left])
    read: NDArray[np.float64] = shares[left] + np.clip(part, 0.0, 1.0) * (
        shares[left + 1] - shares[left]
    )
    return read
