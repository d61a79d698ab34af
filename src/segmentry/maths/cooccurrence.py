"""What goes together: items had by the same entities, and scores of items that one has not yet.

What lives here: nearness of items, popularity within groups, scores, and the first few of each row.
What does not: which way of scoring is used, and whether it is any good (``judge.nextitem``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.errors import MathsError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Nearness = Literal["share", "cosine", "lift"]

SHRINK = 10.0
"""Entities that two items must share for their nearness to count half."""

NEIGHBOURS = 200
"""Items that are kept of those near an item: the rest say little and cost as much."""

PRIOR = 50.0
"""Members that everybody's shares count for within a group: small groups lean on everyone."""

CELLS = 4_000_000
"""Scores that are held at once."""

TIE = 1e-9
"""What popularity adds to a score: it decides between equal ones, and nothing else."""


def incidence(
    rows: NDArray[np.int64], items: NDArray[np.int64], *, shape: tuple[int, int]
) -> csr_array[Any]:
    """Give which entity has had which item, as zeros and ones.

    Parameters
    ----------
    rows, items : ndarray of int, shape (n_pairs,)
    shape : tuple of int
        Entities and items.

    Returns
    -------
    scipy.sparse.csr_array of float64, shape ``shape``
    """
    from scipy.sparse import csr_array

    found = csr_array((np.ones(len(rows)), (rows, items)), shape=shape)
    found.sum_duplicates()
    found.data[:] = 1.0
    return found


def nearness(had: csr_array[Any], kind: Nearness) -> csr_array[Any]:
    r"""Give how near each item lies to each other, by the entities that had both.

    Parameters
    ----------
    had : csr_array of shape (n_entities, n_items)
        Zeros and ones.
    kind : {"share", "cosine", "lift"}

    Returns
    -------
    csr_array of shape (n_items, n_items)
        From the item of the row to that of the column; nothing on the diagonal, and at most
        ``NEIGHBOURS`` in each row.

    Notes
    -----
    With :math:`c_{ij}` entities that had both and :math:`n_i` that had one,

    .. math::
        \frac{c_{ij}}{c_{ij} + \lambda} \cdot
        \begin{cases} c_{ij} / n_i \\ c_{ij} / \sqrt{n_i n_j} \\ c_{ij} N / n_i n_j \end{cases}

    where the first factor shrinks what few entities say.

    References
    ----------
    Sarwar, B., Karypis, G., Konstan, J. and Riedl, J. (2001). Item-based collaborative filtering
    recommendation algorithms. WWW 10, 285-295.
    Bell, R. and Koren, Y. (2007). Improved neighborhood-based collaborative filtering. KDD Cup.
    """
    from scipy.sparse import csr_array

    powers = {"share": (1.0, 0.0), "cosine": (0.5, 0.5), "lift": (1.0, 1.0)}
    if kind not in powers:
        msg = f"no nearness {kind!r}"
        raise MathsError(msg)
    own, other = powers[kind]
    counts = np.maximum(np.asarray(had.sum(axis=0)).ravel(), 1.0)
    both = (had.T @ had).tocoo()
    row, column, shared = both.row, both.col, both.data
    apart = row != column
    row, column, shared = row[apart], column[apart], shared[apart]
    values = shared * shared / (shared + SHRINK)
    values = values / (counts[row] ** own * counts[column] ** other)
    # Nearest first within each item; equal ones in the order of items.
    order = np.lexsort((column, -values, row))
    row, column, values = row[order], column[order], values[order]
    first = np.searchsorted(row, np.arange(had.shape[1]))
    kept = np.arange(len(row)) - first[row] < NEIGHBOURS
    n = had.shape[1]
    scale = had.shape[0] if kind == "lift" else 1
    return csr_array((values[kept] * scale, (row[kept], column[kept])), shape=(n, n))


def popularity(
    had: csr_array[Any], groups: NDArray[np.int64], n_groups: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the share of entities that had each item, and that within each group.

    Parameters
    ----------
    had : csr_array of shape (n_entities, n_items)
    groups : ndarray of int, shape (n_entities,)
    n_groups : int

    Returns
    -------
    overall : ndarray of shape (n_items,)
    within : ndarray of shape (n_groups, n_items)
        Drawn towards everybody's shares as if ``PRIOR`` more members had these.
    """
    overall = np.asarray(had.sum(axis=0)).ravel() / max(had.shape[0], 1)
    member = incidence(groups, np.arange(len(groups)), shape=(n_groups, had.shape[0]))
    counts = (member @ had).toarray()
    sizes = np.bincount(groups, minlength=n_groups)
    return overall, (counts + PRIOR * overall) / (sizes[:, None] + PRIOR)


@dataclass(frozen=True, eq=False)
class Scorer:
    """A way to score items: by what an entity had, by popularity, or by both.

    ``near`` is None where popularity alone counts; ``weight`` is that of popularity, from 0 to 1;
    ``popular`` holds one row for each group.
    """

    popular: NDArray[np.float64]
    near: csr_array[Any] | None = None
    weight: float = 1.0

    def scores(
        self, had: csr_array[Any], groups: NDArray[np.int64], *, again: bool
    ) -> NDArray[np.float64]:
        """Score every item for some entities.

        Parameters
        ----------
        had : csr_array of shape (n_rows, n_items)
        groups : ndarray of int, shape (n_rows,)
        again : bool
            Whether items that one has had count; else they are never chosen.

        Returns
        -------
        ndarray of shape (n_rows, n_items)
            From 0 to about 1 within each row; minus infinity where an item cannot be chosen.
        """
        popular = self.popular[groups]
        found: NDArray[np.float64] = popular / np.maximum(
            popular.max(axis=1, keepdims=True), 1e-300
        )
        if self.near is not None:
            told = (had @ self.near).toarray()
            most = told.max(axis=1, keepdims=True)
            # Who had nothing that lies near anything is told by popularity.
            mixed = (1.0 - self.weight) * told / np.where(most > 0, most, 1.0)
            found = np.where(most > 0, mixed + (self.weight + TIE) * found, found)
        if not again:
            row, item = had.nonzero()
            found[row, item] = -np.inf
        return found

    def best(
        self, had: csr_array[Any], groups: NDArray[np.int64], n: int, *, again: bool = False
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
        """Give the best items of each entity, block by block of the rows.

        Parameters
        ----------
        had, groups, again
            As for ``scores``.
        n : int
            Items of each.

        Yields
        ------
        items : ndarray of int, shape (n_rows, n)
            The best first; -1 where there is none.
        scores : ndarray of shape (n_rows, n)
        """
        n_rows, n_items = had.shape
        at_once, n = max(1, CELLS // max(n_items, 1)), min(n, n_items)
        for start in range(0, n_rows, at_once):
            part = slice(start, min(start + at_once, n_rows))
            scores = self.scores(had[part], groups[part], again=again)
            few = _highest(scores, n)
            own = np.take_along_axis(scores, few, axis=1)
            order = np.argsort(-own, axis=1, kind="stable")
            items, own = np.take_along_axis(few, order, 1), np.take_along_axis(own, order, 1)
            yield np.where(np.isfinite(own), items, -1), own


def _highest(scores: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """Give the places of the ``n`` largest of each row, ascending; of equal ones the first.

    Partitioning alone takes any of equal ones, and not the same on every processor.
    """
    least = -np.partition(-scores, n - 1, axis=1)[:, n - 1 : n]
    above, equal = scores > least, scores == least
    room = n - above.sum(axis=1, keepdims=True)
    places = np.nonzero(above | (equal & (equal.cumsum(axis=1) <= room)))[1]
    return places.reshape(len(scores), n)
