"""The segmentation that a project already has, held beside the one that was found.

What lives here: the comparison on features and outcomes. What does not: the column
(``existing_labels``), what may be compared on (``existing_outcomes``), the cross-table
(``judge.existing``) and the verdict (``judge.worth``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.evidence import Evidence
from segmentry.domain.existing import Existing, Unmeasured
from segmentry.domain.matrix import Matrix
from segmentry.domain.project import Project
from segmentry.errors import MathsError
from segmentry.judge.existing import compare_existing, folded
from segmentry.judge.worth import judge_worth, worth_sentence
from segmentry.maths.silhouette import mean_silhouette
from segmentry.pipeline.arrays import Segmented
from segmentry.pipeline.existing_labels import Labels, existing_column, labels_of
from segmentry.pipeline.existing_outcomes import Outcome, codes_of, gain_of, measured, outcomes_of
from segmentry.pipeline.find import Found
from segmentry.pipeline.ready import Ready
from segmentry.seeds import stream


def with_existing(
    evidence: Evidence, ready: Ready, project: Project, found: Found, audit: Audit
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
    column = existing_column(ready.table, project)
    if column is None:
        return evidence
    existing = labels_of(ready.table, column)
    segment = found.answers.segment
    told = beside_rows(
        existing,
        ready.prepared.matrix,
        segment,
        found.lineage.ids,
        column=column,
        outcomes=outcomes_of(ready, project, found.assigner, segment, existing),
        rng=stream(project.seed, "existing"),
        described=ready.prepared.features,
    )
    if told is None:
        sentence = (
            f"In {column} fewer than two groups have ten entities, so nothing could be compared "
            "with it."
        )
        audit.add(
            Finding("existing_too_small", sentence, "warning", column=column, done="not compared")
        )
        return evidence
    _tell_missing(told, column, len(segment), audit)
    return replace(evidence, existing=told)


def beside_given(labels: Labels | None, matrix: Matrix, result: Segmented, seed: int) -> Segmented:
    """Add the comparison with existing segments that were handed in, where there are any.

    Parameters
    ----------
    labels : tuple of str or None, of length n_rows, or None
        As ``given_labels`` read them.
    matrix : Matrix
    result : Segmented
    seed : int

    Returns
    -------
    Segmented

    Raises
    ------
    MathsError
        If fewer than two groups have ten rows.
    """
    if labels is None:
        return result
    found = beside_rows(
        labels,
        matrix,
        result.assigner.answer(matrix.X).segment,
        range(1, result.assigner.n_segments + 1),
        column="existing",
        rng=stream(seed, "existing"),
    )
    if found is None:
        msg = "fewer than two existing segments have ten rows, so there is nothing to compare with"
        raise MathsError(msg)
    return replace(result, evidence=replace(result.evidence, existing=found))


def beside_rows(
    existing: Sequence[str | None],
    matrix: Matrix,
    segment: NDArray[np.int64],
    segment_ids: Sequence[int],
    *,
    column: str,
    rng: Generator,
    described: Matrix | None = None,
    outcomes: Sequence[Outcome | Unmeasured] = (),
) -> Existing | None:
    """Hold segments beside existing ones of the same rows.

    Parameters
    ----------
    existing : sequence of str or None
        None where a row has none. Groups of fewer than ten rows are folded into one.
    matrix : Matrix
        What segments were found on.
    segment : ndarray of int, shape (n_rows,)
        Places in ``segment_ids``.
    segment_ids : sequence of int
    column : str
        What the existing segmentation is called.
    rng : Generator
        Draws rows for the silhouette of many.
    described : Matrix or None
        Columns by which parts are told apart; None takes the matrix.
    outcomes : sequence of Outcome
        What else both may explain, on rows of its own; or why nothing can be said of it.

    Returns
    -------
    Existing or None
        None where fewer than two groups have ten rows, after small ones were folded.
    """
    labels, n_folded = folded(existing)
    codes = codes_of(labels)
    if codes.max() < 1:
        return None
    known = codes >= 0
    X, ours, theirs = np.ascontiguousarray(matrix.X[known]), segment[known], codes[known]
    told = described or matrix
    crossing = compare_existing(labels, segment, segment_ids, values=told.X, names=told.names)
    features = gain_of("features", X, ours, theirs)
    gains, unmeasured = measured(outcomes)
    apart = mean_silhouette(X, theirs, rng=rng)
    own = mean_silhouette(X, ours, rng=rng) if np.ptp(ours) else None
    worth = judge_worth(crossing, features, gains)
    return Existing(
        column,
        crossing,
        apart.mean,
        apart.low,
        apart.high,
        None if own is None else own.mean,
        None if own is None else own.low,
        None if own is None else own.high,
        features,
        gains,
        unmeasured,
        n_folded,
        worth,
        worth_sentence(column, crossing, features, gains, worth, unmeasured),
    )


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
