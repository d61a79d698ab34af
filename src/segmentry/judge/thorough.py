"""The costly criteria of a comparison, each a figure or the reason why there is none.

What lives here: which rows each of them is measured on, and what it cannot be asked of. What does
not: the formulas (``maths``), and which candidates are worth it (``pipeline.compare``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.partition import Candidate
from segmentry.errors import MathsError
from segmentry.judge.differing import OutcomeRows, difference
from segmentry.judge.discriminant import foretold_f1
from segmentry.judge.surrogate import Readable, grow_surrogate
from segmentry.maths.dbcv import density_validity
from segmentry.maths.gap import Labelled, gap_statistic
from segmentry.maths.knee import knee
from segmentry.maths.prediction_strength import prediction_strength
from segmentry.seeds import stream

GAP_ROWS, GAP_REFERENCES = 1_000, 10
"""The method is fitted to each reference anew, twice."""

HALVED_ROWS = 2_000
"""Rows that are split into halves."""

FREE = "it finds its own number of segments, whatever is asked of references"

Figure = float | str
"""What was measured, or why nothing was."""


@dataclass(frozen=True, eq=False)
class Bench:
    """What candidates are measured on: searched rows, their features in words, an outcome."""

    X: NDArray[np.float64]
    readable: tuple[Readable, ...]
    outcome: OutcomeRows | None
    no_outcome: str
    """Why there is none."""
    seed: int


def measure_thoroughly(
    candidate: Candidate,
    bench: Bench,
    *,
    labelled: Labelled | None,
    curve: Mapping[int, float],
) -> dict[str, Figure]:
    """Measure a candidate by all costly criteria.

    Parameters
    ----------
    candidate : Candidate
        With its points in all columns of the matrix.
    bench : Bench
    labelled : callable or None
        The candidate's method on other rows; None for one that takes no number of segments.
    curve : mapping of int to float
        Scatter of the method's candidates by their number of segments.

    Returns
    -------
    dict
        By the names of ``contest.CRITERIA``.
    """
    labels, k, name = candidate.partition.labels, candidate.n_segments, candidate.name
    X, seed = bench.X, bench.seed
    f1 = foretold_f1(X, labels, rng=stream(seed, "compare", "discriminant"))
    tree = grow_surrogate(bench.readable, labels, k, rng=stream(seed, "compare", "surrogate"))
    return {
        **_gaps(X, k, labelled, seed, name),
        "prediction_strength": _tried(lambda: _strength(X, k, labelled, seed, name)),
        "knee": _bend(curve),
        "dbcv": _tried(
            lambda: density_validity(X, labels, rng=stream(seed, "compare", "dbcv")).value
        ),
        "macro_f1": "too few entities, or one segment" if f1 is None else f1,
        "tree_fidelity": "too few entities, or one segment" if tree is None else tree.accuracy,
        "outcome_explained": bench.no_outcome
        if bench.outcome is None
        else difference(candidate.partition, bench.outcome).explained,
    }


def _tried(measure: Callable[[], Figure]) -> Figure:
    try:
        return measure()
    except MathsError as error:
        return str(error)


def _gaps(
    X: NDArray[np.float64], k: int, labelled: Labelled | None, seed: int, name: str
) -> dict[str, Figure]:
    """Give the gap of a number of segments, and what that of one more leaves it to reach."""
    if labelled is None:
        return {"gap": FREE, "gap_next": FREE}
    rows = _some(X, GAP_ROWS, seed)
    rng = stream(seed, "compare", "gap", name)
    try:
        found = gap_statistic(
            rows, (k, k + 1), rng=rng, labelled=labelled, n_references=GAP_REFERENCES
        )
    except MathsError as error:
        return {"gap": str(error), "gap_next": str(error)}
    return {
        "gap": float(found.gaps[0]),
        "gap_next": float(found.gaps[1] - found.standard_errors[1]),
    }


def _strength(
    X: NDArray[np.float64], k: int, labelled: Labelled | None, seed: int, name: str
) -> Figure:
    if labelled is None:
        return FREE
    rows = _some(X, HALVED_ROWS, seed)
    rng = stream(seed, "compare", "prediction strength", name)
    return float(prediction_strength(rows, (k,), rng=rng, labelled=labelled).strengths[0])


def _bend(curve: Mapping[int, float]) -> Figure:
    numbers = sorted(curve)
    if len(numbers) < 3:
        return f"a bend needs three numbers of segments, not {len(numbers)}"
    bend = knee(numbers, [curve[k] for k in numbers])
    return "the curve of scatter does not bend" if bend is None else float(bend)


def _some(X: NDArray[np.float64], most: int, seed: int) -> NDArray[np.float64]:
    """Draw the same rows for every candidate."""
    return X[np.sort(stream(seed, "compare", "rows", most).permutation(len(X))[:most])]
