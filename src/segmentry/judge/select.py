"""The documented rule that chooses among candidates; every rejection keeps its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.evidence import DISSOLVED_JACCARD, STABLE_JACCARD
from segmentry.domain.partition import STABLE_ARI, Candidate, Selection
from segmentry.domain.percent import percent
from segmentry.judge.borders import AS_CLEAN, CLEAN_AGREEMENT, agreement, is_clean, spaced
from segmentry.maths.comparison import paired_gain

FAITHFUL = 0.98
"""Share of a method's own labels that prototypes have to keep."""

SURE_JACCARD = 0.9
"""Mean Jaccard index of the weakest segment from which all come back for sure. Hennig calls
0.85 highly stable; in planes of few rows, that let tight groups be cut into pieces."""

AS_STEADY = 0.03
"""Two Jaccard indices as far apart are much the same: over twenty resamples they are known to
about a hundredth."""

STEADY_SILHOUETTE = 0.95
"""Share of the highest silhouette at which a candidate whose segments all come back leads."""

CLEAN_SILHOUETTE = 0.9
"""Share of the choice's silhouette that a finer candidate with clean borders must have."""

SHORTLIST, CLEAN_SHORTLIST = 4, 2
"""Candidates that are resampled: the best by silhouette, and finer ones with clean borders."""

RULE = (
    "A candidate passes where its smallest segment is large enough, it meets whatever else the "
    "project asks of segments (segments.max_share, distinct, must_differ_in), its prototypes keep "
    "at least "
    f"{percent(FAITHFUL)} of its method's labels, and other seeds find it again (agreement of at "
    f"least {STABLE_ARI:.2f}). All are measured on the same entities; two silhouettes are as good "
    "where the 95 % interval of their paired difference reaches zero. For each number of segments "
    "the best method stands, the simplest of those that are as good. Of the best of these, one "
    "with a segment that dissolves when entities are drawn again (mean Jaccard index below "
    f"{DISSOLVED_JACCARD}) is set aside, unless all are. The highest silhouette leads, or, where "
    "one of its segments is doubtful, the highest whose segments all come back and which reaches "
    f"{percent(STEADY_SILHOUETTE)} of it; of those as good, the finest is chosen whose segments "
    f"all come back for sure (at least {SURE_JACCARD}, and about as surely as any) and whose "
    "borders are as clean where those of the coarsest run through empty space; where none does, "
    f"one whose segments all come back (at least {STABLE_JACCARD}) goes before one with a doubtful "
    "segment, and then the one with the fewest segments is chosen. The silhouette favours few and "
    "round segments, so there is one exception: a finer candidate, or one of another "
    "method with as many segments, replaces the choice where its borders run through empty space "
    f"({percent(CLEAN_AGREEMENT)} of nearest neighbours lie in the same segment, and no fewer than "
    "with as many segments as the choice has), none of its segments "
    f"dissolves, and its silhouette is at least {percent(CLEAN_SILHOUETTE)} of the choice's. "
    "Whatever its silhouette, it does so too where at most half as many neighbours lie across its "
    "borders as across those of the choice, and as across those of the roundest with as many "
    "segments as it has; with fewer segments than the choice only where borders of the choice do "
    "not run through empty space. Of several it is the finest that none of them halves again. "
    "Where no candidate passes, those go first that fail only what else the project asks: among "
    "the ones that miss fewest of its demands the same rule chooses, the exception apart. Where "
    "there are none, the steadiest of those with large enough segments and faithful prototypes is "
    "taken, and failing that the one whose smallest segment is largest; the run says so."
)


def shortlist(candidates: tuple[Candidate, ...], *, min_share: float) -> tuple[int, ...]:
    """Name the candidates that are worth resampling: those that the rule may come to.

    Parameters
    ----------
    candidates : tuple of Candidate
        At least one, measured on the same rows, those of the simplest method first.
    min_share : float

    Returns
    -------
    tuple of int
        Positions among the candidates, in the order in which the rule looks at them.
    """
    standing = _Standing(candidates, min_share)
    finer = _cleaner(standing.passed, standing.chosen)[:CLEAN_SHORTLIST]
    wanted = [*standing.best, *finer, *spaced(standing.passed, standing.chosen)[:CLEAN_SHORTLIST]]
    return tuple(dict.fromkeys(_place(candidates, c) for c in wanted))


def select(
    candidates: tuple[Candidate, ...], rows: NDArray[np.int64], *, min_share: float
) -> Selection:
    """Choose a candidate by ``RULE``.

    Parameters
    ----------
    candidates : tuple of Candidate
        At least one, measured on the same rows, those of the simplest method first; the
        shortlisted ones with ``jaccard_min``.
    rows : ndarray of shape (n_rows,)
        The rows of the matrix that were searched.
    min_share : float
        Smallest share that a segment may have.

    Returns
    -------
    Selection
        With a reason on every candidate.
    """
    standing = _Standing(candidates, min_share)
    chosen = standing.chosen
    for cleaner in (_cleaner, spaced):
        # Where some were resampled, only what is known not to dissolve may replace the choice.
        holding = [
            c
            for c in cleaner(standing.passed, chosen)
            if _unsteadiness(c) < 2 and (_is_resampled(c) or not _is_resampled(chosen))
        ]
        chosen = holding[0] if holding else chosen
    reason = _why_chosen(chosen, standing, len(candidates))
    judged = tuple(
        replace(
            c,
            kept=c is chosen,
            shortlisted=_is_resampled(c),
            reason=reason if c is chosen else _why_not(c, chosen, standing),
        )
        for c in candidates
    )
    kept = next(c for c in judged if c.kept)
    return Selection(kept, judged, reason, rows)


def faults_of(candidate: Candidate, *, min_share: float) -> tuple[str, ...]:
    """Say what speaks against a candidate whatever the others are; nothing where it passes."""
    return tuple(_faults(candidate, min_share))


class _Standing:
    """Who passes, who is best, who of these leads, who is as good, and who is chosen of them."""

    def __init__(self, candidates: tuple[Candidate, ...], min_share: float) -> None:
        self.faults = {id(c): _faults(c, min_share) for c in candidates}
        self.barred = [c for c in candidates if c.unmet and not _own_faults(c, min_share)]
        self.relaxed = ""
        self.passed = [c for c in candidates if not self.faults[id(c)]]
        eligible = self.passed
        if not eligible:
            eligible, self.relaxed = _least_faulty(candidates, min_share)
        self.champions = [
            _champion([c for c in eligible if c.n_segments == k])
            for k in sorted({c.n_segments for c in eligible})
        ]
        self.best = sorted(self.champions, key=lambda c: -c.scores["silhouette"])[:SHORTLIST]
        holding = [c for c in self.best if _unsteadiness(c) < 2] or self.best
        self.leader = _led_by(holding)
        self.equal = [c for c in holding if _as_good(c, self.leader)]
        self.chosen = _of_equals(self.equal)


def _of_equals(equal: list[Candidate]) -> Candidate:
    """Choose among those as good: the finest that is sure to come back, or else the fewest."""
    fewest = min(equal, key=lambda c: (_unsteadiness(c), c.n_segments))
    # Clean borders must stay clean: a group split in two shows in its neighbours.
    least = agreement(fewest) - AS_CLEAN if is_clean(fewest) else 0.0
    steady = max(_weakest(c) for c in equal) - AS_STEADY
    sure = [c for c in equal if _is_sure(c) and agreement(c) >= least and _weakest(c) >= steady]
    # The silhouette favours few segments, so what ties with fewer and holds as firmly tells more
    # apart for nothing.
    return max(sure, key=lambda c: c.n_segments) if sure else fewest


def _led_by(holding: list[Candidate]) -> Candidate:
    """Give the highest silhouette, or a steady one that comes near it where that is doubtful."""
    first = holding[0]
    top = first.scores["silhouette"]
    least = top - (1 - STEADY_SILHOUETTE) * abs(top)  # a silhouette may be negative
    near = [c for c in holding if c.scores["silhouette"] >= least]
    return min(near, key=_unsteadiness)  # of equals the first, which has the highest silhouette


def _champion(candidates: list[Candidate]) -> Candidate:
    """Give the simplest of those that are as good as the best of one number of segments."""
    best = max(candidates, key=lambda c: c.scores["silhouette"])
    return next(c for c in candidates if _as_good(c, best))


def _place(candidates: tuple[Candidate, ...], candidate: Candidate) -> int:
    return next(i for i, c in enumerate(candidates) if c is candidate)


def _as_good(candidate: Candidate, leader: Candidate) -> bool:
    if candidate.replicates is None or leader.replicates is None:
        return candidate.scores["silhouette"] >= leader.scores["silhouette_low"]
    _, low, _ = paired_gain(
        leader.scores["silhouette"],
        leader.replicates,
        candidate.scores["silhouette"],
        candidate.replicates,
    )
    return low <= 0.0


def _cleaner(passed: list[Candidate], chosen: Candidate) -> list[Candidate]:
    """Give the candidates with clean borders that may replace the choice, finest first."""
    fewest = chosen.n_segments + (1 if is_clean(chosen) else 0)
    least = CLEAN_SILHOUETTE * chosen.scores["silhouette"]
    # Cutting further must not cut closer: a group split in two shows in its neighbours.
    cleanest = max(agreement(c) for c in [chosen, *passed] if c.n_segments == chosen.n_segments)
    found = [
        c
        for c in passed
        if c is not chosen
        and is_clean(c)
        and agreement(c) >= cleanest - AS_CLEAN
        and c.n_segments >= fewest
        and c.scores["silhouette"] >= least
    ]
    return sorted(found, key=lambda c: (-c.n_segments, -c.scores["silhouette"]))


def _is_resampled(candidate: Candidate) -> bool:
    return "jaccard_min" in candidate.scores


def _unsteadiness(candidate: Candidate) -> int:
    """Rank by the weakest segment: 0 comes back, 1 is doubtful, 2 dissolves."""
    weakest = _weakest(candidate)
    return int(weakest < STABLE_JACCARD) + int(weakest < DISSOLVED_JACCARD)


def _faults(candidate: Candidate, min_share: float) -> list[str]:
    return [*_own_faults(candidate, min_share), *candidate.unmet]


def _own_faults(candidate: Candidate, min_share: float) -> list[str]:
    faults = []
    scores = candidate.scores
    if scores["smallest_share"] < min_share:
        faults.append(
            f"its smallest segment holds {percent(scores['smallest_share'], finely=True)}, less "
            f"than the {percent(min_share, finely=True)} asked for"
        )
    if scores.get("fidelity", 1.0) < FAITHFUL:  # absent where seeds already speak against it
        faults.append(
            f"prototypes keep only {percent(scores['fidelity'], finely=True)} of its labels "
            f"(needs {percent(FAITHFUL)}), so it could not be used as it was found"
        )
    if seed_agreement(scores) < STABLE_ARI:
        faults.append(
            f"other seeds agree with it only at {scores['seed_ari']:.2f} (needs {STABLE_ARI:.2f})"
        )
    return faults


def seed_agreement(scores: Mapping[str, float]) -> float:
    """Give how far other seeds agree; 1 where a method draws nothing, so that no seed matters."""
    return scores.get("seed_ari", 1.0)


def _least_faulty(
    candidates: tuple[Candidate, ...], min_share: float
) -> tuple[list[Candidate], str]:
    sound = [c for c in candidates if not _own_faults(c, min_share)]
    if sound:
        fewest = min(len(c.unmet) for c in sound)
        unmet = "No candidate meets all that the project asks of segments; this misses least. "
        return [c for c in sound if len(c.unmet) == fewest], unmet
    faithful = [c for c in candidates if c.scores.get("fidelity", 0.0) >= FAITHFUL]
    sized = [c for c in faithful if c.scores["smallest_share"] >= min_share]
    if sized:
        steadiest = max(sized, key=lambda c: seed_agreement(c.scores))
        return [steadiest], "No candidate is stable across seeds; this is the steadiest. "
    fullest = max(faithful or candidates, key=lambda c: c.scores["smallest_share"])
    return [fullest], "Every candidate has a segment that is too small; this has the least so. "


def _neighbours(scores: Mapping[str, float]) -> str:
    return percent(scores["neighbour_agreement"], finely=True)


def _why_chosen(chosen: Candidate, standing: _Standing, n_all: int) -> str:
    s, first, leader = chosen.scores, standing.chosen, standing.leader
    seeds = f"seed agreement {s['seed_ari']:.2f}, " if "seed_ari" in s else ""
    figures = (
        f"silhouette {s['silhouette']:.3f} ({s['silhouette_low']:.3f} to "
        f"{s['silhouette_high']:.3f}), {seeds}smallest segment "
        f"{percent(s['smallest_share'], finely=True)}"
    )
    if _is_resampled(chosen):
        figures += f", weakest segment drawn again {s['jaccard_min']:.2f}"
    if standing.relaxed:
        why = "the best that the conditions leave"
    elif chosen is not first:
        more = "tells more apart than" if chosen.n_segments > first.n_segments else "cuts less than"
        why = (
            f"its borders run through empty space ({_neighbours(s)} of nearest neighbours lie in "
            f"the same segment), and it {more} {first.name} "
            f"({_neighbours(first.scores)}; silhouette {first.scores['silhouette']:.3f})"
        )
    elif chosen is leader:
        holding = "" if leader is standing.best[0] else " and do not dissolve"
        why = (
            f"the highest silhouette of the candidates that pass the conditions{holding} "
            f"({len(standing.passed)} of {n_all} pass)"
        )
    else:
        why = (
            f"as good as the highest silhouette ({leader.scores['silhouette']:.3f} with "
            f"{_other(leader, chosen)}) within its interval, {_beside(leader, chosen)}"
        )
    missed = f" But {'; '.join(chosen.unmet)}." if chosen.unmet else ""
    return f"{standing.relaxed}{chosen.name}: {why}; {figures}.{missed}{_barred(chosen, standing)}"


def _barred(chosen: Candidate, standing: _Standing) -> str:
    """Name the best that only what the project asks has kept from being chosen."""
    if not standing.barred or standing.relaxed:
        return ""
    best = max(standing.barred, key=lambda c: c.scores["silhouette"])
    if best.scores["silhouette"] <= chosen.scores["silhouette"]:
        return ""
    told = f"{best.scores['silhouette']:.3f}"
    return f" {best.name} would have a higher silhouette ({told}), but {'; '.join(best.unmet)}."


def _beside(leader: Candidate, chosen: Candidate) -> str:
    """Say why a candidate goes before one that is as good."""
    if chosen.n_segments > leader.n_segments and _is_sure(chosen):
        return (
            "and tells more apart, with segments that all come back when entities are drawn again"
        )
    if _unsteadiness(chosen) < _unsteadiness(leader) or _is_sure(chosen) > _is_sure(leader):
        return "and steadier when entities are drawn again"
    return "with fewer segments"


def _is_sure(candidate: Candidate) -> bool:
    """Say whether every segment is known to come back for sure."""
    return _is_resampled(candidate) and _weakest(candidate) >= SURE_JACCARD


def _weakest(candidate: Candidate) -> float:
    """Give the mean Jaccard index of the weakest segment; 1 where nothing was resampled."""
    return candidate.scores.get("jaccard_min", 1.0)


def _other(candidate: Candidate, than: Candidate) -> str:
    """Name a candidate as briefly as tells it from another."""
    same = candidate.partition.method == than.partition.method
    return f"{candidate.n_segments} segments" if same else candidate.name


def _why_not(candidate: Candidate, chosen: Candidate, standing: _Standing) -> str:
    found = standing.faults[id(candidate)]
    if not found:
        found = [_why_second(candidate, chosen, standing)]
    return f"Rejected: {'; '.join(found)}."


def _why_second(candidate: Candidate, chosen: Candidate, standing: _Standing) -> str:
    """Say what puts a candidate without fault behind the choice."""
    ours, theirs = candidate.scores["silhouette"], chosen.scores["silhouette"]
    told = f"silhouette {ours:.3f} against {theirs:.3f} of {_other(chosen, candidate)}"
    if _unsteadiness(candidate) > _unsteadiness(chosen):
        does = "dissolves" if _unsteadiness(candidate) == 2 else "is doubtful"
        weakest = candidate.scores["jaccard_min"]
        return f"a segment of it {does} when entities are drawn again (Jaccard index {weakest:.2f})"
    if not any(c is candidate for c in standing.champions):
        champion = next(c for c in standing.champions if c.n_segments == candidate.n_segments)
        if _as_good(candidate, champion):
            return f"as good as {champion.name}, but less simple"
        higher = champion.scores["silhouette"]
        return f"silhouette {ours:.3f} against {higher:.3f} of {champion.name}"
    if not any(c is chosen for c in standing.equal):
        return f"the borders of {chosen.name} run through empty space ({told})"
    if any(c is candidate for c in standing.equal):
        return _why_not_this(candidate, chosen)
    return told


def _why_not_this(candidate: Candidate, chosen: Candidate) -> str:
    """Say what puts one of those that are as good behind the choice."""
    as_good = f"as good as {_other(chosen, candidate)}"
    if candidate.n_segments > chosen.n_segments and not _is_sure(chosen):
        return f"{as_good}, but with more of them"
    if candidate.n_segments < chosen.n_segments and _is_sure(candidate):
        return f"{as_good}, but tells less apart"
    if (
        candidate.n_segments > chosen.n_segments
        and _weakest(candidate) >= _weakest(chosen) - AS_STEADY
    ):
        return f"{as_good}, but its borders cut closer"
    return f"{as_good}, but less sure to come back (Jaccard index {_weakest(candidate):.2f})"
