"""One hierarchy of points that stand for rows, whatever the linkage: its cuts, and its tree.

What lives here: points and merges as one thing. What does not: which points (``points``), the
merges themselves (``maths``), and the estimator (``segmentry.hierarchy``). Read on in
``docs/methods/linkages.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.cluster.points import Points
from segmentry.maths.dendrogram import cut_linkage, dendrogram
from segmentry.maths.lance_williams import Linkage, linkage
from segmentry.maths.robust_linkage import GINI_BOUND, robust_linkage
from segmentry.maths.spanning import spanning_tree


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Merges of points that stand for rows, in the order in which they happen."""

    points: Points
    merges: NDArray[np.float64]

    def labels(self, n_clusters: int) -> NDArray[np.int64]:
        """Cut at a number of clusters and give each row its own."""
        most = len(self.points.weights)
        return cut_linkage(self.merges, min(n_clusters, most))[self.points.owners]

    def dendrogram(self) -> NDArray[np.float64]:
        """Give the tree for drawing, as ``maths.dendrogram`` describes it.

        Sizes are of points: scipy refuses a tree that holds more than its leaves.
        """
        return dendrogram(self.merges)

    def merge_weights(self) -> NDArray[np.float64]:
        """Give how many rows are together after each merge."""
        weights: NDArray[np.float64] = dendrogram(self.merges, self.points.weights)[:, 3]
        return weights


def hierarchy_of(
    points: Points, method: Linkage | Literal["robust"], *, gini_bound: float = GINI_BOUND
) -> Hierarchy:
    """Build the hierarchy of a linkage.

    Parameters
    ----------
    points : Points
    method : {"average", "complete", "single", "ward", "robust"}
    gini_bound : float in [0, 1], default=0.3
        How unequal sizes may grow before the smallest cluster must merge; robust linkage only.

    Returns
    -------
    Hierarchy
        Heights are distances; with ``ward``, the root of twice the scatter added.

    Raises
    ------
    MathsError
        If the points are too many for a matrix of their distances (average, complete linkage).
    """
    if method == "robust":
        tree = spanning_tree(points.places)
        return Hierarchy(points, robust_linkage(tree, points.weights, gini_bound=gini_bound))
    return Hierarchy(points, linkage(points.places, points.weights, method=method))
