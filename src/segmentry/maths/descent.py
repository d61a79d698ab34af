"""Lloyd's passes that look again only at rows whose nearest centre may have changed.

What lives here: one pass over rows with margins, and the passes after it. What does not: where
centres begin (``maths.multilevel``). Read on in ``docs/methods/k_means_levels.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from segmentry.maths.rowset import BLOCK_ROWS, Rowset

MOST_STEPS = 300

TOLERANCE = 1e-4
"""Movement of all centres, as a share of the mean variance of a column, that ends the passes."""

CHUNK_ROWS = 4 * BLOCK_ROWS
"""Rows whose sums are added up together: the same ones, whatever the number of threads."""

CELLS = 2**18
"""Distances held at a time."""

WHOLE_SHARE = 0.5
"""Share of doubtful rows from which a pass over all of them in their order is quicker."""

AHEAD = 1.5
"""Drifts that the list of rows to keep an eye on looks ahead."""

Spread = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""What carries out work on pieces and gives results in their order: ``map``, or that of a pool."""

Sums: TypeAlias = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """Rows that are not at hand and stay where they are: their sums and sizes by centre.

    ``least`` is the sum of squared moves that ends the passes, in place of the tolerance, because
    these rows have their share in the variance; ``leash`` the drift after which they may no longer
    stay, which ends the passes too.
    """

    sums: NDArray[np.float64]
    sizes: NDArray[np.float64]
    least: float
    leash: float


@dataclass(frozen=True, slots=True, eq=False)
class Descent:
    """Where the passes ended; ``sums`` and ``sizes`` are those of each centre's rows.

    ``drift`` is how far the centres went from where they began, at most: each on its own way, and
    the farthest of them.
    """

    labels: NDArray[np.int32]
    margins: NDArray[np.float32]
    centres: NDArray[np.float64]
    sums: NDArray[np.float64]
    sizes: NDArray[np.float64]
    drift: float
    n_steps: int

    def inertia(self, scatter: float) -> float:
        """Sum up squared distances to centres, from the sum of squared lengths of rows."""
        return inertia(scatter, self.centres, self.sums, self.sizes)


def descend(
    rows: Rowset,
    centres: NDArray[np.float64],
    *,
    tolerance: float = TOLERANCE,
    most_steps: int = MOST_STEPS,
    spread: Spread = map,
    rest: Rest | None = None,
    gain: float = 0.0,
) -> Descent:
    r"""Move centres to the means of their rows until they rest.

    Parameters
    ----------
    rows : Rowset
    centres : ndarray of shape (n_clusters, n_columns)
        Where rows are kept (``Rowset.inward``).
    tolerance : float
        Movement of all centres, as a share of the mean variance of a column, that ends the passes.
    most_steps : int
    spread : callable, default ``map``
        Carries out pieces; the result does not depend on how.
    rest : Rest or None
        Rows that are not at hand.
    gain : float
        Share of the inertia that a pass has to save for another one to follow.

    Returns
    -------
    Descent
        Labels are those of the nearest centre. A centre without rows takes the farthest row.

    Notes
    -----
    A row changes its centre only after its own one and another have moved by its margin, the
    difference of its distances to the nearest two centres. Margins are compared with how far
    centres have gone since; rows in doubt are measured again, all others are left alone. This is
    Hamerly's bound with one number for each row, and gives what passes over all rows give.

    References
    ----------
    Lloyd, S. (1982). Least squares quantization in PCM. IEEE Trans. Inf. Theory 28, 129-137.
    Hamerly, G. (2010). Making k-means even faster. SIAM Data Mining, 130-140.
    """
    state = _State(rows, np.asarray(centres, dtype=np.float64), spread, rest)
    if rest is None:
        least, leash = tolerance * rows.scatter / rows.total / rows.values.shape[1], np.inf
    else:
        least, leash = rest.least, rest.leash
    n_steps, shift, saves, before = 0, np.inf, True, np.inf
    scatter = rows.scatter if gain > 0 else 0.0
    while n_steps < most_steps and shift > least and state.drift <= leash and saves:
        n_steps += 1
        shift = state.step()
        if gain > 0:
            now = inertia(scatter, state.centres, *state.all_sums())
            saves, before = before - now > gain * now, now
    return Descent(
        state.labels, state.bounds, state.centres, *state.all_sums(), state.drift, n_steps
    )


def inertia(
    scatter: float,
    centres: NDArray[np.float64],
    sums: NDArray[np.float64],
    sizes: NDArray[np.float64],
) -> float:
    """Sum up squared distances to centres, from the sum of squared lengths of rows."""
    squares = (centres**2).sum(axis=1)
    return max(scatter - 2.0 * float((centres * sums).sum()) + float(sizes @ squares), 0.0)


class _State:
    """Labels and bounds of rows, and sums of clusters, as centres move."""

    def __init__(
        self, rows: Rowset, centres: NDArray[np.float64], spread: Spread, rest: Rest | None
    ) -> None:
        self.rows, self.centres, self.spread, self.rest = rows, centres, spread, rest
        self.labels = np.empty(len(rows), dtype=np.int32)
        self.bounds = np.empty(len(rows), dtype=np.float32)
        self.drift = 0.0
        self._measure_all()

    def step(self) -> float:
        """Move centres once; give the sum of their squared moves."""
        sums, sizes = self.all_sums()
        moved = _means(sums, sizes, self.centres)
        empty = np.flatnonzero(sizes <= 0)
        if len(empty):
            found = _farthest(self.rows, self.labels, self.centres, len(empty))
            moved[empty[: len(found)]] = self.rows.values[found]
        if self.rows.on_sphere:
            lengths = np.sqrt((moved**2).sum(axis=1, keepdims=True))
            moved = np.where(lengths > 0, moved / np.where(lengths > 0, lengths, 1.0), self.centres)
        moves = np.sqrt(((moved - self.centres) ** 2).sum(axis=1))
        self.centres = moved
        self.gone += moves
        self.farthest += float(moves.max())
        self.drift += float(moves.max())
        self._measure_doubtful()
        return float((moves**2).sum())

    def all_sums(self) -> Sums:
        if self.rest is None:
            return self.sums, self.sizes
        return self.sums + self.rest.sums, self.sizes + self.rest.sizes

    def _measure_all(self) -> None:
        self.gone, self.farthest = np.zeros(len(self.centres)), 0.0
        self.watched, self.reach = np.empty(0, dtype=np.intp), -1.0
        self.sums, self.sizes = measure(
            self.rows, self.centres, self.labels, self.bounds, spread=self.spread
        )

    def _measure_doubtful(self) -> None:
        gone = self.gone + self.farthest
        if gone.max() > self.reach:
            self.reach = AHEAD * float(gone.max())
            self.watched = np.flatnonzero(self.bounds <= self.reach)
        # A hair more than the drift: bounds are kept in single precision.
        limits = (gone * (1 + 1e-5)).astype(np.float32)
        watched = self.watched
        own_limits = limits.take(self.labels.take(watched, mode="clip"), mode="clip")
        doubtful = watched[self.bounds.take(watched, mode="clip") <= own_limits]
        if len(doubtful) > WHOLE_SHARE * len(self.rows):
            self._measure_all()
            return
        pieces = [doubtful[i : i + BLOCK_ROWS] for i in range(0, len(doubtful), BLOCK_ROWS)]
        for sums, sizes in self.spread(self._measure_again, pieces):
            self.sums += sums
            self.sizes += sizes

    def _measure_again(self, index: NDArray[np.intp]) -> Sums:
        rows = self.rows.taken(index)
        labels = np.empty(len(index), dtype=np.int32)
        margins = np.empty(len(index), dtype=np.float32)
        measure(rows, self.centres, labels, margins, with_sums=False)
        before = self.labels[index]
        self.labels[index] = labels
        self.bounds[index] = margins + (self.gone + self.farthest).astype(np.float32)[labels]
        changed = np.flatnonzero(before != labels)
        k, values = len(self.centres), rows.values[changed].astype(np.float64)
        every = np.arange(k)[:, None]
        signs = (every == labels[changed]).astype(np.float64) - (every == before[changed])
        if rows.weights is not None:
            signs *= rows.weights[changed]
        return signs @ values, signs.sum(axis=1)


def measure(
    rows: Rowset,
    centres: NDArray[np.float64],
    labels: NDArray[np.int32],
    margins: NDArray[np.float32] | None,
    *,
    with_sums: bool = True,
    spread: Spread = map,
) -> Sums:
    """Find each row's nearest centre, and how much farther the second nearest is.

    Parameters
    ----------
    rows : Rowset
    centres : ndarray of shape (n_clusters, n_columns)
    labels, margins : ndarray of shape (n_rows,)
        Filled in here; margins only where they are wanted. Of equally near centres a row gets the
        first.
    with_sums : bool
    spread : callable, default ``map``

    Returns
    -------
    tuple of ndarray
        Sums of the rows of each centre, and their weights, added up in one order; zeros where
        sums are not wanted.
    """
    towards = (-2.0 * centres).astype(np.float32)
    lengths = (centres * centres).sum(axis=1, keepdims=True).astype(np.float32)

    def work(start: int) -> Sums:
        chunk = slice(start, start + CHUNK_ROWS)
        kernel = _Kernel(towards, lengths, rows.weights is not None, with_sums)
        return kernel.run(rows, chunk, labels, margins)

    sums, sizes = np.zeros(centres.shape), np.zeros(len(centres))
    for part in spread(work, range(0, len(rows), CHUNK_ROWS)):
        sums += part[0]
        sizes += part[1]
    return sums, sizes


class _Kernel:
    """Distances of one block after another to all centres, in arrays that are used again."""

    def __init__(
        self,
        towards: NDArray[np.float32],
        lengths: NDArray[np.float32],
        weighted: bool,  # noqa: FBT001
        with_sums: bool,  # noqa: FBT001
    ) -> None:
        self.towards, self.lengths = towards, lengths
        self.weighted, self.with_sums = weighted, with_sums
        self.step = int(np.clip(CELLS // len(towards), 64, BLOCK_ROWS))
        self.numbers = np.arange(len(towards), dtype=np.float32)

    def run(
        self,
        rows: Rowset,
        chunk: slice,
        labels: NDArray[np.int32],
        margins: NDArray[np.float32] | None,
    ) -> Sums:
        labels, margins = labels[chunk], margins if margins is None else margins[chunk]
        values, squares = rows.values[chunk], rows.squares[chunk]
        weights = rows.weights[chunk].astype(np.float32) if rows.weights is not None else None
        k = len(self.towards)
        step = min(self.step, len(values))
        gaps, near = np.empty((k, step), np.float32), np.empty((k, step), bool)
        members = np.empty((k, step), np.float32)
        ones = np.ones(step, np.float32)
        sums, sizes = np.zeros((k, values.shape[1])), np.zeros(k)
        for start in range(0, len(values), step):
            block = slice(start, start + step)
            n = len(values[block])
            if n < step:
                gaps, near, members = gaps[:, :n].copy(), near[:, :n].copy(), members[:, :n].copy()
            np.dot(self.towards, values[block].T, out=gaps)
            gaps += self.lengths
            first = gaps.min(axis=0)
            np.equal(gaps, first, out=near)
            np.copyto(members, near)
            counts = members @ ones[:n]
            if counts.sum() != n:  # a tie: the first centre has it
                np.equal(np.arange(k)[:, None], gaps.argmin(axis=0), out=near)
                np.copyto(members, near)
                counts = members @ ones[:n]
            labels[block] = self.numbers @ members
            if self.with_sums:
                if weights is not None:
                    members *= weights[block]
                    sizes += members.sum(axis=1, dtype=np.float64)
                else:
                    sizes += counts
                sums += members @ values[block]
            if margins is None:
                continue
            np.copyto(gaps, np.inf, where=near)
            _margins(first, gaps.min(axis=0), squares[block], margins[block])
        return sums, sizes


def _margins(
    first: NDArray[np.float32],
    second: NDArray[np.float32],
    squares: NDArray[np.float32],
    margins: NDArray[np.float32],
) -> None:
    """Turn squared gaps, less the rows' own squares, into the difference of distances."""
    np.subtract(second, first, out=margins)
    first += squares
    second += squares
    np.maximum(first, 0.0, out=first)
    np.maximum(second, 1e-30, out=second)
    np.sqrt(first, out=first)
    np.sqrt(second, out=second)
    first += second
    with np.errstate(invalid="ignore"):  # a single centre: infinite by infinite
        np.divide(margins, first, out=margins)
    np.copyto(margins, np.inf, where=np.isnan(margins))


def _means(
    sums: NDArray[np.float64], sizes: NDArray[np.float64], centres: NDArray[np.float64]
) -> NDArray[np.float64]:
    filled = sizes[:, None] > 0
    return np.where(filled, sums / np.where(filled, sizes[:, None], 1.0), centres)


def _farthest(
    rows: Rowset, labels: NDArray[np.int32], centres: NDArray[np.float64], count: int
) -> NDArray[np.intp]:
    """Give the rows that lie farthest from their own centre, as far as they lie from it at all."""
    gaps = np.empty(len(rows))
    for start in range(0, len(rows), BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        gaps[block] = ((rows.values[block] - centres[labels[block]]) ** 2).sum(axis=1)
    if rows.weights is not None:
        gaps *= rows.weights > 0
    order = np.argsort(-gaps, kind="stable")[:count]
    return order[gaps[order] > 0]
