"""Rows of numbers to segments, however few rows there are: finding without a project around it.

What lives here: how many segments rows allow, and what is said where there is nothing to search.
What does not: searching and judging (``find``). Projects refuse data that is too small to carry a
decision; an estimator has to answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.cluster.compress import compress
from segmentry.domain.assigner import Assigner
from segmentry.domain.audit import Audit
from segmentry.domain.evidence import Evidence
from segmentry.domain.matrix import Matrix
from segmentry.domain.partition import Candidate, Partition
from segmentry.domain.progress import Silent
from segmentry.domain.project import SegmentChoice
from segmentry.domain.table import FeatureTable
from segmentry.errors import FitError
from segmentry.judge.demands import DemandsOn
from segmentry.judge.structure import judge_structure
from segmentry.pipeline.find import find
from segmentry.seeds import stream

FEW_ROWS = 1_000
"""Rows among which distinct ones are counted first: nearly always there are enough."""


@dataclass(frozen=True)
class Segmented:
    """What is kept of finding: who answers, how good it is, what else was compared."""

    assigner: Assigner
    evidence: Evidence
    candidates: tuple[Candidate, ...]
    silhouettes: NDArray[np.float64]
    """Mean silhouette of each segment."""
    rationale: tuple[str, ...]
    """Why these segments, in sentences."""


def segment_rows(
    matrix: Matrix,
    choice: SegmentChoice,
    *,
    n_segments: int | None,
    seed: int,
    audit: Audit,
    table: FeatureTable | None = None,
    threads: int | None = None,
    demands: DemandsOn | None = None,
) -> Segmented:
    """Find segments among rows.

    Parameters
    ----------
    matrix : Matrix
        At least two rows.
    choice : SegmentChoice
        The band shrinks to what the rows allow (``allowed_band``).
    n_segments : int or None
        Exactly so many; None chooses inside the band.
    seed : int
    audit : Audit
    table : FeatureTable or None
        The unscaled features, where the matrix was prepared.
    threads : int or None
    demands : callable or None
        What is asked of segments beyond their number and smallest share.

    Returns
    -------
    Segmented

    Raises
    ------
    FitError
        E4002 if there are fewer distinct rows than segments asked for.
    """
    n = len(matrix.X)
    if n_segments is None:
        band = allowed_band(matrix.shaping, choice)
        why = f"The {n} rows allow one segment only: they are too few, or all identical."
    else:
        _check_distinct(matrix.shaping, n_segments)
        if n_segments == len(matrix.counting) < n:
            msg = f"n_segments={n_segments}, but only {n_segments} of {n} rows have some weight"
            raise FitError(msg, code="E4002", hint="give more rows a weight, or ask for fewer")
        band = range(n_segments, n_segments + 1)
        why = "One segment was asked for."
    if band.start == 1:
        everyone = np.zeros(n, dtype=np.int64)
        return _unsearched(matrix, everyone, matrix.X.mean(axis=0, keepdims=True), why, seed)
    if band.start == n == len(matrix.counting):
        why = "Every row is a segment of its own, so nothing can be judged."
        return _unsearched(matrix, np.arange(n), matrix.X, why, seed)
    found = find(
        matrix,
        choice,
        seed=seed,
        band=band,
        audit=audit,
        steps=Silent(),
        table=table,
        threads=threads,
        demands=demands,
    )
    return Segmented(
        found.assigner,
        found.evidence,
        found.selection.candidates,
        found.silhouette.by_cluster,
        found.rationale,
    )


def allowed_band(X: NDArray[np.float64], choice: SegmentChoice) -> range:
    """Shrink a band to what the rows allow.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    choice : SegmentChoice

    Returns
    -------
    range
        Up to the square root of half the rows and the number of distinct ones; 1 alone where not
        even two segments are possible.

    References
    ----------
    Mardia, K. V., Kent, J. T. and Bibby, J. M. (1979). Multivariate Analysis, section 13.1.
    """
    n = len(X)
    top = min(choice.maximum, max(2, int(np.sqrt(n / 2))), n - 1)
    top = min(top, n_distinct(X, enough=top))
    return range(min(choice.minimum, top), top + 1) if top > 1 else range(1, 2)


def n_distinct(X: NDArray[np.float64], *, enough: int) -> int:
    """Count distinct rows, or at least see that there are enough."""
    few = len(np.unique(X[:FEW_ROWS], axis=0))
    return few if few >= enough or len(X) <= FEW_ROWS else len(np.unique(X, axis=0))


def searchable_band(X: NDArray[np.float64], choice: SegmentChoice, n_segments: int | None) -> range:
    """Give the numbers of segments that can be searched among rows.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
    choice : SegmentChoice
    n_segments : int or None
        Exactly so many; None is the band that the rows allow.

    Returns
    -------
    range

    Raises
    ------
    FitError
        E4002 if there are fewer distinct rows, or as many segments as rows, or one alone.
    """
    band = allowed_band(X, choice) if n_segments is None else range(n_segments, n_segments + 1)
    _check_distinct(X, band.start)
    if not 1 < band.start < len(X):
        msg = f"{len(X)} rows in {band.start} segments leave nothing to compare"
        raise FitError(msg, code="E4002", hint="give more rows, or ask for two segments or more")
    return band


def _check_distinct(X: NDArray[np.float64], n_segments: int) -> None:
    there = n_distinct(X, enough=n_segments)
    if there < n_segments:
        msg = f"n_segments={n_segments}, but n_samples={len(X)} rows hold only {there} distinct"
        raise FitError(msg, code="E4002", hint="ask for fewer segments")


def _unsearched(
    matrix: Matrix,
    labels: NDArray[np.int64],
    centres: NDArray[np.float64],
    why: str,
    seed: int,
) -> Segmented:
    """Take the only partition there is, and still say whether there are groups."""
    assigner = compress(Partition(labels, centres, "none"), matrix.X, matrix.weights)
    structure = judge_structure(
        matrix.X, rng=stream(seed, "structure"), progress=Silent(), names=matrix.names
    )
    evidence = Evidence(structure, (), (why,))
    return Segmented(assigner, evidence, (), np.zeros(assigner.n_segments), (why,))
