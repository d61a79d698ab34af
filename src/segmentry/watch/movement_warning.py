"""Early warning: members of other segments that come nearer to one, step after step.

What lives here: the rule, and whether its earlier warnings came true. What does not: who moved
(``movements``). Read on in ``docs/methods/movements.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.bounded import Bounded
from segmentry.domain.movement import NOWHERE, EarlyWarning
from segmentry.maths.intervals import LEVEL, normal_quantile
from segmentry.watch.movements import Moment, margins

STEPS = 2
"""Steps in a row at each of which an entity must have come nearer."""

HORIZON = 2
"""Snapshots within which a warning should come true."""

GROUPS = 5
"""Groups of equal nearness in which those who came nearer are held against the others."""


def warn(
    moments: Sequence[Moment], n_entities: int, target: int, *, least: float, id_: int
) -> EarlyWarning:
    """Warn of entities on their way to a segment, and count how such warnings went before.

    Warned of is who is not in the segment but has it as runner-up, and came nearer to it at each
    of the last two steps, by more than noise in all. Nothing of it is learned, so that every
    earlier snapshot tries it on what came after.

    Parameters
    ----------
    moments : sequence of Moment
        Of one release.
    n_entities : int
    target : int
        The segment's place.
    least : float
        How much nearer in all, in logarithms of ratios of distances.
    id_ : int
        The segment's id.

    Returns
    -------
    EarlyWarning
    --------
    """
    away = np.stack([_away(m, n_entities, target) for m in moments])
    rival = np.stack([_is_rival(m, n_entities, target) for m in moments])
    arrived = np.stack([_is_in(m, n_entities, target) for m in moments])
    last = len(moments) - 1
    warned = [_warned(away, rival, t, least) for t in range(last + 1)]
    now = np.flatnonzero(warned[last])
    now = now[np.argsort(away[last, now], kind="stable")]
    past = list(range(STEPS, last + 1 - HORIZON))
    if not past:
        return EarlyWarning(id_, HORIZON, now, 0, None, None, None, None)
    came = np.stack([arrived[t + 1 : t + 1 + HORIZON].any(axis=0) for t in past])
    there = np.stack([np.isfinite(away[t]) & ~arrived[t] for t in past])
    alarm = np.stack([warned[t] for t in past])
    return EarlyWarning(
        id_,
        HORIZON,
        now,
        int(alarm.sum()),
        _ratio(came & alarm, alarm),
        _ratio(came & there, there),
        _as_near(came, alarm, there & np.stack([rival[t] for t in past]), away[past]),
        _ratio(came & alarm, came & there),
    )


def _away(moment: Moment, n_entities: int, target: int) -> NDArray[np.float64]:
    """Say how far the target is for each: the logarithm of its distance over that to the own."""
    found = np.full(n_entities, np.nan)
    to = np.full(len(moment.places), target)
    found[moment.places] = margins(moment.distances, to, moment.segment)
    return found


def _is_rival(moment: Moment, n_entities: int, target: int) -> NDArray[np.bool_]:
    found = np.zeros(n_entities, dtype=bool)
    others = moment.distances.astype(np.float64)
    others[np.arange(len(others)), moment.segment] = np.inf
    found[moment.places] = (others.argmin(axis=1) == target) & (moment.segment != target)
    return found


def _is_in(moment: Moment, n_entities: int, target: int) -> NDArray[np.bool_]:
    segment = np.full(n_entities, NOWHERE)
    segment[moment.places] = moment.segment
    found: NDArray[np.bool_] = segment == target
    return found


def _warned(
    away: NDArray[np.float64], rival: NDArray[np.bool_], t: int, least: float
) -> NDArray[np.bool_]:
    if t < STEPS:
        return np.zeros(away.shape[1], dtype=bool)
    window = away[t - STEPS : t + 1]
    with np.errstate(invalid="ignore"):
        nearer = (np.diff(window, axis=0) < 0.0).all(axis=0) & (window[0] - window[-1] > least)
    # At 0 an entity is in the segment: who was there already is not on the way to it.
    outside = (window > 0.0).all(axis=0)
    found: NDArray[np.bool_] = np.asarray(nearer & rival[t] & outside)
    return found


def _ratio(hits: NDArray[np.bool_], of: NDArray[np.bool_]) -> Bounded | None:
    """Bound a share of which an entity may be a part several times, entity by entity.

    Wilson's interval with as many rows as would give the variance between entities.
    """
    n = int(of.sum())
    if not n:
        return None
    share = float(hits.sum() / n)
    each, own = hits.sum(axis=0).astype(np.float64), of.sum(axis=0).astype(np.float64)
    variance = float(((each - share * own) ** 2).sum()) / n**2
    entities = float((own > 0).sum())
    rows = share * (1.0 - share) / variance if 0.0 < share < 1.0 and variance > 0.0 else entities
    return Bounded(share, *_wilson(share, max(rows, 1.0)))


def _wilson(share: float, n: float, *, level: float = LEVEL) -> tuple[float, float]:
    """Give Wilson's interval for a number of rows that need not be whole."""
    z = normal_quantile(level)
    middle, scale = share + z * z / (2 * n), 1 + z * z / n
    half = z * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return max((middle - half) / scale, 0.0), min((middle + half) / scale, 1.0)


def _as_near(
    came: NDArray[np.bool_],
    alarm: NDArray[np.bool_],
    rival: NDArray[np.bool_],
    away: NDArray[np.float64],
) -> Bounded | None:
    """Give the share that came of those as near without coming nearer.

    Groups of equal nearness are weighed as those who were warned of lie in them.
    """
    if not alarm.any():
        return None
    edges = np.quantile(away[alarm], np.linspace(0.0, 1.0, GROUPS + 1))
    group = np.clip(np.searchsorted(edges, away, side="right") - 1, 0, GROUPS - 1)
    share = variance = weight = 0.0
    for g in range(GROUPS):
        own = (group == g) & rival & ~alarm & (away >= edges[0]) & (away <= edges[-1])
        part, n = float((alarm & (group == g)).sum() / alarm.sum()), int(own.sum())
        if not n or not part:
            continue
        rate = float((came & own).sum() / n)
        each, rows = (came & own).sum(axis=0), own.sum(axis=0)
        variance += part**2 * float(((each - rate * rows) ** 2).sum()) / n**2
        share, weight = share + part * rate, weight + part
    if not weight:
        return None
    value, half = share / weight, normal_quantile() * variance**0.5 / weight
    return Bounded(value, max(value - half, 0.0), min(value + half, 1.0))
