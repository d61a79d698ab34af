"""Every feature of the catalogue against a slow statement of it in plain Python (``plainly``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from plainly.base import Entity, Event
from plainly.draws import crowd, some
from plainly.nulls import MEANS, is_missing
from plainly.oracle import CASES, CHOICE, TIMELESS, Case, said
from segmentry.domain.feature import FeatureSpec
from segmentry.domain.project import Windows
from segmentry.features.catalogue import CATALOGUE
from segmentry.features.declared import declared_features
from segmentry.features.families import measured_features

OF_TEXTS = {"topic", "sentiment", "is_negative", "n_words"}
"""Fields that are read out of texts: their features are compared where texts are read."""

ALL = {**CASES, **TIMELESS}
Compute = Callable[[Case, list[Event]], dict[int, dict[str, Any]]]

# Shrinking a crowd takes minutes and says little more than the entity that is named.
briefly = settings(
    deadline=None,
    max_examples=4,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module", params=["statement", "arrays"])
def compute(request: pytest.FixtureRequest) -> Iterator[Compute]:
    """Compute features in each of the two ways; a statement is compiled once for each case."""
    if request.param == "arrays":
        yield Case.over_arrays
        return
    connection = ibis.duckdb.connect(threads=1)
    written: dict[str, str] = {}

    def one(case: Case, log: list[Event]) -> dict[int, dict[str, Any]]:
        if case.name not in written:
            written[case.name] = case.sql(connection)
        return case.computed(connection, written[case.name], log)

    yield one
    connection.disconnect()


def assert_said(spec: FeatureSpec, found: Any, e: Entity, wanted: dict[str, Any]) -> None:
    shown = f"{spec.name} of {e.seen}"
    assert (found is None) == is_missing(spec.name, spec.null_means, e), shown
    value = wanted[spec.name]
    if value is None or isinstance(value, str):
        assert found == value, shown
    else:
        assert found == pytest.approx(value, rel=1e-9, abs=1e-7), shown


@pytest.mark.parametrize("name", ALL)
def test_every_feature_and_every_null_is_what_the_oracle_says(compute: Compute, name: str) -> None:
    case = ALL[name]

    @briefly
    @given(st.integers(0, 2**32), st.booleans())
    def holds(seed: int, is_crowd: bool) -> None:
        random = Random(seed)
        log = crowd(case, random) if is_crowd else some(1, case, random, 60)
        found, known = compute(case, log), case.entities(log)
        assert found.keys() == known.keys()
        for i, e in known.items():
            wanted = said(e)
            for spec in case.specs:
                assert_said(spec, found[i][spec.name], e, wanted)

    holds()


def test_every_feature_is_met_with_a_value_and_where_it_may_be_without() -> None:
    """The logs of the test above would not do if they never gave a feature anything to say."""
    met: dict[str, set[bool]] = {}
    for case in ALL.values():
        for seed in range(2):
            for e in case.entities(crowd(case, Random(seed))).values():
                wanted = said(e)
                for spec in case.specs:
                    met.setdefault(spec.name, set()).add(wanted[spec.name] is None)
    specs = {s.name: s for case in ALL.values() for s in case.specs}
    one_way = {n for n, found in met.items() if False not in found}
    assert one_way == {"days_to_kind=never"}
    always = {n for n, s in specs.items() if s.null_means == "never missing"}
    assert {n for n, found in met.items() if True not in found} == always


def test_the_oracle_knows_every_feature_and_every_meaning_of_null() -> None:
    windows = Windows(also_days=(14.5,))
    specs = (
        *CATALOGUE,
        *declared_features(CHOICE, windows),
        *measured_features(CHOICE.measures),
    )
    built = {(s.name, s.null_means) for case in ALL.values() for s in case.specs}
    plain = {(s.name, s.null_means) for s in specs if not OF_TEXTS.intersection(s.needs)}
    assert plain <= built
    assert {s.null_means for case in ALL.values() for s in case.specs} <= MEANS.keys()
