"""What a family of derived features is: inputs, a model that is learned once, and its answers.

What lives here: the protocol. What does not: the families (one file each), their list
(``features.derived.catalogue``), and the order of the work (``pipeline.derived``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.feature import FeatureSpec

Values = Mapping[str, NDArray[np.float64]]
"""Inputs by name, one number per entity, NaN where unknown."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the events beside the inputs, before the cut."""

    fields: frozenset[str]
    kinds: tuple[str, ...] = ()
    """The most common first."""
    n_items: int = 0
    horizon_days: float = 90.0


class Unfit(Exception):  # noqa: N818 - a reason, told to the user, and no error
    """A model cannot be learned from these entities; the text says why."""


class Family(Protocol):
    """A model that turns some features of all entities into others."""

    @property
    def name(self) -> str:
        """Name the family."""

    @property
    def features(self) -> tuple[FeatureSpec, ...]:
        """Give the features that it can give, in reading order."""

    @property
    def meaning(self) -> str | None:
        """Name the meaning that events must have to count, where kinds have meanings."""

    def inputs(self, known: Known) -> tuple[FeatureSpec, ...]:
        """Give the engine features that it is learned from."""

    def fit(self, values: Values, known: Known) -> Mapping[str, Any]:
        """Learn a model as JSON knows it.

        Raises
        ------
        Unfit
            If that cannot be done.
        """

    def inputs_of(self, model: Mapping[str, Any]) -> tuple[FeatureSpec, ...]:
        """Give the engine features that a model needs.

        Raises
        ------
        ValueError
            If the model is not one of this family.
        """

    def apply(self, model: Mapping[str, Any], values: Values) -> dict[str, NDArray[np.float64]]:
        """Compute the features that the model gives, row by row.

        Raises
        ------
        ValueError
            If the model is not one of this family.
        """

    def sentences(self, model: Mapping[str, Any]) -> Mapping[str, str]:
        """Say what features mean where the model decides it."""
