"""A dense region of entities far from every segment: a candidate for a new one.

What lives here: finding it among those told as anomalies. What does not: whether more entities are
anomalies than before (``drift``), and finding segments anew.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.bounded import Bounded
from segmentry.domain.drift import Emerging
from segmentry.domain.release import Release
from segmentry.maths.directions import seen_from
from segmentry.maths.intervals import wilson_interval
from segmentry.maths.prototypes import squared_distances

FEWEST = 30
LEAST_SHARE = 0.01
"""Entities that a region needs, and their share of all."""

COMPACT = 0.6
"""A region is dense where its entities lie, on average, this much nearer to their own centre than
to the nearest prototype, or nearer still."""

AT_MOST = 1_000
"""Anomalies whose mutual distances are measured."""

CONTRASTS = 5


def emerging_region(
    X: NDArray[np.float64],
    names: tuple[str, ...],
    release: Release,
    rng: Generator,
    *,
    newcomers: NDArray[np.bool_] | None = None,
) -> tuple[Emerging, NDArray[np.intp]] | None:
    """Look for one dense region among the entities that lie far from every segment.

    Parameters
    ----------
    X : ndarray of shape (n, n_columns)
        The release's matrix of now.
    names : tuple of str
        Of its columns.
    release : Release
    rng : numpy.random.Generator
    newcomers : ndarray of shape (n,) or None
        Who was not in the reference.

    Returns
    -------
    Emerging, and ndarray of shape (n_region,), or None
        The region and its rows. None where too few are far, or those that are lie scattered.
    """
    answers = release.assigner.answer(X)
    far = np.flatnonzero(answers.anomaly)
    least = max(FEWEST, LEAST_SHARE * len(X))
    if len(far) < least:
        return None
    F = seen_from(X[far], release.assigner.origin)
    centre, members = _densest(F, rng)
    if len(members) < least:
        return None
    own = np.sqrt(squared_distances(F[members], centre[None, :])[:, 0])
    theirs = release.assigner.distances(X[far[members]]).min(axis=1)
    spread = float(own.mean() / max(float(theirs.mean()), 1e-12))
    if spread > COMPACT:
        return None
    rows = far[members]
    share = len(rows) / len(X)
    nearest = int(np.bincount(answers.segment[rows]).argmax())
    found = Emerging(
        len(rows),
        Bounded(share, *wilson_interval(len(rows), len(X))),
        release.segment_names[nearest],
        spread,
        None if newcomers is None else float(newcomers[rows].mean()),
        _contrasts(X, rows, names),
    )
    return found, rows


def _densest(
    F: NDArray[np.float64], rng: Generator
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Find the centre with most others near it, and who belongs there."""
    part = F if len(F) <= AT_MOST else F[rng.choice(len(F), AT_MOST, replace=False)]
    squares = squared_distances(part, part)
    # Half the median distance parts what lies together from what is merely far.
    upper = squares[np.triu_indices(len(part), 1)]
    reach = 0.25 * float(np.median(upper))
    n_tenth = max(len(part) // 10, 2)
    near_ones = np.partition(squares, n_tenth - 1, axis=1)[:, n_tenth - 1]
    reach = max(reach, 2.25 * float(near_ones.min()))
    centre = part[int((squares <= reach).sum(axis=1).argmax())]
    members = np.arange(len(F))
    for _ in range(5):
        members = np.flatnonzero(squared_distances(F, centre[None, :])[:, 0] <= reach)
        centre = F[members].mean(axis=0)
    return centre, members


def _contrasts(
    X: NDArray[np.float64], rows: NDArray[np.intp], names: tuple[str, ...]
) -> tuple[tuple[str, float], ...]:
    spread = X.std(axis=0)
    gaps = (X[rows].mean(axis=0) - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    most = np.argsort(-np.abs(gaps), kind="stable")[:CONTRASTS]
    return tuple((names[i], float(gaps[i])) for i in most)
