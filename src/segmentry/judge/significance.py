"""Whether segments differ in a feature, asked of entities and features that did not make them.

What lives here: tests of features that segments are made of, without letting a feature make the
groups that it is then compared between. What does not: what segments are like (``explain``), and
what happened later (``pipeline.heldout``). Read on in ``docs/methods/significance.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.crew import Crew
from segmentry.domain.evidence import FeatureDifference, Significance
from segmentry.domain.partition import Fitter
from segmentry.domain.percent import percent
from segmentry.errors import MathsError
from segmentry.maths.effect import standardised_ranks
from segmentry.maths.multiplicity import benjamini_hochberg
from segmentry.maths.outcome import difference_p_value, eta_squared, eta_squared_interval
from segmentry.maths.quantization import near_labels, pulled_apart, spread_points
from segmentry.seeds import stream

ROWS = 3_000
"""Entities that are drawn at most: one half makes segments, the other one is compared."""

FEWEST_ROWS = 60
"""Below it nothing is tested."""

MOST_FEATURES = 60
"""Beyond so many nothing is tested: each feature takes a fit of its own."""

RATE = 0.05
"""False discovery rate up to which a feature is told to differ."""

POINTS = 4
"""Prototypes of a segment, by which the other half's entities are told theirs."""


def judge_significance(
    X: NDArray[np.float64],
    features: Sequence[str],
    fitter: Fitter,
    *,
    seed: int,
    crew: Crew,
    known: NDArray[np.bool_] | None = None,
) -> Significance | None:
    """Test, feature by feature, whether segments made without it differ in it.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
        The prepared matrix.
    features : sequence of str, of length n_columns
        The feature of each column; columns of one feature are left out together.
    fitter : Fitter
        The chosen method with its number of segments.
    seed : int
    crew : Crew
        Fits side by side; the result does not depend on their number.
    known : ndarray of bool, shape (n_rows,), or None
        Rows of which no value was filled in from other features: only these are asked, for a
        value made of others tells of them by construction.

    Returns
    -------
    Significance or None
        Largest share first; None where rows are too few, features fewer than two or too many, or
        no segments could be made without any of them.

    Raises
    ------
    MathsError
        If there is not a feature for each column.

    Notes
    -----
    Segments of a cloud without groups differ in the features that they were cut by, always: an
    ordinary test on them says nothing. Nor does one on entities that were held out, as long as
    their segments are told from the tested feature. Here one half of the entities is segmented
    without the feature, the other half is told its segments without it, and the ranks of the
    feature are compared there. Of a feature that has nothing to do with the others the p-value is
    uniform, whatever its distribution.

    References
    ----------
    Cox, D. R. (1975). A note on data-splitting for the evaluation of significance levels.
    Biometrika 62, 441-444. Gao, L. L., Bien, J. and Witten, D. (2024). Selective inference for
    hierarchical clustering. JASA 119, 332-342.
    """
    if len(features) != X.shape[1]:
        msg = f"{len(features)} features were named for {X.shape[1]} columns"
        raise MathsError(msg)
    names = tuple(dict.fromkeys(features))
    if not 2 <= len(names) <= MOST_FEATURES:
        return None
    askable = np.arange(len(X)) if known is None else np.flatnonzero(known)
    if len(askable) < FEWEST_ROWS:
        return None
    rows = stream(seed, "significance").permutation(askable)[:ROWS]
    halves = (X[rows[: len(rows) // 2]], X[rows[len(rows) // 2 :]])
    columns = np.array(features)

    def compare(name: str) -> FeatureDifference | None:
        return _compare(halves, name, columns == name, fitter, stream(seed, "significance", name))

    found = _with_rates([f for f in crew.map(compare, names) if f is not None])
    if not found:
        return None
    return Significance(len(halves[0]), len(halves[1]), found, _sentence(found, len(halves[1])))


def _compare(
    halves: tuple[NDArray[np.float64], NDArray[np.float64]],
    name: str,
    own: NDArray[np.bool_],
    fitter: Fitter,
    rng: Generator,
) -> FeatureDifference | None:
    """Compare a feature between segments made without it; None where there are no two."""
    made, asked = (np.ascontiguousarray(half[:, ~own]) for half in halves)
    segment = carried_over(made, asked, fitter(made, rng), rng)
    return None if segment is None else _difference(name, halves[1][:, own], segment)


def carried_over(
    made: NDArray[np.float64],
    asked: NDArray[np.float64],
    labels: NDArray[np.int64],
    rng: Generator,
) -> NDArray[np.int64] | None:
    """Tell rows the segments that other rows have made.

    Parameters
    ----------
    made : ndarray of shape (n_made, n_columns), finite
    asked : ndarray of shape (n_asked, n_columns), finite
    labels : ndarray of int, shape (n_made,)
        Of ``made``; noise, below 0, is of no segment.
    rng : Generator

    Returns
    -------
    ndarray of int, shape (n_asked,), or None
        One of the labels from 0 on, by the nearest of a few prototypes for each; None where there
        are no two.
    """
    made, labels = made[labels >= 0], labels[labels >= 0]
    present, codes = np.unique(labels, return_inverse=True)
    if len(present) < 2:
        return None
    placed = [spread_points(made[codes == s], POINTS, rng) for s in range(len(present))]
    groups = np.repeat(np.arange(len(present)), [len(p) for p in placed])
    points = pulled_apart(made, codes, np.concatenate(placed), groups)
    found: NDArray[np.int64] = present[near_labels(asked, points, groups)]
    return found


def _difference(
    name: str, values: NDArray[np.float64], segment: NDArray[np.int64]
) -> FeatureDifference:
    """Compare a feature's columns; of several the one that differs most, for so many tests."""
    n_groups, best = len(np.unique(segment)), (2.0, 0.0)
    for column in values.T:
        ranks = standardised_ranks(column)
        p_value = difference_p_value(ranks, segment, is_share=False)
        best = min(best, (p_value, -eta_squared(ranks, segment)))
    explained = -best[1]
    low, high = eta_squared_interval(explained, len(segment), n_groups)
    p_value = min(1.0, values.shape[1] * best[0])
    return FeatureDifference(name, explained, low, high, p_value, p_value)


def _with_rates(found: Sequence[FeatureDifference]) -> tuple[FeatureDifference, ...]:
    rates = benjamini_hochberg(np.array([f.p_value for f in found]))
    told = [
        FeatureDifference(f.feature, f.explained, f.low, f.high, f.p_value, float(rate))
        for f, rate in zip(found, rates, strict=True)
    ]
    return tuple(sorted(told, key=lambda f: (-f.explained, f.feature)))


def _sentence(found: tuple[FeatureDifference, ...], n_tested: int) -> str:
    told = [f for f in found if f.rate <= RATE]
    how = (
        "Segments made without a feature, of entities that did not make them "
        f"({n_tested:,}), differ in it"
    )
    if not told:
        return f"{how} for none of {len(found)} features as far as so many entities tell."
    first = told[0]
    return (
        f"{how} for {len(told)} of {len(found)} features (false discovery rate {percent(RATE)}); "
        f"most in {first.feature}, of whose ranks they explain {percent(first.explained)} "
        f"({percent(first.low)} to {percent(first.high)})."
    )
