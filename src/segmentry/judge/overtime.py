"""Whether segments hold over time: who stays where they were, and whether they are found again.

What lives here: the figures of one earlier cut, and the sentence about several. What does not: the
features at that cut and the segments found there (``pipeline.overtime``). Read on in
``docs/methods/overtime.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.bounded import Bounded
from segmentry.domain.overtime import SegmentThen, Slice
from segmentry.domain.percent import percent
from segmentry.maths.agreement import Agreement, bootstrapped_agreement
from segmentry.maths.intervals import wilson_interval


@dataclass(frozen=True, eq=False)
class Moments:
    """Segments of the same entities at two cuts, 0 .. k - 1 by the run's borders.

    ``anew`` are labels of segments that were found on the features of then, in any order; a
    sentence where none were found.
    """

    now: NDArray[np.int64]
    then: NDArray[np.int64]
    anew: NDArray[np.int64] | str
    n_segments: int


def judge_slice(
    moments: Moments, *, cut: datetime, days: float, n_later: int, rng: Generator
) -> Slice:
    """Hold the segments of entities against those at an earlier cut.

    Parameters
    ----------
    moments : Moments
        Of at least one entity.
    cut : datetime
    days : float
        From the earlier cut to the run's.
    n_later : int
        Entities that came after the earlier cut.
    rng : Generator
        Draws entities for intervals.

    Returns
    -------
    Slice
        Intervals of shares are Wilson's, those of agreement are bootstrapped over entities.
    """
    now, then, k = moments.now, moments.then, moments.n_segments
    anew = borders = None
    if not isinstance(moments.anew, str):
        anew = bootstrapped_agreement(now, moments.anew, k, rng=rng)
        borders = bootstrapped_agreement(then, moments.anew, k, rng=rng)
    counts = np.zeros((k, k), dtype=np.int64)
    np.add.at(counts, (then, now), 1)
    shares_then, shares_now = counts.sum(axis=1) / len(now), counts.sum(axis=0) / len(now)
    return Slice(
        cut,
        days,
        len(now),
        n_later,
        _share(int(np.trace(counts)), len(now)),
        float(shares_then @ shares_now),
        Bounded(*bootstrapped_agreement(then, now, k, rng=rng).ari),
        None if anew is None else Bounded(*anew.ari),
        None if borders is None else Bounded(*borders.ari),
        tuple(_segment(i, counts, anew, borders) for i in range(k)),
        moments.anew if isinstance(moments.anew, str) else "",
    )


def _segment(
    place: int, counts: NDArray[np.int64], anew: Agreement | None, borders: Agreement | None
) -> SegmentThen:
    went, n_then = counts[place].copy(), int(counts[place].sum())
    went[place] = 0
    return SegmentThen(
        place + 1,
        n_then,
        int(counts[:, place].sum()),
        _share(int(counts[place, place]), n_then) if n_then else None,
        int(went.argmax()) + 1 if went.any() else None,
        _jaccard(anew, place),
        _jaccard(borders, place),
    )


def _share(count: int, n: int) -> Bounded:
    return Bounded(count / n, *wilson_interval(count, n))


def _jaccard(agreement: Agreement | None, place: int) -> Bounded | None:
    if agreement is None or np.isnan(agreement.jaccards[place, 0]):
        return None
    return Bounded(*(float(v) for v in agreement.jaccards[place]))


def over_time_sentence(slices: Sequence[Slice]) -> str:
    """Say of the latest and the earliest cut what they show, movement apart from fitting again."""
    first = slices[0]
    told = (
        f"{first.days:g} days before the cut, {_between(first.stayed)} of {first.n_known:,} "
        "entities were in the segment that they are in now, by the same borders "
        f"(sizes alone would give {percent(first.by_chance)}): the features of the others have "
        "changed."
    )
    for later in slices[1:]:
        told += f" {later.days:g} days before it were {_between(later.stayed)}."
    refits = [s for s in slices if s.borders is not None and s.anew is not None]
    if not refits:
        return f"{told} Segments were found anew at none of these cuts."
    last = refits[-1]
    assert last.borders is not None  # noqa: S101 - filtered above
    assert last.anew is not None  # noqa: S101 - filtered above
    return (
        f"{told} Found anew on the features of {last.days:g} days before, segments agree with "
        f"this run's at {last.anew} (adjusted Rand index), which holds both movement and "
        f"fitting again; movement alone leaves {last.together}, fitting again alone {last.borders}."
    )


def _between(share: Bounded) -> str:
    low, high = percent(share.low, finely=True), percent(share.high, finely=True)
    return f"{percent(share.value, finely=True)} ({low} to {high})"
