"""Every family keeps the protocol."""

from __future__ import annotations

import pytest

from segmentry.features.catalogue import CATALOGUE
from segmentry.features.derived.catalogue import FAMILIES
from segmentry.features.derived.family import Family, Known, Unfit

KNOWN = Known(frozenset({"at", "amount", "item", "kind"}), kinds=("a", "b"), n_items=3)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
def test_a_family_says_what_its_features_are(family: Family) -> None:
    assert all(s.family == family.name and not s.is_core for s in family.features)
    assert all(s.sentence and s.null_means for s in family.features)
    assert not {s.name for s in family.features} & {s.name for s in CATALOGUE}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
def test_the_inputs_of_a_family_are_engine_features(family: Family) -> None:
    inputs = family.inputs(KNOWN)
    assert inputs
    assert all(s.family is None and not s.is_category for s in inputs)


def test_a_reason_is_a_sentence() -> None:
    assert str(Unfit("nobody came")) == "nobody came"
