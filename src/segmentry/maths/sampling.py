"""Rows that stand for all rows of a partition: drawn by cluster, or by place in the cluster too.

What lives here: which rows are drawn, and how they are dealt into groups that are left out in turn.
What does not: what is measured on them (``maths.silhouette``).
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.maths.indices import cluster_means

LEAST_OF_CLUSTER = 30
"""Rows of each cluster that a sample keeps, or all."""

BLOCK_ROWS = 8_192
"""Rows whose distances to the centres stay in a core's cache."""


def stratified(
    codes: NDArray[np.int64], n_codes: int, n_rows: int, rng: Generator
) -> NDArray[np.int64]:
    """Choose rows in proportion to the clusters.

    Parameters
    ----------
    codes : ndarray of int, shape (n_rows,)
        0 .. n_codes - 1.
    n_codes : int
    n_rows : int
        Rows wanted; all are taken where there are no more.
    rng : Generator

    Returns
    -------
    ndarray of int, shape (n_chosen,)
        Ascending.
    """
    if len(codes) <= n_rows:
        return np.arange(len(codes))
    chosen = []
    for code in range(n_codes):
        members = np.flatnonzero(codes == code)
        wanted = max(LEAST_OF_CLUSTER, round(n_rows * len(members) / len(codes)))
        chosen.append(rng.permutation(members)[:wanted])
    return np.sort(np.concatenate(chosen))


def dealt(
    codes: NDArray[np.int64], n_codes: int, n_groups: int, rng: Generator
) -> NDArray[np.int64]:
    """Deal the rows of every cluster over the groups like cards, in random order.

    Parameters
    ----------
    codes : ndarray of int, shape (n_rows,)
    n_codes, n_groups : int
    rng : Generator

    Returns
    -------
    ndarray of int, shape (n_rows,)
        0 .. n_groups - 1.
    """
    groups = np.empty(len(codes), dtype=np.int64)
    before = 0
    for code in range(n_codes):
        members = rng.permutation(np.flatnonzero(codes == code))
        groups[members] = (before + np.arange(len(members))) % n_groups
        before += len(members)
    return groups


def depths(X: NDArray[np.floating], codes: NDArray[np.int64], n_codes: int) -> NDArray[np.float32]:
    """Say how deep rows lie in their cluster, by distances to centres: only to sort rows by.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    codes : ndarray of int, shape (n_rows,)
    n_codes : int
        At least 2.

    Returns
    -------
    ndarray of shape (n_rows,)
        In [-1, 1].
    """
    centres = cluster_means(X, codes, n_codes)
    origin = centres.mean(axis=0)
    towards = centres - origin
    result = np.empty(len(X), dtype=np.float32)
    for start in range(0, len(X), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        rows = np.ascontiguousarray((X[block] - origin.astype(X.dtype)).T)
        gaps = (-2.0 * towards).astype(X.dtype) @ rows
        gaps += (towards**2).sum(axis=1).astype(X.dtype)[:, None]
        gaps += np.einsum("ij,ij->j", rows, rows)
        own, places = codes[block], np.arange(rows.shape[1])
        inner = np.sqrt(np.maximum(gaps[own, places], 0.0))
        gaps[own, places] = np.inf
        outer = np.sqrt(np.maximum(gaps.min(axis=0), 0.0))
        result[block] = (outer - inner) / np.maximum(np.maximum(outer, inner), 1e-30)
    return result


def systematic(
    codes: NDArray[np.int64],
    places: NDArray[np.float32],
    *,
    n_codes: int,
    n_rows: int,
    n_groups: int,
    rng: Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Choose rows of each cluster at equal steps along their places, and deal them into groups.

    Rows that lie alike are drawn in equal proportion, so that a mean of what follows from their
    place varies far less than under a draw by chance; each group is such a sample again.

    Parameters
    ----------
    codes : ndarray of int, shape (n_rows,)
    places : ndarray of shape (n_rows,)
        What rows of a cluster are sorted by.
    n_codes, n_rows, n_groups : int
    rng : Generator
        Draws where the steps begin and which of neighbouring rows goes into which group.

    Returns
    -------
    rows : ndarray of int, shape (n_chosen,)
        Cluster by cluster.
    groups : ndarray of int, shape (n_chosen,)

    References
    ----------
    Cochran, W. G. (1977). Sampling techniques, 3rd ed. Wiley, chapter 8.
    """
    rows, groups, before = [], [], 0
    for code in range(n_codes):
        members = np.flatnonzero(codes == code)
        members = members[np.argsort(places[members], kind="stable")]
        wanted = max(LEAST_OF_CLUSTER, round(n_rows * len(members) / len(codes)))
        if wanted < len(members):
            steps = (np.arange(wanted) + rng.random()) * (len(members) / wanted)
            members = members[steps.astype(np.int64)]
        hands = -(-len(members) // n_groups) + 1
        deck = rng.permuted(np.tile(np.arange(n_groups), (hands, 1)), axis=1).ravel()
        rows.append(members)
        groups.append((deck[: len(members)] + before) % n_groups)
        before += len(members)
    return np.concatenate(rows), np.concatenate(groups)
