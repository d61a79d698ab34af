"""The costly criteria of a comparison, each a figure or the reason why there is none.

What lives here: which rows each of them is measured on, and what it cannot be asked of. What does
not: the formulas (``maths``), and which candidates are worth it (``pipeline.compare``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.bounded import Bounded
from segmentry.domain.partition import Candidate
from segmentry.errors import MathsError
from segmentry.judge.differing import OutcomeRows, difference
from segmentry.judge.discriminant import foretold_f1
from segmentry.judge.surrogate import Readable, grow_surrogate
from segmentry.maths.dbcv import density_validity
from segmentry.maths.gap import Labelled, gap_statistic
from segmentry.maths.intervals import normal_quantile, student_quantile
from segmentry.maths.knee import knee
from segmentry.maths.prediction_strength import prediction_strength
from segmentry.seeds import stream

GAP_ROWS, GAP_REFERENCES = 1_000, 10
"""The method is fitted to each reference anew, twice."""

HALVED_ROWS, SPLITS = 2_000, 5
"""Rows that are split into halves, so often."""

HALVES = 20
"""Halves of the rows over which DBCV is seen to vary."""

TOO_FEW = "too few entities, or one segment"

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
        By the names of ``contest.CRITERIA``; ends of 95 % intervals by these and ``_low`` or
        ``_high``.
    """
    labels, k, name = candidate.partition.labels, candidate.n_segments, candidate.name
    X, seed = bench.X, bench.seed
    f1 = foretold_f1(X, labels, rng=stream(seed, "compare", "discriminant"))
    tree = grow_surrogate(
        bench.readable, labels, range(k), rng=stream(seed, "compare", "surrogate")
    )
    return {
        **_gaps(X, k, labelled, seed, name),
        **_strength(X, k, labelled, seed, name),
        "knee": _bend(curve),
        **_density(X, labels, seed),
        **_bounded("macro_f1", TOO_FEW if f1 is None else f1),
        **_bounded(
            "tree_fidelity",
            TOO_FEW if tree is None else Bounded(tree.accuracy, tree.low, tree.high),
        ),
        **_bounded("outcome_explained", _outcome(candidate, bench)),
    }


def _bounded(name: str, value: Bounded | str) -> dict[str, Figure]:
    """Give a figure with the ends of its interval, or why there is none."""
    if isinstance(value, str):
        return {name: value}
    return {name: value.value, f"{name}_low": value.low, f"{name}_high": value.high}


def _outcome(candidate: Candidate, bench: Bench) -> Bounded | str:
    if bench.outcome is None:
        return bench.no_outcome
    found = difference(candidate.partition, bench.outcome)
    return Bounded(found.explained, found.low, found.high)


def _density(X: NDArray[np.float64], labels: NDArray[np.int64], seed: int) -> dict[str, Figure]:
    """Give DBCV; its interval only where every half of the rows can be measured."""
    rng = stream(seed, "compare", "dbcv")
    try:
        found = density_validity(X, labels, rng=rng, n_halves=HALVES)
    except MathsError as error:
        return {"dbcv": str(error)}
    if np.isnan(found.low):
        return {"dbcv": found.value}
    return _bounded("dbcv", Bounded(found.value, found.low, found.high))


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
    gap, half = float(found.gaps[0]), normal_quantile() * float(found.standard_errors[0])
    return {
        **_bounded("gap", Bounded(gap, gap - half, gap + half)),
        "gap_next": float(found.gaps[1] - found.standard_errors[1]),
    }


def _strength(
    X: NDArray[np.float64], k: int, labelled: Labelled | None, seed: int, name: str
) -> dict[str, Figure]:
    if labelled is None:
        return _bounded("prediction_strength", FREE)
    rows = _some(X, HALVED_ROWS, seed)
    rng = stream(seed, "compare", "prediction strength", name)
    try:
        found = prediction_strength(rows, (k,), rng=rng, labelled=labelled, n_splits=SPLITS)
    except MathsError as error:
        return _bounded("prediction_strength", str(error))
    value = float(found.strengths[0])
    half = float(student_quantile(np.array([SPLITS - 1.0]))[0] * found.standard_errors[0])
    told = Bounded(value, max(value - half, 0.0), min(value + half, 1.0))
    return _bounded("prediction_strength", told)


def _bend(curve: Mapping[int, float]) -> Figure:
    numbers = sorted(curve)
    if len(numbers) < 3:
        return f"a bend needs three numbers of segments, not {len(numbers)}"
    bend = knee(numbers, [curve[k] for k in numbers])
    return "the curve of scatter does not bend" if bend is None else float(bend)


def _some(X: NDArray[np.float64], most: int, seed: int) -> NDArray[np.float64]:
    """Draw the same rows for every candidate."""
    return X[np.sort(stream(seed, "compare", "rows", most).permutation(len(X))[:most])]
