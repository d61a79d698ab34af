"""Components instead of columns, as a matrix product that learns nothing when it is applied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.preparation import Reducing


@dataclass(frozen=True, slots=True)
class Component:
    """One column of the reduced matrix.

    ``weights`` add the prepared columns up to it; ``loadings`` say how strongly each of them goes
    along with it, which is what people read. ``explained`` is its share of the variance.
    """

    name: str
    weights: tuple[float, ...]
    loadings: tuple[float, ...]
    explained: float
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Reduction:
    """From prepared columns to components: minus the centre, times the weights."""

    method: Reducing
    centre: tuple[float, ...]
    components: tuple[Component, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Name the components."""
        return tuple(c.name for c in self.components)

    def apply(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn prepared rows into rows of components.

        Parameters
        ----------
        X : ndarray of shape (n_rows, n_columns)

        Returns
        -------
        ndarray of shape (n_rows, n_components)
        """
        # Column by column: a matrix product rounds one row otherwise than a million.
        found = np.zeros((len(X), len(self.components)))
        for j, centre in enumerate(self.centre):
            gap = X[:, j] - centre
            for i, component in enumerate(self.components):
                found[:, i] += gap * component.weights[j]
        return found
