"""Outcomes with their intervals, and overlays that tell nothing of small cells."""

from __future__ import annotations

import numpy as np
import pytest

from builders import feature_table, with_roles
from segmentry.domain.role import Role
from segmentry.explain.outcome import outcome_measures, outcome_rates, overlay_shares
from segmentry.maths.intervals import wilson_interval

HALVES = np.repeat([0, 1], 50)


def rates(values, segment=HALVES, name="Churn"):
    table = with_roles(feature_table({name: values}), {name: Role.OUTCOME})
    return outcome_rates(table, segment, 2, np.random.default_rng(0))


@pytest.mark.parametrize(("yes", "no"), [("Yes", "No"), ("True", "False"), (1.0, 0.0)])
def test_a_yes_no_outcome_is_a_share_with_wilsons_interval(yes, no):
    values = [yes] * 20 + [no] * 30 + [yes] * 5 + [no] * 45
    rate = rates(values)[0][0]
    assert (rate.name, rate.mean, rate.overall, rate.n) == ("Churn", 0.4, 0.25, 50)
    assert (rate.low, rate.high) == wilson_interval(20, 50)
    assert rate.is_share


def test_missing_outcomes_do_not_count_as_no():
    values = ["Yes"] * 10 + [None] * 40 + ["No"] * 50
    rate = rates(values)[0][0]
    assert (rate.mean, rate.n) == (1.0, 10)


def test_an_outcome_of_amounts_has_a_mean_inside_its_interval():
    spend = np.random.default_rng(0).lognormal(size=100)
    rate = rates(list(spend), name="spend")[1][0]
    assert rate.mean == pytest.approx(spend[50:].mean())
    assert rate.low < rate.mean < rate.high
    assert not rate.is_share


def test_a_small_amount_is_no_share():
    assert not any(r.is_share for told in rates([0.0, 1.0, 2.0, 0.0] * 25) for r in told)


def test_an_outcome_of_several_levels_has_one_rate_per_level():
    values = ["mail", "web", "shop", "web"] * 25
    assert [r.name for r in rates(values, name="channel")[0]] == [
        "channel: mail",
        "channel: shop",
        "channel: web",
    ]


def test_a_segment_without_known_outcomes_has_no_rate():
    assert rates(["Yes"] * 25 + ["No"] * 25 + [None] * 50)[1] == ()


def test_actions_see_yes_no_outcomes_as_differences_of_shares():
    values = ["Yes"] * 40 + ["No"] * 10 + ["No"] * 50
    table = with_roles(feature_table({"Churn": values}), {"Churn": Role.OUTCOME})
    churn = outcome_measures(table, HALVES, 2)
    assert churn[0][0].contrast.low > 0 > churn[1][0].contrast.high


def overlays(values, segment=HALVES):
    return overlay_shares(
        with_roles(feature_table({"who": values}), {"who": Role.OVERLAY}), segment, 2
    )


def test_an_overlay_level_is_told_where_a_segment_holds_more_of_it():
    told = overlays(["urban"] * 40 + ["rural"] * 10 + ["urban"] * 20 + ["rural"] * 30)
    assert [(o.level, o.share, o.overall_share) for o in told[0]] == [
        ("rural", 0.2, 0.4),
        ("urban", 0.8, 0.6),
    ]


def test_a_cell_of_fewer_than_ten_entities_is_never_told():
    told = overlays(["senior"] * 9 + ["other"] * 41 + ["other"] * 50)
    assert "senior" not in {o.level for shares in told for o in shares}


def test_an_overlay_that_is_spread_evenly_is_not_told():
    assert overlays(["a", "b"] * 50) == ((), ())


def test_a_number_overlay_is_told_in_thirds_of_everyone():
    ages = list(np.concatenate([np.linspace(20, 40, 50), np.linspace(50, 80, 50)]))
    told = overlays(ages)
    assert {o.level for o in told[0]} == {"up to 33"}
    assert {o.level for o in told[1]} == {"over 60"}


def test_a_number_overlay_that_is_mostly_one_value_still_has_bands():
    values = [0.0] * 50 + [0.0] * 20 + list(np.arange(1.0, 31.0))
    assert {o.level for o in overlays(values)[1]} == {"0", "over 0"}


def test_whole_numbers_of_few_kinds_are_told_one_by_one_as_codes():
    browsers = [3.0] * 30 + [float(b) for b in range(1, 21)] + [1.0] * 40 + [1001.0] * 10
    told = overlays(browsers)
    assert {o.level for o in told[0]} == {"3"}
    assert {o.level for o in told[1]} == {"1", "1001"}


def test_a_band_that_holds_one_value_is_told_by_it():
    many = [1.0] * 40 + [2.0] * 30 + [2.0 + i / 7 for i in range(1, 31)]
    segment = np.repeat([0, 1, 2], [40, 30, 30])
    table = with_roles(feature_table({"who": many}), {"who": Role.OVERLAY})
    told = overlay_shares(table, segment, 3)
    assert {o.level for shares in told for o in shares} == {"1", "2", "over 2"}


@pytest.mark.parametrize(("one", "none"), [(1.0, 0.0), ("1", "0")])
def test_an_overlay_of_zeros_and_ones_says_yes_and_no(one, none):
    told = overlays([one] * 40 + [none] * 10 + [none] * 50)
    assert {o.level for o in told[0]} == {"yes", "no"}


def test_names_and_addresses_are_no_description():
    assert overlays([f"street {i}" for i in range(100)]) == ((), ())
