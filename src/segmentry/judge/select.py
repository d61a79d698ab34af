"""The documented rule that chooses among candidates; every rejection keeps its reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.partition import Candidate, Selection

STABLE_ARI = 0.8
"""Agreement between seeds below which a candidate is a matter of luck."""

RULE = (
    "Of the candidates whose smallest segment is large enough and that other seeds find again "
    f"(agreement of at least {STABLE_ARI:.2f}), the one with the highest silhouette is chosen; "
    "among those whose silhouette lies inside its interval, the one with the fewest segments. "
    "Where no candidate passes, the steadiest of those with large enough segments is taken, and "
    "failing that the one whose smallest segment is largest; the run says so."
)


def select(
    candidates: tuple[Candidate, ...], rows: NDArray[np.int64], *, min_share: float
) -> Selection:
    """Choose a candidate by ``RULE``.

    Parameters
    ----------
    candidates : tuple of Candidate
        At least one, measured on the same rows.
    rows : ndarray of shape (n_rows,)
        The rows of the matrix that were searched.
    min_share : float
        Smallest share that a segment may have.

    Returns
    -------
    Selection
        With a reason on every candidate.
    """
    faults = {id(c): _faults(c, min_share) for c in candidates}
    eligible = [c for c in candidates if not faults[id(c)]]
    relaxed = ""
    if not eligible:
        eligible, relaxed = _least_faulty(candidates, min_share)
    best = max(eligible, key=lambda c: c.scores["silhouette"])
    equal = [c for c in eligible if c.scores["silhouette"] >= best.scores["silhouette_low"]]
    chosen = min(equal, key=lambda c: c.n_segments)
    passed = f"{len(eligible)} of {len(candidates)}"
    reason = _why_chosen(chosen, best, passed, relaxed)
    judged = tuple(
        replace(c, kept=c is chosen, reason=reason if c is chosen else _why_not(c, chosen, faults))
        for c in candidates
    )
    kept = next(c for c in judged if c.kept)
    return Selection(kept, judged, reason, rows)


def _faults(candidate: Candidate, min_share: float) -> list[str]:
    faults = []
    scores = candidate.scores
    if scores["smallest_share"] < min_share:
        faults.append(
            f"its smallest segment holds {scores['smallest_share']:.1%}, less than the "
            f"{min_share:.1%} asked for"
        )
    if scores["seed_ari"] < STABLE_ARI:
        faults.append(
            f"other seeds agree with it only at {scores['seed_ari']:.2f} (needs {STABLE_ARI:.2f})"
        )
    return faults


def _least_faulty(
    candidates: tuple[Candidate, ...], min_share: float
) -> tuple[list[Candidate], str]:
    sized = [c for c in candidates if c.scores["smallest_share"] >= min_share]
    if sized:
        steadiest = max(sized, key=lambda c: c.scores["seed_ari"])
        return [steadiest], "No candidate is stable across seeds; this is the steadiest. "
    fullest = max(candidates, key=lambda c: c.scores["smallest_share"])
    return [fullest], "Every candidate has a segment that is too small; this has the least so. "


def _why_chosen(chosen: Candidate, best: Candidate, passed: str, relaxed: str) -> str:
    s = chosen.scores
    figures = (
        f"silhouette {s['silhouette']:.3f} ({s['silhouette_low']:.3f} to "
        f"{s['silhouette_high']:.3f}), seed agreement {s['seed_ari']:.2f}, smallest segment "
        f"{s['smallest_share']:.1%}"
    )
    if chosen is best:
        why = f"the highest silhouette of the candidates that pass the conditions ({passed})"
        why = why if not relaxed else "the best that the conditions leave"
    else:
        why = (
            f"as good as the highest silhouette ({best.scores['silhouette']:.3f} with "
            f"{best.n_segments}) within its interval, with fewer segments"
        )
    return f"{relaxed}{chosen.name}: {why}; {figures}."


def _why_not(candidate: Candidate, chosen: Candidate, faults: dict[int, list[str]]) -> str:
    found = faults[id(candidate)]
    if found:
        return "Rejected: " + "; ".join(found) + "."
    return (
        f"Rejected: silhouette {candidate.scores['silhouette']:.3f} against "
        f"{chosen.scores['silhouette']:.3f} of {chosen.n_segments} segments."
        if candidate.scores["silhouette"] < chosen.scores["silhouette"]
        else f"Rejected: as good as {chosen.n_segments} segments, but with more of them."
    )
