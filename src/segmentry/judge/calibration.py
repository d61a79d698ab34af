"""How sure a membership is: the share of those as near that keep their segment in refits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.assigner import Assigner
from segmentry.judge.stability import Resamples
from segmentry.maths.calibration import fit_calibration
from segmentry.maths.matching import best_matching
from segmentry.maths.rounding import round_significant

NOISE = -1


def learn_confidence(
    assigner: Assigner, X: NDArray[np.float64], resamples: Resamples
) -> NDArray[np.float64]:
    """Learn from refits what nearness to a segment is worth.

    Parameters
    ----------
    assigner : Assigner
        Whose ``kept`` is not looked at.
    X : ndarray of shape (n_rows, n_columns)
        The rows that were drawn from.
    resamples : Resamples
        Refits of the method that made the assigner's segments.

    Returns
    -------
    ndarray of shape (2, n_knots)
        For ``Assigner.kept``. Nearness itself where there is one segment, or nothing was drawn.

    Notes
    -----
    The refit's clusters are given to segments one to one so that as many rows as can be stay where
    they are; an entity keeps its segment where its cluster is the one given to it. What a refit
    calls noise says nothing of a segment and is not counted.
    """
    segment, nearness = assigner.answer(X).segment, assigner.nearness(X)
    told = [
        (nearness[rows[clustered]], stays(segment[rows[clustered]], labels[clustered]))
        for rows, labels in zip(resamples.rows, resamples.labels, strict=True)
        if (clustered := labels != NOISE).any()
    ]
    if assigner.n_segments == 1 or not told:
        return assigner.kept
    scores, hits = (np.concatenate(parts) for parts in zip(*told, strict=True))
    return round_significant(fit_calibration(scores, hits))


def stays(segment: NDArray[np.int64], labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell who keeps their segment in another partition of the same rows.

    Parameters
    ----------
    segment, labels : ndarray of int, shape (n,), 0 or more

    Returns
    -------
    ndarray of bool, shape (n,)
        By the one-to-one matching of segments and labels in which most do.

    References
    ----------
    Kuhn, H. W. (1955). The Hungarian method for the assignment problem. Naval Research Logistics
    Quarterly 2, 83-97.
    """
    n_segments, n_labels = int(segment.max()) + 1, int(labels.max()) + 1
    # As many columns as rows at least: a segment may be matched with nothing.
    shared = np.zeros((n_segments, max(n_segments, n_labels)))
    np.add.at(shared, (segment, labels), 1.0)
    kept: NDArray[np.bool_] = best_matching(shared)[segment] == labels
    return kept
