"""Columns read as concepts, the choice of a pack, and signals."""

from __future__ import annotations

import numpy as np
import pytest

from builders import feature_table, standardised, with_roles
from segmentry.domain.role import Role
from segmentry.explain.contrast import measure
from segmentry.explain.pack import load_pack
from segmentry.explain.reading import choose_pack, concept_of, read_signals, widening

HOUSE = ("recency_days", "tenure_days", "n_events", "active_days", "trend", "n_items")


@pytest.mark.parametrize(
    ("columns", "objective", "entity", "pack"),
    [
        ((*HOUSE, "n_orders", "value_total", "value_mean"), "none", "customer_id", "retail"),
        (HOUSE, "adoption", None, "saas"),
        (HOUSE, "engagement", None, "media"),
        (("BALANCE", "PURCHASES", "CASH_ADVANCE", "CREDIT_LIMIT"), "none", None, "finance"),
        (("tenure", "InternetService", "Contract", "MonthlyCharges"), "retention", None, "telecom"),
        (("ProductRelated_Duration", "BounceRates", "PageValues"), "revenue", None, "web"),
        (("Fresh", "Milk", "Grocery", "Frozen"), "none", None, "grocery"),
        (("alcohol", "malic_acid", "ash"), "none", None, "generic"),
    ],
)
def test_the_pack_follows_from_columns_objective_and_entity(columns, objective, entity, pack):
    assert choose_pack(columns, objective=objective, entity=entity).name == pack


@pytest.mark.parametrize(
    ("column", "pack", "concept"),
    [
        ("recency_days", "retail", "recency"),
        ("ONEOFF_PURCHASES_FREQUENCY", "finance", "oneoff"),
        ("BALANCE_FREQUENCY", "finance", "balance_updates"),
        ("PURCHASES_TRX", "finance", "purchasing"),
        ("StreamingTV", "telecom", "streaming"),
        ("avg_order_value", "generic", "basket"),
        ("wingspan", "generic", "column wingspan"),
    ],
)
def test_columns_are_read_as_concepts(column, pack, concept):
    described = feature_table({column: [1.0, 2.0]}).columns[0]
    assert concept_of(described, load_pack(pack))[0].key == concept


def test_an_outcome_called_revenue_is_not_read_as_spend():
    table = with_roles(feature_table({"Revenue": [0.0, 1.0]}), {"Revenue": Role.OUTCOME})
    assert concept_of(table.columns[0], load_pack("retail"))[0].key == "converted"


def signals_of(columns, segment, pack="retail"):
    table = feature_table(columns)
    measures = measure(table, standardised(table), segment, int(segment.max()) + 1)
    return read_signals(measures, load_pack(pack))


def test_columns_of_one_concept_become_one_signal_led_by_the_best_known():
    segment = np.repeat([0, 1], 50)
    counts = list(segment * 5.0 + np.arange(100) % 7)
    signal = signals_of({"n_events": counts, "n_orders": counts}, segment)[1]["frequency"]
    assert signal.lead.contrast.feature == "n_orders"
    assert len(signal.members) == 2
    assert signal.is_certain
    assert signal.difference > 0.5


def test_a_segment_is_ahead_only_where_nobody_lies_further_out():
    segment = np.repeat([0, 1, 2], 50)
    values = list(segment * 10.0 + np.arange(150) % 7)
    signals = signals_of({"value_total": values}, segment)
    assert signals[2]["value"].ahead > 0
    assert signals[0]["value"].ahead > 0
    assert signals[1]["value"].ahead == 0.0


def test_a_feature_that_most_of_a_segment_lacks_says_nothing():
    segment = np.repeat([0, 1], 50)
    gaps = [3.0 + i % 5 for i in range(50)] + [30.0] * 10 + [None] * 40
    assert "gap" not in signals_of({"gap_median_days": gaps, "n_orders": gaps}, segment)[1]


def test_words_ask_for_more_where_more_features_are_looked_at():
    assert widening(1) == 1.0
    assert 1.5 < widening(20) < widening(3000) < 2.6
