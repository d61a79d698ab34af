"""Which dense regions of a spanning tree last longest, as density is asked for more and more.

What lives here: the condensed hierarchy of a tree, and the clusters taken from it. What does not:
the tree (``maths.spanning``). Read on in ``docs/methods/hdbscan.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.density import NOISE


def lasting_clusters(
    tree: NDArray[np.float64],
    least_size: float,
    weights: NDArray[np.float64] | None = None,
) -> NDArray[np.int64]:
    r"""Take the clusters that last longest out of the hierarchy of a spanning tree.

    Parameters
    ----------
    tree : ndarray of shape (n_points - 1, 3)
        From ``maths.spanning`` with smoothing: two points and their distance, shortest first.
    least_size : float, above 1
        Weight from which a part of the tree is a cluster.
    weights : ndarray of shape (n_points,), positive, default ones
        How many rows each point stands for.

    Returns
    -------
    ndarray of int, shape (n_points,)
        0 .. n_clusters - 1, numbered by the first point of each; noise is -1.

    Raises
    ------
    MathsError
        If the least size is not above 1, or weights are not as many as the points.

    Notes
    -----
    At every distance the lines up to it hold the tree together in parts. Going down, a part loses
    points, or splits where two or more of its pieces have the least size. A cluster is what lives
    between two splits; where :math:`\lambda = 1 / \text{distance}` is its density, its stability is

    .. math:: \sum_x (\lambda_x - \lambda_\text{born}),

    over its points, with :math:`\lambda_x` the density at which x leaves it or it splits. Of
    clusters inside of each other those are taken whose stabilities sum to most; the whole is no
    choice. Lines of equal length part together, so that their order does not matter. Points without
    distance lie as far apart as the nearest two that have one. O(n log n).

    References
    ----------
    Campello, R. J. G. B., Moulavi, D. and Sander, J. (2013). Density-based clustering based on
    hierarchical density estimates. PAKDD, 160-172.

    Examples
    --------
    >>> lengths = [1.0, 1.0, 4.0, 1.0, 1.0, 9.0]
    >>> line = np.column_stack([np.arange(6), np.arange(1, 7), lengths])
    >>> lasting_clusters(line[np.argsort(lengths, kind="stable")], 3)
    array([ 0,  0,  0,  1,  1,  1, -1])
    """
    n = len(tree) + 1
    sizes = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    if sizes.shape != (n,) or least_size <= 1:
        msg = f"parts of {least_size} and more among {n} points of {sizes.size} weights"
        raise MathsError(msg)
    lengths = tree[:, 2]
    shortest = lengths[lengths > 0].min(initial=np.inf)
    parts = _Parts(list(range(n)), sizes.tolist(), [[i] for i in range(n)], [NOISE] * n, least_size)
    ends = tree[:, :2].astype(np.int64).tolist()
    for (a, b), length, following in zip(
        ends, lengths.tolist(), [*lengths[1:].tolist(), np.inf], strict=False
    ):
        parts.join(a, b)
        if following > length:
            parts.settle(1.0 / max(length, shortest))
    return _taken(parts.hierarchy, np.array(parts.hierarchy.home(n)))


@dataclass(slots=True)
class _Hierarchy:
    """Clusters: the one that each splits off, stability, and the points that fall to each."""

    parent: list[int] = field(default_factory=list)
    stability: list[float] = field(default_factory=list)
    points: list[list[int]] = field(default_factory=list)

    def born(self, points: list[int], mass: float) -> int:
        """Begin a cluster with points that leave it at once; mass sums their densities."""
        self.parent.append(NOISE)
        self.stability.append(mass)
        self.points.append(points)
        return len(self.parent) - 1

    def home(self, n_points: int) -> list[int]:
        """Give each point the smallest cluster that it falls to."""
        homes = [NOISE] * n_points
        for cluster, points in enumerate(self.points):
            for point in points:
                homes[point] = cluster
        return homes


@dataclass(slots=True)
class _Parts:
    """What lines have joined so far: size, points that no cluster has yet, and the cluster.

    ``open`` are the clusters that meet in a part at the present length.
    """

    root: list[int]
    sizes: list[float]
    loose: list[list[int]]
    cluster: list[int]
    least_size: float
    held: list[float] = field(default_factory=list)
    open: dict[int, list[int]] = field(default_factory=dict)
    hierarchy: _Hierarchy = field(default_factory=_Hierarchy)

    def _found(self, i: int) -> int:
        root = self.root
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    def join(self, a: int, b: int) -> None:
        """Let a line hold two parts together."""
        one, other = self._found(a), self._found(b)
        if len(self.loose[one]) < len(self.loose[other]):
            one, other = other, one
        self.root[other] = one
        meeting = self._meeting(one) + self._meeting(other)
        self.open.pop(other, None)
        self.open[one] = meeting
        self.sizes[one] += self.sizes[other]
        self.loose[one] += self.loose[other]
        self.loose[other] = []

    def _meeting(self, part: int) -> list[int]:
        if part in self.open:
            return self.open[part]
        return [self.cluster[part]] if self.cluster[part] != NOISE else []

    def settle(self, density: float) -> None:
        """See what the parts that have grown are, all lines of one length being there."""
        for part, meeting in self.open.items():
            self._settle(part, meeting, density)
        self.open.clear()

    def _settle(self, part: int, meeting: list[int], density: float) -> None:
        hierarchy, size = self.hierarchy, self.sizes[part]
        if len(meeting) == 1:
            (cluster,) = meeting
            hierarchy.stability[cluster] += density * (size - self.held[cluster])
            hierarchy.points[cluster] += self.loose[part]
        elif len(meeting) > 1 or size >= self.least_size:
            cluster = hierarchy.born(self.loose[part], density * size)
            self.held.append(0.0)
            for child in meeting:
                hierarchy.parent[child] = cluster
                hierarchy.stability[child] -= density * self.held[child]
        else:
            return
        self.cluster[part], self.held[cluster], self.loose[part] = cluster, size, []


def _taken(hierarchy: _Hierarchy, homes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each point the cluster taken that holds it."""
    parent = hierarchy.parent
    n_clusters = len(parent)
    inside = [0.0] * n_clusters
    lasts = [False] * n_clusters
    # A cluster is numbered after those inside of it.
    for cluster in range(n_clusters):
        if parent[cluster] == NOISE:
            continue
        lasts[cluster] = hierarchy.stability[cluster] >= inside[cluster]
        inside[parent[cluster]] += max(hierarchy.stability[cluster], inside[cluster])
    taken = np.full(n_clusters + 1, NOISE)
    for cluster in reversed(range(n_clusters)):
        above = taken[parent[cluster]]
        taken[cluster] = above if above != NOISE else cluster if lasts[cluster] else NOISE
    labels = taken[homes]
    clustered = np.flatnonzero(labels != NOISE)
    _, first, places = np.unique(labels[clustered], return_index=True, return_inverse=True)
    labels[clustered] = np.argsort(np.argsort(first))[places]
    return labels
