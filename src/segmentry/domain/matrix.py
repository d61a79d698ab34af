"""What methods see: numbers only, finite, read-only."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.domain.weights import evened
from segmentry.errors import FitError


@dataclass(frozen=True)
class Matrix:
    """Prepared features.

    ``X`` has shape (n_entities, n_columns), float64, finite; ``names`` are its columns and
    ``features`` the table column that each of them came from (a one-hot level names its category);
    where columns are ``mixed``, as components are, the features behind all of them. ``borrowed``
    are features whose gaps were filled in from other features. ``weights``, of shape (n_entities,),
    say how much each entity counts, one on average; None where all count the same.
    """

    X: NDArray[np.float64]
    ids: pa.Array
    names: tuple[str, ...]
    features: tuple[str, ...]
    mixed: bool = False
    borrowed: tuple[str, ...] = ()
    weights: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        if not np.isfinite(self.X).all():
            raise FitError("the prepared matrix holds values that are not finite", code="E4002")
        self.X.flags.writeable = False

    def sample(self, size: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Choose rows without replacement, in ascending order; all of them where they are few.

        Only rows that count: what has no weight shapes nothing.
        """
        rows = self.counting
        if len(rows) <= size:
            return rows
        chosen: NDArray[np.int64] = rows[np.sort(rng.choice(len(rows), size=size, replace=False))]
        return chosen

    def take(self, rows: NDArray[np.int64]) -> Matrix:
        """Give some of the rows, in the order asked for."""
        X = np.ascontiguousarray(self.X[rows])
        weights = None if self.weights is None else evened(self.weights[rows])
        return replace(self, X=X, ids=self.ids.take(pa.array(rows)), weights=weights)

    @property
    def counting(self) -> NDArray[np.int64]:
        """Give the rows that have some weight, in ascending order."""
        return np.arange(len(self.X)) if self.weights is None else np.flatnonzero(self.weights)

    @property
    def shaping(self) -> NDArray[np.float64]:
        """Give the values of the rows that have some weight."""
        return self.X if self.weights is None else self.X[self.counting]

    def shares(self, segment: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give each segment's share of the weight; of entities, where all count the same."""
        sizes = np.bincount(segment, self.weights)
        result: NDArray[np.float64] = sizes / (
            len(segment) if self.weights is None else self.weights.sum()
        )
        return result
