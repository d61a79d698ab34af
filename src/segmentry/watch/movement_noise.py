"""How much of movement between segments is noise: places that go to and fro by themselves.

What lives here: learning the noise from snapshots, the margin that it asks of a move, and the
changes of answer that it alone would make. What does not: telling moves (``movements``). Read on
in ``docs/methods/movements.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.assigner import Assigner
from segmentry.domain.movement import Noise
from segmentry.watch.movements import Moment, margins

NEAR = 1 / 3
"""Share of entities, the nearest to a border, whose wobble is looked at: only there it matters."""

MOST_WOBBLES = 100_000
"""Of each three snapshots; more are thinned out evenly."""

SURE = 0.95
"""Share of noise that stays within the margin; and confidence of a release that is sure."""


def learn_noise(moments: Sequence[Moment], n_entities: int) -> Noise:
    """Learn how far places between two segments wobble from one snapshot to the next.

    Of three snapshots in a row, the middle one is held against the straight line between its
    neighbours: what drifts on steadily has no wobble, and what goes out and comes back has.

    Parameters
    ----------
    moments : sequence of Moment
        Three in a row count where one release answered all of them.
    n_entities : int

    Returns
    -------
    Noise
        Empty where there are no three.
    """
    found = [
        _wobbles(moments[i : i + 3], n_entities)
        for i in range(len(moments) - 2)
        if moments[i].refit is None and moments[i + 1].refit is None
    ]
    return Noise(np.sort(np.concatenate([np.zeros(0), *found])))


def _wobbles(three: Sequence[Moment], n_entities: int) -> NDArray[np.float64]:
    first = three[0]
    rows = [_rows_of(m, n_entities) for m in three]
    k = first.distances.shape[1]
    there = np.flatnonzero((rows[0] >= 0) & (rows[1] >= 0) & (rows[2] >= 0))
    if k < 2 or not len(there):
        return np.zeros(0)
    home = first.segment[rows[0][there]]
    others = first.distances[rows[0][there]].astype(np.float64)
    others[np.arange(len(there)), home] = np.inf
    rival = others.argmin(axis=1)
    x = [margins(m.distances[r[there]], rival, home) for m, r in zip(three, rows, strict=True)]
    # The mean of all three is independent of the wobble, so choosing by it does not bend it.
    middle = np.abs(x[0] + x[1] + x[2]) / 3.0
    near = np.flatnonzero(middle <= np.quantile(middle, NEAR))
    near = near[:: max(1, len(near) // MOST_WOBBLES)]
    wobble: NDArray[np.float64] = np.abs(x[1] - 0.5 * (x[0] + x[2]))[near]
    wobble /= 1.5**0.5  # the line's ends wobble, too
    return wobble


def _rows_of(moment: Moment, n_entities: int) -> NDArray[np.int64]:
    rows = np.full(n_entities, -1)
    rows[moment.places] = np.arange(len(moment.places))
    return rows


def margin_of(assigner: Assigner, noise: Noise) -> float:
    """Give the margin by which a move counts at once.

    Parameters
    ----------
    assigner : Assigner
        Its confidence was learned from entities drawn anew; the nearness from which on it is sure
        (0.95) is asked at least.
    noise : Noise

    Returns
    -------
    float
        Logarithm of a ratio of distances; infinite where the release is never so sure, so that
        only staying decides.
    """
    places, shares = assigner.kept
    sure = np.flatnonzero(shares >= SURE)
    if not len(sure):
        return float("inf")
    at = float(np.clip(places[sure[0]], 0.5, 1.0))
    if sure[0] > 0:  # read as confidence is: along the line between two places
        low, high = shares[sure[0] - 1], shares[sure[0]]
        part = (SURE - low) / (high - low)
        at = float(places[sure[0] - 1] + part * (places[sure[0]] - places[sure[0] - 1]))
    by_release = float(np.log(at) - np.log1p(-at)) if at < 1.0 else float("inf")
    by_noise = float(np.quantile(noise.wobbles, SURE)) if noise.is_known else 0.0
    return max(by_release, by_noise)


def expected_changes(
    moments: Sequence[Moment], n_entities: int, n_segments: int, noise: Noise
) -> NDArray[np.float64]:
    """Count the changes of answer that noise alone would make, path by path.

    Parameters
    ----------
    moments : sequence of Moment
    n_entities, n_segments : int
    noise : Noise
        Known.

    Returns
    -------
    ndarray of shape (n_segments, n_segments)
        From, to; expected numbers over all steps, nothing on the diagonal.
    """
    total = np.zeros((n_segments, n_segments))
    for moment, after in pairwise(moments):
        now = moment.refit or moment
        still = np.zeros(n_entities, dtype=bool)
        still[after.places] = True
        rows = np.flatnonzero(still[now.places])
        home = now.segment[rows]
        for other in range(n_segments):
            x = margins(now.distances[rows], np.full(len(rows), other), home)
            chance = noise.exceeded(x, draws=2)
            chance[(home == other) | ~np.isfinite(x)] = 0.0
            total[:, other] += np.bincount(home, chance, minlength=n_segments)
    return total
