"""Do shares differ between entities more than the luck of few events explains, and by how much.

What lives here: the Dirichlet-multinomial model of counts, its moments and its test. What does not:
which levels are counted (``features/shares.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError

N_ROUNDS = 4
"""Rounds of reweighing: shares and correlation then move by less than their errors."""

LARGEST_STRENGTH = 1e6


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How counts over levels vary between entities.

    ``shares`` is the mean entity's; ``correlation`` is that of two events of one entity (0: all
    entities are alike, 1: each keeps to one level); ``strength`` the number of pseudo-events that
    this amounts to; ``z`` the test against entities that are all alike; ``reliability`` the share
    of the variance of drawn shares that is real, for the typical entity.
    """

    shares: NDArray[np.float64]
    correlation: float
    strength: float
    z: float
    reliability: float


def dispersion(counts: NDArray[np.float64]) -> Dispersion:
    r"""Estimate the Dirichlet-multinomial behind counts, and test it against the multinomial.

    Parameters
    ----------
    counts : ndarray of shape (n_entities, n_levels), whole numbers
        Events of each entity at each level. Rows of nothing are left out.

    Returns
    -------
    Dispersion

    Raises
    ------
    MathsError
        If there are fewer than two levels, or no entity has an event.

    Notes
    -----
    With :math:`x_{il}` of :math:`n_i` events at level :math:`l` and shares :math:`p_l`,

    .. math:: t_i = \sum_l \frac{x_{il}(x_{il} - 1)}{p_l} - n_i(n_i - 1)

    has mean 0 where all entities are alike, mean :math:`n_i(n_i - 1)(L - 1)\rho` under the
    Dirichlet-multinomial, and in the first case variance :math:`2(L - 1)n_i(n_i - 1)`. The first
    gives the test, the second the correlation (weighted by :math:`n_i - 1`, as in an analysis of
    variance); the shares are averages over entities with weights
    :math:`n_i / (1 + (n_i - 1)\rho)`. Strength is :math:`(1 - \rho) / \rho`, and an entity with
    :math:`n` events has reliability :math:`n / (n + \text{strength})`.

    References
    ----------
    Kim, B. S. and Margolin, B. H. (1992). Testing goodness of fit of a multinomial model against
    overdispersed alternatives. Biometrics 48, 711-719.

    Kleinman, J. C. (1973). Proportions with extraneous variance: single and independent samples.
    JASA 68, 46-54.

    Examples
    --------
    >>> alike = np.array([[5.0, 5.0], [4.0, 6.0], [6.0, 4.0], [5.0, 5.0]])
    >>> dispersion(alike).correlation, dispersion(np.diag([9.0, 9.0])).correlation
    (0.0, 1.0)
    """
    totals = counts.sum(axis=1)
    counts, totals = counts[totals > 0], totals[totals > 0]
    if counts.ndim != 2 or counts.shape[1] < 2 or not len(counts):
        msg = f"counts of shape {counts.shape} need two levels and an entity with an event"
        raise MathsError(msg)
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] < 2:
        return Dispersion(np.ones(1), 0.0, LARGEST_STRENGTH, 0.0, 0.0)
    # From every entity alike: from every event alike, heavy users would hide all the others.
    correlation = 1.0
    for _ in range(N_ROUNDS):
        weights = totals / (1.0 + (totals - 1.0) * correlation)
        shares = (counts / totals[:, None] * weights[:, None]).sum(axis=0) / weights.sum()
        correlation = _correlation(counts, totals, shares)
    strength = min((1.0 - correlation) / max(correlation, 1e-12), LARGEST_STRENGTH)
    pooled = counts.sum(axis=0) / totals.sum()
    reliability = totals / (totals + strength) if correlation > 0 else np.zeros(1)
    return Dispersion(
        shares, correlation, strength, _z(counts, totals, pooled), float(reliability.mean())
    )


def _excess(
    counts: NDArray[np.float64], totals: NDArray[np.float64], shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    pairs = (counts * (counts - 1.0) / np.maximum(shares, 1e-12)).sum(axis=1)
    result: NDArray[np.float64] = pairs - totals * (totals - 1.0)
    return result


def _correlation(
    counts: NDArray[np.float64], totals: NDArray[np.float64], shares: NDArray[np.float64]
) -> float:
    several = totals > 1
    if not several.any():
        return 0.0
    n = totals[several]
    each = _excess(counts[several], n, shares) / (n * (n - 1.0) * (counts.shape[1] - 1.0))
    return float(np.clip((each * (n - 1.0)).sum() / (n - 1.0).sum(), 0.0, 1.0))


def _z(
    counts: NDArray[np.float64], totals: NDArray[np.float64], shares: NDArray[np.float64]
) -> float:
    spread = 2.0 * (counts.shape[1] - 1.0) * (totals * (totals - 1.0)).sum()
    return float(_excess(counts, totals, shares).sum() / np.sqrt(spread)) if spread > 0 else 0.0
