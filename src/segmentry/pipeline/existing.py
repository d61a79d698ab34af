"""The segmentation that a project already has, held beside the one that was found.

What lives here: gathering features and outcomes on which both are compared. What does not: the
column (``existing_labels``), the comparison (``judge.existing``) and the verdict (``judge.worth``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.assigner import Assigner
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.evidence import Evidence
from segmentry.domain.existing import Existing, Gain
from segmentry.domain.matrix import Matrix
from segmentry.domain.project import Project
from segmentry.domain.role import Role
from segmentry.errors import MathsError
from segmentry.explain.outcome import outcome_values
from segmentry.judge.existing import compare_existing, folded
from segmentry.judge.worth import judge_worth, worth_sentence
from segmentry.maths.gain import explained_gain
from segmentry.maths.silhouette import mean_silhouette
from segmentry.pipeline.arrays import Segmented
from segmentry.pipeline.existing_labels import existing_column, labels_of
from segmentry.pipeline.find import Found
from segmentry.pipeline.ready import Ready
from segmentry.seeds import stream

Outcome = tuple[str, NDArray[np.float64], NDArray[np.int64], Sequence[str | None]]
"""Name, values of shape (n_rows, n_levels), our segments, existing segments."""


def with_existing(
    evidence: Evidence,
    ready: Ready,
    project: Project,
    found: Found,
    audit: Audit,
) -> Evidence:
    """Add the comparison with the segmentation that a project names, where it names one.

    Parameters
    ----------
    evidence : Evidence
    ready : Ready
    project : Project
    found : Found
    audit : Audit
        Is told who has no existing segment.

    Returns
    -------
    Evidence
    """
    name = project.segments.existing
    column = None if name is None else existing_column(ready.table, name)
    if name is None or column is None:
        return evidence
    existing = labels_of(ready.table, column)
    called = {o.column: o.name for o in project.outcomes}
    assigner, segment = found.assigner, found.answers.segment
    outcomes = [
        *_followed(ready, assigner, name),
        *((called.get(c, c), v, segment, existing) for c, v in _columns(ready)),
    ]
    told = beside_rows(
        existing,
        ready.prepared.matrix,
        segment,
        assigner.n_segments,
        column=name,
        outcomes=outcomes,
        rng=stream(project.seed, "existing"),
        described=ready.prepared.features,
    )
    if told is None:
        sentence = f"In {column} no group has ten entities, so nothing could be compared with it."
        audit.add(
            Finding("existing_too_small", sentence, "warning", column=column, done="not compared")
        )
        return evidence
    _tell_missing(told, column, len(segment), audit)
    return replace(evidence, existing=told)


def beside_given(existing: Any, matrix: Matrix, result: Segmented, seed: int) -> Segmented:
    """Add the comparison with existing segments that were handed in, where there are any.

    Parameters
    ----------
    existing : array-like of shape (n_rows,) or None
        Texts, numbers or what else can be written; None, NaN and NaT are missing.
    matrix : Matrix
    result : Segmented
    seed : int

    Returns
    -------
    Segmented

    Raises
    ------
    MathsError
        If there is not one for each row, or no group has ten rows.
    """
    if existing is None:
        return result
    given = np.asarray(existing, dtype=object)
    if given.shape != (len(matrix.X),):
        msg = f"existing has shape {given.shape}, but there are {len(matrix.X)} rows"
        raise MathsError(msg)
    # What is missing, such as NaN, does not equal itself; pandas' NA has no truth.
    labels = [None if e is None or str(e) == "<NA>" or e != e else str(e) for e in given]  # noqa: PLR0124
    segment = result.assigner.answer(matrix.X).segment
    found = beside_rows(
        labels,
        matrix,
        segment,
        result.assigner.n_segments,
        column="existing",
        rng=stream(seed, "existing"),
    )
    if found is None:
        msg = "no existing segment has ten rows, so that there is nothing to compare with"
        raise MathsError(msg)
    return replace(result, evidence=replace(result.evidence, existing=found))


def beside_rows(
    existing: Sequence[str | None],
    matrix: Matrix,
    segment: NDArray[np.int64],
    n_segments: int,
    *,
    column: str,
    rng: Generator,
    described: Matrix | None = None,
    outcomes: Sequence[Outcome] = (),
) -> Existing | None:
    """Hold segments beside existing ones of the same rows.

    Parameters
    ----------
    existing : sequence of str or None
        None where a row has none. Groups of fewer than ten rows are folded into one.
    matrix : Matrix
        What segments were found on.
    segment : ndarray of int, shape (n_rows,)
    n_segments : int
    column : str
        What the existing segmentation is called.
    rng : Generator
        Draws rows for the silhouette of many.
    described : Matrix or None
        Columns by which parts are told apart; None takes the matrix.
    outcomes : sequence of Outcome
        What else both may explain, on rows of its own.

    Returns
    -------
    Existing or None
        None where no existing segment has ten rows.
    """
    labels, n_folded = folded(existing)
    codes = _codes(labels)
    known = codes >= 0
    if not known.any():
        return None
    X, ours, theirs = np.ascontiguousarray(matrix.X[known]), segment[known], codes[known]
    told = described or matrix
    crossing = compare_existing(labels, segment, n_segments, values=told.X, names=told.names)
    features = _gain("features", X, ours, theirs)
    gains = tuple(found for o in outcomes if (found := _outcome_gain(*o)) is not None)
    apart = mean_silhouette(X, theirs, rng=rng) if theirs.any() else None
    worth = judge_worth(crossing, features, gains)
    return Existing(
        column,
        crossing,
        None if apart is None else apart.mean,
        None if apart is None else apart.low,
        None if apart is None else apart.high,
        features,
        gains,
        n_folded,
        worth,
        worth_sentence(column, crossing, features, gains, worth),
    )


def _outcome_gain(
    name: str,
    values: NDArray[np.float64],
    ours: NDArray[np.int64],
    existing: Sequence[str | None],
) -> Gain | None:
    """Compare on the rows where everything is known; nothing where the outcome is the same."""
    theirs = _codes(existing)
    known = ~np.isnan(values).any(axis=1) & (theirs >= 0)
    if not known.any() or not np.ptp(values[known], axis=0).any():
        return None
    return _gain(name, values[known], ours[known], theirs[known])


def _gain(
    name: str, X: NDArray[np.float64], ours: NDArray[np.int64], theirs: NDArray[np.int64]
) -> Gain:
    found = explained_gain(X, ours, theirs)
    return Gain(name, found.first, found.second, found.gain, found.low, found.high)


def _codes(labels: Sequence[str | None]) -> NDArray[np.int64]:
    """Give each label a number in the order of their names; -1 where there is none."""
    places = {name: i for i, name in enumerate(sorted({e for e in labels if e is not None}))}
    return np.array([-1 if e is None else places[e] for e in labels], dtype=np.int64)


def _followed(ready: Ready, assigner: Assigner, name: str) -> Iterator[Outcome]:
    """Give what followed the judging cut, by segments of the features before it."""
    judging = ready.unseen
    column = None if judging is None else existing_column(judging.table, name)
    if judging is None or column is None:
        return
    segment = assigner.answer(ready.prepared.recipe.apply(judging.table).X).segment
    existing = labels_of(judging.table, column)
    for followed in judging.followed:
        yield followed.name, followed.values[:, None], segment, existing


def _columns(ready: Ready) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Give outcomes that are columns, unknown for those whose own have weighed features."""
    learned = ready.prepared.learned if ready.prepared.guidance is not None else None
    for column in ready.table.with_role(Role.OUTCOME):
        told = outcome_values(ready.table, column)
        if told:
            values = np.column_stack([values for _, values in told])
            yield column.name, values if learned is None else _hidden(values, learned)


def _hidden(values: NDArray[np.float64], rows: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(rows[:, None], np.nan, values)


def _tell_missing(found: Existing, column: str, n_entities: int, audit: Audit) -> None:
    missing = found.crossing.n_without
    if missing:
        audit.add(
            Finding(
                "no_existing_segment",
                f"{missing:,} of {n_entities:,} entities have no existing segment in {column}, or "
                "one that is too small to be told.",
                column=column,
                count=missing,
                total=n_entities,
                done="left out of the comparison with it",
            )
        )
