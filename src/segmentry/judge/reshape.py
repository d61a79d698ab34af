"""What merging or splitting segments costs: the same figures before and after, and a sentence.

What lives here: refits with the same change made to them, and the figures side by side. What does
not: the change itself (``cluster.reshape``). Read on in ``docs/methods/reshaping.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.existing import told_parts
from segmentry.domain.percent import percent
from segmentry.domain.reshaping import Figure, Price
from segmentry.judge.stability import Resamples
from segmentry.maths.comparison import Comparable, paired_gain
from segmentry.maths.matching import best_matching

Divide = Callable[[NDArray[np.int64], int], NDArray[np.int64]]
"""Divides some rows of the sample in a refit of that number; the largest part is 0."""

NOISE = -1


def merged_refits(resamples: Resamples, segment: NDArray[np.int64], pair: set[int]) -> Resamples:
    """Merge in each refit the two clusters that two segments come back as.

    Parameters
    ----------
    resamples : Resamples
        Of the segmentation before.
    segment : ndarray of int, shape (n_rows,)
        The segments before.
    pair : set of two int

    Returns
    -------
    Resamples
    """
    one, other = sorted(pair)

    def change(rows: NDArray[np.int64], labels: NDArray[np.int64], _: int) -> NDArray[np.int64]:
        cluster = clusters_of(segment[rows], labels)
        return np.where(labels == cluster[other], cluster[one], labels)

    return _changed(resamples, change)


def split_refits(
    resamples: Resamples, segment: NDArray[np.int64], whole: int, divide: Divide
) -> Resamples:
    """Divide in each refit the cluster that a segment comes back as.

    Parameters
    ----------
    resamples : Resamples
        Of the segmentation before.
    segment : ndarray of int, shape (n_rows,)
        The segments before.
    whole : int
    divide : callable

    Returns
    -------
    Resamples
    """

    def change(
        rows: NDArray[np.int64], labels: NDArray[np.int64], number: int
    ) -> NDArray[np.int64]:
        cluster = clusters_of(segment[rows], labels)[whole]
        members = np.flatnonzero(labels == cluster)
        if not len(members):
            return labels
        parts = divide(rows[members], number)
        result = labels.copy()
        result[members] = np.where(parts == 0, cluster, labels.max() + parts)
        return result

    return _changed(resamples, change)


def _changed(
    resamples: Resamples,
    change: Callable[[NDArray[np.int64], NDArray[np.int64], int], NDArray[np.int64]],
) -> Resamples:
    pairs = zip(resamples.rows, resamples.labels, strict=True)
    labels = tuple(change(rows, found, i) for i, (rows, found) in enumerate(pairs))
    return replace(resamples, labels=labels)


def clusters_of(segment: NDArray[np.int64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each segment the cluster of a refit as which it comes back.

    Parameters
    ----------
    segment, labels : ndarray of int, shape (n,)
        Of the same rows; noise is -1 among the labels.

    Returns
    -------
    ndarray of int, shape (n_segments,)
        By the one-to-one matching in which most rows stay; a number beyond all clusters for a
        segment that has none.

    References
    ----------
    Kuhn, H. W. (1955). The Hungarian method for the assignment problem. Naval Research Logistics
    Quarterly 2, 83-97.
    """
    kept = labels != NOISE
    n_segments, n_labels = int(segment.max()) + 1, int(labels.max()) + 1
    shared = np.zeros((n_segments, max(n_segments, n_labels)))
    np.add.at(shared, (segment[kept], labels[kept]), 1.0)
    cluster = best_matching(shared)
    # A column without rows is no cluster.
    result: NDArray[np.int64] = np.where(
        shared.sum(axis=0)[cluster] > 0, cluster, max(n_segments, n_labels)
    )
    return result


def price_of(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    silhouettes: tuple[Comparable, Comparable],
    *,
    touched: tuple[Mapping[int, str], Mapping[int, str]],
    moved: tuple[int, int],
) -> Price:
    """Put the figures of two segmentations side by side.

    Parameters
    ----------
    before, after : mapping
        Evidence, as ``evidence.json`` has it.
    silhouettes : tuple of two Comparable
        Before and after, on the same rows.
    touched : tuple of two mappings from int to str
        Ids and names of the segments that were merged or split, and of those that came of it.
    moved : tuple of two int
        Entities that moved beyond what was meant, and all entities.

    Returns
    -------
    Price
    """
    old, new = silhouettes
    gain, low, high = paired_gain(new.mean, new.replicates, old.mean, old.replicates)
    figures = (
        Figure("silhouette", old.mean, old.low, old.high, new.mean, new.low, new.high),
        _pair("surrogate rules right", _rules(before), _rules(after)),
        *(_pair(f"stability of {n!r}", _stability(before, i), ()) for i, n in touched[0].items()),
        *(_pair(f"stability of {n!r}", (), _stability(after, i)) for i, n in touched[1].items()),
        _pair("smallest share", _check(before, "smallest_share"), _check(after, "smallest_share")),
    )
    told = _sentence(figures, (gain, low, high), moved)
    return Price(tuple(f for f in figures if _is_known(f)), gain, low, high, *moved, told)


def _is_known(figure: Figure) -> bool:
    return figure.before is not None or figure.after is not None


def _pair(name: str, before: Sequence[float | None], after: Sequence[float | None]) -> Figure:
    old, new = ([*values, None, None, None][:3] for values in (before, after))
    return Figure(name, *old, *new)


def _rules(evidence: Mapping[str, Any]) -> tuple[float | None, ...]:
    found = evidence.get("surrogate", {})
    return found.get("accuracy"), found.get("low"), found.get("high")


def _stability(evidence: Mapping[str, Any], segment_id: int) -> tuple[float | None, ...]:
    rows: Iterable[Mapping[str, Any]] = evidence.get("stability", {}).get("segments", ())
    found: Mapping[str, Any] = next((r for r in rows if r["id"] == segment_id), {})
    return found.get("jaccard"), found.get("low"), found.get("high")


def _check(evidence: Mapping[str, Any], name: str) -> tuple[float | None, ...]:
    found: Mapping[str, Any] = next((c for c in evidence["checks"] if c["name"] == name), {})
    return (found.get("estimate"),)


def _sentence(
    figures: Sequence[Figure], gain: tuple[float, float, float], moved: tuple[int, int]
) -> str:
    silhouette, rules, *others = figures
    middle, low, high = gain
    verb = "falls" if high < 0 else "rises" if low > 0 else "changes by no more than chance"
    told = [
        f"The silhouette {verb}: {silhouette.before:.2f} before and {silhouette.after:.2f} after "
        f"(difference {middle:+.3f}, {low:+.3f} to {high:+.3f})"
    ]
    if rules.before is not None and rules.after is not None:
        told.append(f"rules of few questions are right for {percent(rules.before)} before and "
                    f"{percent(rules.after)} after")  # fmt: skip
    stable = [f for f in others if f.name.startswith("stability")]
    pairs = (("before", [f.before for f in stable]), ("after", [f.after for f in stable]))
    shown = [
        f"{told_parts(known)} {when}"
        for when, values in pairs
        if (known := [f"{v:.2f}" for v in values if v is not None])
    ]
    if shown:
        told.append(f"the segments concerned come back with {', and with '.join(shown)}")
    n, everyone = moved
    if n:
        told.append(
            f"{n:,} of {everyone:,} entities ({percent(n / everyone, finely=True)}) got a segment "
            "that is neither theirs nor a part of it"
        )
    return f"{'; '.join(told)}."
