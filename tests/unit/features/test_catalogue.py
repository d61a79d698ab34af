from __future__ import annotations

from segmentry.domain.feature import INSTANT
from segmentry.domain.role import Facet
from segmentry.features.catalogue import CATALOGUE


def test_the_first_feature_of_value_is_the_total() -> None:
    assert next(s.name for s in CATALOGUE if s.facet is Facet.VALUE) == "value_total"


def test_every_feature_says_what_it_is() -> None:
    assert all(s.sentence and s.null_means for s in CATALOGUE)
    assert [s.name for s in CATALOGUE if not s.unit] == [s.name for s in CATALOGUE if s.is_category]


def test_the_core_needs_only_what_logs_of_sales_and_visits_have_or_a_field_of_its_own() -> None:
    plain = {s.name for s in CATALOGUE if s.is_core and INSTANT in s.needs and len(s.needs) == 1}
    assert plain == {
        *("recency_days", "tenure_days", "active_days", "gap_median_days", "n_events_recent"),
        *("trend", "decayed_activity", "n_events_30d", "n_events_90d", "events_per_active_day"),
        "weekend_share",
    }


def test_two_features_of_one_name_are_said_for_different_fields() -> None:
    said = [(s.name, s.needs) for s in CATALOGUE]
    assert len(set(said)) == len(said)


def test_only_what_has_an_aspect_refines_one() -> None:
    assert all(s.aspect is not None for s in CATALOGUE if s.refines)
    aspects = {s.aspect for s in CATALOGUE} - {None}
    assert aspects == {s.aspect for s in CATALOGUE if not s.refines} - {None}
