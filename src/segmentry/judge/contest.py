"""Which criteria may be held against each other across methods, and who is on the front by them.

What lives here: the criteria of a comparison with what each of them is good for, and the front.
What does not: measuring them (``criteria``, ``thorough``), and choosing (``select``). Read on in
``docs/methods/comparison.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.comparison import Compared
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.maths.pareto import pareto_front


@dataclass(frozen=True)
class Criterion:
    """A figure of the table: what it says, which side is better, and where it may be compared.

    ``better`` is 1 where more is better, -1 where less is, 0 where it only informs. One that is
    ``is_fair`` says the same of every method, so that the front may rest on it; then figures are
    compared in ``step``: what differs by less is no merit.
    """

    name: str
    heading: str
    sentence: str
    better: int
    is_fair: bool = False
    digits: int = 2
    is_costly: bool = False
    step: float = 0.01


CRITERIA: tuple[Criterion, ...] = (
    Criterion("silhouette", "silhouette", "how much nearer entities lie to their own segment than "
              "to the next one, with its 95 % interval", 1, is_fair=True),
    Criterion("davies_bouldin", "DB", "Davies-Bouldin: spread of segments over the gaps between "
              "them", -1, is_fair=True, step=0.05),
    Criterion("calinski_harabasz", "CH", "Calinski-Harabasz; for one number of segments it ranks "
              "as the inertia does", 1, digits=0),
    Criterion("inertia", "inertia", "scatter within segments: what k-means makes small, and less "
              "with every further segment", -1, digits=0),
    Criterion("seed_ari", "seeds", "agreement of fits from other seeds", 1),
    Criterion("smallest_share", "smallest", "share of entities in the smallest segment", 0,
              digits=3),
    Criterion("noise_share", "noise", "share of entities that the method itself puts nowhere", 0),
    Criterion("neighbour_agreement", "neighbours", "share of an entity's ten nearest that lie in "
              "its own segment", 1, is_fair=True),
    Criterion("fidelity", "fidelity", "share of the method's labels that prototypes keep", 1,
              digits=3),
    Criterion("jaccard_min", "comes back", "mean Jaccard index of the weakest segment when "
              "entities are drawn again", 1, is_fair=True, step=0.05),
    Criterion("seconds", "seconds", "of the method's search over all its numbers", 0, digits=1),
    Criterion("gap", "gap", "gap statistic: how much tighter than rows without groups, by the same "
              "method", 1, is_costly=True),
    Criterion("gap_next", "gap k+1", "the gap of one segment more, less its standard error: a gap "
              "at or above it is enough", 0, is_costly=True),
    Criterion("prediction_strength", "predicted", "prediction strength: pairs of one half that the "
              "other half keeps together, in the worst segment", 1, is_costly=True),
    Criterion("knee", "knee", "number of segments at which the method's curve of scatter bends", 0,
              digits=0, is_costly=True),
    Criterion("dbcv", "DBCV", "how sparse segments are inside beside the space between them", 1,
              is_fair=True, is_costly=True),
    Criterion("macro_f1", "macro F1", "how well a classifier foretells the segment of entities "
              "that it has not seen, each segment counting alike", 1, is_fair=True,
              is_costly=True),
    Criterion("tree_fidelity", "tree", "share of unseen entities that a tree of at most four "
              "questions puts into their segment", 1, is_fair=True, is_costly=True),
    Criterion("outcome_explained", "outcome", "share of the variance of an outcome that is no "
              "feature, on entities apart from the search where there are any, that lies between "
              "segments, less what as many explain by chance", 1, is_fair=True, is_costly=True),
)  # fmt: skip
"""Everything that a comparison measures, in the order of its table."""


def on_front(
    rows: Sequence[Compared], passing: Sequence[bool]
) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """Find the rows that no other one beats in all that may be compared.

    Parameters
    ----------
    rows : sequence of Compared
    passing : sequence of bool
        Whether a row meets the conditions of the rule: one giant segment beside crumbs would
        otherwise beat them all. Where none does, all take part.

    Returns
    -------
    front_by : tuple of str
        The criteria it rests on: those that are fair and known of every row that takes part.
    front : tuple of bool
        For each row.
    """
    places = [i for i, ok in enumerate(passing) if ok] or list(range(len(rows)))
    own = [rows[i] for i in places]
    criteria = [c for c in CRITERIA if c.is_fair and all(c.name in r.figures for r in own)]
    figures = np.array([[_rounded(r.figures[c.name], c) for c in criteria] for r in own])
    front = np.zeros(len(rows), dtype=bool)
    if places:
        front[places] = pareto_front(figures.reshape(len(own), len(criteria)))
    return tuple(c.name for c in criteria), tuple(bool(f) for f in front)


def _rounded(value: float, criterion: Criterion) -> float:
    return criterion.better * round(value / criterion.step)


def agreement_between(labellings: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
    """Measure how far each of several partitions of the same rows agrees with each other one.

    Parameters
    ----------
    labellings : sequence of ndarray of int, shape (n_rows,)

    Returns
    -------
    ndarray of shape (n_partitions, n_partitions)
        Adjusted Rand indices; symmetric, with ones along the diagonal.
    """
    found = np.eye(len(labellings))
    for i, one in enumerate(labellings):
        for j in range(i):
            found[i, j] = found[j, i] = adjusted_rand_index(one, labellings[j])
    return found
