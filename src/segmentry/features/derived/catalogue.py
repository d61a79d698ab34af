"""The list of families of derived features; a family is one file and one line here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from segmentry.domain.feature import Derived, FeatureSpec
from segmentry.errors import AssignmentError, StoreError
from segmentry.features.derived.breadth import Breadth
from segmentry.features.derived.family import Family
from segmentry.features.derived.paths import Paths
from segmentry.features.derived.rfm import Rfm
from segmentry.features.derived.value import Value

FAMILIES: tuple[Family, ...] = (Rfm(), Breadth(), Paths(), Value())

DERIVED: tuple[FeatureSpec, ...] = tuple(s for f in FAMILIES for s in f.features)
"""Every derived feature, in reading order."""


def families_of(specs: Iterable[FeatureSpec]) -> tuple[Family, ...]:
    """Give the families that some features come from."""
    names = {s.family for s in specs}
    return tuple(f for f in FAMILIES if f.name in names)


def written(family: Family, model: Mapping[str, Any]) -> Derived:
    """Give a model as it is kept with a column."""
    return Derived(family.name, json.dumps(model, sort_keys=True, ensure_ascii=False))


def read(derived: Derived) -> tuple[Family, Mapping[str, Any], tuple[FeatureSpec, ...]]:
    """Give the family, its model and the inputs that it needs.

    Raises
    ------
    AssignmentError
        E6002 if this version knows no such family.
    StoreError
        E5003 if the model is damaged.
    """
    family = next((f for f in FAMILIES if f.name == derived.family), None)
    if family is None:
        raise AssignmentError(
            f"this version knows no family of derived features called {derived.family!r}",
            code="E6002",
            hint="use the version of segmentry that made the run, or make the run again",
        )
    try:
        model = json.loads(derived.model)
        return family, model, family.inputs_of(model)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreError(
            f"the model of the derived features {derived.family!r} is damaged: {error}",
            code="E5003",
            hint="make the run again",
        ) from error
