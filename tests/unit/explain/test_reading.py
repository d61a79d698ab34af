"""Columns read as concepts, the choice of a pack, and signals."""

from __future__ import annotations

import numpy as np
import pytest

from builders import feature_table, standardised, with_roles
from segmentry.domain.feature import Derived, ShareOf
from segmentry.domain.formula import LABELS
from segmentry.domain.project import FeatureChoice, Windows
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureColumn
from segmentry.domain.textmodel import TextOf
from segmentry.explain.contrast import measure
from segmentry.explain.pack import BASE, CHOICES, load_pack
from segmentry.explain.reading import choose_pack, concept_of, read_signals, widening
from segmentry.features.choose import all_features

HOUSE = ("recency_days", "tenure_days", "n_events", "active_days", "trend", "n_items")


@pytest.mark.parametrize(
    ("columns", "objective", "entity", "pack"),
    [
        ((*HOUSE, "n_orders", "value_total", "value_mean"), "none", "customer_id", "retail"),
        (HOUSE, "adoption", None, "saas"),
        (HOUSE, "engagement", None, "media"),
        (("n_events", "n_items"), "engagement", "session_id", "web"),
        (("BALANCE", "PURCHASES", "CASH_ADVANCE", "CREDIT_LIMIT"), "none", None, "finance"),
        (("tenure", "InternetService", "Contract", "MonthlyCharges"), "retention", None, "telecom"),
        (("ProductRelated_Duration", "BounceRates", "PageValues"), "revenue", None, "web"),
        (("Fresh", "Milk", "Grocery", "Frozen"), "none", None, "grocery"),
        (("acv", "employees", "days_to_renewal", "nps"), "none", "account_id", "b2b"),
        (("mrr", "seats", "feature_adoption", "nps"), "none", "account_id", "saas"),
        (("boxes_received", "reviews_written"), "none", "subscriber_id", "generic"),
        (("alcohol", "malic_acid", "ash"), "none", None, "generic"),
    ],
)
def test_the_pack_follows_from_columns_objective_and_entity(columns, objective, entity, pack):
    assert choose_pack(columns, objective=objective, entity=entity).name == pack


def test_words_of_buying_are_not_for_logs_of_several_kinds_of_event():
    columns = (*HOUSE, "n_orders", "value_total", "value_mean", "recency", "monetary")
    pack = choose_pack(columns, objective="retention", entity="customer", has_other_events=True)
    assert pack.name != "retail"
    counted = feature_table({"n_events": [1.0, 2.0]}).columns[0]
    assert "buy" not in concept_of(counted, pack)[0].high.trait
    assert load_pack("retail").buys_only


@pytest.mark.parametrize(
    ("column", "pack", "concept"),
    [
        ("recency_days", "retail", "recency"),
        ("ONEOFF_PURCHASES_FREQUENCY", "finance", "oneoff"),
        ("BALANCE_FREQUENCY", "finance", "balance_updates"),
        ("PURCHASES_TRX", "finance", "purchasing"),
        ("StreamingTV", "telecom", "streaming"),
        ("avg_order_value", "generic", "basket"),
        ("months_since_last_gift", "generic", "recency"),
        ("relationship_years", "b2b", "tenure"),
        ("seats_purchased", "b2b", "seats"),
        ("seats_active", "b2b", "seats_active"),
        ("license_utilization", "saas", "utilisation"),
        ("logins_30d", "saas", "frequency"),
        ("days_since_last_login", "saas", "recency"),
        ("sessions_per_week", "saas", "frequency"),
        ("mobile_usage_percent", "saas", "mobile"),
        ("revenue_90days", "saas", "value"),
        ("monthly_subscription_value", "saas", "value"),
        ("automations_used_30d", "saas", "automation"),
        ("api_calls_used_30d", "saas", "api"),
        ("mentions_used_30d", "saas", "teamwork"),
        ("customer_support_tickets", "retail", "tickets"),
        ("email_open_rate", "retail", "letters_opened"),
        ("product_categories_purchased", "retail", "breadth"),
        ("roaming_minutes", "telecom", "roaming"),
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


@pytest.mark.parametrize(
    ("column", "concept"),
    [
        ("n_events_90d", "activity"),
        ("value_30d", "value_recent"),
        ("basket_size", "order_size"),
        ("quantity_total", "units"),
        ("events_per_session", "depth"),
        ("events_per_active_day", "depth"),
        ("top_item_share", "focus"),
        ("top_category_share", "focus"),
        ("n_kinds", "kinds"),
        ("n_categories", "breadth"),
        ("value_mean", "basket"),
    ],
)
@pytest.mark.parametrize("pack", ["generic", "retail", "media"])
def test_every_feature_of_events_is_a_concept(column, concept, pack):
    found, _ = concept_of(FeatureColumn(column, Role.CLUSTER), load_pack(pack))
    assert found.key == concept


@pytest.mark.parametrize(
    ("pack", "concept"), [("generic", "sessions"), ("retail", "sessions"), ("media", "frequency")]
)
def test_sessions_are_no_purchases(pack, concept):
    found, _ = concept_of(FeatureColumn("n_sessions", Role.CLUSTER), load_pack(pack))
    assert found.key == concept


def a_share(field="channel", levels=("mobile_app",), *, is_rest=False):
    share = ShareOf(field, levels, is_rest, prior=1.0, strength=2.0)
    return FeatureColumn(f"share_{field}={levels[0]}", Role.CLUSTER, share=share)


def test_a_share_is_told_by_its_level():
    concept, _ = concept_of(a_share(), load_pack("generic"))
    assert concept.high.adjective == "Mobile App-Heavy"
    assert concept.high.trait == "{percent} of events through Mobile App (everyone: {everyone})"
    assert concept.unit == "share"


@pytest.mark.parametrize("column", [a_share(is_rest=True), a_share(levels=("7",))])
def test_a_share_without_a_word_of_its_own_stays_out_of_names(column):
    concept, _ = concept_of(column, load_pack("generic"))
    assert (concept.weight, concept.high.adjective, concept.low.adjective) == (0.0, "", "")
    assert "{percent}" in concept.high.trait


def test_signs_of_a_level_cannot_break_a_phrase():
    concept, _ = concept_of(a_share(levels=("a {b} %s",)), load_pack("generic"))
    assert concept.high.trait.format(percent="9 %", everyone="3 %").startswith("9 % of events")


def test_a_topic_is_read_in_its_own_words():
    told = TextOf("message", "topic", 3, ("exchange", "rate", "fee"))
    column = FeatureColumn("topic_message=exchange rate", Role.CLUSTER, text=told)
    concept, _ = concept_of(column, load_pack("generic"))
    assert concept.high.adjective == "Exchange Rate"
    assert concept.low.adjective == ""
    assert concept.label == "about exchange, rate, fee"


def test_sentiment_of_a_table_is_read_as_a_feeling():
    column = FeatureColumn("sentiment_message", Role.CLUSTER, text=TextOf("message", "sentiment"))
    concept, _ = concept_of(column, load_pack("generic"))
    assert (concept.high.adjective, concept.low.adjective) == ("Positive", "Negative")


@pytest.mark.parametrize("pack", ["generic", "retail", "saas", "telecom"])
def test_what_is_written_and_answered_is_known_in_every_trade(pack):
    for name in ("mean_sentiment", "negative_share", "n_texts", "nps", "nps_latest"):
        concept, _ = concept_of(FeatureColumn(name, Role.CLUSTER), load_pack(pack))
        assert not concept.key.startswith("column "), name


BY_ITS_NAME = "nobody but the project knows what its measure is, so its name must say it"
TOLD_WITHOUT = {"mean_latency": BY_ITS_NAME, "total_latency": BY_ITS_NAME}
"""Features without a concept, and why."""

DECLARED = FeatureChoice(
    milestones=("paid",),
    onboarding=("sign_up", "invite"),
    workflow=("draft", "send"),
    measures=("latency",),
)


def every_feature():
    specs = all_features(DECLARED, Windows(also_days=(45.0, 7.5)))
    return sorted({spec.name: spec for spec in specs}.items())


def read(name, spec, pack):
    derived = Derived(spec.family, "{}") if spec.family else None
    column = FeatureColumn(
        name, Role.CLUSTER, sentence=spec.sentence, derived=derived, aspect=spec.aspect
    )
    return concept_of(column, load_pack(pack))[0]


def has_words(concept):
    is_by_name = concept.high.adjective.startswith("High ") and not concept.match
    has_traits = bool(concept.high.trait and concept.low.trait) or bool(concept.levels)
    return bool(concept.label) and has_traits and not is_by_name


@pytest.mark.parametrize("pack", [BASE, *CHOICES])
def test_every_feature_of_the_house_has_words(pack):
    without = {n for n, spec in every_feature() if not has_words(read(n, spec, pack))}
    assert without == set(TOLD_WITHOUT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("clv", "value_total"),
        ("clv_low", "clv"),
        ("expected_purchases", "n_purchases"),
        ("expected_purchases", "clv"),
        ("r_score", "recency_days"),
        ("f_score", "n_orders"),
        ("m_score", "value_total"),
        ("rfm_score", "r_score"),
        ("p_active", "recency_days"),
        ("bounce_share", "session_minutes"),
        ("value_trend", "trend"),
        ("trajectory", "recency_days"),
        ("trajectory", "trend"),
        ("gap_mean_days", "gap_median_days"),
        ("decayed_value", "value_recent"),
        ("n_users_30d", "seats"),
        ("n_api", "api_share"),
        ("morning_share", "office_hours_share"),
        ("sunday_share", "weekend_share"),
        ("mean_latency", "total_latency"),
    ],
)
def test_features_that_measure_one_side_are_of_one_family(one, other):
    specs = dict(every_feature())
    families = [set(read(name, specs[name], BASE).families) for name in (one, other)]
    assert families[0] & families[1]


def test_the_time_until_something_was_done_is_told_by_its_kind_and_names_nobody():
    column = FeatureColumn("days_to_kind={x} first_invite", Role.CLUSTER, unit="days")
    concept, _ = concept_of(column, load_pack(BASE))
    told = concept.low.trait.format(span="3 days", kind="median", everyone_span="9 days")
    assert told == "first '{x} first_invite' after 3 days (median; everyone: 9 days)"
    assert concept.high.adjective == concept.low.adjective == ""


def test_a_total_of_a_measure_says_that_it_is_one_in_names():
    specs = dict(every_feature())
    total, mean = (read(n, specs[n], BASE) for n in ("total_latency", "mean_latency"))
    assert (total.high.adjective, mean.high.adjective) == ("High Total Latency", "High Latency")
    assert (total.label, mean.label) == ("total latency", "average latency")


def test_a_direction_of_paths_is_told_by_what_its_model_found():
    sentence = "direction of what follows what: more of '{a}' then 'b', less of 'b' then 'b'"
    column = FeatureColumn(
        "path_1", Role.CLUSTER, sentence=sentence, derived=Derived("paths", "{}")
    )
    concept, _ = concept_of(column, load_pack(BASE))
    told = concept.high.trait.format(figures="median 1, everyone 0")
    assert told == (
        "leans towards more of '{a}' then 'b', less of 'b' then 'b' (median 1, everyone 0)"
    )


@pytest.mark.parametrize(
    ("field", "what"),
    [("device", "on other devices"), ("category", "in other categories"), ("item", "on other")],
)
def test_what_is_left_of_a_field_is_told_as_people_do(field, what):
    concept, _ = concept_of(a_share(field, is_rest=True), load_pack("generic"))
    assert what in concept.high.trait


@pytest.mark.parametrize("field", LABELS)
@pytest.mark.parametrize("is_rest", [False, True])
def test_a_share_of_any_field_has_words(field, is_rest):
    concept, _ = concept_of(a_share(field, is_rest=is_rest), load_pack("generic"))
    assert concept.high.trait.startswith("{percent} of events ")
    assert concept.families == (f"share {field}",)


def test_one_word_in_many_columns_is_one_sign_of_a_trade():
    sessions = ("n_sessions", "events_per_session", "session_minutes", "purchases_per_session")
    minutes = ("visit_minutes", "minutes_total", "minutes_per_item")
    mail = ("open_share", "click_share", "click_to_open_share", "nps", "nps_latest", "n_tickets")
    assert choose_pack((*HOUSE, *sessions, *minutes, *mail), objective="none").name == "generic"


def an_affinity(level="home_goods", *, is_rest=False):
    share = ShareOf("category", (level,), is_rest, prior=1.0, strength=4.0, tells="affinity")
    return FeatureColumn(f"affinity_category={level}", Role.CLUSTER, share=share)


def test_an_affinity_is_told_as_times_the_usual_share_and_in_one_family_with_it():
    concept, _ = concept_of(an_affinity(), load_pack("retail"))
    assert concept.high.adjective == "Home Goods-Leaning"
    assert concept.low.adjective == ""
    told = concept.high.trait.format(folds="2.5", kind="median", everyone_folds="1")
    assert told == "events in Home Goods at 2.5 times the usual share (median; everyone: 1)"
    assert concept.families == ("share category",)
    assert concept.unit == ""


@pytest.mark.parametrize("column", [an_affinity(is_rest=True), an_affinity("7")])
def test_an_affinity_without_a_word_of_its_own_stays_out_of_names(column):
    concept, _ = concept_of(column, load_pack("generic"))
    assert (concept.weight, concept.high.adjective) == (0.0, "")


def test_a_share_of_steps_is_told_from_where_to_where_and_names_nobody():
    share = ShareOf("kind", ("{look}", "add to\ncart"), False, 1.0, 4.0, "steps")
    column = FeatureColumn("share_path={look} to add to cart", Role.CLUSTER, share=share)
    concept, _ = concept_of(column, load_pack("generic"))
    told = concept.low.trait.format(percent="9 %", everyone="3 %")
    assert told == "9 % of steps from '{look}' to 'add to cart' (everyone: 3 %)"
    assert concept.weight == 0.0
    assert concept.high.adjective == concept.low.adjective == ""
