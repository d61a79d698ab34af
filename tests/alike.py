"""What tables of features of two engines have to have in common."""

from __future__ import annotations

import numpy as np

from places import Built
from segmentry.domain.formula import Aggregate, Measure
from segmentry.domain.role import Kind
from segmentry.domain.table import FeatureTable
from segmentry.features.catalogue import CATALOGUE

TOLERANCE = 1e-9
MONEY = ("amount", "quantity")


def whole_or_money() -> set[str]:
    """Name the features that are one count or one sum: they have to be equal to the last digit."""
    return {s.name for s in CATALOGUE if isinstance(s.formula, Aggregate) and is_exact(s.formula)}


def is_exact(aggregate: Aggregate) -> bool:
    """Say whether an aggregate is a count or a sum of money."""
    counted = aggregate.measure in {Measure.COUNT, Measure.DISTINCT, Measure.TOP}
    return counted or (aggregate.measure is Measure.SUM and aggregate.of in MONEY)


def assert_alike(found: FeatureTable, expected: FeatureTable) -> None:
    """Hold counts and money equal, all else within the tolerance."""
    assert [c.name for c in found.columns] == [c.name for c in expected.columns]
    assert found.entity_ids.equals(expected.entity_ids)
    exactly = whole_or_money()
    for column in expected.columns:
        if column.kind is not Kind.NUMBER:
            assert found.data[column.name].equals(expected.data[column.name]), column.name
            continue
        here, there = found.numbers(column.name), expected.numbers(column.name)
        assert np.array_equal(np.isnan(here), np.isnan(there)), column.name
        if column.name in exactly:
            assert np.array_equal(here, there, equal_nan=True), column.name
        # Terms are at most one in size where they cancel: shares, changes, weights.
        scale = np.maximum(np.abs(there), 1.0)
        gap = np.nanmax(np.abs(here - there) / scale, initial=0.0)
        assert gap <= TOLERANCE, (column.name, gap)


def assert_built_alike(found: Built, expected: Built) -> None:
    """Hold tables, windows, and what followed an earlier cut alike."""
    (here, window, judged), (there, other, expected_judged) = found, expected
    assert_alike(here, there)
    assert window == other
    assert (judged is None) == (expected_judged is None)
    if judged is not None and expected_judged is not None:
        assert_alike(judged.table, expected_judged.table)
        for one, two in zip(judged.followed, expected_judged.followed, strict=True):
            assert one.name == two.name
            assert np.allclose(one.values, two.values, rtol=TOLERANCE, atol=0), one.name
