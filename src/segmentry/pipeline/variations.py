"""Single decisions taken otherwise: what each gives on the same searched rows.

What lives here: other numbers, seeds, beginnings, linkages, radii, methods, and features left out
one by one. What does not: what they are compared with (``sensitivity``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from segmentry.cluster import dbscan, hdbscan, kmeans, linkages, robust, ward
from segmentry.cluster.catalogue import method
from segmentry.cluster.method import Arguments, Sample, Weights
from segmentry.cluster.noise import LEAST_SHARE, numbered, without_noise
from segmentry.domain.crew import Crew
from segmentry.maths.density import dbscan as dense_regions
from segmentry.maths.lloyd import lloyd
from segmentry.maths.outcome import eta_squared
from segmentry.seeds import stream

FREE_METHODS = (dbscan.NAME, hdbscan.NAME)
"""Methods that take no number of segments."""

HIERARCHIES = (ward.NAME, *linkages.NAMES.values(), robust.NAME)

UNBEGUN = (*HIERARCHIES, *FREE_METHODS)
"""Methods without first centres."""

OTHER_SEEDS = 3
RADII = (0.8, 1.25)
"""Parts of the radius that DBSCAN has read off the data."""

MOST_FEATURES = 40
"""Features that are left out one by one; of more, those in which segments differ most."""

Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Columns:
    """The prepared columns of the searched rows, and the way from there to what is searched.

    ``features`` names the feature behind each column. ``into`` reduces columns to components or
    axes; None where the columns themselves are searched.
    """

    X: NDArray[np.float64]
    features: tuple[str, ...]
    into: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None

    def without(self, name: str) -> NDArray[np.float64]:
        """Give what would be searched if a feature were not there."""
        own = np.array([f == name for f in self.features])
        if self.into is None:
            return np.ascontiguousarray(self.X[:, ~own])
        # What is the same for everyone moves nobody, and components keep their weights.
        X = self.X.copy()
        X[:, own] = X[:, own].mean(axis=0)
        return self.into(X)

    def telling(self, labels: Labels) -> list[str]:
        """Name the features, those first in which segments differ most."""
        found: dict[str, float] = {}
        for name, column in zip(self.features, self.X.T, strict=True):
            found[name] = max(found.get(name, 0.0), eta_squared(column, labels))
        return sorted(found, key=lambda n: -found[n])


@dataclass(frozen=True, eq=False)
class Settled:
    """What was chosen on which rows."""

    method: str
    n_segments: int
    arguments: Arguments
    X: NDArray[np.float64]
    columns: Columns
    seed: int
    crew: Crew
    n_fits: int = 1
    """Fits from other seeds that the search has made of it, itself among them."""
    min_share: float = 0.0
    max_share: float = 1.0
    weights: Weights = None

    def fitted(
        self,
        *,
        X: NDArray[np.float64] | None = None,
        n_segments: int | None = None,
        seed: int | None = None,
        name: str | None = None,
    ) -> Labels | str:
        """Fit with one thing changed, as a search would; a sentence where that gives nothing."""
        rows = self.X if X is None else X
        k = n_segments or self.n_segments
        own, chance = name or self.method, self.seed if seed is None else seed
        if own in FREE_METHODS:
            rng = stream(chance, "search", own)
            return method(own).labels(rows, k, rng, self.arguments, self.weights)
        if len(np.unique(rows, axis=0)) < k:
            return f"fewer than {k} entities differ"
        bounds = self.min_share, self.max_share
        sample = Sample(rows, (k,), chance, self.crew, *bounds, self.weights)
        fits = method(own).sweep(sample).get(k)
        return f"{own} found no {k} segments" if fits is None else fits.partitions[0].labels


@dataclass(frozen=True)
class Varied:
    """A decision, the variant, and what gives its labels or says why there are none."""

    decision: str
    variant: str
    labels: Callable[[], Labels | str]


def variations_of(
    settled: Settled, *, others: Mapping[str, Labels], labels: Labels
) -> tuple[Varied, ...]:
    """List every decision that can be taken otherwise, and those that cannot with the reason.

    Windows, which need the sources, are listed elsewhere (``windows``).

    Parameters
    ----------
    settled : Settled
    others : mapping of str to ndarray
        Own labels of other methods with as many segments, which the search has found already.
    labels : ndarray of int, shape (n_rows,)
        The choice: its method's own labels.

    Returns
    -------
    tuple of Varied
    """
    return (
        *_numbers(settled),
        *_seeds(settled),
        *_beginnings(settled),
        *_linkages(settled),
        *_radii(settled),
        *(Varied("method", name, partial(_given, found)) for name, found in others.items()),
        *_features(settled, labels),
    )


def _given(found: Labels | str) -> Labels | str:
    return found


def _without(settled: Settled, name: str) -> Labels | str:
    return settled.fitted(X=settled.columns.without(name))


def not_varied(decision: str, why: str) -> Varied:
    """Say why a decision is not taken otherwise."""
    return Varied(decision, "", partial(_given, why))


def _numbers(settled: Settled) -> Iterator[Varied]:
    if settled.method in FREE_METHODS:
        yield not_varied("number of segments", f"{settled.method} finds its own")
        return
    for k in (settled.n_segments - 1, settled.n_segments + 1):
        if k >= 2:
            yield Varied("number of segments", f"{k}", partial(settled.fitted, n_segments=k))


def _seeds(settled: Settled) -> Iterator[Varied]:
    for i in range(1, OTHER_SEEDS + 1):
        yield Varied("seed", f"other seed {i}", partial(settled.fitted, seed=settled.seed + i))


def _beginnings(settled: Settled) -> Iterator[Varied]:
    if settled.method in UNBEGUN:
        yield not_varied("first centres", f"{settled.method} has none")
        return
    if settled.method != kmeans.NAME:
        yield not_varied(
            "first centres", f"not varied: {settled.method} begins in a way of its own"
        )
        return
    yield Varied("first centres", "rows by lot", partial(_by_lot, settled))


def _by_lot(settled: Settled) -> Labels:
    """Begin k-means at rows drawn evenly, as often as a search begins."""
    rng = stream(settled.seed, "sensitivity", "by lot")
    X, k = settled.X, settled.n_segments
    distinct = np.unique(X, axis=0)
    fits = [
        lloyd(X, distinct[rng.choice(len(distinct), k, replace=False)], weights=settled.weights)
        for _ in range(settled.n_fits * kmeans.N_STARTS)
    ]
    return min(fits, key=lambda fit: fit.inertia).labels


def _linkages(settled: Settled) -> Iterator[Varied]:
    if settled.method not in HIERARCHIES:
        yield not_varied("linkage", f"{settled.method} is no hierarchy")
        return
    for name in HIERARCHIES:
        if name != settled.method:
            yield Varied("linkage", name, partial(settled.fitted, name=name))


def _radii(settled: Settled) -> Iterator[Varied]:
    if settled.method == hdbscan.NAME:
        for share in hdbscan.SHARES:
            if share != settled.arguments["least_share"]:
                yield Varied("smallest dense region", f"{share:g} of entities",
                             partial(_denser, settled, share))  # fmt: skip
        return
    if settled.method != dbscan.NAME:
        yield not_varied("radius", f"{settled.method} has none")
        return
    for part in RADII:
        yield Varied("radius", f"{part:g} times as wide", partial(_wider, settled, part))


def _denser(settled: Settled, share: float) -> Labels:
    rng = stream(settled.seed, "search", hdbscan.NAME)
    arguments = {**settled.arguments, "least_share": share}
    again = method(hdbscan.NAME)
    return again.labels(settled.X, settled.n_segments, rng, arguments, settled.weights)


def _wider(settled: Settled, part: float) -> Labels:
    X, told, weights = settled.X, settled.arguments, settled.weights
    radius, count = part * float(told["radius"]), int(told["min_samples"])
    found = dense_regions(X, radius, count, weights=weights)
    return without_noise(X, numbered(found, round(LEAST_SHARE * len(X)), weights))


def _features(settled: Settled, labels: Labels) -> Iterator[Varied]:
    names = settled.columns.telling(labels)
    if len(names) < 2:
        yield not_varied("feature", "there is only one")
        return
    for name in names[:MOST_FEATURES]:
        yield Varied(
            "feature",
            f"without {name}",
            partial(_without, settled, name),
        )
