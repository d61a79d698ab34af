"""Several partitions of the same rows measured with one yardstick: one set of distances.

What lives here: silhouettes of many partitions from one matrix of distances, with replicates that
allow paired comparison, and how far neighbours agree. What does not: the silhouette of one
partition of many rows (``maths.silhouette``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.distances import gaps
from segmentry.maths.intervals import mean_interval
from segmentry.maths.pieces import Spread
from segmentry.maths.silhouette import N_GROUPS, half_width, silhouettes_of_sums
from segmentry.maths.structure import spread_atoms

ROWS = 3_000
"""Rows whose distances are held (72 MB)."""

NEIGHBOURS = 10

BLOCK_ROWS = 256
"""Rows whose distances to all others stay in the processor's cache."""


@dataclass(frozen=True)
class Comparable:
    """A partition under the yardstick.

    ``values`` are the silhouettes of the rows; ``replicates`` the mean with each group of rows
    left out, ``low`` and ``high`` the 95 % interval from them.
    """

    mean: float
    low: float
    high: float
    replicates: NDArray[np.float64]
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Yardstick:
    """Distances between a sample of rows, held once and used for every partition.

    ``rows`` are the sampled rows in the order of their leave-out groups; group g holds positions
    ``starts[g]`` to ``starts[g + 1]``. ``neighbours`` are the nearest of each once heaps of equal
    values are spread. ``order`` holds all rows, those sampled
    first: twentieths of it are left out in turn where all rows are measured.
    """

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    distances: NDArray[np.float64]
    neighbours: NDArray[np.int64]
    order: NDArray[np.int64]

    @classmethod
    def over(
        cls,
        X: NDArray[np.float64],
        rng: Generator,
        *,
        n_rows: int = ROWS,
        spread: Spread = map,
    ) -> Yardstick:
        """Sample rows and measure the distances between them.

        Parameters
        ----------
        X : ndarray of shape (n_rows, n_columns), finite
        rng : Generator
            Chooses rows and deals them into the groups of the interval.
        n_rows : int, default=3000
        spread : callable
            Carries out blocks of rows, ``map`` or one that has several hands.

        Returns
        -------
        Yardstick

        Raises
        ------
        MathsError
            If there are fewer than two rows.
        """
        if len(X) < 2:
            msg = f"distances need at least two rows, not {len(X)}"
            raise MathsError(msg)
        order = rng.permutation(len(X)).astype(np.int64)
        rows = order[:n_rows]
        starts = np.linspace(0, len(rows), N_GROUPS + 1).astype(np.int64)
        sample = X[rows] - X[rows].mean(axis=0)
        # Heaps of equal values would lie in empty space that no group made.
        apart = spread_atoms(sample, rng)
        distances = np.empty((len(rows), len(rows)))

        def near(start: int) -> NDArray[np.int64]:
            block = slice(start, start + BLOCK_ROWS)
            distances[block] = gaps(sample[block], sample)
            between = distances[block] if apart is sample else gaps(apart[block], apart)
            return _nearest(between, start)

        blocks = range(0, len(rows), BLOCK_ROWS)
        return cls(rows, starts, distances, np.concatenate(list(spread(near, blocks))), order)

    def measure(
        self, labellings: Sequence[NDArray[np.int64]], *, spread: Spread = map
    ) -> tuple[Comparable, ...]:
        """Measure partitions of all rows of ``X``, each by the rows of the yardstick.

        Parameters
        ----------
        labellings : sequence of ndarray of int, shape (n_rows,)
            0 .. n_clusters - 1.
        spread : callable
            Carries out groups of rows and partitions, ``map`` or one that has several hands.

        Returns
        -------
        tuple of Comparable
            The silhouette of Rousseeuw (1987) by distances to all members in the sample; a
            cluster without a row in the sample is not seen. A partition with one cluster in the
            sample has 0 everywhere.

        Notes
        -----
        Distances are summed by cluster with matrix products, all partitions at once, one group of
        rows after the other; sums without a group are differences. Cost O(n^2 sum of k) for n
        sampled rows.
        """
        chosen = [labels[self.rows] for labels in labellings]
        counts = [int(labels.max()) + 1 for labels in chosen]
        members = np.concatenate(
            [np.eye(k)[labels] for k, labels in zip(counts, chosen, strict=True)], axis=1
        )
        groups = list(pairwise(self.starts))
        sums = np.stack(
            list(spread(lambda g: self.distances[:, g[0] : g[1]] @ members[g[0] : g[1]], groups))
        )
        ends = np.cumsum([0, *counts])
        parts = [slice(a, b) for a, b in pairwise(ends)]

        def measured(piece: tuple[NDArray[np.int64], slice]) -> Comparable:
            labels, part = piece
            return self._measured(labels, sums[:, :, part], members[:, part])

        return tuple(spread(measured, list(zip(chosen, parts, strict=True))))

    def _measured(
        self, labels: NDArray[np.int64], sums: NDArray[np.float64], members: NDArray[np.float64]
    ) -> Comparable:
        whole, sizes = sums.sum(axis=0), members.sum(axis=0)
        everyone = np.ones(len(labels), dtype=bool)
        values = silhouettes_of_sums(whole, labels, sizes, everyone)
        replicates = []
        for g, (a, b) in enumerate(zip(self.starts[:-1], self.starts[1:], strict=True)):
            stays = everyone.copy()
            stays[a:b] = False
            left = sizes - members[a:b].sum(axis=0)
            rest = silhouettes_of_sums(
                (whole - sums[g])[stays], labels[stays], left, everyone[stays]
            )
            replicates.append(rest.mean())
        means = np.array(replicates)
        mean, half = float(values.mean()), float(half_width(means[:, None])[0])
        return Comparable(mean, max(mean - half, -1.0), min(mean + half, 1.0), means, values)

    def agreement(self, labels: NDArray[np.int64]) -> float:
        """Give the mean share of a row's nearest neighbours that lie in its own cluster.

        Parameters
        ----------
        labels : ndarray of int, shape (n_rows,)
            Of all rows of ``X``. Rows below 0 are in no cluster: nothing is asked of them.

        Returns
        -------
        float
            0 to 1; 0 where no row is in a cluster.
        """
        same = self._alike(labels)
        return float(same.mean()) if len(same) else 0.0

    def agreement_interval(self, labels: NDArray[np.int64]) -> tuple[float, float]:
        """Bound the same by its 95 % interval over rows.

        Parameters
        ----------
        labels : ndarray of int, shape (n_rows,)

        Returns
        -------
        tuple of float
            0 to 1; from 0 to 1 where no row is in a cluster.
        """
        same = self._alike(labels)
        if not len(same):
            return 0.0, 1.0
        # A row's ten are no ten draws: they lie on the same side of a border.
        low, high = mean_interval(same.mean(axis=1))
        return max(low, 0.0), min(high, 1.0)

    def _alike(self, labels: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say of each clustered row's neighbours whether they lie in its own cluster."""
        seen = labels[self.rows]
        clustered = seen >= 0
        same: NDArray[np.bool_] = seen[self.neighbours[clustered]] == seen[clustered, None]
        return same


def _nearest(distances: NDArray[np.float64], start: int) -> NDArray[np.int64]:
    """Give the rows that lie nearest to some, from one on; of rows that are alike any will do."""
    count = min(NEIGHBOURS, distances.shape[1] - 1)
    here = np.arange(len(distances))
    own = distances[here, start + here]
    distances[here, start + here] = np.inf  # each row is its own nearest
    nearest = np.argpartition(distances, count - 1, axis=1)[:, :count].astype(np.int64)
    distances[here, start + here] = own
    return nearest


def paired_gain(
    mean: float,
    replicates: NDArray[np.float64],
    other: float,
    other_replicates: NDArray[np.float64],
) -> tuple[float, float, float]:
    """Compare two figures measured on the same rows, with the same groups left out.

    What both have in common, such as which rows were drawn, cancels, so the interval is narrower
    than the two intervals suggest.

    Parameters
    ----------
    mean, other : float
    replicates, other_replicates : ndarray of shape (n_groups,)
        The figures with each group of rows left out in turn.

    Returns
    -------
    gain, low, high : float
        The first minus the second, with its 95 % interval.
    """
    gain = mean - other
    half = float(half_width((replicates - other_replicates)[:, None])[0])
    return gain, gain - half, gain + half
