"""Models are kept as text and checked when they are read."""

from __future__ import annotations

import pytest

from segmentry.domain.feature import Derived
from segmentry.errors import AssignmentError, StoreError
from segmentry.features.derived.breadth import Breadth
from segmentry.features.derived.catalogue import DERIVED, families_of, read, written


def test_a_model_is_read_as_it_was_written() -> None:
    kept = written(Breadth(), {"n_items": 7})
    family, model, inputs = read(kept)
    assert (family.name, model) == ("breadth", {"n_items": 7})
    assert [s.name for s in inputs] == ["items ever used"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"n_items": -1}', "null", "1"])
def test_a_damaged_model_is_told(text: str) -> None:
    with pytest.raises(StoreError, match="damaged"):
        read(Derived("breadth", text))


def test_a_family_of_a_later_version_is_told() -> None:
    with pytest.raises(AssignmentError, match="no family of derived features called 'magic'"):
        read(Derived("magic", "{}"))


def test_families_are_found_by_their_features() -> None:
    specs = [s for s in DERIVED if s.name in {"r_score", "m_score", "clv"}]
    assert [f.name for f in families_of(specs)] == ["rfm", "value"]
