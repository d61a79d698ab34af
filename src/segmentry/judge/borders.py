"""Whether borders between segments run through empty space: what neighbours say of a candidate.

What lives here: comparisons of candidates by their neighbours alone. What does not: the rule that
weighs these against silhouettes (``select``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from segmentry.domain.partition import Candidate

CLEAN_AGREEMENT = 0.99
"""Share of nearest neighbours in the same segment from which borders run through empty space."""

AS_CLEAN = 0.001
"""Borders are as clean where one neighbour in a thousand more lies across."""

HALF = 0.5
"""Of a border through empty space at most half as many neighbours lie across as of another: in
few dimensions any border meets few neighbours, and only a comparison tells an empty one."""

ONE_ROW = 0.00025
"""Neighbours across that a single row between two groups makes among thousands."""


def agreement(candidate: Candidate) -> float:
    """Give the share of nearest neighbours in the same segment; 0 where it is not known."""
    return candidate.scores.get("neighbour_agreement", 0.0)


def is_clean(candidate: Candidate) -> bool:
    """Tell whether the borders of a candidate run through empty space."""
    return agreement(candidate) >= CLEAN_AGREEMENT


def cuts_less(candidate: Candidate, other: Candidate) -> bool:
    """Tell whether borders are clean, and at most half as many neighbours lie across as of another.

    Parameters
    ----------
    candidate, other : Candidate

    Returns
    -------
    bool
    """
    across, theirs = 1.0 - agreement(candidate), 1.0 - agreement(other)
    return is_clean(candidate) and across + ONE_ROW <= HALF * theirs


def spaced(passed: Sequence[Candidate], chosen: Candidate) -> list[Candidate]:
    """Give the candidates that empty space speaks for, whatever their shape, finest first.

    Parameters
    ----------
    passed : sequence of Candidate
        Those without fault, among them the roundest of each number of segments.
    chosen : Candidate
        The choice so far.

    Returns
    -------
    list of Candidate
        Each cuts less than the roundest with as many segments and less than the choice, and no
        other of them cuts less than it. Beside a clean choice coarser ones are no news: fewer
        borders meet fewer neighbours.
    """
    fewest = chosen.n_segments if is_clean(chosen) else 0
    freer = [
        c
        for c in passed
        if c.n_segments >= fewest
        and cuts_less(c, chosen)
        and cuts_less(c, _roundest(passed, c.n_segments))
    ]
    cleanest = [c for c in freer if not any(cuts_less(o, c) for o in freer)]
    return sorted(cleanest, key=lambda c: -c.n_segments)


def _roundest(candidates: Iterable[Candidate], n_segments: int) -> Candidate:
    same = [c for c in candidates if c.n_segments == n_segments]
    return max(same, key=lambda c: c.scores["silhouette"])
