"""How the segments of a release descend from those of the one before it.

What lives here: counts of entities by both segments become lines of descent, and ids that follow.
What does not: how the earlier release answers for today's entities (``pipeline``), and where it is
kept (``stores.state``). Read on in ``docs/methods/descent.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.lifecycle import Descent, Kinship

SAME = 0.5
"""A segment is the same one where its Jaccard index with the earlier one is above this: more than
half of both together is shared, which no two can (Hennig 2008)."""

MOSTLY = 0.5
"""A part is of a segment, and a segment goes into another, by more than this share."""

LEAST = 0.05
"""Share of the whole from which a part or a source counts: a few who strayed over a border make no
split and no merger."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """The ids of a release's segments, and how each descends.

    ``ids`` has one id for each segment of the release, in their order. ``descents`` tells of each
    of them, and then of segments of the earlier release that are found no more.
    """

    ids: tuple[int, ...]
    descents: tuple[Kinship, ...]


def first_lineage(n_segments: int) -> Lineage:
    """Give the segments of a first release their ids: all are new.

    Examples
    --------
    >>> first_lineage(2).ids
    (1, 2)
    """
    ids = tuple(range(1, n_segments + 1))
    return Lineage(ids, tuple(Kinship(i, Descent.NEW) for i in ids))


def descend(
    counts: NDArray[np.int64],
    earlier: Sequence[int],
    *,
    largest_id: int = 0,
    strangers: NDArray[np.int64] | None = None,
) -> Lineage:
    """Tell how segments descend, by how many entities both releases put where.

    Parameters
    ----------
    counts : ndarray of int, shape (n_earlier, n_segments)
        The same entities, today, by the earlier release's answer and by the later one's.
    earlier : sequence of int
        Ids of the earlier release's segments.
    largest_id : int, default=0
        The largest id ever given: none is given twice.
    strangers : ndarray of int, shape (n_segments,), or None
        Entities of each of today's segments that lie far from every earlier one; ``counts`` leaves
        them out.

    Returns
    -------
    Lineage

    Notes
    -----
    A segment whose Jaccard index with an earlier one is above one half keeps the id of that: no two
    can have such an index with one. An earlier segment is split where several of today's are made
    of it mostly and hold most of it together; today's are merged where several earlier ones went
    into one mostly and make up most of it. Whoever holds the largest of the parts, or gave the
    largest part, keeps the id as long as it is the same segment by the rule above. Strangers count
    as members of no earlier segment: a group that was not there before is new, and no part of the
    segment that happens to be nearest.

    References
    ----------
    Hennig, C. (2008). Dissolution point and isolation robustness: robustness criteria for general
    cluster analysis methods. J. Multivar. Anal. 99, 1154-1176. Spiliopoulou, M., Ntoutsi, I.,
    Theodoridis, Y. and Schult, R. (2006). MONIC: modeling and monitoring cluster transitions. KDD,
    706-711.

    Examples
    --------
    >>> found = descend(np.array([[90, 10], [0, 50]]), (1, 2), largest_id=2)
    >>> found.ids, [str(kin.descent) for kin in found.descents]
    ((1, 2), ['continued', 'continued'])
    """
    totals = counts.sum(axis=0) + (0 if strangers is None else strangers)
    shared = _jaccards(counts, totals)
    heirs = _heirs(shared)
    parts, sources = _parts(counts, totals), _sources(counts, totals)
    split = {o for o in range(len(earlier)) if len(parts[o]) > 1}
    fresh = max([largest_id, *earlier], default=0)
    ids: list[int] = []
    descents: list[Kinship] = []
    for place in range(counts.shape[1]):
        heir_of = heirs.get(place)
        if heir_of is None:
            fresh += 1
        ids.append(fresh if heir_of is None else earlier[heir_of])
        whole = next((o for o in split if place in parts[o]), None)
        if len(sources[place]) > 1:
            descent, kin = Descent.MERGED, sources[place]
        elif whole is not None:
            descent, kin = Descent.SPLIT, [whole]
        elif heir_of is not None:
            descent, kin = Descent.CONTINUED, [heir_of]
        else:
            descent, kin = Descent.NEW, []
        kin = sorted(kin, key=lambda o: (-shared[o, place], o))
        overlap = float(shared[:, place].max(initial=0.0))
        descents.append(Kinship(ids[-1], descent, tuple(earlier[o] for o in kin), overlap))
    gone = set(range(len(earlier))) - set(heirs.values()) - split
    gone -= {o for kin in sources if len(kin) > 1 for o in kin}
    retired = [
        Kinship(None, Descent.RETIRED, (earlier[o],), float(shared[o].max(initial=0.0)))
        for o in sorted(gone)
    ]
    return Lineage(tuple(ids), (*descents, *retired))


def _jaccards(counts: NDArray[np.int64], totals: NDArray[np.int64]) -> NDArray[np.float64]:
    either = counts.sum(axis=1, keepdims=True) + totals - counts
    found: NDArray[np.float64] = counts / np.maximum(either, 1)
    return found


def _heirs(shared: NDArray[np.float64]) -> dict[int, int]:
    """Give today's segments that are the same as an earlier one, with that one."""
    return {place: o for o, place in np.argwhere(shared > SAME).tolist()}


def _parts(counts: NDArray[np.int64], totals: NDArray[np.int64]) -> list[list[int]]:
    """Give for each earlier segment today's that are mostly made of it, where they hold most."""
    of_today = counts / np.maximum(totals, 1)
    return [_enough(counts[o], of_today[o], counts[o].sum()) for o in range(len(counts))]


def _sources(counts: NDArray[np.int64], totals: NDArray[np.int64]) -> list[list[int]]:
    """Give for each segment of today the earlier ones that went mostly into it."""
    of_earlier = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return [_enough(counts[:, n], of_earlier[:, n], totals[n]) for n in range(counts.shape[1])]


def _enough(counts: NDArray[np.int64], shares: NDArray[np.float64], total: int) -> list[int]:
    mostly = np.flatnonzero((shares > MOSTLY) & (counts >= LEAST * total))
    return mostly.tolist() if counts[mostly].sum() > MOSTLY * total else []
