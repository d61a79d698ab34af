"""Whether membership can be predicted: segments that no classifier can tell apart are none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.bounded import Bounded
from segmentry.domain.evidence import Discriminant
from segmentry.domain.percent import percent
from segmentry.maths.discriminant import fit_discriminant
from segmentry.maths.intervals import wilson_interval

ROWS = 3_000
FOLDS = 5
FEWEST_ROWS = 30

DRAWS = 1_000
"""Cross-tables that are drawn again for an interval."""


def judge_discriminant(
    X: NDArray[np.float64],
    segment: NDArray[np.int64],
    segment_ids: Sequence[int],
    *,
    rng: Generator,
) -> Discriminant | None:
    """Predict the segment of entities from the others, fold by fold.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
        The prepared matrix.
    segment : ndarray of int, shape (n_rows,)
        Places in ``segment_ids``.
    segment_ids : sequence of int
    rng : Generator
        Chooses rows and deals them into folds.

    Returns
    -------
    Discriminant or None
        None where there are too few rows, or a single segment.

    References
    ----------
    Fisher, R. A. (1936). The use of multiple measurements in taxonomic problems. Annals of
    Eugenics 7, 179-188.
    """
    foretold = _foretold(X, segment, rng)
    if foretold is None:
        return None
    truth, told = foretold
    n_rows, hits = len(truth), int((told == truth).sum())
    low, high = wilson_interval(hits, n_rows)
    pair, pair_accuracy = _worst_pair(truth, told, segment_ids)
    chance = float(np.bincount(truth).max() / n_rows)
    accuracy = hits / n_rows
    return Discriminant(
        accuracy,
        low,
        high,
        chance,
        n_rows,
        pair,
        pair_accuracy,
        f"Membership can be predicted from the prepared features for {percent(accuracy)} "
        f"({percent(low)} to {percent(high)}) of entities, by classifiers that had not seen them; "
        f"always guessing the largest segment is right for {percent(chance)}. Hardest to tell "
        f"apart are segments {pair[0]} and {pair[1]}: of their entities that are put into either, "
        f"{percent(pair_accuracy)} are put into the right one.",
    )


def foretold_f1(
    X: NDArray[np.float64], segment: NDArray[np.int64], *, rng: Generator
) -> Bounded | None:
    """Measure how well segments are foretold, each of them counting alike.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns)
        The prepared matrix.
    segment : ndarray of int, shape (n_rows,)
    rng : Generator
        Chooses rows, deals them into folds, and draws those that were foretold again.

    Returns
    -------
    Bounded or None
        The mean over segments of the harmonic mean of precision and recall (macro F1), with its
        95 % interval over rows: classifiers are not learned again. None where there are too few
        rows, or a single segment.

    References
    ----------
    Efron, B. and Tibshirani, R. (1993). An introduction to the bootstrap, chapter 13.
    """
    foretold = _foretold(X, segment, rng)
    if foretold is None:
        return None
    truth, told = foretold
    present, truth = np.unique(truth, return_inverse=True)
    k = len(present)
    counts = np.bincount(truth * k + np.searchsorted(present, told), minlength=k * k)
    # Rows drawn again are cells of the cross-table drawn again.
    again = rng.multinomial(len(truth), counts / len(truth), size=DRAWS)
    low, high = np.quantile(_macro_f1(again.reshape(-1, k, k)), [0.025, 0.975])
    return Bounded(float(_macro_f1(counts.reshape(1, k, k))[0]), float(low), float(high))


def _macro_f1(tables: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give macro F1 of cross-tables of the shape (n_tables, k, k); a segment without rows is 0."""
    hits = np.diagonal(tables, axis1=1, axis2=2)
    rows = tables.sum(axis=1) + tables.sum(axis=2)
    found: NDArray[np.float64] = (2.0 * hits / np.maximum(rows, 1)).mean(axis=1)
    return found


def _foretold(
    X: NDArray[np.float64], segment: NDArray[np.int64], rng: Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Give the segments of some rows, and what classifiers that had not seen them say."""
    rows = rng.permutation(len(X))[:ROWS]
    X, truth = X[rows], segment[rows]
    if len(rows) < FEWEST_ROWS or len(np.unique(truth)) < 2:
        return None
    # Rows are in random order, so every fifth one is a fold by chance.
    folds = np.arange(len(rows)) % FOLDS
    told = np.empty(len(rows), dtype=np.int64)
    for fold in range(FOLDS):
        own = folds == fold
        told[own] = fit_discriminant(X[~own], truth[~own]).labels(X[own])
    return truth, told


def _worst_pair(
    truth: NDArray[np.int64], told: NDArray[np.int64], ids: Sequence[int]
) -> tuple[tuple[int, int], float]:
    n_segments = len(ids)
    table = np.bincount(truth * n_segments + told, minlength=n_segments**2)
    counts = table.reshape(n_segments, n_segments).astype(np.float64)
    worst, pair = np.inf, (ids[0], ids[1])
    for a in range(n_segments):
        for b in range(a + 1, n_segments):
            both = counts[np.ix_([a, b], [a, b])]
            if both.sum() and np.trace(both) / both.sum() < worst:
                worst, pair = float(np.trace(both) / both.sum()), (ids[a], ids[b])
    return pair, worst if np.isfinite(worst) else 0.0
