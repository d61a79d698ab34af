"""K-means of rows that come in blocks: several walks over what no memory holds, or a single one.

What lives here: sampling from blocks, one walk with margins, and running means. What does not:
where blocks come from (``stores.rowblocks``). Read on in ``docs/methods/k_means_blocks.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.errors import MathsError
from segmentry.maths.descent import TOLERANCE, Descent, Rest, Spread, Sums, descend, measure
from segmentry.maths.lloyd import Lloyd
from segmentry.maths.multilevel import N_STARTS, TIGHT, check_number, fitted, roughly, threads
from segmentry.maths.rowset import BLOCK_ROWS, Rowset, framed, rowset

Blocks = Callable[[], Iterable[NDArray[np.floating]]]
"""Starts a new walk over the same blocks in the same order."""

SAMPLE_ROWS = 400_000
"""Rows that are drawn in the first walk, at least, where there are as many."""

KEPT_SHARE, KEPT_ROWS = 0.1, 1_000_000
"""Share of rows near a border that a walk keeps in memory, and the most of them."""

MOST_WALKS = 10

BEGUN_ROWS, WORTH = 4, 0.1
"""Of a walk that may end early: rows with which it begins, by cluster and by tolerance, and what a
pass over them has to save, as a share of the tolerance."""


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """Centres after some blocks, how many rows each has met, and the frame of the first block."""

    centres: NDArray[np.float64]
    sizes: NDArray[np.float64]
    middle: NDArray[np.float64]
    scale: float


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the first walk tells: a sample in its frame, the number of rows and their scatter."""

    sample: Rowset
    n_rows: int
    scatter: float


@dataclass(frozen=True, slots=True)
class _Walk:
    """Labels of all rows; those near a border, with their places; sums of all others."""

    labels: NDArray[np.int32]
    near: Rowset
    places: NDArray[np.intp]
    rest: Sums


def kmeans_blocks(
    blocks: Blocks, n_clusters: int, *, rng: Generator, n_starts: int = N_STARTS, hands: int = 1
) -> Lloyd:
    """Partition rows that are read block by block, more than memory holds.

    Parameters
    ----------
    blocks : callable
        Starts a walk; gives ndarrays of shape (n_rows, n_columns), finite, the same each time.
    n_clusters : int
        1 .. number of rows.
    rng : Generator
    n_starts : int, default=8
    hands : int, default=1
        Threads; the result does not depend on them.

    Returns
    -------
    Lloyd
        Labels are kept for all rows: eight bytes each.

    Raises
    ------
    MathsError
        If there are fewer rows than clusters, blocks differ in width, or rows are not finite.

    Notes
    -----
    The first walk draws a sample, whose partition is nearly that of all rows. The second one finds
    the nearest centre of each row and keeps the rows that lie near a border; these alone can
    change sides while centres move by less than half of that margin, so that the passes end in
    memory. Where centres move farther, another walk follows.

    Examples
    --------
    >>> halves = [np.array([[0.0], [10.0]]), np.array([[1.0], [11.0]])]
    >>> found = kmeans_blocks(lambda: halves, 2, rng=np.random.default_rng(0))
    >>> sorted(found.centres[:, 0].tolist()), found.inertia
    ([0.5, 10.5], 1.0)
    """
    sample_rng, start_rng = rng.spawn(2)
    seen = _seen(blocks(), sample_rng)
    check_number(seen.n_rows, n_clusters)
    sample = seen.sample
    least = TOLERANCE * seen.scatter / seen.n_rows / sample.values.shape[1]
    with threads(hands) as spread:
        centres = fitted(sample, n_clusters, start_rng, n_starts, spread).centres
        n_steps = 0
        for _ in range(MOST_WALKS):
            margin = _margin(sample, centres, seen.n_rows, spread)
            walk = _walked(blocks(), sample, centres, margin, seen.n_rows, spread)
            rest = Rest(*walk.rest, least=least, leash=margin / 2)
            found = descend(walk.near, centres, spread=spread, rest=rest)
            centres, n_steps = found.centres, n_steps + found.n_steps
            if found.drift <= margin / 2:
                break
    walk.labels[walk.places] = found.labels
    inertia = _inertia(blocks, walk.labels, sample, found, seen.scatter)
    return Lloyd(walk.labels.astype(np.int64), sample.outward(centres), inertia, n_steps)


def kmeans_once(
    blocks: Iterable[NDArray[np.floating]],
    n_clusters: int,
    *,
    rng: Generator,
    n_starts: int = N_STARTS,
    tolerance: float = 0.0,
    hands: int = 1,
) -> Running:
    """Find centres in a single walk over blocks, each of which is then forgotten.

    Parameters
    ----------
    blocks : iterable of ndarray of shape (n_rows, n_columns), finite
        In no particular order: the first one, with at least as many rows as clusters, is where
        centres begin; with a tolerance, its first rows.
    n_clusters : int
    rng : Generator
    n_starts : int, default=8
    tolerance : float, default=0
        Share of the inertia that all further rows together may still be worth: the walk ends, and
        reads no further block, as soon as each centre has met one row per so much. 0 reads all.
    hands : int, default=1
        Threads; the result does not depend on them.

    Returns
    -------
    Running

    Raises
    ------
    MathsError
        If the first block has fewer rows than clusters, or there is none.

    Notes
    -----
    Each block moves each centre to the mean of all the rows that it has ever been nearest to. A
    mean of n rows costs 1 / n of its cluster's inertia more than the mean of very many, so that
    one row per ``tolerance`` in the smallest cluster bounds what is lost by stopping; it says
    nothing about a better optimum elsewhere, and nothing where later blocks are unlike the first.

    References
    ----------
    MacQueen, J. (1967). Some methods for classification and analysis of multivariate observations.
    Berkeley Symposium 1, 281-297.
    Sculley, D. (2010). Web-scale k-means clustering. WWW, 1177-1178.

    Examples
    --------
    >>> halves = [np.array([[0.0], [10.0]]), np.array([[1.0], [11.0]])]
    >>> found = kmeans_once(halves, 2, rng=np.random.default_rng(0))
    >>> sorted(found.centres[:, 0].tolist())
    [0.5, 10.5]
    """
    walk = iter(blocks)
    first = next(walk, np.empty((0, 1)))
    n_begun = int(min(len(first), BEGUN_ROWS * n_clusters / tolerance)) if tolerance else len(first)
    if n_begun < len(first):
        walk = chain([first[n_begun:]], walk)
    found = kmeans_begun(
        first[:n_begun],
        n_clusters,
        rng=rng,
        n_starts=n_starts,
        worth=WORTH * tolerance,
        hands=hands,
    )
    # Asked before the next block is read: reading is what stopping saves.
    while found.sizes.min() * tolerance < 1 and (block := next(walk, None)) is not None:
        found = kmeans_followed(found, block, hands=hands)
    return found


def kmeans_begun(
    first: NDArray[np.floating],
    n_clusters: int,
    *,
    rng: Generator,
    n_starts: int = N_STARTS,
    worth: float = 0.0,
    hands: int = 1,
) -> Running:
    """Begin a walk: k-means of the first block.

    ``worth`` is the share of the inertia that a pass has to save for another one to follow; 0 lets
    the centres rest.

    Raises
    ------
    MathsError
        If the block has fewer rows than clusters, or they are not finite.
    """
    if not 1 <= n_clusters <= len(first):
        msg = f"a first block of {len(first)} rows cannot make {n_clusters} clusters"
        raise MathsError(msg)
    rows = rowset(first)
    with threads(hands) as spread:
        begun = (
            roughly(rows, n_clusters, rng, n_starts, worth, spread)
            if worth
            else fitted(rows, n_clusters, rng, n_starts, spread)
        )
    return Running(rows.outward(begun.centres), begun.sizes.copy(), rows.middle, rows.scale)


def kmeans_followed(running: Running, block: NDArray[np.floating], *, hands: int = 1) -> Running:
    """Go on with a walk: each centre becomes the mean of all rows that it has met.

    Raises
    ------
    MathsError
        If the block has another width than those before, or rows are not finite.
    """
    frame = Rowset(
        np.empty((0, running.centres.shape[1]), np.float32),
        np.empty(0, np.float32),
        None,
        running.middle,
        running.scale,
    )
    more = _framed_as(frame, block)
    centres, labels = frame.inward(running.centres), np.empty(len(more), dtype=np.int32)
    with threads(hands) as spread:
        sums, met = measure(more, centres, labels, None, spread=spread)
    sizes = running.sizes + met
    sums += running.sizes[:, None] * centres
    centres = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centres)
    return Running(frame.outward(centres), sizes, running.middle, running.scale)


def _framed_as(rows: Rowset, block: NDArray[np.floating]) -> Rowset:
    columns = rows.values.shape[1]
    if block.ndim != 2 or block.shape[1] != columns:
        msg = f"a block of shape {block.shape} follows one of {columns} columns"
        raise MathsError(msg)
    return framed(block, None, rows.middle, rows.scale)


def _seen(blocks: Iterable[NDArray[np.floating]], rng: Generator) -> _Seen:
    """Walk once: draw each row with the same chance, whatever their number turns out to be."""
    lot, values, drawn = 1.0, [], []
    n_rows, n_kept, scatter = 0, 0, 0.0
    first: Rowset | None = None
    for block in blocks:
        if not len(block):
            continue
        rows = rowset(block) if first is None else _framed_as(first, block)
        first = first or rows
        n_rows, scatter = n_rows + len(rows), scatter + rows.scatter
        chance = rng.random(len(rows), dtype=np.float32)
        index = np.flatnonzero(chance < lot)
        drawn.append(chance[index])
        values.append(np.ascontiguousarray(rows.values.take(index, axis=0, mode="clip")))
        n_kept += len(index)
        while n_kept > 2 * SAMPLE_ROWS:
            lot /= 2
            values = [v[c < lot] for v, c in zip(values, drawn, strict=True)]
            drawn = [c[c < lot] for c in drawn]
            n_kept = sum(len(c) for c in drawn)
    if first is None:
        msg = "no rows, no clusters"
        raise MathsError(msg)
    together = np.concatenate(values)
    squares = np.einsum("ij,ij->i", together, together)
    return _Seen(Rowset(together, squares, None, first.middle, first.scale), n_rows, scatter)


def _margin(sample: Rowset, centres: NDArray[np.float64], n_rows: int, spread: Spread) -> float:
    """Tell within which margin lie as many rows as can be kept, by the sample."""
    labels, margins = np.empty(len(sample), np.int32), np.empty(len(sample), np.float32)
    measure(sample, centres, labels, margins, with_sums=False, spread=spread)
    share = KEPT_SHARE if n_rows > len(sample) else 1.0
    return float(np.quantile(margins, min(share, KEPT_ROWS / n_rows), method="lower"))


def _walked(
    blocks: Iterable[NDArray[np.floating]],
    sample: Rowset,
    centres: NDArray[np.float64],
    margin: float,
    n_rows: int,
    spread: Spread,
) -> _Walk:
    labels = np.empty(n_rows, dtype=np.int32)
    sums, sizes = np.zeros(centres.shape), np.zeros(len(centres))
    values, squares, places = [], [], []
    start = 0
    for block in blocks:
        if not len(block):
            continue
        rows = _framed_as(sample, block)
        own = labels[start : start + len(rows)]
        if len(own) < len(rows):
            msg = "a later walk has more rows than the first"
            raise MathsError(msg)
        margins = np.empty(len(rows), dtype=np.float32)
        found = measure(rows, centres, own, margins, spread=spread)
        sums, sizes = sums + found[0], sizes + found[1]
        near = np.flatnonzero(margins <= margin)
        values.append(np.ascontiguousarray(rows.values.take(near, axis=0, mode="clip")))
        squares.append(rows.squares[near])
        places.append(near + start)
        start += len(rows)
    if start < n_rows:
        msg = "a later walk has fewer rows than the first"
        raise MathsError(msg)
    kept = Rowset(
        np.concatenate(values), np.concatenate(squares), None, sample.middle, sample.scale
    )
    there = np.concatenate(places)
    # What is kept is added up anew by the passes that follow, so it leaves the rest.
    for row_block in _pieces(len(there)):
        members = np.equal(np.arange(len(centres))[:, None], labels[there[row_block]])
        sums -= members.astype(np.float64) @ kept.values[row_block]
        sizes -= members.sum(axis=1)
    return _Walk(labels, kept, there, (sums, sizes))


def _pieces(n: int) -> Iterator[slice]:
    return (slice(i, i + BLOCK_ROWS) for i in range(0, n, BLOCK_ROWS))


def _inertia(
    blocks: Blocks, labels: NDArray[np.int32], sample: Rowset, found: Descent, scatter: float
) -> float:
    """Sum up squared gaps; with one more walk where the difference of two sums has lost digits."""
    quick = found.inertia(scatter)
    if quick > TIGHT * scatter:
        return quick * sample.scale**2
    centres, start, total = sample.outward(found.centres), 0, 0.0
    for block in blocks():
        for piece in _pieces(len(block)):
            own = labels[start : start + len(block)][piece]
            total += float(((block[piece] - centres[own]) ** 2).sum(dtype=np.float64))
        start += len(block)
    return total
