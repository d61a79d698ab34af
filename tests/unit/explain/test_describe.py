"""Profiles: figures and words of every segment together."""

from __future__ import annotations

import numpy as np
import pytest

from builders import answers, feature_table, standardised, with_roles
from planted import planted, profiles_of
from segmentry.domain.role import Role
from segmentry.explain.describe import profile_segments

RETAIL = {
    "recency_days": (6.0, 240.0, 20.0),
    "n_orders": (20, 3, 2),
    "value_total": (4000.0, 150.0, 160.0),
}


def test_profiles_come_in_the_order_of_the_segment_ids():
    table, segment = planted(RETAIL, size=50)
    found = profiles_of(table, segment, segment_ids=(7, 3, 9))
    assert [p.segment_id for p in found] == [7, 3, 9]
    assert [p.size for p in found] == [50, 50, 50]
    assert sum(p.share for p in found) == pytest.approx(1.0)


def test_value_is_shared_out_without_remainder():
    table, segment = planted(RETAIL)
    found = profiles_of(table, segment, value_feature="value_total")
    assert sum(p.value_share for p in found) == pytest.approx(1.0)
    assert found[0].value_total == pytest.approx(table.numbers("value_total")[segment == 0].sum())


@pytest.mark.parametrize("feature", [None, "no_such_column"])
def test_without_a_value_feature_there_are_no_value_shares(feature):
    table, segment = planted(RETAIL)
    assert {p.value_share for p in profiles_of(table, segment, value_feature=feature)} == {None}


def test_a_total_of_refunds_is_not_shared_out():
    table = feature_table({"value_total": [-5.0, -5.0, 4.0, 4.0]})
    found = profiles_of(table, np.array([0, 0, 1, 1]), value_feature="value_total")
    assert [p.value_share for p in found] == [None, None]
    assert [p.value_total for p in found] == [-10.0, 8.0]


def test_silhouettes_confidence_and_anomalies_are_passed_through():
    table, segment = planted(RETAIL)
    found = profiles_of(table, segment, silhouettes=np.array([0.5, 0.4, 0.3]))
    assert [p.silhouette for p in found] == [0.5, 0.4, 0.3]
    assert found[0].mean_confidence == pytest.approx(0.8)
    assert found[0].anomaly_share == 0.0


def test_every_clustering_feature_has_a_contrast_and_no_other_column_has():
    table, segment = planted({**RETAIL, "Country": ("UK", "France", "Spain")})
    table = with_roles(table, {"Country": Role.OVERLAY})
    for p in profiles_of(table, segment):
        assert {c.feature for c in p.contrasts} == set(RETAIL)
        assert {o.column for o in p.overlays} == {"Country"}


def test_the_entity_gives_names_their_noun():
    table, segment = planted({"wingspan": (1.0, 2.0, 9.0)})
    assert profiles_of(table, segment, entity="store_id")[2].name == "High Wingspan Stores"
    assert profiles_of(table, segment)[2].name == "High Wingspan Group"


def test_one_segment_is_described_too():
    table = feature_table({"spend": [1.0, 2.0, 3.0, 4.0] * 5})
    (only,) = profiles_of(table, np.zeros(20, dtype=int))
    assert only.share == 1.0
    assert only.name.startswith("Typical")
    assert len(only.traits) == 3


def test_a_treatment_arm_is_described_nowhere():
    table, segment = planted({**RETAIL, "arm": ("A", "B", "A")})
    table = with_roles(table, {"arm": Role.TREATMENT})
    text = repr(
        profile_segments(
            table,
            standardised(table),
            answers(segment),
            segment_ids=(1, 2, 3),
            silhouettes=np.zeros(3),
            objective="none",
            value_feature=None,
            rng=np.random.default_rng(0),
        )
    )
    assert "arm" not in text.replace("warm", "")
