"""Two levels: broad segments, and micro-segments within those that hold more structure.

What lives here: whether and how a broad segment is subdivided, and the ids of the tree. What does
not: the broad segments themselves, which any method may give. Read on in
``docs/methods/levels.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.ward import fit_ward
from segmentry.errors import MathsError
from segmentry.maths.ward import ward_linkage

MOST_PARTS = 6

SAMPLE_ROWS = 400
"""Rows of a segment on which structure is looked for, and rows of each draw of one cloud."""

DRAWS = 19
"""What is above all of these happens to one cloud once in twenty times at most."""

LEAST_SHARE = 0.02

FEW_VALUES = 0.05
"""Distinct values per row up to which a column sits on few values."""


@dataclass(frozen=True)
class Node:
    """A broad segment ("2") or a micro-segment of it ("2.1").

    ``explained`` is the share of a broad segment's scatter that its parts explain, ``by_chance``
    the mean of that share among draws of one cloud; both are 0 where it has no parts.
    """

    id: str
    parent: str
    n_rows: int
    explained: float = 0.0
    by_chance: float = 0.0


@dataclass(frozen=True, eq=False)
class Levels:
    """The tree, broad segments in order and each followed by its parts, and where rows belong.

    ``broad`` and ``fine`` are places in ``nodes``: those of each row's broad segment, and of its
    micro-segment or, where there are none, its broad segment.
    """

    nodes: tuple[Node, ...]
    broad: NDArray[np.int64]
    fine: NDArray[np.int64]

    def ids(self) -> list[str]:
        """Give the id of the finest segment of each row."""
        names = [node.id for node in self.nodes]
        return [names[place] for place in self.fine]


def fit_levels(
    X: NDArray[np.float64],
    labels: NDArray[np.int64],
    *,
    rng: Generator,
    most_parts: int = MOST_PARTS,
    least_share: float = LEAST_SHARE,
) -> Levels:
    """Subdivide broad segments where they hold more structure than one cloud would.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    labels : ndarray of int, shape (n_rows,), 0 .. n_segments - 1, each occurring
        The broad segments.
    rng : Generator
        Draws clouds, and rows of large segments.
    most_parts : int, default=6
        Micro-segments of a broad segment at most.
    least_share : float, default=0.02
        Share of all rows below which no micro-segment is told apart.

    Returns
    -------
    Levels
        Broad segment g is "g + 1"; its micro-segments are numbered from the largest.

    Raises
    ------
    MathsError
        If there is not one label for each row, or a segment has no rows.

    Notes
    -----
    Ward's hierarchy of a segment's rows is cut into 2, 3, .. parts, and so are those of normal
    clouds of the same covariance, whose columns on few values take the segment's own values. A
    segment that stands out more than every cloud, each at the number where it does most, is
    divided: of the numbers whose explained share of scatter lies above every cloud's, the one
    farthest above their mean is taken. One cloud is divided once in twenty times.

    References
    ----------
    Tibshirani, R., Walther, G. and Hastie, T. (2001). Estimating the number of clusters in a data
    set via the gap statistic. JRSS B 63, 411-423. Liu, Y., Hayes, D. N., Nobel, A. and Marron,
    J. S. (2008). Statistical significance of clustering for high-dimension, low-sample size data.
    JASA 103, 1281-1293 (one normal cloud as the null).
    """
    counts = np.bincount(labels) if len(labels) else np.zeros(1, dtype=np.int64)
    if labels.shape != (len(X),) or (counts == 0).any():
        msg = f"{len(X)} rows need a broad segment each, and every segment rows"
        raise MathsError(msg)
    nodes: list[Node] = []
    broad, fine = np.empty(len(X), dtype=np.int64), np.empty(len(X), dtype=np.int64)
    for segment in range(len(counts)):
        rows = np.flatnonzero(labels == segment)
        parts, explained, by_chance = _parts(X[rows], least_share * len(X), most_parts, rng)
        name, sizes = str(segment + 1), np.bincount(parts)
        broad[rows] = fine[rows] = len(nodes)
        nodes.append(Node(name, "", len(rows), explained, by_chance))
        if len(sizes) > 1:
            order = np.argsort(-sizes, kind="stable")
            fine[rows] = len(nodes) + np.argsort(order)[parts]
            nodes += [
                Node(f"{name}.{i + 1}", name, int(sizes[part])) for i, part in enumerate(order)
            ]
    return Levels(tuple(nodes), broad, fine)


def _parts(
    X: NDArray[np.float64], least_rows: float, most_parts: int, rng: Generator
) -> tuple[NDArray[np.int64], float, float]:
    """Label the parts of a segment; give the share that they explain, and that by chance."""
    whole = np.zeros(len(X), dtype=np.int64), 0.0, 0.0
    most = min(most_parts, int(len(X) / max(least_rows, 2.0)))
    if most < 2 or np.ptp(X, axis=0).max() == 0:
        return whole
    sample = X[np.sort(rng.permutation(len(X))[:SAMPLE_ROWS])]
    found = _explained(sample, most)
    draw = _cloud_of(sample)
    chance = np.array([_explained(draw(rng), most) for _ in range(DRAWS)])
    if not _is_beyond(found, chance):
        return whole
    excess = np.where(found > chance.max(axis=0), found - chance.mean(axis=0), 0.0)
    for place in np.argsort(-excess, kind="stable"):
        if excess[place] <= 0:
            break
        labels = fit_ward(X, (int(place) + 2,), rng=rng)[0].labels
        if np.bincount(labels).min() >= least_rows:
            return labels, float(found[place]), float(chance[:, place].mean())
    return whole


def _is_beyond(found: NDArray[np.float64], chance: NDArray[np.float64]) -> bool:
    """Tell whether a segment stands out more than every cloud, at the number where each does most.

    Standing out is measured alike for all of them, so that one cloud among them is first as often
    as any other, however many numbers are looked at.
    """
    every = np.vstack([found, chance])
    spread = np.maximum(every.std(axis=0), 1e-12)
    most = ((every - every.mean(axis=0)) / spread).max(axis=1)
    return bool(most[0] > most[1:].max())


def _explained(X: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """Give the share of scatter that 2 .. most clusters of Ward's hierarchy explain."""
    costs = ward_linkage(X)[:, 2]
    shares: NDArray[np.float64] = np.cumsum(costs[::-1])[: most - 1] / costs.sum()
    return shares


def _cloud_of(X: NDArray[np.float64]) -> Callable[[Generator], NDArray[np.float64]]:
    """Give what draws normal clouds of the same covariance.

    A column on few values, such as the level of a category, takes the very values of the rows, in
    the order of the cloud: heaps that the values make are no groups of rows.
    """
    centred = X - X.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(X))
    spread = np.sqrt(np.maximum(values, 0.0))[:, None] * vectors.T
    heaped = [j for j in range(X.shape[1]) if len(np.unique(X[:, j])) <= FEW_VALUES * len(X)]
    ordered = np.sort(X[:, heaped], axis=0)

    def draw(rng: Generator) -> NDArray[np.float64]:
        cloud: NDArray[np.float64] = rng.normal(size=X.shape) @ spread + X.mean(axis=0)
        for place, j in enumerate(heaped):
            cloud[np.argsort(cloud[:, j], kind="stable"), j] = ordered[:, place]
        return cloud

    return draw
