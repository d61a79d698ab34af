"""Columns that repeat each other: one of them stays, so that a dimension is not counted twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.notes import Cluster, Member
from segmentry.domain.recipe import LeftOut
from segmentry.maths.ranks import average_ranks

TOO_ALIKE = 0.9
"""Rank correlation above which two columns are taken to say the same."""

SAMPLE_ROWS = 5_000
"""Rows used to measure rank correlations: their standard error is then below 0.015."""


def rank_correlations(X: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure Spearman's correlation between all columns, ties getting their mean rank.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite

    Returns
    -------
    ndarray of shape (n_columns, n_columns), in [-1, 1]

    References
    ----------
    Spearman, C. (1904). The proof and measurement of association between two things. American
    Journal of Psychology 15, 72-101.
    """
    ranks = average_ranks(X)
    ranks -= ranks.mean(axis=0)
    norms = np.sqrt((ranks**2).sum(axis=0))
    ranks /= np.where(norms > 0, norms, 1.0)
    result: NDArray[np.float64] = np.clip(ranks.T @ ranks, -1.0, 1.0)
    return result


def without_repeats(
    X: NDArray[np.float64], names: tuple[str, ...], *, limit: float = TOO_ALIKE
) -> tuple[tuple[int, ...], tuple[LeftOut, ...], tuple[Cluster, ...]]:
    """Keep the first of each set of columns that move together.

    Columns are visited in the order given, which is the order of importance: a column stays
    unless one that already stayed is rank-correlated with it beyond the limit.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    names : tuple of str
        Names of the columns, for the reasons.
    limit : float, default=0.9
        Largest absolute rank correlation allowed between two kept columns.

    Returns
    -------
    kept : tuple of int
        Positions that stay.
    left_out : tuple of LeftOut
        The others, each with the column that stands for it.
    clusters : tuple of Cluster
        The same by the columns that stay, for those that stand for others.
    """
    correlations = rank_correlations(X)
    kept: list[int] = []
    left_out: list[LeftOut] = []
    members: dict[int, list[Member]] = {}
    for j, name in enumerate(names):
        like = np.abs(correlations[j, kept])
        if not kept or like.max() <= limit:
            kept.append(j)
            continue
        i = kept[int(like.argmax())]
        reason = f"moves with {names[i]!r} (rank correlation {correlations[j, i]:.2f})"
        left_out.append(LeftOut(name, reason))
        members.setdefault(i, []).append(Member(name, round(float(correlations[j, i]), 4)))
    clusters = tuple(_cluster(names[i], tuple(own)) for i, own in sorted(members.items()))
    return tuple(kept), tuple(left_out), clusters


def _cluster(representative: str, members: tuple[Member, ...]) -> Cluster:
    others = "it" if len(members) == 1 else "them"
    least = min(abs(m.correlation) for m in members)
    reason = (
        f"{representative!r} comes first in the order of importance, in which columns are read, "
        f"and is correlated with {others} at {least:.2f} or more."
    )
    return Cluster(representative, members, reason)
