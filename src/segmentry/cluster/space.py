"""Where a wide sample is searched: its leading principal axes instead of all its columns.

Distances between rows and centres cost as much as there are columns, and a search makes tens of
thousands of passes. Read on in ``docs/methods/k_means.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.partition import Partition
from segmentry.maths.components import leading_subspace

WIDE = 200
"""Columns up to which a sample is searched as it is."""

AXES = 100
"""Axes of a wider one. The best k-means cost on k/e axes is at most 1 + e of that on all columns
(Cohen et al. 2015): here at most 8 % for eight segments, and far less in practice."""


@dataclass(frozen=True)
class Space:
    """A change of coordinates: none for a narrow sample."""

    middle: NDArray[np.float64] | None = None
    axes: NDArray[np.float64] | None = None
    """Of shape (n_columns, n_axes), orthonormal."""

    @classmethod
    def of(cls, X: NDArray[np.float64], rng: Generator) -> Space:
        """Choose the space in which a sample is searched.

        Parameters
        ----------
        X : ndarray of shape (n_rows, n_columns), finite
        rng : Generator
            Begins the iteration that finds the axes.

        References
        ----------
        Cohen, M. B., Elder, S., Musco, C., Musco, C. and Persu, M. (2015). Dimensionality
        reduction for k-means clustering and low rank approximation. STOC, 163-172.
        """
        if X.shape[1] <= WIDE:
            return cls()
        middle = X.mean(axis=0)
        return cls(middle, leading_subspace(X - middle, AXES, rng))

    def into(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give rows in this space."""
        if self.axes is None or self.middle is None:
            return X
        return np.ascontiguousarray((X - self.middle) @ self.axes)

    def lifted(self, partition: Partition) -> Partition:
        """Give a partition with its points in all columns.

        A row is as much farther from one lifted point than from another as it was inside the
        space, so labels stay what they are.
        """
        if self.axes is None or self.middle is None:
            return partition
        # Rows lie farther from points in all columns than in the space: radii are drawn anew.
        points = self.middle + partition.centres @ self.axes.T
        return replace(partition, centres=points, radii=None)
