"""What methods see: numbers only, finite, read-only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.errors import FitError


@dataclass(frozen=True)
class Matrix:
    """Prepared features.

    ``X`` has shape (n_entities, n_columns), float64, finite; ``names`` are its columns and
    ``features`` the table column that each of them came from (a one-hot level names its category);
    where columns are ``mixed``, as components are, the features behind all of them. ``borrowed``
    are features whose gaps were filled in from other features.
    """

    X: NDArray[np.float64]
    ids: pa.Array
    names: tuple[str, ...]
    features: tuple[str, ...]
    mixed: bool = False
    borrowed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not np.isfinite(self.X).all():
            raise FitError("the prepared matrix holds values that are not finite", code="E4002")
        self.X.flags.writeable = False

    def sample(self, size: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Choose rows without replacement, in ascending order; all of them where they are few."""
        n = len(self.X)
        if n <= size:
            return np.arange(n)
        return np.sort(rng.choice(n, size=size, replace=False))
