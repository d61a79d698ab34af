"""An assigner with two segments as one, or with one segment as several.

What lives here: the prototypes that answer then. What does not: what it costs (``judge.reshape``).
A merge changes no prototype, only whose it is. A split puts the prototypes of its parts in place of
the segment's own, as few as keep everybody else where they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.compress import FIDELITY, by_size, compress, stand_in
from segmentry.cluster.levels import FEWEST_ROWS
from segmentry.domain.assigner import Assigner
from segmentry.domain.crew import single_threaded
from segmentry.domain.partition import Partition
from segmentry.maths.constrained import kmeans_sized
from segmentry.maths.directions import seen_from
from segmentry.maths.lloyd import kmeans
from segmentry.maths.quantization import spread_points

BY_HAND = "by hand"

N_STARTS = 10
"""Seedings of a split: it is done once, and for long."""

FEW_SHARE = 0.05
"""A part that holds less of its segment is a few entities far from the rest, and no part."""

EVEN = 0.5
"""Where k-means finds such a part, each is made to hold this much of an even share at least."""

COUNTS = (1, 2, 4, 8, 16)
"""Prototypes per part that are tried, fewest first."""


@dataclass(frozen=True, eq=False)
class Reshaped:
    """An assigner after merging or splitting.

    ``meant`` gives each row the segment that it was to have, and ``places`` the new places of each
    earlier segment.
    """

    assigner: Assigner
    meant: NDArray[np.int64]
    places: tuple[tuple[int, ...], ...]


def merged(assigner: Assigner, one: int, other: int, X: NDArray[np.float64]) -> Reshaped:
    """Let the prototypes of two segments answer one.

    Parameters
    ----------
    assigner : Assigner
    one, other : int
        Places of segments; their order does not matter.
    X : ndarray of shape (n_rows, n_columns)
        Everybody, each segment with rows of its own.

    Returns
    -------
    Reshaped
        Segments in order of size, as always. Nobody moves, but that a row equally near to two
        segments, in nine digits, may go to the other one.
    """
    low, high = sorted((one, other))
    raw = np.array([low if g == high else g - (g > high) for g in range(assigner.n_segments)])
    labels = raw[assigner.answer(X).segment]
    partition = _partition(labels, assigner.prototypes, raw[assigner.groups], assigner)
    return _settled(assigner, partition, labels, [(int(r),) for r in raw], {low, high}, X)


def split(
    assigner: Assigner, whole: int, n_parts: int, X: NDArray[np.float64], *, rng: Generator
) -> Reshaped:
    """Let new prototypes answer parts of a segment.

    Parameters
    ----------
    assigner : Assigner
    whole : int
        Place of the segment.
    n_parts : int
        2 or more; the segment has as many distinct rows at least.
    X : ndarray of shape (n_rows, n_columns)
        Everybody.
    rng : Generator

    Returns
    -------
    Reshaped
        Segments in order of size.

    Notes
    -----
    The parts are those of ``parts_of``, whatever method found the segment. New
    prototypes move its outer borders too: more of them are tried until they leave nearly everybody
    else's answer as it was, and if they do not, prototypes are placed anew for all segments.
    """
    before = assigner.answer(X).segment
    member = before == whole
    seen = seen_from(X, assigner.origin)
    k = assigner.n_segments
    labels = before.copy()
    parts = parts_of(seen[member], n_parts, rng, few=few_share(int(member.sum())))
    labels[member] = np.where(parts == 0, whole, k + parts - 1)
    places = [(g,) if g != whole else (whole, *range(k, k + n_parts - 1)) for g in range(k)]
    others = assigner.groups != whole
    tries = []
    for count in COUNTS:
        points, groups = [assigner.prototypes[others]], [assigner.groups[others]]
        for place in places[whole]:
            own = spread_points(seen[labels == place], count, rng)
            points.append(own)
            groups.append(np.full(len(own), place))
        tried = _partition(labels, np.vstack(points), np.concatenate(groups), assigner)
        tries.append((float((tried.answers(X) == labels).mean()), tried))
        if tries[-1][0] >= FIDELITY:
            break
    else:
        bare = Partition(labels, np.zeros((k + n_parts - 1, 1)), BY_HAND, origin=assigner.origin)
        anew, fidelity = stand_in(bare, X, rng=rng)
        tries.append((fidelity, anew))
    best = max(tries, key=lambda t: t[0])[1]
    return _settled(assigner, best, labels, places, set(places[whole]), X)


def few_share(n_rows: int) -> float:
    """Give the share of a segment of so many rows below which a part of it is none."""
    return max(FEW_SHARE, FEWEST_ROWS / n_rows)


def parts_of(
    X: NDArray[np.float64], n_parts: int, rng: Generator, *, few: float = FEW_SHARE
) -> NDArray[np.int64]:
    """Divide rows by k-means; where that only sets a few aside, by k-means with bounded sizes.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
        With as many distinct rows as parts at least.
    n_parts : int
    rng : Generator
    few : float, share in [0, 1]
        A part that holds less is none.

    Returns
    -------
    ndarray of int, shape (n_rows,)
        The largest part first.
    """
    with single_threaded():
        rows = np.ascontiguousarray(X)
        labels = kmeans(rows, n_parts, rng=rng, n_starts=N_STARTS).labels
        if np.bincount(labels, minlength=n_parts).min() < few * len(rows):
            labels = kmeans_sized(rows, n_parts, rng=rng, min_share=EVEN / n_parts).labels
    order = np.argsort(-np.bincount(labels, minlength=n_parts), kind="stable")
    rank = np.empty(n_parts, dtype=np.int64)
    rank[order] = np.arange(n_parts)
    found: NDArray[np.int64] = rank[labels]
    return found


def _partition(
    labels: NDArray[np.int64],
    points: NDArray[np.float64],
    groups: NDArray[np.int64],
    like: Assigner,
) -> Partition:
    return Partition(labels, points, BY_HAND, groups=groups, origin=like.origin)


def _settled(
    before: Assigner,
    partition: Partition,
    labels: NDArray[np.int64],
    places: list[tuple[int, ...]],
    touched: set[int],
    X: NDArray[np.float64],
) -> Reshaped:
    """Order segments by size; what was not touched keeps the radius beyond which rows are far."""
    made = compress(partition, X)
    # A part that no row is nearest to is left out, and has no place.
    rank = np.full(partition.n_clusters, -1, dtype=np.int64)
    order = by_size(partition, X)
    rank[order] = np.arange(len(order))
    radii = made.radii.copy()
    for old, (first, *_) in enumerate(places):
        if first not in touched:
            radii[rank[first]] = before.radii[old]
    return Reshaped(
        replace(made, radii=radii),
        rank[labels],
        tuple(tuple(int(rank[p]) for p in new) for new in places),
    )
