"""Names of all segments at once: archetypes past their threshold, unique, never a number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builders import feature_table, with_roles
from planted import planted, profiles_of, signals_of
from segmentry.domain.profile import Naming
from segmentry.domain.role import Role
from segmentry.explain.grammar import n_words
from segmentry.explain.name import name_segments
from segmentry.explain.pack import Archetype, Pattern, Term

RETAIL = {
    "recency_days": (6.0, 240.0, 20.0, 200.0),
    "tenure_days": (400.0, 420.0, 30.0, 210.0),
    "n_orders": (20, 3, 3, 1),
    "value_total": (4000.0, 150.0, 160.0, 40.0),
}


def named(columns, pack="retail", noun="Customers", **changes):
    signals, words = signals_of(columns, pack, **changes)
    return name_segments(signals, words, noun=noun, sizes=(100,) * len(signals))


def test_well_known_kinds_of_segment_get_their_names():
    assert [n.name for n in named(RETAIL)] == [
        "Champion Customers",
        "Lapsed Customers",
        "New Customers",
        "Lapsed One-Time Buyers",
    ]


ACCOUNTS = {
    "logins": (40, 10, 12, 30),
    "nps": (40, 30, 5, 35),
    "mrr": (900.0, 300.0, 310.0, 600.0),
    "age_days": (400.0, 390.0, 410.0, 380.0),
}


def accounts_with(churn, outcome="churn"):
    """Profile accounts of which each segment has a share of churn, or of another outcome."""
    table, segment = planted(ACCOUNTS)
    rng = np.random.default_rng(0)
    left = (rng.random(len(segment)) < np.array(churn)[segment]).astype(float)
    whole = feature_table({**{n: table.numbers(n) for n in ACCOUNTS}, outcome: left})
    return [
        p.name
        for p in profiles_of(
            with_roles(whole, {outcome: Role.OUTCOME}), segment, entity="account_id"
        )
    ]


def test_an_archetype_may_ask_for_an_outcome():
    assert accounts_with((0.05, 0.1, 0.5, 0.05))[2] == "At-Risk Accounts"


def test_where_the_outcome_is_everyones_nobody_is_called_at_risk_by_it():
    assert not any("At-Risk" in name for name in accounts_with((0.2, 0.2, 0.2, 0.2)))


def test_whoever_expands_most_is_ready_for_it():
    names = accounts_with((0.05, 0.05, 0.05, 0.5), outcome="expanded")
    assert names[3] == "Expansion-Ready Accounts"
    assert not any("Expansion" in name for name in accounts_with((0.2,) * 4, outcome="expanded"))


def test_accounts_are_told_apart_as_customer_success_tells_them():
    names = named(
        {
            "monthly_active_users": (110, 18, 8, 120),
            "feature_adoption_rate": (85.0, 23.0, 72.0, 36.0),
            "support_tickets_per_month": (0.4, 3.2, 0.15, 5.0),
            "days_since_last_login": (1.0, 17.0, 4.0, 2.0),
            "contract_value": (58_000.0, 26_000.0, 6_000.0, 150_000.0),
            "nps_score": (72.0, -20.0, 50.0, 20.0),
        },
        "saas",
        noun="Accounts",
    )
    champions, leaving, small, large = (n.name for n in names)
    assert champions == "Champion Accounts"
    assert leaving == "At-Risk Accounts"
    assert "Casual" not in small
    assert large == "High-Value Under-Adopted Accounts"


def test_users_on_a_phone_are_called_so_unless_they_are_known_for_more():
    columns = {
        "sessions_per_week": (7.0, 11.0, 0.5),
        "mobile_usage_percent": (80.0, 18.0, 30.0),
        "features_adopted": (6.0, 15.0, 3.0),
        "days_since_last_login": (2.0, 1.0, 32.0),
    }
    assert [n.name for n in named(columns, "saas", noun="Users")] == [
        "Mobile-First Users",
        "Power Users",
        "Dormant Users",
    ]


@pytest.mark.parametrize("phone", [("Yes", "Yes", "No"), (1, 1, 0)])
def test_a_service_that_is_missing_is_seen_as_words_and_as_zeros(phone):
    columns = {"PhoneService": phone, "tenure": (60, 10, 30), "MonthlyCharges": (90.0, 70.0, 40.0)}
    assert named(columns, "telecom")[2].name == "Internet-Only Customers"


def test_an_objective_leans_the_choice_among_archetypes_that_fit():
    pattern = Pattern((Term("frequency", "high"),))
    spoken = (
        Archetype("a", "Plain {noun}", pattern, 0.5),
        Archetype("b", "Served {noun}", pattern, 0.5, frozenset({"retention"})),
    )
    signals, words = signals_of({"n_orders": (20, 3)}, "retail")
    both = replace(words, archetypes=spoken)
    facts = {"noun": "Buyers", "sizes": (100, 100)}
    leant = name_segments(signals, both, objective="retention", **facts)
    assert leant[0].name == "Served Buyers"
    assert name_segments(signals, both, **facts)[0].name == "Plain Buyers"


def test_an_archetype_stands_beside_its_score_and_threshold():
    naming = named(RETAIL)[0]
    assert naming.archetype == "champions"
    assert naming.score >= naming.threshold > 0.5
    assert "needs" in naming.reason


def test_two_segments_of_one_kind_get_different_names():
    columns = {
        "recency_days": (5.0, 6.0, 200.0, 220.0, 210.0),
        "n_orders": (20, 18, 2, 2, 2),
        "value_total": (9000.0, 4000.0, 90.0, 80.0, 100.0),
    }
    names = [n.name for n in named(columns)]
    assert len(set(names)) == 5
    assert names[0] == "Champion Customers"


def test_a_segment_like_everyone_is_called_typical():
    columns = {"value_total": (100.0, 500.0, 900.0), "n_orders": (2, 9, 16)}
    assert named(columns, "generic")[1].name == "Typical Customers"


def test_segments_without_any_contrast_are_told_apart_by_size_alone():
    signals, words = signals_of({"x": (1.0,) * 4}, "generic", scatter=0.0)
    names = [n.name for n in name_segments(signals, words, noun="Users", sizes=(50, 80, 10, 60))]
    assert len(set(names)) == 4
    assert {"Typical Users"} < set(names)
    assert all("Largest User Group" in n for n in names if n != "Typical Users")


def test_one_feature_can_name_many_segments_by_rank():
    namings = named({"score": tuple(float(10 * i) for i in range(8))}, "generic", noun="Group")
    names = [n.name for n in namings]
    assert len(set(names)) == 8
    assert all(2 <= n_words(n) <= 4 for n in names)


@pytest.mark.parametrize("pack", ["generic", "retail", "saas", "media"])
def test_the_order_of_segments_does_not_change_their_names(pack):
    signals, words = signals_of(RETAIL, pack)
    sizes = (100, 90, 80, 70)
    forward = name_segments(signals, words, noun="Customers", sizes=sizes)
    backward = name_segments(signals[::-1], words, noun="Customers", sizes=sizes[::-1])
    assert [n.name for n in backward[::-1]] == [n.name for n in forward]


def known_as(*names):
    return tuple(None if n is None else Naming(n, None, None, 0.5, "it was so") for n in names)


def renamed(*names):
    signals, words = signals_of(RETAIL, "retail")
    return name_segments(
        signals, words, noun="Customers", sizes=(100,) * 4, known=known_as(*names), number=3
    )


def test_an_earlier_name_stays_as_long_as_figures_show_it():
    found = renamed("High-Value Customers", None, None, None)
    assert found[0].name == "High-Value Customers"
    assert "kept from release 3, the rule would say 'Champion Customers'" in found[0].reason
    assert [n.name for n in found[1:]] == [n.name for n in named(RETAIL)[1:]]


def test_an_earlier_name_that_is_false_today_goes():
    found = renamed("New Customers", "Champion Customers", None, "Purple Elephants")
    assert found == named(RETAIL)


def test_a_name_that_is_kept_is_given_to_no_other():
    alike = {name: (v[0], v[0] * 0.97, v[1], v[3]) for name, v in RETAIL.items()}
    signals, words = signals_of(alike, "retail")
    first, second, *_ = named(alike)
    found = name_segments(
        signals,
        words,
        noun="Customers",
        sizes=(100,) * 4,
        known=known_as(None, first.name, None, None),
        number=3,
    )
    assert [n.name for n in found[:2]] == [second.name, first.name]
    assert f"{first.name!r} is kept by another segment" in found[0].reason


def test_the_name_that_the_rule_gives_anyway_is_told_as_it_is():
    names = [n.name for n in named(RETAIL)]
    assert renamed(*names) == named(RETAIL)
