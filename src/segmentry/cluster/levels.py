"""Two levels: broad segments, and micro-segments within those that hold more structure.

What lives here: whether and how a broad segment is divided, and what answers for its parts. What
does not: the broad segments themselves, which any method may give, and the words about parts. Read
on in ``docs/methods/levels.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.cluster.compress import FIDELITY, compress, stand_in
from segmentry.cluster.ward import fit_ward
from segmentry.domain.assigner import Assigner
from segmentry.domain.micro import Whole
from segmentry.domain.partition import Partition
from segmentry.errors import MathsError
from segmentry.maths.gain import explained_share
from segmentry.maths.rounding import round_significant
from segmentry.maths.structure import EDGE_SHARE, atom_share, fit_one_cloud, latent_scores
from segmentry.maths.ward import ward_linkage

MOST_PARTS = 6

SAMPLE_ROWS = 400
"""Rows of a segment on which structure is looked for, and rows of each draw of one cloud."""

DRAWS = 19
"""What is above all of these happens to one cloud once in twenty times at most."""

FEWEST_ROWS = 10
"""Rows from which a part is told, however few there are in all."""

ONE_IN = 50
"""A part holds one row in so many at least."""

MOST_CLOUDS = 50
"""Clouds drawn until enough of their rows lie within a segment's borders."""

Answer = Callable[[NDArray[np.float64]], NDArray[np.int64]]
"""Gives the broad segment of each row."""


@dataclass(frozen=True, eq=False)
class Division:
    """What became of a broad segment: parts, or why it stays whole.

    ``explained`` is the share of its scatter that its parts explain, as ``assigner`` answers for
    them, ``by_chance`` the mean of that share among draws of one cloud, and ``fidelity`` the share
    of rows that the assigner puts where the hierarchy had them. All are of the ``n_columns`` in
    which parts were looked for.
    """

    whole: Whole | None
    assigner: Assigner | None = None
    explained: float = 0.0
    by_chance: float = 0.0
    fidelity: float = 0.0
    n_columns: int = 0


def fit_levels(
    X: NDArray[np.float64],
    answer: Answer,
    *,
    rng: Generator,
    most_parts: int = MOST_PARTS,
) -> tuple[Division, ...]:
    """Divide broad segments where they hold more structure than one cloud cut alike would.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), finite
    answer : callable
        Gives the broad segment of each row, 0 .. n_segments - 1, for rows of ``X`` and for others;
        each occurs among those of ``X``.
    rng : Generator
        Draws clouds, and rows of large segments.
    most_parts : int, default=6
        Parts of a broad segment at most.

    Returns
    -------
    tuple of Division
        One for each broad segment. Parts are numbered from the largest, and none holds fewer than
        ten rows, or than 2 % of all.

    Raises
    ------
    MathsError
        If a segment has no rows.

    Notes
    -----
    Parts are looked for in columns that vary smoothly within the segment: heaps of equal values are
    no groups. Ward's hierarchy of its rows is cut into 2, 3, .. parts, and so are those of clouds
    without groups that are fitted to the segment and cut by the same borders: a segment is what a
    method cut out of others, and the edges that this leaves are no structure. A segment that
    stands out more than every cloud, each at the number where it does most, is divided: of the
    numbers whose explained share of scatter lies above every cloud's, the one farthest above their
    mean is taken whose parts are large enough, are kept by prototypes, and explain more than every
    cloud's as these answer.

    References
    ----------
    Tibshirani, R., Walther, G. and Hastie, T. (2001). Estimating the number of clusters in a data
    set via the gap statistic. JRSS B 63, 411-423. Liu, Y., Hayes, D. N., Nobel, A. and Marron,
    J. S. (2008). Statistical significance of clustering for high-dimension, low-sample size data.
    JASA 103, 1281-1293 (one cloud as the null).
    """
    labels = answer(X)
    counts = np.bincount(labels)
    if not len(X) or (counts == 0).any():
        msg = f"of {len(counts)} broad segments of {len(X)} rows, each needs rows"
        raise MathsError(msg)
    least_rows = max(FEWEST_ROWS, -(-len(X) // ONE_IN))

    def within(segment: int, rows: NDArray[np.float64]) -> NDArray[np.bool_]:
        is_inside: NDArray[np.bool_] = answer(rows) == segment
        return is_inside

    return tuple(
        _divided(
            np.ascontiguousarray(X[labels == segment]),
            partial(within, segment),
            range(2, most_parts + 1),
            least_rows,
            rng,
        )
        for segment in range(len(counts))
    )


Borders = Callable[[NDArray[np.float64]], NDArray[np.bool_]]
"""Tells which rows lie in a segment."""


def _divided(
    X: NDArray[np.float64], borders: Borders, band: range, least_rows: int, rng: Generator
) -> Division:
    band = band[: max(len(X) // least_rows - 1, 0)]
    if not band:
        return Division(Whole.FEW)
    sample = X[np.sort(rng.permutation(len(X))[:SAMPLE_ROWS])]
    looked_at = np.array([_varies_smoothly(column) for column in sample.T])
    if not looked_at.any():
        return Division(Whole.UNTESTED)
    found = _explained(sample[:, looked_at], band)
    clouds = tuple(_clouds(sample, looked_at, borders, rng))
    if len(clouds) < DRAWS:
        return Division(Whole.UNTESTED)
    chance = np.array([_explained(cloud[:, looked_at], band) for cloud in clouds])
    if not _is_beyond(found, chance):
        return Division(Whole.CHANCE)
    excess = np.where(found > chance.max(axis=0), found - chance.mean(axis=0), 0.0)
    places = [p for p in np.argsort(-excess, kind="stable") if excess[p] > 0]
    partitions = fit_ward(np.ascontiguousarray(X[:, looked_at]), band, rng=rng)
    tried = []
    for place in places:
        division = _answered(X, looked_at, partitions[place], chance[:, place], least_rows, rng)
        if division.whole is None:
            return division
        tried.append(division)
    return tried[0]


def _varies_smoothly(column: NDArray[np.float64]) -> bool:
    """Tell whether a column has no heap of equal values: gaps beside heaps were made by no group.

    Levels of a category, yes and no, and "none in the last month" are heaps.
    """
    is_distinct = len(np.unique(column)) == len(column)
    return is_distinct or atom_share(column) < EDGE_SHARE


def _answered(
    X: NDArray[np.float64],
    looked_at: NDArray[np.bool_],
    partition: Partition,
    chance: NDArray[np.float64],
    least_rows: int,
    rng: Generator,
) -> Division:
    """Let prototypes answer for parts, and keep what is told of those true of the answers."""
    if np.bincount(partition.labels).min() < least_rows:
        return Division(Whole.SMALL)
    seen = np.ascontiguousarray(X[:, looked_at])
    prototypes, fidelity = stand_in(partition, seen, rng=rng)
    if fidelity < FIDELITY:
        return Division(Whole.UNFAITHFUL)
    assigner = compress(prototypes, seen)
    # In all other columns prototypes are alike, so that these decide nothing.
    places = np.repeat(X.mean(axis=0)[None], len(assigner.prototypes), axis=0)
    places[:, looked_at] = assigner.prototypes
    assigner = replace(assigner, prototypes=round_significant(places))
    parts = assigner.answer(X).segment
    sizes = np.bincount(parts, minlength=partition.n_clusters)
    if sizes.min() < least_rows:
        return Division(Whole.SMALL)
    explained = explained_share(seen, parts)
    if explained <= chance.max():
        return Division(Whole.CHANCE)
    return Division(None, assigner, explained, float(chance.mean()), fidelity, int(looked_at.sum()))


def _is_beyond(found: NDArray[np.float64], chance: NDArray[np.float64]) -> bool:
    """Tell whether a segment stands out more than every cloud, at the number where each does most.

    Standing out is measured alike for all of them, so that one cloud among them is first as often
    as any other, however many numbers are looked at.
    """
    every = np.vstack([found, chance])
    spread = np.maximum(every.std(axis=0), 1e-12)
    most = ((every - every.mean(axis=0)) / spread).max(axis=1)
    return bool(most[0] > most[1:].max())


def _explained(X: NDArray[np.float64], band: range) -> NDArray[np.float64]:
    """Give the share of scatter that clusters of Ward's hierarchy explain, for each number."""
    costs = ward_linkage(X)[:, 2]
    shares: NDArray[np.float64] = np.cumsum(costs[::-1])[: len(band)] / costs.sum()
    return shares


def _clouds(
    X: NDArray[np.float64], smooth: NDArray[np.bool_], borders: Borders, rng: Generator
) -> Iterator[NDArray[np.float64]]:
    """Draw clouds without groups, like rows of a segment and within its borders.

    Columns that do not vary smoothly take the very values of the rows, in the order of the cloud:
    they only say where the borders run. Clouds end early where hardly any of their rows lie within
    these.
    """
    varies = np.ptp(X, axis=0) > 0
    own = X[:, varies]
    heaped = ~smooth[varies]
    cloud = fit_one_cloud(own, latent_scores(own, rng), latent=heaped)
    values = np.where(heaped[:, None], np.sort(own, axis=0).T, cloud.values)
    cloud = replace(cloud, values=values)
    for _ in range(DRAWS):
        kept: list[NDArray[np.float64]] = []
        for _ in range(MOST_CLOUDS):
            drawn = np.repeat(X[:1], len(X), axis=0)
            drawn[:, varies] = cloud.draw(rng)
            kept.append(drawn[borders(drawn)])
            if sum(map(len, kept)) >= len(X):
                break
        else:
            return
        yield np.vstack(kept)[: len(X)]
