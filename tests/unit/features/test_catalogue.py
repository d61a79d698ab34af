from __future__ import annotations

from segmentry.domain.feature import INSTANT, Aggregate, Measure, aggregates_of
from segmentry.domain.role import Facet
from segmentry.features.catalogue import CATALOGUE

OF_TIME = {
    Measure.FIRST,
    Measure.LAST,
    Measure.ACTIVE_DAYS,
    Measure.WEEKEND,
    Measure.MEDIAN_GAP,
    Measure.DECAYED,
}


def needs_an_instant(aggregate: Aggregate) -> bool:
    return aggregate.measure in OF_TIME or aggregate.span not in {"lookback", "history"}


def test_the_first_feature_of_value_is_the_total() -> None:
    assert next(s.name for s in CATALOGUE if s.facet is Facet.VALUE) == "value_total"


def test_every_feature_says_what_it_is() -> None:
    assert all(s.sentence and s.unit and s.null_means for s in CATALOGUE)


def test_features_of_time_need_an_instant_and_no_others_do() -> None:
    for spec in CATALOGUE:
        asks = any(map(needs_an_instant, aggregates_of(spec)))
        assert (INSTANT in spec.needs) is asks, spec.name


def test_every_field_that_is_aggregated_is_needed() -> None:
    for spec in CATALOGUE:
        of = {a.of for a in aggregates_of(spec)} - {None}
        assert of <= set(spec.needs), spec.name


def test_two_features_of_one_name_are_said_for_different_fields() -> None:
    said = [(s.name, s.needs) for s in CATALOGUE]
    assert len(set(said)) == len(said)


def test_only_what_has_an_aspect_refines_one() -> None:
    assert all(s.aspect is not None for s in CATALOGUE if s.refines)
    aspects = {s.aspect for s in CATALOGUE} - {None}
    assert aspects == {s.aspect for s in CATALOGUE if not s.refines} - {None}
