"""Breadth of use: how many of all items that anybody uses an entity has ever used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import Learned
from segmentry.domain.role import Facet
from segmentry.features.derived.family import Known, Unfit, Values
from segmentry.features.specs.activity import NEVER
from segmentry.features.specs.mix import BREADTH
from segmentry.features.terms import distinct

NAME = "breadth"
MOST_ITEMS = 1_000
"""More items are a catalogue of goods: nobody uses a share of them worth telling."""

_USED = FeatureSpec(
    "items ever used",
    distinct("item", span="history"),
    Facet.BREADTH,
    "items",
    "number of distinct items ever used",
    NEVER,
)


class Breadth:
    """The share of items ever used; how many there are is learned from all entities."""

    name = NAME
    meaning = None
    features = (
        FeatureSpec(
            "items_used_share",
            Learned(NAME),
            Facet.BREADTH,
            "share",
            "share of all items (features of a product, say) that the entity ever used",
            NEVER,
            objectives=("adoption", "engagement"),
            aspect=BREADTH,
            refines=True,
            is_core=False,
            also_needs=("item",),
        ),
    )

    def inputs(self, known: Known) -> tuple[FeatureSpec, ...]:
        """Give the number of items."""
        del known
        return (_USED,)

    def fit(self, values: Values, known: Known) -> Mapping[str, Any]:
        """Learn how many items there are."""
        del values
        if not 0 < known.n_items <= MOST_ITEMS:
            msg = f"there are {known.n_items:,} items, more than {MOST_ITEMS:,}, or none"
            raise Unfit(msg)
        return {"n_items": known.n_items}

    def inputs_of(self, model: Mapping[str, Any]) -> tuple[FeatureSpec, ...]:
        """Give the number of items."""
        _checked(model)
        return (_USED,)

    def apply(self, model: Mapping[str, Any], values: Values) -> dict[str, NDArray[np.float64]]:
        """Divide; one who knows more items than there were has used all."""
        n_items = _checked(model)
        return {"items_used_share": np.minimum(values[_USED.name] / n_items, 1.0)}

    def sentences(self, model: Mapping[str, Any]) -> Mapping[str, str]:
        """Say how many items there are."""
        n_items = _checked(model)
        return {"items_used_share": f"share of the {n_items:,} known items that were ever used"}


def _checked(model: Mapping[str, Any]) -> int:
    n_items = model.get("n_items")
    if type(n_items) is not int or not 0 < n_items <= MOST_ITEMS:
        msg = f"{n_items!r} is no number of items"
        raise ValueError(msg)
    return n_items
