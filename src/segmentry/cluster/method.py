"""What a method is to the search: a sweep over numbers of segments, and a way to fit again.

What lives here: the nouns that methods and the search share. What does not: any method, and which
there are (``catalogue``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from segmentry.domain.crew import Crew
from segmentry.domain.partition import Partition
from segmentry.domain.weights import evened
from segmentry.errors import WeightError
from segmentry.maths.mixture import spherical_bic
from segmentry.maths.quantization import nearest_points
from segmentry.seeds import stream

Made = TypeVar("Made")

Weights = NDArray[np.float64] | None
"""How much each row counts, shape (n_rows,); None where all count the same."""

Arguments = Mapping[str, float | int | str]
"""Arguments of a partition: what a sweep has settled beside the number of segments."""


@dataclass(frozen=True, eq=False)
class Sample:
    """The rows that are searched, and what one method leaves there for another."""

    X: NDArray[np.float64]
    band: tuple[int, ...]
    """Numbers of segments that the rows allow, ascending."""
    seed: int
    crew: Crew
    min_share: float = 0.0
    """Smallest share of rows that a segment may have, for methods that can see to it."""
    max_share: float = 1.0
    """Largest share, likewise."""
    weights: Weights = None
    """Positive, one on average."""
    _kept: dict[str, object] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """Make a thing when it is first asked for."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]  # type: ignore[return-value]

    def bic(self, labels: NDArray[np.int64]) -> float:
        """Give the BIC of a partition read as round clouds."""
        return spherical_bic(self.X, labels, self.weights)

    def swept(self, name: str, fit: SweptFit, n_seeds: int) -> dict[int, Fits]:
        """Fit the whole band at once from several seeds; of each number the tightest is best.

        A fit with fewer segments than were asked for is left out.
        """
        found = self.crew.map(
            lambda s: fit(self.X, self.band, stream(self.seed, "search", name, s), self.weights),
            range(n_seeds),
        )
        result = {}
        for i, k in enumerate(self.band):
            fits = [partitions[i] for partitions in found if partitions[i].n_clusters == k]
            fits.sort(key=lambda p: inertia(self.X, p, self.weights))
            if fits:
                bic = self.bic(fits[0].labels)
                result[k] = Fits(tuple(fits), bic, lost=n_seeds - len(fits))
        return result

    def each(
        self, fit: Callable[[int, int], Partition], n_seeds: int, *, least: str
    ) -> dict[int, Fits]:
        """Fit each number of the band apart from several seeds; the best has the least argument.

        A fit with fewer segments than were asked for is left out.
        """
        # More segments take longer: they go first, so that no hand waits at the end.
        pieces = [(k, s) for k in reversed(self.band) for s in range(n_seeds)]
        found = dict(zip(pieces, self.crew.map(lambda piece: fit(*piece), pieces), strict=True))
        result = {}
        for k in self.band:
            fits = [found[k, s] for s in range(n_seeds) if found[k, s].n_clusters == k]
            fits.sort(key=lambda p: float(p.arguments[least]))
            if fits:
                bic = self.bic(fits[0].labels)
                result[k] = Fits(tuple(fits), bic, lost=n_seeds - len(fits))
        return result


@dataclass(frozen=True, eq=False)
class Fits:
    """Fits of one method with one number of segments, best first, and their BIC.

    ``lost`` counts seeds from which another number of clusters came out.
    """

    partitions: tuple[Partition, ...]
    bic: float
    lost: int = 0


SweptFit = Callable[
    [NDArray[np.float64], tuple[int, ...], Generator, Weights], tuple[Partition, ...]
]
Sweep = Callable[[Sample], Mapping[int, Fits]]
Finish = Callable[[NDArray[np.float64], Partition, Weights], Partition]
Objection = Callable[[NDArray[np.float64]], str]


class Refit(Protocol):
    """A fit from scratch, as resampling needs it."""

    def __call__(
        self,
        X: NDArray[np.float64],
        n_clusters: int,
        rng: Generator,
        settled: Arguments,
        weights: Weights = None,
        /,
    ) -> NDArray[np.int64]:
        """Give each row its cluster; weights are positive."""


def _nothing(_: NDArray[np.float64]) -> str:
    return ""


@dataclass(frozen=True)
class Method:
    """A way to find groups.

    ``sentence`` says what its segments are like, ``manner`` how it goes about rows of some kind,
    and ``objection`` why it suits them badly (nothing where it may serve). ``sweep`` fits every
    number of segments of a sample, ``refit`` labels other rows from scratch. ``finish`` moves a
    partition of the sample on to all rows; without it the prototypes stay.
    """

    name: str
    sentence: str
    sweep: Sweep
    refit: Refit
    objection: Objection = _nothing
    manner: Objection = _nothing
    has_centres: bool = False
    """Whether each row's label is that of the nearest centre, so that these are prototypes."""
    finish: Finish | None = None
    reads_columns: bool = False
    """Whether a column's own values mean something to it, beside distances between rows."""
    is_automatic: bool = False
    """Whether it is tried where nobody asks for it by name."""
    is_robust: bool = False
    """Whether a few rows far from all others leave its segments of the others as they are."""
    weighs_not: str = ""
    """Why it takes no weights of rows, and what to take instead; empty where it does."""

    def labels(
        self,
        X: NDArray[np.float64],
        n_clusters: int,
        rng: Generator,
        settled: Arguments,
        weights: Weights = None,
    ) -> NDArray[np.int64]:
        """Fit from scratch, whatever the weights.

        Parameters
        ----------
        X : ndarray of shape (n_rows, n_columns), finite
        n_clusters : int
        rng : Generator
        settled : mapping
            Arguments that a search has settled.
        weights : ndarray of shape (n_rows,), not negative, or None
            Only their ratios matter. A row of no weight shapes nothing, and gets the label of the
            nearest row that has some.

        Returns
        -------
        ndarray of int, shape (n_rows,)

        Raises
        ------
        WeightError
            E5071 if the method takes no weights.
        """
        weights = evened(weights)
        if weights is None:
            return self.refit(X, n_clusters, rng, settled)
        self.check_weighs()
        some = np.flatnonzero(weights > 0)
        found = self.refit(X[some], n_clusters, rng, settled, evened(weights[some]))
        if len(some) == len(X):
            return found
        labels: NDArray[np.int64] = found[nearest_points(X, X[some])]
        labels[some] = found
        return labels

    def check_weighs(self) -> None:
        """Refuse weights where the method takes none."""
        if self.weighs_not:
            why, _, instead = self.weighs_not.partition("; ")
            raise WeightError(f"{self.name} takes no weights: {why}", code="E5071", hint=instead)


def inertia(X: NDArray[np.float64], partition: Partition, weights: Weights = None) -> float:
    """Sum the squared distances of rows to the centre of their cluster."""
    squares = (X - partition.centres[partition.labels]) ** 2
    return float(squares.sum() if weights is None else weights @ squares.sum(axis=1))
