"""What the members of each segment have more often than others alike, told of groups only.

What lives here: which items of a segment are told, and which are withheld. What does not: what one
entity may take next (``judge.nextitem``, ``maths.cooccurrence``), and the standardised ratio
(``maths.standardised``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.bounded import Bounded
from segmentry.domain.nextitem import SegmentItem
from segmentry.maths.cooccurrence import incidence
from segmentry.maths.intervals import LEVEL, wilson_interval
from segmentry.maths.standardised import StandardisedRatios, standardised_ratios
from segmentry.maths.suppression import FEWEST_TOLD, small_groups, told_beside_total

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MOST_ITEMS = 5
"""Items of each segment."""

MOST_STRATA = 50
"""Groups of entities with about as many different items."""

Counts = NDArray[np.int64]


def segment_items(
    had: csr_array[Any],
    groups: Counts,
    segments: Mapping[int, str],
    items: Sequence[str],
    item_names: Mapping[str, str] | None = None,
) -> tuple[SegmentItem, ...]:
    """Choose the items that members have more often than everyone with as many different items.

    Parameters
    ----------
    had : csr_array of shape (n_entities, n_items)
    groups : ndarray of int, shape (n_entities,)
        Places in ``segments``.
    segments : mapping of int to str
        Names by id.
    items : sequence of str
    item_names : mapping of str to str or None
        What items are called, where it is known.

    Returns
    -------
    tuple of SegmentItem
        Segment by segment; first those that the most members have beyond what is expected of them,
        at the lower bound. All intervals are as wide as so many segments and items ask for
        (Bonferroni): those that are chosen for being large hold the truth all the same.
    """
    counts, sizes, level, ratios = _counted(had, groups, len(segments))
    overall = counts.sum(axis=0)
    without = sizes[:, None] - counts
    small = small_groups(counts) | small_groups(without)
    chosen: list[tuple[int, int]] = []
    for place, found in enumerate(ratios):
        own = counts[place]
        more = (own > 0) & ~small[place] & (own * len(groups) > overall * sizes[place])
        more &= np.nan_to_num(found.low) > 1.0
        beyond = {int(i): float(own[i] * (1.0 - 1.0 / found.low[i])) for i in np.flatnonzero(more)}
        ranked = sorted(beyond, key=lambda i: (-round(beyond[i], 9), i))
        chosen += [(place, i) for i in ranked[:MOST_ITEMS]]
    for item in {i for _, i in chosen}:
        told = {p for p, i in chosen if i == item}
        kept = told_beside_total(counts[:, item], small[:, item], told, least=FEWEST_TOLD)
        chosen = [(p, i) for p, i in chosen if i != item or p in kept]
    ids, called = list(segments), item_names or {}
    return tuple(
        SegmentItem(
            ids[p],
            segments[ids[p]],
            items[i],
            int(counts[p, i]),
            *_shares(int(counts[p, i]), int(sizes[p]), int(overall[i]), len(groups), level),
            Bounded(*(float(v[i]) for v in (ratios[p].ratio, ratios[p].low, ratios[p].high))),
            called.get(items[i]),
        )
        for p, i in chosen
    )


def _counted(
    had: csr_array[Any], groups: Counts, n_groups: int
) -> tuple[Counts, Counts, float, list[StandardisedRatios]]:
    """Count who had what by segments, and hold it against all with as many different items."""
    strata = _strata(np.diff(had.indptr))
    n_strata = int(strata.max(initial=0)) + 1
    cell, n_cells = groups * n_strata + strata, n_groups * n_strata
    member = incidence(cell, np.arange(len(cell)), shape=(n_cells, len(cell)))
    own = (member @ had).toarray().round().astype(np.int64)
    own = own.reshape(n_groups, n_strata, had.shape[1])
    n_own = np.bincount(cell, minlength=n_cells).reshape(n_groups, n_strata)
    counts = own.sum(axis=1)
    level = 1.0 - (1.0 - LEVEL) / max(counts.size, 1)
    everyone = own.sum(axis=0), n_own.sum(axis=0)
    ratios = [
        standardised_ratios(one, n_one, *everyone, level=level)
        for one, n_one in zip(own, n_own, strict=True)
    ]
    return counts, n_own.sum(axis=1), level, ratios


def _strata(n_items: Counts) -> Counts:
    """Put entities with about as many different items together."""
    if not len(n_items):
        return n_items.astype(np.int64)
    ends = np.arange(1, MOST_STRATA) / MOST_STRATA
    cuts = np.unique(np.quantile(n_items, ends, method="lower"))
    return np.searchsorted(cuts, n_items, side="right").astype(np.int64)


def _shares(
    n: int, size: int, n_all: int, size_all: int, level: float
) -> tuple[float, float, float, float, float]:
    """Give a share with its interval, everyone's, and the one by the other."""
    share, everyone = n / size, n_all / size_all
    return (share, *wilson_interval(n, size, level=level), everyone, share / everyone)
