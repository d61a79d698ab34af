"""Any partition as an assigner: labelled prototypes with radii, segments in order of size.

What lives here: the prototypes that stand for a partition without natural centres, how faithful
they are, and the assigner made of them. Read on in ``docs/methods/prototypes.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.assigner import Assigner
from segmentry.domain.partition import Partition
from segmentry.errors import MathsError
from segmentry.maths.directions import seen_from
from segmentry.maths.prototypes import squared_distances
from segmentry.maths.quantization import near_labels, pulled_apart, spread_points
from segmentry.maths.rounding import round_significant

FIDELITY = 0.98
"""Share of rows on which prototypes have to agree with the method's own labels."""

COUNTS = (1, 2, 4, 8, 16, 32)
"""Prototypes per segment that are tried, fewest first."""

HOPELESS = {4: 0.94, 16: 0.97}
"""Fidelity that so many prototypes must reach for more of them to be worth trying: each doubling
mends about a quarter of what is still wrong."""

LEAST_RADIUS = 1e-9
"""A radius of nothing would leave nothing to divide by."""

FIT_ROWS = 4_000
"""Rows on which prototypes are placed; agreement is measured on all rows of the sample."""


def stand_in(
    partition: Partition,
    X: NDArray[np.float64],
    *,
    rng: Generator,
    counts: Sequence[int] = COUNTS,
) -> tuple[Partition, float]:
    """Find prototypes that stand for a partition: as few per segment as keep its labels.

    Parameters
    ----------
    partition : Partition
        Of all rows of ``X``. Rows with the label -1 are noise: no prototype is placed for them.
    X : ndarray of shape (n_rows, n_columns)
    rng : Generator
        Chooses the rows on which prototypes are placed, and their seeds.
    counts : sequence of int
        Prototypes per segment to try, fewest first.

    Returns
    -------
    Partition
        With prototypes, and with their answers as labels: those of noise rows too, which get the
        nearest segment. Where there is noise its radii tell it as far out.
    float
        Fidelity: the share of clustered rows with the label that the method gave. Below
        ``FIDELITY`` even the most prototypes were not enough; they are then the best that was
        found.

    Raises
    ------
    MathsError
        If all rows are noise.

    Notes
    -----
    K-means within each segment places the first prototypes; learning vector quantisation then
    pulls them apart where rows near a border are answered wrongly, which is what borders that are
    not halfway between means need.

    References
    ----------
    Sato, A. and Yamada, K. (1996). Generalized learning vector quantization. NIPS 8, 423-429.
    """
    X = seen_from(X, partition.origin)
    clustered = np.flatnonzero(partition.labels >= 0)
    if not len(clustered):
        msg = f"none of {len(X)} rows is clustered, so that nothing stands for a cluster"
        raise MathsError(msg)
    drawn = clustered[rng.permutation(len(clustered))[:FIT_ROWS]]
    fitted = np.sort(np.append(drawn, _left_behind(partition.labels, clustered, drawn)))
    rows, labels = X[fitted], partition.labels[fitted]
    best: tuple[float, Partition] | None = None
    for count in counts:
        points, groups = _within_segments(rows, labels, partition.n_clusters, count, rng)
        points = round_significant(pulled_apart(rows, labels, points, groups))
        answers = near_labels(X, points, groups)
        fidelity = float((answers == partition.labels)[clustered].mean())
        if best is None or fidelity > best[0]:
            best = fidelity, replace(partition, labels=answers, centres=points, groups=groups)
        enough = fidelity >= FIDELITY or len(points) >= len(rows) // 2
        if enough or best[0] < HOPELESS.get(count, 0.0):
            break
    assert best is not None  # noqa: S101 - counts are not empty
    fidelity, found = best
    if len(clustered) < len(X):
        found = replace(found, radii=_noise_radii(X[clustered], partition.labels[clustered], found))
    return found, fidelity


def _left_behind(
    labels: NDArray[np.int64], clustered: NDArray[np.int64], drawn: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Give a row of each cluster of which none was drawn: something has to stand for it too."""
    names, first = np.unique(labels[clustered], return_index=True)
    result: NDArray[np.int64] = clustered[first[~np.isin(names, labels[drawn])]]
    return result


def _noise_radii(
    X: NDArray[np.float64], labels: NDArray[np.int64], found: Partition
) -> NDArray[np.float64]:
    """Give how far clustered rows lie from the nearest prototype, fences at most.

    Noise among the rows would push quartiles out and so hide itself.
    """
    distances = squared_distances(X, found.centres)
    nearest = distances.argmin(axis=1)
    own = np.sqrt(distances[np.arange(len(X)), nearest])
    kept = found.owners[nearest] == labels
    radii = np.zeros(found.n_clusters)
    for g in range(found.n_clusters):
        members = own[kept & (labels == g)]
        if len(members):
            radii[g] = min(_far_out(members), max(float(members.max()), LEAST_RADIUS))
    return round_significant(radii)


def _within_segments(
    X: NDArray[np.float64],
    labels: NDArray[np.int64],
    n_segments: int,
    count: int,
    rng: Generator,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    points, groups = [], []
    for segment in range(n_segments):
        members = X[labels == segment]
        if not len(members):
            continue
        centres = spread_points(members, count, rng)
        points.append(centres)
        groups.append(np.full(len(centres), segment))
    return np.concatenate(points), np.concatenate(groups).astype(np.int64)


def compress(
    partition: Partition, X: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> Assigner:
    """Turn a partition with centres or prototypes into an assigner.

    Segments are ordered by weight, largest first; one that no row is nearest to is left out. Its
    radius is the far-out fence of a segment's distances: upper quartile plus three interquartile
    ranges; where the method told noise, its own rows' distances have said it already.

    Parameters
    ----------
    partition : Partition
    X : ndarray of shape (n_rows, n_columns)
        All rows.
    weights : ndarray of shape (n_rows,), not negative, default ones
        They order segments; distances are of rows, each once, that have some.

    Returns
    -------
    Assigner

    References
    ----------
    Tukey, J. W. (1977). Exploratory Data Analysis, section 2D: fences.
    """
    points = round_significant(partition.centres)
    labels, own = _nearest(partition, points, X)
    order = _by_size(labels, partition.n_clusters, weights)
    if partition.radii is None:
        counts = np.ones(len(X), dtype=np.bool_) if weights is None else weights > 0
        radii = np.array([_radius(own, labels == g, counts) for g in order])
    else:
        radii = np.maximum(partition.radii[order], LEAST_RADIUS)
    chosen = [np.flatnonzero(partition.owners == g) for g in order]
    return Assigner(
        points[np.concatenate(chosen)],
        np.repeat(np.arange(len(order)), [len(c) for c in chosen]),
        round_significant(radii),
        origin=partition.origin,
    )


def by_size(partition: Partition, X: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give the clusters in the order in which ``compress`` puts them.

    Parameters
    ----------
    partition : Partition
    X : ndarray of shape (n_rows, n_columns)
        All rows.

    Returns
    -------
    ndarray of int
        Largest first; clusters that no row is nearest to are not among them.
    """
    labels, _ = _nearest(partition, round_significant(partition.centres), X)
    return _by_size(labels, partition.n_clusters)


def _nearest(
    partition: Partition, points: NDArray[np.float64], X: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give each row's cluster, and its distance to the nearest point."""
    distances = squared_distances(seen_from(X, partition.origin), points)
    nearest = round_significant(distances, digits=9).argmin(axis=1)
    return partition.owners[nearest], np.sqrt(distances[np.arange(len(X)), nearest])


def _by_size(
    labels: NDArray[np.int64], n_clusters: int, weights: NDArray[np.float64] | None = None
) -> NDArray[np.int64]:
    sizes = np.bincount(labels, minlength=n_clusters)
    order = np.argsort(-np.bincount(labels, weights, minlength=n_clusters), kind="stable")
    kept: NDArray[np.int64] = order[sizes[order] > 0]
    return kept


def _radius(
    distances: NDArray[np.float64], is_own: NDArray[np.bool_], counts: NDArray[np.bool_]
) -> float:
    """Give the fence of a segment's rows that count, or of all where none does."""
    kept = is_own & counts
    return _far_out(distances[kept if kept.any() else is_own])


def _far_out(distances: NDArray[np.float64]) -> float:
    lower, upper = np.quantile(distances, [0.25, 0.75])
    # Segments of identical rows have no spread: anything away from them is far out.
    return float(max(upper + 3.0 * (upper - lower), LEAST_RADIUS))
