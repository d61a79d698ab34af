"""Which shares of events are worth having: levels, their test, and the pseudo-counts to begin with.

What lives here: the choice of levels, whether entities differ in them by more than luck, and how
far a share of few events is drawn towards everyone's. What does not: the specs (``families``), the
counting (``pipeline``), the formulas (``maths/dispersion.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.feature import ShareOf
from segmentry.maths.dispersion import Dispersion, dispersion
from segmentry.maths.rounding import rounded

MOST_LEVELS = 8
LEAST_EVENTS = 0.02
LEAST_ENTITIES = 0.05
"""A level needs this share of the events, or of the entities, to have a share of its own."""

MOST_ITEMS = 50
"""More items than this are too many for shares; their number and the most frequent one tell."""

LEAST_Z = 5.0
"""Standard errors by which entities must differ more than luck explains."""

LEAST_RELIABILITY = 0.3
"""Share of the variance of drawn shares that must be real, not luck, for the typical entity."""

LEAST_STRENGTH = 1.0
"""Pseudo-events of an affinity at least: a prior that is worth one event (unit information). Where
each entity keeps to one level its share is drawn towards nothing, and the logarithm of nothing is
no number."""

ENOUGH_ENTITIES = 100
"""With fewer entities a difference that is there may not show."""


@dataclass(frozen=True, slots=True)
class Level:
    """A value of a label field, and how common it is."""

    word: str
    n_events: int
    n_entities: int


@dataclass(frozen=True, slots=True)
class Family:
    """The shares of a label field and how far entities differ in them."""

    shares: tuple[ShareOf, ...]
    affinities: tuple[ShareOf, ...]
    dispersion: Dispersion
    n_entities: int

    @property
    def members(self) -> tuple[ShareOf, ...]:
        """Give all that can be told of it."""
        return (*self.shares, *self.affinities)

    @property
    def is_telling(self) -> bool:
        """Say whether entities differ by more than luck, and enough to be told apart."""
        found = self.dispersion
        return found.z >= LEAST_Z and found.reliability >= LEAST_RELIABILITY

    @property
    def is_luck(self) -> bool:
        """Say whether entities are seen to be alike, rather than too few to see anything."""
        return self.n_entities >= ENOUGH_ENTITIES and not self.is_telling


def chosen_levels(levels: Sequence[Level], *, n_entities: int) -> tuple[tuple[str, ...], bool]:
    """Choose the levels that get a share of their own.

    Parameters
    ----------
    levels : sequence of Level
        All levels of a field before the cut.
    n_entities : int
        Entities with an event whose level is known.

    Returns
    -------
    levels : tuple of str
        At most eight, the most common by entities first.
    has_rest : bool
        Whether the others together are common enough for a share.

    Examples
    --------
    >>> levels = [Level("web", 90, 9), Level("app", 9, 4), Level("fax", 1, 1)]
    >>> chosen_levels(levels, n_entities=10)
    (('web', 'app', 'fax'), False)
    """
    total = max(sum(level.n_events for level in levels), 1)
    common = [
        level
        for level in levels
        if level.n_events >= LEAST_EVENTS * total or level.n_entities >= LEAST_ENTITIES * n_entities
    ]
    ranked = sorted(common, key=lambda level: (-level.n_entities, -level.n_events, level.word))
    chosen = ranked[:MOST_LEVELS]
    rest = total - sum(level.n_events for level in chosen)
    return tuple(level.word for level in chosen), rest >= LEAST_EVENTS * total


def chosen_steps(
    pairs: Sequence[tuple[str, str]], counts: NDArray[np.float64], steps: NDArray[np.float64]
) -> Family | None:
    """Choose the steps that are worth a share, and fit their pseudo-counts.

    Parameters
    ----------
    pairs : sequence of (str, str)
        From which kind to which.
    counts : ndarray of shape (n_entities, n_pairs)
        Steps of each entity along each pair.
    steps : ndarray of shape (n_entities,)
        All steps of each entity, along other pairs too.

    Returns
    -------
    Family or None
        Its shares are at most eight, those of steps that most entities take first; None where
        there are not two steps to tell apart.
    """
    levels = [
        Level(str(i), int(column.sum()), int((column > 0).sum()))
        for i, column in enumerate(counts.T)
        if column.any()
    ]
    words, _ = chosen_levels(levels, n_entities=int((steps > 0).sum()))
    chosen = [int(word) for word in words]
    rest = steps - counts[:, chosen].sum(axis=1)
    if len(chosen) + bool(rest.any()) < 2:
        return None
    found = family("kind", words, np.column_stack([counts[:, chosen], rest]), has_rest=False)
    told: dict[str, ShareOf] = {}
    for i, share in zip(chosen, found.shares, strict=True):
        # "a to b" may be read in two ways where kinds are called so: the first one keeps it.
        told.setdefault(" to ".join(pairs[i]), replace(share, levels=pairs[i], tells="steps"))
    return replace(found, shares=tuple(told.values()), affinities=())


def family(
    field: str, levels: tuple[str, ...], counts: NDArray[np.float64], *, has_rest: bool
) -> Family:
    """Fit the pseudo-counts of a field's shares.

    Parameters
    ----------
    field : str
    levels : tuple of str
    counts : ndarray of shape (n_entities, n_levels + has_rest)
        Events of each entity at each level, and of the rest in the last column.
    has_rest : bool

    Returns
    -------
    Family

    Notes
    -----
    The drawn share :math:`(x + s p) / (n + s)` is the mean of a Dirichlet posterior whose prior is
    estimated from all entities (empirical Bayes): of a share that one event tells, most is luck.

    References
    ----------
    Robbins, H. (1956). An empirical Bayes approach to statistics. Proc. 3rd Berkeley Symposium 1,
    157-163. Mosimann, J. E. (1962). On the compound multinomial distribution, the multivariate
    beta-distribution, and correlations among proportions. Biometrika 49, 65-82. Kass, R. E. and
    Wasserman, L. (1995). A reference Bayesian test for nested hypotheses and its relationship to
    the Schwarz criterion. JASA 90, 928-934 (a prior worth one observation).
    """
    found = dispersion(counts)
    strength = rounded(found.strength)
    shares = np.zeros(counts.shape[1])
    shares[counts.sum(axis=0) > 0] = found.shares
    told: list[tuple[tuple[str, ...], bool]] = [((level,), False) for level in levels]
    if has_rest:
        told.append((levels, True))
    members = tuple(
        ShareOf(field, own, is_rest, rounded(p * strength), strength)
        for (own, is_rest), p in zip(told, shares, strict=False)
    )
    most = max(strength, LEAST_STRENGTH)
    affinities = tuple(
        ShareOf(field, own, is_rest, rounded(p * most), most, "affinity")
        for (own, is_rest), p in zip(told, shares, strict=False)
        if p > 0
    )
    return Family(members, affinities, found, int((counts.sum(axis=1) > 0).sum()))
