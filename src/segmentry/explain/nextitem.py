"""What the members of each segment have more often than everyone, told of groups only.

What lives here: which items of a segment are told, and which are withheld. What does not: what one
entity may take next (``judge.nextitem``, ``maths.cooccurrence``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.nextitem import SegmentItem
from segmentry.maths.cooccurrence import incidence
from segmentry.maths.intervals import LEVEL, share_against_all_interval, wilson_interval
from segmentry.maths.suppression import FEWEST_TOLD, small_groups, told_beside_total

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MOST_ITEMS = 5
"""Items of each segment."""


def segment_items(
    had: csr_array[Any],
    groups: NDArray[np.int64],
    segments: Mapping[int, str],
    items: Sequence[str],
) -> tuple[SegmentItem, ...]:
    """Choose the items that members have more often than everyone, beyond chance.

    Parameters
    ----------
    had : csr_array of shape (n_entities, n_items)
    groups : ndarray of int, shape (n_entities,)
        Places in ``segments``.
    segments : mapping of int to str
        Names by id.
    items : sequence of str

    Returns
    -------
    tuple of SegmentItem
        Segment by segment, the furthest from everyone first. Intervals of the comparison are as
        wide as so many comparisons ask for (Bonferroni).
    """
    member = incidence(groups, np.arange(len(groups)), shape=(len(segments), had.shape[0]))
    counts = (member @ had).toarray().round().astype(np.int64)
    sizes, overall = np.bincount(groups, minlength=len(segments)), counts.sum(axis=0)
    level = 1.0 - (1.0 - LEVEL) / max(counts.size, 1)
    without = sizes[:, None] - counts
    small = small_groups(counts) | small_groups(without)
    chosen: list[tuple[int, int]] = []
    for place in range(len(segments)):
        own, size = counts[place], int(sizes[place])
        more = np.flatnonzero((own > 0) & ~small[place] & (own * len(groups) > overall * size))
        ahead = {
            int(i): share_against_all_interval(
                int(own[i]), size, int(overall[i]), len(groups), level=level
            )[0]
            for i in more
        }
        ranked = sorted((i for i in ahead if ahead[i] > 0), key=lambda i: (-ahead[i], i))
        chosen += [(place, i) for i in ranked[:MOST_ITEMS]]
    for item in {i for _, i in chosen}:
        told = {p for p, i in chosen if i == item}
        kept = told_beside_total(counts[:, item], small[:, item], told, least=FEWEST_TOLD)
        chosen = [(p, i) for p, i in chosen if i != item or p in kept]
    ids = list(segments)
    return tuple(
        _item(
            ids[p], segments[ids[p]], items[i], (counts[p, i], sizes[p]), (overall[i], len(groups))
        )
        for p, i in chosen
    )


def _item(
    segment_id: int, segment: str, item: str, own: tuple[int, int], everyone: tuple[int, int]
) -> SegmentItem:
    (n, size), (n_all, size_all) = ((int(a), int(b)) for a, b in (own, everyone))
    low, high = wilson_interval(n, size)
    share, overall = n / size, n_all / size_all
    return SegmentItem(segment_id, segment, item, n, share, low, high, overall, share / overall)
